// From a verified person to an account and a session, in one transaction.
#include "base/clock.h"
#include "base/text.h"
#include "guard/chain.h"
#include "identity/state.h"
#include <string.h>

// The key of the browser's offline copy outlives a session, so that typed text survives an expiry, but never 24 h: it
// is given again for half a day, to sessions of half a day.
static const int64_t OFFLINE_REUSE = 12 * HOUR;
enum { TRIES = 3 };

typedef struct entry {
    const side *side;
    const person_claims *who;
    const char *account, *key_hash, *actor, *session, *old_session, *offline_key;
    const void *facts, *actor_sealed, *event;
    size_t facts_size, actor_size, event_size;
    bool fresh, changed;
    int64_t now, real;
} entry;

static problem *open_account(const entry *e, db *d, arena *a) {
    int64_t added = 0;
    TRY(db_run(d, a, SQL_ACCOUNT_ADD, &added,
               DB_ARGS(db_text(e->account), db_text(e->who->kind), db_text(e->key_hash),
                       db_bytes(e->facts, e->facts_size), db_text(e->who->unit), db_int(e->now))));
    if (!added) // the same person in another window was faster
        return problem_new(a, 409, "account-raced", "请重试", NULL);
    return chain_append(d, a, "account", e->account, "account.create", e->account, e->actor, e->event, e->event_size);
}

static problem *enter(void *context, db *d, arena *a) {
    const entry *e = context;
    if (e->fresh)
        TRY(open_account(e, d, a));
    else
        TRY(db_run(d, a, SQL_ACCOUNT_REFRESH, NULL,
                   DB_ARGS(db_text(e->account), db_bytes(e->facts, e->facts_size), db_int(e->changed),
                           db_text(e->who->unit), db_int(e->now))));
    if (e->old_session)
        TRY(db_run(d, a, SQL_SESSION_CLOSE, NULL, DB_ARGS(db_text(e->old_session), db_text(e->side->audience))));
    TRY(db_run(d, a, SQL_SESSION_SWEEP, NULL, DB_ARGS(db_int(e->real - OFFLINE_REUSE))));
    return db_run(d, a, SQL_SESSION_ADD, NULL,
                  DB_ARGS(db_text(e->session), db_text(e->account), db_text(e->side->audience), db_text(e->actor),
                          db_bytes(e->actor_sealed, e->actor_size), db_text(e->offline_key), db_int(e->real),
                          db_int(e->real + SESSION_LIFE)));
}

static const void *seal(request *r, const char *bound, const json *value, size_t *size) {
    char *text = json_print(r->arena, value);
    return keys_seal(r->server->keys, r->arena, bound, text, strlen(text), size);
}

static bool same_facts(request *r, const entry *e, const char *bound, const db_value *sealed) {
    void *plain = NULL;
    size_t size = 0;
    json_error error;
    if (sealed->kind != DB_BYTES ||
        keys_unseal(r->server->keys, r->arena, bound, sealed->bytes, sealed->size, &plain, &size))
        return false;
    const json *kept = json_parse(r->arena, plain, size, &error);
    return kept && json_same(kept, e->who->facts);
}

// What can be done before the writer: find, compare, seal.
static problem *prepare(request *r, db *d, entry *e) {
    arena *a = r->arena;
    db_rows known, offline;
    TRY(db_query(d, a, SQL_ACCOUNT_BY_KEY, &known, DB_ARGS(db_text(e->key_hash))));
    e->fresh = !known.count;
    e->account = e->fresh ? text_id(a) : db_cell(&known, 0, 0);
    const char *bound = arena_print(a, "account/%s", e->account);
    e->changed = !e->fresh && !same_facts(r, e, bound, db_at(&known, 0, 1));
    e->facts = seal(r, bound, e->who->facts, &e->facts_size);
    if (e->fresh)
        e->event = seal(r, bound, e->who->actor, &e->event_size);
    TRY(db_query(d, a, SQL_SESSION_OFFLINE_KEY, &offline,
                 DB_ARGS(db_text(e->account), db_text(e->actor), db_int(e->real - OFFLINE_REUSE))));
    e->offline_key = offline.count ? db_cell(&offline, 0, 0) : secret_new(a);
    return NULL;
}

problem *account_enter(request *r, db *d, const side *s, const person_claims *who, char **id) {
    arena *a = r->arena;
    keys *k = r->server->keys;
    *id = secret_new(a);
    entry e = {.side = s,
               .who = who,
               .key_hash = keys_hash_text(k, a, "account", who->key),
               .actor = keys_hash_text(k, a, "actor", arena_print(a, "%s\n%s", s->settings.issuer, who->subject)),
               .session = keys_hash_text(k, a, "session", *id),
               .old_session = session_hash(r, s),
               .now = clock_now(),
               .real = clock_real()};
    e.actor_sealed = seal(r, arena_print(a, "session/%s", e.session), who->actor, &e.actor_size);
    problem *failed = NULL;
    for (int i = 0; i < TRIES; i++) {
        TRY(prepare(r, d, &e));
        failed = request_write(r, enter, &e);
        if (!problem_is(failed, "account-raced"))
            return failed;
    }
    return failed;
}
