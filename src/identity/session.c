#include "identity/session.h"
#include "base/clock.h"
#include "base/text.h"
#include "identity/facts_cache.h"
#include "identity/state.h"
#include <string.h>

static const int64_t SEEN_EVERY = MINUTE;
enum { SECRET = 32, SECRET_TEXT = 43 };

char *secret_new(arena *a) {
    uint8_t bytes[SECRET];
    random_bytes(bytes, sizeof bytes);
    return text_base64url(a, bytes, sizeof bytes);
}

bool secret_formed(const char *text) {
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    return text && strlen(text) == SECRET_TEXT && strspn(text, alphabet) == SECRET_TEXT;
}

char *cookie_line(const identity *i, arena *a, const char *name, const char *value, int64_t life) {
    text_buffer b = text_buffer_new(a, 160);
    text_addf(&b, "%s=%s; Path=/; HttpOnly; SameSite=Lax", name, value ? value : "");
    if (!value || life)
        text_addf(&b, "; Max-Age=%lld", value ? (long long)(life / SECOND) : 0LL);
    if (i->secure)
        text_add(&b, "; Secure");
    return b.data;
}

bool session_alive(int64_t seen, int64_t ends, int64_t idle, int64_t now) {
    return now < ends && now - seen < idle;
}

char *session_hash(const request *r, const side *s) {
    const char *id = request_cookie(r, s->cookie);
    return secret_formed(id) ? keys_hash_text(r->server->keys, r->arena, "session", id) : NULL;
}

// ---- last seen, written behind the request's back

typedef struct touch {
    writer_job job;
    const char *hash;
    int64_t now;
} touch;

static problem *touch_run(void *context, db *d, arena *a) {
    const touch *t = context;
    return db_run(d, a, SQL_SESSION_SEEN, NULL, DB_ARGS(db_text(t->hash), db_int(t->now)));
}

static void touch_done(void *context, problem *result) {
    touch *t = context;
    (void)result; // the next request tries again
    arena_free(t->job.arena);
}

static void touch_later(store *s, const char *hash, int64_t now) {
    arena *own = arena_new(1024);
    touch *t = arena_new_of(own, touch);
    *t = (touch){.job = {.run = touch_run, .done = touch_done, .context = t, .arena = own},
                 .hash = arena_text(own, hash),
                 .now = now};
    if (!writer_submit(s, &t->job))
        arena_free(own);
}

// ---- who is acting

// The columns of session_get.
enum { ACCOUNT, AUDIENCE, ACTOR_HASH, ACTOR, OFFLINE_KEY, SEEN, ENDS, KIND, FACTS, UNIT, VERSION };

static problem *unseal(request *r, const char *bound, const db_value *sealed, const char **out, size_t *size) {
    void *plain = NULL;
    if (sealed->kind != DB_BYTES)
        return problem_internal(r->arena, "session: a sealed column is empty");
    TRY(keys_unseal(r->server->keys, r->arena, bound, sealed->bytes, sealed->size, &plain, size));
    *out = plain;
    return NULL;
}

static problem *open_row(request *r, const db_rows *rows, const char *hash, opened *out) {
    arena *a = r->arena;
    int64_t version = db_number(rows, 0, VERSION);
    if (facts_find(a, hash, version, out))
        return NULL;
    TRY(unseal(r, arena_print(a, "account/%s", db_cell(rows, 0, ACCOUNT)), db_at(rows, 0, FACTS), &out->facts,
               &out->facts_size));
    TRY(unseal(r, arena_print(a, "session/%s", hash), db_at(rows, 0, ACTOR), &out->actor, &out->actor_size));
    facts_keep(hash, version, out);
    return NULL;
}

