// What is sealed: documents (versions) and drafts, and the files they name.
#pragma once
#include "filing/rows.h"

typedef struct document {
    const form *form; // of its own version
    json *values;
    int64_t version, created;
} document;

// Seals JSON bound to a place; unseals it again. 500 when it cannot be read.
void *content_seal(server *s, arena *a, const char *bound, const json *value, size_t *size);
problem *content_unseal(server *s, arena *a, const char *bound, const void *sealed, size_t size, json **out);
char *content_bound(arena *a, const char *entity, const char *subject, int64_t version); // of a document

// 404 when there is no such version.
problem *document_load(server *s, db *d, arena *a, const char *entity, const char *subject, int64_t version,
                       document *out);

// {id: facts} of every file that the values name and `account` or `entity` may use.
problem *content_files(server *s, db *d, arena *a, const char *account, const char *entity, const json *values,
                       json **out);
// Replaces the use rows of `used_by` by the files that the values name.
problem *content_use(server *s, db *d, arena *a, const char *account, const char *entity, const json *values,
                     const char *used_by);

// *id: the first file of the values that is there and belongs to somebody else; NULL when there is none. An id without
// a file (an upload swept meanwhile) is not one: the draft can still be saved, and the check at submitting tells of it.
problem *content_foreign(server *s, db *d, arena *a, const char *account, const char *entity, const form *f,
                         json *values, const char **id);

// For form_check: file facts of those who submit. `failed`: the store did not answer, so the verdict says nothing.
typedef struct file_lookup {
    server *server;
    db *db;
    arena *arena;
    const char *account, *entity;
    problem *failed;
} file_lookup;
const json *file_look(void *context, const char *id);

// The value at a pointer is replaced (NULL: removed). Nothing happens when its parent is not there.
void content_put(arena *a, json *root, const char *pointer, json *value);
