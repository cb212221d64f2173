// Attachments: stored sealed, as sent and as re-encoded; rows, uses, who may see one, the sweep of unused ones.
// The routes are in upload/.
#pragma once
#include "http/route.h"

extern const route ROUTES_FILES[]; // upload/routes.c

typedef struct file_new {
    const char *owner; // account
    const char *name;  // as the person called it
    const void *original;
    size_t original_size;
    const struct picture *picture; // re-encoded
} file_new;
// Seals and stores both copies and the row (by request_write, so from a pool thread). *out: the
// facts, as file_facts gives them. After a failure no file is left.
problem *file_store(request *r, const file_new *file, json **out);
// Facts {id, media, width, height, size, hints, name, hash, shown_hash} of an attachment that `account` uploaded or
// that already belongs to a document of `entity` (may be NULL); *out is NULL when neither.
problem *file_facts(server *s, db *d, arena *a, const char *account, const char *entity, const char *id, json **out);
// The attachment is needed by 'draft:ID' or 'doc:SUBJECT:VERSION'; again is fine.
problem *file_use(db *d, arena *a, const char *attachment, const char *used_by);
// Nothing is needed by `used_by` any more.
problem *file_unuse(db *d, arena *a, const char *used_by);
// Whether the account may see it: it belongs to a document of one of its entities, or the account uploaded it and no
// document has it yet (access to documents is decided through the entity alone).
problem *file_may_see(db *d, arena *a, const char *account, const char *id, bool *out);
// The re-encoded picture, unsealed. 404 when there is none.
problem *file_shown(server *s, db *d, arena *a, const char *id, void **data, size_t *size, const char **media);
// Removes attachments that nothing has used for 31 days; at most 500 at a time. For the timer thread.
problem *files_sweep(server *s, arena *a);
// A ticket (60 s, bound to attachment and session) that lets an officer's page load a picture: used as ?ticket=
char *file_ticket(server *s, arena *a, const char *attachment, const char *session_hash);
bool file_ticket_valid(server *s, arena *a, const char *ticket, const char *attachment, const char *session_hash);
