#include "guard/files.h"
#include "api/server.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "guard/keys.h"
#include "guard/picture.h"
#include "store/blobs.h"
#include "store/writer.h"
#include <stdlib.h>
#include <string.h>

enum { TICKET_LIFE = 60, TICKET_MAC = 32 };
static const int64_t UNUSED_LIFE = 31 * DAY; // a draft lives 30 days after the last upload; a day for the first save

// Columns of attachment_get.
enum { OWNER, ORIGINAL, SHOWN, ORIGINAL_HASH, SHOWN_HASH, MEDIA, SIZE, WIDTH, HEIGHT, NAME, HINTS };

static const char *name_bound(arena *a, const char *id) {
    return arena_print(a, "file-name/%s", id);
}
static const char *blob_bound(arena *a, const char *blob) {
    return arena_print(a, "blob/%s", blob);
}

// ---- storing

typedef struct stored {
    const char *id, *original, *shown; // blob names
    const char *original_hash, *shown_hash;
    const void *name;
    size_t name_size;
    const file_new *file;
} stored;

static problem *add_row(void *context, db *d, arena *a) {
    const stored *s = context;
    const picture *p = s->file->picture;
    return db_run(d, a, SQL_ATTACHMENT_ADD, NULL,
                  DB_ARGS(db_text(s->id), db_text(s->file->owner), db_text(s->original), db_text(s->shown),
                          db_text(s->original_hash), db_text(s->shown_hash), db_text(p->media),
                          db_int((int64_t)p->shown_size), db_int(p->width), db_int(p->height),
                          db_bytes(s->name, s->name_size), db_text(p->hints), db_int(clock_now())));
}

static problem *put(server *s, arena *a, const char *blob, const void *data, size_t size) {
    size_t sealed_size;
    void *sealed = keys_seal(s->keys, a, blob_bound(a, blob), data, size, &sealed_size);
    return blobs_put(s->blobs, a, blob, sealed, sealed_size);
}

static json *facts(arena *a, const char *id, const char *name, const picture *p) {
    json *out = json_object(a);
    json_set_text(a, out, "id", id);
    json_set_text(a, out, "name", name);
    json_set_text(a, out, "media", p->media);
    json_set_number(a, out, "width", p->width);
    json_set_number(a, out, "height", p->height);
    json_set_number(a, out, "size", (double)p->shown_size);
    json *hints = json_parse(a, p->hints, strlen(p->hints), &(json_error){0});
    json_set(a, out, "hints", hints ? hints : json_array(a));
    return out;
}

problem *file_store(request *r, const file_new *file, json **out) {
    server *s = r->server;
    arena *a = r->arena;
    const picture *p = file->picture;
    stored one = {.id = text_id(a), .file = file};
    // A blob belongs to one attachment: were it shared by equal files, the sweep of one could race the upload of
    // another.
    one.original = keys_hash_text(s->keys, a, "blob", arena_print(a, "%s/original", one.id));
    one.shown = keys_hash_text(s->keys, a, "blob", arena_print(a, "%s/shown", one.id));
    one.original_hash = keys_hash(s->keys, a, "file", file->original, file->original_size);
    one.shown_hash = keys_hash(s->keys, a, "file", p->shown, p->shown_size);
    one.name = keys_seal(s->keys, a, name_bound(a, one.id), file->name, strlen(file->name), &one.name_size);
    problem *failed = put(s, a, one.original, file->original, file->original_size);
    if (!failed)
        failed = put(s, a, one.shown, p->shown, p->shown_size);
    if (!failed)
        failed = request_write(r, add_row, &one);
    if (failed) {
        blobs_remove(s->blobs, a, one.original);
        blobs_remove(s->blobs, a, one.shown);
        return failed;
    }
    *out = facts(a, one.id, file->name, p);
    return NULL;
}

// ---- who may see

// Whether a document of the entity, or else of an entity of the account, has the attachment; *any: some document has
// it.
static problem *belongs(db *d, arena *a, const char *id, const char *account, const char *entity, bool *any,
                        bool *out) {
    db_rows uses, owner;
    *out = false;
    TRY(db_query(d, a, SQL_ATTACHMENT_DOCUMENTS, &uses, DB_ARGS(db_text(id))));
    *any = uses.count > 0;
    for (size_t i = 0; i < uses.count && !*out; i++) {
        const char *subject = db_cell(&uses, i, 0) + strlen("doc:");
        const char *end = strchr(subject, ':');
        const char *one = end ? arena_slice(a, subject, (size_t)(end - subject)) : subject;
        TRY(db_query(d, a, SQL_SUBJECT_ENTITY, &owner, DB_ARGS(db_text(one))));
        if (owner.count)
            *out = entity ? text_same(db_cell(&owner, 0, 0), entity) : text_same(db_cell(&owner, 0, 1), account);
    }
    return NULL;
}

