// The two ends of a log-in: to the identity platform, and back from it.
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "guard/limits.h"
#include "identity/failure.h"
#include "identity/fetch.h"
#include "identity/state.h"
#include <stdatomic.h>
#include <string.h>

enum { MOST_LOGINS = 1200, LONGEST_PATH = 1000, LONGEST_CODE = 2000 };

static const side *side_of(const request *r) {
    const identity *i = r->server->identity;
    return text_starts(r->route->path, "/review/") ? &i->officer : &i->applicant;
}

// Only this site: one slash, then no second one (a browser reads "//" and "/\" as another host), nothing invisible.
const char *return_path(arena *a, const side *s, const char *wanted) {
    if (!wanted || *wanted != '/' || wanted[1] == '/' || strlen(wanted) > LONGEST_PATH ||
        !text_starts(wanted, s->inside))
        return NULL;
    if (text_starts(wanted, "/login") || text_starts(wanted, "/review/login") ||
        text_starts(wanted, "/review/callback"))
        return NULL;
    text_buffer b = text_buffer_new(a, strlen(wanted) + 1);
    for (const char *c = wanted; *c; c++) {
        unsigned char byte = (unsigned char)*c;
        if (byte <= 0x20 || byte == 0x7F || byte == '\\')
            return NULL;
        if (byte > 0x7F || strchr("\"<>^`{|}", *c))
            text_addf(&b, "%%%02X", (unsigned)byte);
        else
            text_add_char(&b, *c);
    }
    return b.data;
}

// ---- out

typedef struct attempt {
    const side *side;
    const char *peer, *state_hash, *browser_hash, *return_to;
    login_secrets secrets;
    int64_t now;
    bool sweep;
    int64_t created; // of the attempt that came back; 0 = none
} attempt;

static problem *note_attempt(void *context, db *d, arena *a) {
    const attempt *t = context;
    TRY(limit_count(d, a, "login", t->peer ? t->peer : "", MOST_LOGINS, MINUTE));
    if (t->sweep)
        TRY(db_run(d, a, SQL_LOGIN_SWEEP, NULL, DB_ARGS(db_int(t->now - LOGIN_LIFE))));
    return db_run(d, a, SQL_LOGIN_ADD, NULL,
                  DB_ARGS(db_text(t->state_hash), db_text(t->browser_hash), db_text(t->side->audience),
                          db_text(t->secrets.nonce), db_text(t->secrets.verifier), db_text(t->return_to),
                          db_int(t->now)));
}

static bool time_to_sweep(int64_t now) {
    static _Atomic int64_t last;
    int64_t before = atomic_load(&last);
    return now - before > MINUTE && atomic_compare_exchange_strong(&last, &before, now);
}

// A browser keeps its mark for all windows in which it logs in at the same time.
static const char *browser_mark(request *r, const side *s) {
    const char *mark = request_cookie(r, s->login_cookie);
    return secret_formed(mark) ? mark : secret_new(r->arena);
}

static problem *begin(request *r, const side *s, const char *back) {
    arena *a = r->arena;
    keys *k = r->server->keys;
    if (!s->provider)
        return login_down(a, "no identity platform is configured");
    const char *mark = browser_mark(r, s);
    attempt t = {.side = s,
                 .peer = r->peer,
                 .secrets = {.state = secret_new(a), .nonce = secret_new(a), .verifier = secret_new(a)},
                 .browser_hash = keys_hash_text(k, a, "browser", mark),
                 .return_to = back ? back : s->home,
                 .now = clock_real()};
    char *url = NULL;
    t.state_hash = keys_hash_text(k, a, "state", t.secrets.state);
    t.sweep = time_to_sweep(t.now);
    TRY(provider_begin(s->provider, a, &t.secrets, &url));
    TRY(request_write(r, note_attempt, &t));
    reply_cookie(r, cookie_line(r->server->identity, a, s->login_cookie, mark, LOGIN_LIFE));
    reply_redirect(r, 303, url);
    return NULL;
}

