// Accounts and sessions on a real store: who a cookie is, how long, and what a failing store leaves behind. The request
// is played here: these functions stand in for the HTTP layer's.
#include "base/text.h"
#include "identity/state.h"
#include "store_kit.h"

static const char *cookie, *cookie_name, *set_cookie, *meant_for;

const char *request_cookie(const request *r, const char *name) {
    (void)r;
    return cookie && strcmp(name, cookie_name) == 0 ? cookie : NULL;
}
const char *request_header(const request *r, const char *name) {
    (void)r;
    return strcmp(name, "X-Beian-For") == 0 ? meant_for : NULL;
}
const char *request_query(const request *r, const char *name) {
    return (void)r, (void)name, NULL;
}
void reply_json(request *r, int status, const json *body) {
    (void)body, r->reply.status = status;
}
void reply_text(request *r, int status, const char *media, const char *text) {
    (void)media, (void)text, r->reply.status = status;
}
void reply_header(request *r, const char *name, const char *value) {
    (void)r, (void)name, (void)value;
}
void reply_redirect(request *r, int status, const char *location) {
    (void)location, r->reply.status = status;
}
void reply_cookie(request *r, const char *line) {
    (void)r, set_cookie = line;
}
problem *request_write(request *r, problem *(*run)(void *context, db *d, arena *a), void *context) {
    return writer_run(r->server->store, r->arena, run, context);
}

static const route APPLICANT = {.path = "/api/v1/me", .who = WHO_APPLICANT},
                   OFFICER = {.path = "/api/v1/review/me", .who = WHO_OFFICER};
static server world;
static identity who;
static script *faults;

static request begin_request(const route *way) {
    return (request){.arena = kit_arena, .server = &world, .route = way, .path = way->path};
}

static db *reader(void) {
    db *d = NULL;
    if (store_reader(world.store, kit_arena, &d))
        abort();
    return d;
}

static json *parse(const char *text) {
    json_error error;
    return json_parse(kit_arena, text, strlen(text), &error);
}

// Logs in with these claims; the cookie is what a browser would have afterwards.
static problem *enter(const char *claims, bool officer) {
    const side *s = officer ? &who.officer : &who.applicant;
    request r = begin_request(officer ? &OFFICER : &APPLICANT);
    person_claims person;
    char *id = NULL;
    db *d = reader();
    if (claims_read(kit_arena, parse(claims), officer, "https://idp.example", &person))
        abort();
    problem *failed = account_enter(&r, d, s, &person, &id);
    db_close(d);
    if (!failed) {
        cookie = id;
        cookie_name = s->cookie;
    }
    return failed;
}

static session *load(const route *way) {
    request r = begin_request(way);
    db *d = reader();
    problem *failed = identity_load(&r, d);
    db_close(d);
    return failed ? NULL : r.session;
}

static problem *add_session(void *context, db *d, arena *a) {
    const int64_t *times = context; // created, seen, ends
    const char *hash = keys_hash_text(world.keys, a, "session", cookie);
    size_t size;
    static const char actor[] = "{\"sub\":\"s\",\"name\":\"沈知秋\"}";
    void *sealed = keys_seal(world.keys, a, arena_print(a, "session/%s", hash), actor, sizeof actor - 1, &size);
    session *s = load(&APPLICANT);
    TRY(db_run(d, a, SQL_SESSION_CLOSE, NULL, DB_ARGS(db_text(hash), db_text("applicant"))));
    TRY(db_run(d, a, SQL_SESSION_SWEEP, NULL, DB_ARGS(db_int(clock_real() + 1))));
    TRY(db_run(d, a, SQL_SESSION_ADD, NULL,
               DB_ARGS(db_text(hash), db_text(s->account), db_text("applicant"), db_text(s->actor),
                       db_bytes(sealed, size), db_text(s->offline_key), db_int(times[0]), db_int(times[2]))));
    return db_run(d, a, SQL_SESSION_SEEN, NULL, DB_ARGS(db_text(hash), db_int(times[1])));
}

// The same session as if it had begun and been seen so long ago.
static void age(int64_t created_ago, int64_t seen_ago) {
    int64_t now = clock_real(), times[] = {now - created_ago, now - seen_ago, now - created_ago + SESSION_LIFE};
    if (writer_run(world.store, kit_arena, add_session, times))
        abort();
}

static int64_t last_seen(void) {
    db *d = reader();
    db_rows rows;
    const char *hash = keys_hash_text(world.keys, kit_arena, "session", cookie);
    if (db_query(d, kit_arena, SQL_SESSION_GET, &rows, DB_ARGS(db_text(hash))))
        abort();
    db_close(d);
    return db_number(&rows, 0, 5);
}

static const char PERSON[] = "{\"sub\":\"s\",\"kind\":\"person\",\"name\":\"沈知秋\",\"id_type\":\"resident-id\",\"id_"
                             "no\":\"1\",\"mobile\":\"138\"}";