problem *file_may_see(db *d, arena *a, const char *account, const char *id, bool *out) {
    db_rows row;
    bool any;
    *out = false;
    TRY(db_query(d, a, SQL_ATTACHMENT_GET, &row, DB_ARGS(db_text(id))));
    if (!row.count)
        return NULL;
    TRY(belongs(d, a, id, account, NULL, &any, out));
    if (!any)
        *out = text_same(db_cell(&row, 0, OWNER), account);
    return NULL;
}

problem *file_facts(server *s, db *d, arena *a, const char *account, const char *entity, const char *id, json **out) {
    db_rows row;
    bool any, allowed;
    *out = NULL;
    TRY(db_query(d, a, SQL_ATTACHMENT_GET, &row, DB_ARGS(db_text(id))));
    if (!row.count)
        return NULL;
    allowed = account && text_same(db_cell(&row, 0, OWNER), account);
    if (!allowed && entity)
        TRY(belongs(d, a, id, NULL, entity, &any, &allowed));
    if (!allowed)
        return NULL;
    const db_value *sealed = db_at(&row, 0, NAME);
    void *name;
    size_t size;
    TRY(keys_unseal(s->keys, a, name_bound(a, id), sealed->bytes, sealed->size, &name, &size));
    picture p = {.media = db_cell(&row, 0, MEDIA),
                 .shown_size = (size_t)db_number(&row, 0, SIZE),
                 .width = (int)db_number(&row, 0, WIDTH),
                 .height = (int)db_number(&row, 0, HEIGHT),
                 .hints = db_cell(&row, 0, HINTS)};
    *out = facts(a, id, name, &p);
    json_set_text(a, *out, "hash", db_cell(&row, 0, ORIGINAL_HASH));
    json_set_text(a, *out, "shown_hash", db_cell(&row, 0, SHOWN_HASH));
    return NULL;
}

problem *file_shown(server *s, db *d, arena *a, const char *id, void **data, size_t *size, const char **media) {
    db_rows row;
    void *sealed;
    size_t sealed_size;
    TRY(db_query(d, a, SQL_ATTACHMENT_GET, &row, DB_ARGS(db_text(id))));
    if (!row.count)
        return problem_not_found(a);
    const char *blob = db_cell(&row, 0, SHOWN);
    *media = db_cell(&row, 0, MEDIA);
    TRY(blobs_get(s->blobs, a, blob, &sealed, &sealed_size));
    return keys_unseal(s->keys, a, blob_bound(a, blob), sealed, sealed_size, data, size);
}

// ---- uses

problem *file_use(db *d, arena *a, const char *attachment, const char *used_by) {
    return db_run(d, a, SQL_ATTACHMENT_USE, NULL, DB_ARGS(db_text(attachment), db_text(used_by)));
}

problem *file_unuse(db *d, arena *a, const char *used_by) {
    return db_run(d, a, SQL_ATTACHMENT_UNUSE, NULL, DB_ARGS(db_text(used_by)));
}

typedef struct sweep {
    db_rows found;
    bool *gone;
} sweep;

static problem *remove_rows(void *context, db *d, arena *a) {
    sweep *s = context;
    TRY(db_query(d, a, SQL_ATTACHMENT_UNUSED, &s->found, DB_ARGS(db_int(clock_now() - UNUSED_LIFE))));
    s->gone = arena_array(a, bool, s->found.count + 1);
    for (size_t i = 0; i < s->found.count; i++) {
        int64_t changed = 0;
        TRY(db_run(d, a, SQL_ATTACHMENT_REMOVE, &changed, DB_ARGS(db_text(db_cell(&s->found, i, 0)))));
        s->gone[i] = changed > 0;
    }
    return NULL;
}

problem *files_sweep(server *s, arena *a) {
    sweep done = {0};
    TRY(writer_run(s->store, a, remove_rows, &done)); // rows first: a row never points at a file that is gone
    for (size_t i = 0; i < done.found.count; i++)
        for (size_t column = 1; done.gone[i] && column <= 2; column++)
            if (blobs_remove(s->blobs, a, db_cell(&done.found, i, column)))
                log_event(LOG_WARN, "files.left", "blob", db_cell(&done.found, i, column), NULL);
    return NULL;
}

// ---- tickets

static char *ticket_of(server *s, arena *a, const char *attachment, const char *session_hash, long long ends) {
    char *mac = keys_hash_text(s->keys, a, "ticket", arena_print(a, "%s %s %lld", attachment, session_hash, ends));
    return arena_print(a, "%lld.%.*s", ends, TICKET_MAC, mac);
}

char *file_ticket(server *s, arena *a, const char *attachment, const char *session_hash) {
    return ticket_of(s, a, attachment, session_hash, clock_real() / SECOND + TICKET_LIFE);
}

bool file_ticket_valid(server *s, arena *a, const char *ticket, const char *attachment, const char *session_hash) {
    char *end;
    long long ends = strtoll(ticket, &end, 10);
    if (*end != '.' || ends < clock_real() / SECOND || ends > clock_real() / SECOND + TICKET_LIFE)
        return false;
    const char *wanted = ticket_of(s, a, attachment, session_hash, ends);
    return strlen(wanted) == strlen(ticket) && text_equal_secret(wanted, ticket, strlen(wanted));
}