problem *login_begin(request *r, db *d) {
    (void)d;
    const side *s = side_of(r);
    const char *back = return_path(r->arena, s, request_query(r, "return_to"));
    problem *failed = begin(r, s, back);
    if (failed)
        login_page(r, s, back, failed);
    return NULL;
}

// ---- back

// The state is used up whatever comes of it.
static problem *take_attempt(void *context, db *d, arena *a) {
    attempt *t = context;
    db_rows rows;
    TRY(db_query(d, a, SQL_LOGIN_TAKE, &rows,
                 DB_ARGS(db_text(t->state_hash), db_text(t->browser_hash), db_text(t->side->audience))));
    t->secrets.nonce = db_cell(&rows, 0, 0);
    t->secrets.verifier = db_cell(&rows, 0, 1);
    t->return_to = db_cell(&rows, 0, 2);
    t->created = db_number(&rows, 0, 3);
    return NULL;
}

static problem *find_attempt(request *r, const side *s, attempt *t) {
    arena *a = r->arena;
    const char *state = request_query(r, "state"), *mark = request_cookie(r, s->login_cookie);
    if (!secret_formed(state))
        return login_forged(a, "answer without a state of ours");
    if (!secret_formed(mark))
        return login_expired(a, "answer to a browser that did not ask");
    *t = (attempt){.side = s,
                   .state_hash = keys_hash_text(r->server->keys, a, "state", state),
                   .browser_hash = keys_hash_text(r->server->keys, a, "browser", mark),
                   .now = clock_real()};
    TRY(request_write(r, take_attempt, t));
    if (!t->created)
        return login_expired(a, "state is unknown, used, or of another browser");
    return t->now - t->created > LOGIN_LIFE ? login_expired(a, "state is too old") : NULL;
}

static problem *read_error(request *r, const char *error) {
    static const char *const REFUSED[] = {"access_denied", "login_required", "interaction_required", "consent_required",
                                          "account_selection_required"};
    static const char *const DOWN[] = {"temporarily_unavailable", "server_error"};
    char *log = arena_print(r->arena, "platform answers %.60s", error);
    for (size_t i = 0; i < sizeof REFUSED / sizeof *REFUSED; i++)
        if (strcmp(error, REFUSED[i]) == 0)
            return login_refused(r->arena, log);
    for (size_t i = 0; i < sizeof DOWN / sizeof *DOWN; i++)
        if (strcmp(error, DOWN[i]) == 0)
            return login_down(r->arena, log);
    return login_forged(r->arena, log);
}

static problem *finish(request *r, db *d, const side *s, attempt *t) {
    arena *a = r->arena;
    const json *claims = NULL;
    person_claims who;
    char *id = NULL;
    if (!s->provider)
        return login_down(a, "no identity platform is configured");
    TRY(find_attempt(r, s, t));
    TRY(provider_check_issuer(s->provider, a, request_query(r, "iss")));
    const char *error = request_query(r, "error"), *code = request_query(r, "code");
    if (error)
        return read_error(r, error);
    if (!code || !*code || strlen(code) > LONGEST_CODE)
        return login_forged(a, "answer without a code");
    TRY(provider_finish(s->provider, a, code, &t->secrets, &claims));
    const char *why = claims_read(a, claims, s->officer, s->settings.issuer, &who);
    if (why)
        return login_forged(a, why);
    TRY(account_enter(r, d, s, &who, &id));
    reply_cookie(r, cookie_line(r->server->identity, a, s->cookie, id, 0));
    reply_redirect(r, 303, t->return_to);
    log_event(LOG_INFO, "login.done", "audience", s->audience, "kind", who.kind, NULL);
    return NULL;
}

problem *login_callback(request *r, db *d) {
    const side *s = side_of(r);
    attempt t = {0};
    problem *failed = finish(r, d, s, &t);
    if (failed)
        login_page(r, s, t.return_to, failed);
    return NULL;
}