static const char LEGAL[] = "{\"sub\":\"%s\",\"kind\":\"legal\",\"name\":\"%s\",\"id_no\":\"%s\",\"org_name\":"
                            "\"某公司\",\"org_id_type\":\"uscc\","
                            "\"org_id_no\":\"9\",\"legal_rep_name\":\"%s\"}";

static void test_accounts(void) {
    CASE("a person's session tells who it is")
    CHECK(!enter(PERSON, false));
    const session *s = load(&APPLICANT), *again = load(&APPLICANT); // the second from the cache
    CHECK(s && again && s->facts && text_same(s->account, again->account) && json_same(s->facts, again->facts));
    CHECK_TEXT(s->name, "沈知秋");
    CHECK_TEXT(s->kind, "person");
    CHECK_TEXT(json_text(s->facts, "mobile"), "138");
    CHECK(!json_get(s->facts, "sub"));
    CASE("a new log-in refreshes the facts at once")
    const char *account = s->account, *key = s->offline_key;
    CHECK(!enter("{\"sub\":\"s\",\"kind\":\"person\",\"name\":\"沈知秋\",\"id_type\":\"resident-id\",\"id_no\":\"1\","
                 "\"mobile\":\"139\"}",
                 false));
    s = load(&APPLICANT);
    CHECK(s && text_same(s->account, account));
    CHECK_TEXT(json_text(s->facts, "mobile"), "139");
    CASE("the offline key lives on with a new session")
    CHECK_TEXT(s->offline_key, key);
    CASE("several persons act for one organisation")
    CHECK(!enter(arena_print(kit_arena, LEGAL, "a", "甲", "11", "丙"), false));
    const char *first = cookie;
    const session *one = load(&APPLICANT);
    cookie = NULL; // another browser
    CHECK(!enter(arena_print(kit_arena, LEGAL, "b", "乙", "22", "丁"), false));
    const session *two = load(&APPLICANT);
    CHECK(one && two && text_same(one->account, two->account) && !text_same(one->actor, two->actor));
    CHECK(!text_same(one->offline_key, two->offline_key));
    cookie = first;
    one = load(&APPLICANT);
    CHECK_TEXT(one->name, "某公司");
    CHECK_TEXT(one->actor_name, "甲");
    CHECK_TEXT(json_text(one->facts, "id_no"), "11");
    CHECK_TEXT(json_text(one->facts, "legal_rep_name"), "丁"); // of the organisation: the latest
}

static void test_page_of_another_account(void) {
    CASE("a page of the account that was logged in before gets no session")
    CHECK(!enter(PERSON, false));
    request r = begin_request(&APPLICANT);
    meant_for = session_tag(&r, load(&APPLICANT));
    CHECK(load(&APPLICANT) != NULL);
    CHECK(!enter(arena_print(kit_arena, LEGAL, "a", "甲", "11", "丙"), false));
    CHECK(!load(&APPLICANT));
    meant_for = NULL;
    meant_for = session_tag(&r, load(&APPLICANT));
    CHECK(!enter(arena_print(kit_arena, LEGAL, "b", "乙", "22", "丁"), false));
    CHECK(!load(&APPLICANT)); // the same organisation, another person
    meant_for = NULL;
}

static void test_officers(void) {
    CASE("an officer's session has unit and roles, and is no applicant's")
    CHECK(!enter("{\"sub\":\"o\",\"kind\":\"officer\",\"name\":\"郑国栋\",\"unit_code\":\"110101\",\"unit_name\":"
                 "\"东城大队\",\"region\":\"110101\","
                 "\"roles\":[\"reviewer\"]}",
                 true));
    const session *s = load(&OFFICER);
    CHECK(s && s->roles && s->roles->count == 1);
    CHECK_TEXT(s->unit, "110101");
    CHECK_TEXT(s->unit_name, "东城大队");
    cookie_name = who.applicant.cookie;
    CHECK(!load(&APPLICANT));
}