static problem *fill(request *r, const db_rows *rows, const char *hash, session **out) {
    arena *a = r->arena;
    opened row;
    json_error error;
    TRY(open_row(r, rows, hash, &row));
    json *facts = json_parse(a, row.facts, row.facts_size, &error),
         *actor = json_parse(a, row.actor, row.actor_size, &error);
    if (!facts || !actor)
        return problem_internal(a, "session: facts are no JSON");
    session *s = arena_new_of(a, session);
    *s = (session){.hash = hash,
                   .account = db_cell(rows, 0, ACCOUNT),
                   .kind = db_cell(rows, 0, KIND),
                   .actor = db_cell(rows, 0, ACTOR_HASH),
                   .actor_name = json_text(actor, "name"),
                   .unit = db_cell(rows, 0, UNIT),
                   .offline_key = db_cell(rows, 0, OFFLINE_KEY),
                   .facts = facts};
    // The acting person's own facts go before those of the account's latest log-in.
    json_each(one, actor) {
        if (one->type == JSON_STRING && strcmp(one->key, "sub") != 0)
            json_set_text(a, facts, one->key, one->text);
    }
    const char *organisation = json_text(facts, "org_name");
    s->name = organisation ? organisation : s->actor_name;
    s->unit_name = json_text(facts, "unit_name");
    s->region = json_text(facts, "region");
    s->roles = json_get(facts, "roles");
    *out = s;
    return NULL;
}

char *session_tag(const request *r, const session *s) {
    return keys_hash_text(r->server->keys, r->arena, "tag", arena_print(r->arena, "%s\n%s", s->account, s->actor));
}

// A page left open by one account must not act for the account that logged in after it in the same browser.
static bool meant_for(const request *r, const session *s) {
    const char *tag = request_header(r, "X-Beian-For");
    return !tag || strcmp(tag, session_tag(r, s)) == 0;
}

// rows->count is 0 when the session of that hash does not count on this side.
static problem *get_row(request *r, db *d, const side *s, const char *hash, db_rows *rows) {
    TRY(db_query(d, r->arena, SQL_SESSION_GET, rows, DB_ARGS(db_text(hash))));
    if (rows->count &&
        !(text_same(db_cell(rows, 0, AUDIENCE), s->audience) &&
          session_alive(db_number(rows, 0, SEEN), db_number(rows, 0, ENDS), r->server->identity->idle, clock_real())))
        rows->count = 0;
    return NULL;
}

problem *identity_load(request *r, db *d) {
    const identity *i = r->server->identity;
    if (!i || r->route->who == WHO_CLOCK)
        return NULL;
    const side *s = r->route->who == WHO_OFFICER ? &i->officer : &i->applicant;
    char *hash = session_hash(r, s);
    if (!hash)
        return NULL;
    db_rows rows;
    TRY(get_row(r, d, s, hash, &rows));
    if (!rows.count)
        return NULL;
    int64_t now = clock_real(), seen = db_number(&rows, 0, SEEN);
    TRY(fill(r, &rows, hash, &r->session));
    if (s == &i->applicant && !meant_for(r, r->session)) {
        r->session = NULL;
        return NULL;
    }
    if (now - seen >= SEEN_EVERY)
        touch_later(r->server->store, hash, now);
    return NULL;
}

problem *identity_other(request *r, db *d, bool *out) {
    const identity *i = r->server->identity;
    bool officers = r->route->who == WHO_OFFICER;
    *out = false;
    if (!i || request_cookie(r, officers ? i->officer.cookie : i->applicant.cookie) || request_header(r, "X-Beian-For"))
        return NULL; // a session of this side that has ended: logging in again is what helps
    const side *other = officers ? &i->applicant : &i->officer;
    char *hash = session_hash(r, other);
    if (!hash)
        return NULL;
    db_rows rows;
    TRY(get_row(r, d, other, hash, &rows));
    *out = rows.count > 0;
    return NULL;
}

// 204 with or without a session: who wants out is out. The row stays until it is swept, for the key of the offline
// copy: another tab may still hold typed text.
problem *login_logout(request *r, db *d) {
    const identity *i = r->server->identity;
    const side *s = text_starts(r->path, "/api/v1/review/") ? &i->officer : &i->applicant;
    char *hash = session_hash(r, s);
    if (hash)
        TRY(db_run(d, r->arena, SQL_SESSION_CLOSE, NULL, DB_ARGS(db_text(hash), db_text(s->audience))));
    reply_cookie(r, cookie_line(i, r->arena, s->cookie, NULL, 0));
    reply_text(r, 204, NULL, "");
    return NULL;
}