static void test_limits_of_time(void) {
    CASE("a session ends after two idle hours")
    CHECK(!enter(PERSON, false));
    age(3 * HOUR, 2 * HOUR - 5 * SECOND);
    CHECK(load(&APPLICANT) != NULL);
    CHECK(!enter(PERSON, false));
    age(3 * HOUR, 2 * HOUR + SECOND);
    CHECK(!load(&APPLICANT));
    CASE("a session ends after twelve hours, busy or not")
    CHECK(!enter(PERSON, false));
    age(SESSION_LIFE - 5 * SECOND, 0);
    CHECK(load(&APPLICANT) != NULL);
    age(SESSION_LIFE + SECOND, 0);
    CHECK(!load(&APPLICANT));
    CASE("sessions keep real time when the business clock moves")
    CHECK(!enter(PERSON, false));
    clock_set_offset(400 * DAY);
    CHECK(load(&APPLICANT) != NULL);
    clock_set_offset(0);
    CASE("last seen is written once a minute, behind the request")
    age(HOUR, 30 * SECOND);
    int64_t before = last_seen();
    CHECK(load(&APPLICANT) != NULL);
    kit_set(world.store, "x", "1"); // whatever was queued before it is done
    CHECK(last_seen() == before);
    age(HOUR, 61 * SECOND);
    CHECK(load(&APPLICANT) != NULL);
    kit_set(world.store, "x", "2");
    CHECK(clock_real() - last_seen() < 10 * SECOND);
    CASE("an offline key is not given again after half a day")
    const char *key = load(&APPLICANT)->offline_key;
    age(SESSION_LIFE - SECOND, 0);
    cookie = NULL;
    CHECK(!enter(PERSON, false));
    CHECK_TEXT(load(&APPLICANT)->offline_key, key);
    cookie = NULL;
    CHECK(!enter("{\"sub\":\"old\",\"kind\":\"person\",\"name\":\"老\",\"id_type\":\"resident-id\",\"id_no\":\"7\"}",
                 false));
    key = load(&APPLICANT)->offline_key;
    age(SESSION_LIFE + SECOND, 0);
    cookie = NULL;
    CHECK(!enter("{\"sub\":\"old\",\"kind\":\"person\",\"name\":\"老\",\"id_type\":\"resident-id\",\"id_no\":\"7\"}",
                 false));
    CHECK(!text_same(load(&APPLICANT)->offline_key, key));
}

static problem *log_out(void *context, db *d, arena *a) {
    (void)a;
    return login_logout(context, d);
}

static void test_logout(void) {
    CASE("log out ends the session at once, the kept facts too")
    CHECK(!enter(PERSON, false));
    CHECK(load(&APPLICANT) != NULL);
    request r = begin_request(&APPLICANT);
    CHECK(!writer_run(world.store, kit_arena, log_out, &r));
    CHECK(r.reply.status == 204);
    CHECK_TEXT(set_cookie, "beian=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
    CHECK(!load(&APPLICANT));
    CASE("the offline key outlives logging out: another tab may still hold typed text")
    static const char ONCE[] =
        "{\"sub\":\"once\",\"kind\":\"person\",\"name\":\"一\",\"id_type\":\"resident-id\",\"id_no\":\"8\"}";
    cookie = NULL;
    CHECK(!enter(ONCE, false));
    const char *key = load(&APPLICANT)->offline_key;
    CHECK(!writer_run(world.store, kit_arena, log_out, &r));
    CHECK(!load(&APPLICANT));
    cookie = NULL;
    CHECK(!enter(ONCE, false));
    CHECK_TEXT(load(&APPLICANT)->offline_key, key);
    CASE("so it does another account's log-in in the same browser")
    CHECK(!enter(PERSON, false));
    CHECK(!enter(ONCE, false));
    CHECK_TEXT(load(&APPLICANT)->offline_key, key);
    CASE("what is no session id is not even looked up")
    cookie = "short";
    CHECK(!load(&APPLICANT));
    cookie = NULL;
    CHECK(!load(&APPLICANT));
}

static void test_failing_store(void) {
    static const char NEW_PERSON[] =
        "{\"sub\":\"n\",\"kind\":\"person\",\"name\":\"新\",\"id_type\":\"resident-id\",\"id_no\":\"%d\"}";
    CASE("a store that fails leaves nobody half logged in")
    int statements = 0;
    for (int i = 1; i <= 8; i++) { // each statement of the transaction in turn, then its commit
        fault f = {.kind = i == 8 ? FAULT_COMMIT : FAULT_STATEMENT, .at = i == 8 ? 1 : i};
        const char *person = arena_print(kit_arena, NEW_PERSON, 1000 + i), *before;
        cookie = before = NULL;
        script_play(faults, &f, 1);
        problem *failed = enter(person, false);
        script_play(faults, NULL, 0);
        CHECK(failed ? failed->status == 503 && cookie == before : load(&APPLICANT) != NULL);
        statements += failed && i < 8;
        CHECK(failed || i > statements); // none in the middle goes through
        CHECK(!enter(person, false) && load(&APPLICANT) != NULL);
    }
    CHECK(statements >= 4);
}

int main(void) {
    kit_start();
    world.store = kit_open_scripted("identity.db", &faults);
    world.identity = &who;
    if (keys_open(kit_arena, kit_path("key"), &world.keys))
        abort();
    who = (identity){
        .idle = 2 * HOUR,
        .applicant = {.audience = "applicant", .cookie = "beian", .settings = {.issuer = "https://idp.example"}},
        .officer = {.officer = true,
                    .audience = "officer",
                    .cookie = "beian-review",
                    .settings = {.issuer = "https://idp.example"}}};
    test_accounts();
    test_page_of_another_account();
    test_officers();
    test_limits_of_time();
    test_logout();
    test_failing_store();
    store_close(world.store);
    keys_close(world.keys);
    kit_end();
    return check_end();
}
