// Limits; who may see an attachment; its uses, its sweep; officers' tickets.
#include "api/server.h"
#include "base/clock.h"
#include "base/text.h"
#include "guard/files.h"
#include "guard/keys.h"
#include "guard/limits.h"
#include "guard/picture.h"
#include "store/blobs.h"
#include "store_kit.h"

typedef struct count {
    const char *name, *who;
    int64_t most, window;
} count;

static problem *count_one(void *context, db *d, arena *a) {
    const count *c = context;
    return limit_count(d, a, c->name, c->who, c->most, c->window);
}

static problem *sweep_limits(void *context, db *d, arena *a) {
    (void)context;
    return limits_sweep(d, a);
}

static void limits(store *s) {
    CASE("limits: so many and no more, each name and each person apart")
    count one = {"code", "p1", 3, 2000}, other = {"code", "p2", 3, 2000}, name = {"dns", "p1", 3, 2000};
    for (int i = 0; i < 3; i++)
        CHECK(!writer_run(s, kit_arena, count_one, &one));
    for (int i = 0; i < 3; i++) {
        problem *p = writer_run(s, kit_arena, count_one, &one);
        CHECK(p && p->status == 429 && p->retry_after >= 1 && p->retry_after <= 2 && strstr(p->detail, "秒后再试"));
    }
    CHECK(!writer_run(s, kit_arena, count_one, &other) && !writer_run(s, kit_arena, count_one, &name));
    CASE("limits: a new window begins")
    usleep(2100000);
    CHECK(!writer_run(s, kit_arena, count_one, &one));
    CASE("limits: the business clock has no part in them")
    clock_set_offset(30 * DAY);
    for (int i = 0; i < 2; i++)
        CHECK(!writer_run(s, kit_arena, count_one, &one));
    CHECK(writer_run(s, kit_arena, count_one, &one));
    clock_set_offset(0);
    CHECK(!writer_run(s, kit_arena, sweep_limits, NULL) && writer_run(s, kit_arena, count_one, &one));
}

typedef struct made {
    server *server;
    const char *id, *owner, *original, *shown;
} made;

static problem *make(void *context, db *d, arena *a) {
    const made *m = context;
    size_t size;
    void *name = keys_seal(m->server->keys, a, arena_print(a, "file-name/%s", m->id), "a.png", 5, &size);
    return db_run(d, a, SQL_ATTACHMENT_ADD, NULL,
                  DB_ARGS(db_text(m->id), db_text(m->owner), db_text(m->original), db_text(m->shown), db_text("h1"),
                          db_text("h2"), db_text("image/jpeg"), db_int(7), db_int(3), db_int(2), db_bytes(name, size),
                          db_text("[\"small\"]"), db_int(clock_now())));
}

typedef struct use {
    const char *id, *used_by;
} use;

static problem *use_one(void *context, db *d, arena *a) {
    const use *u = context;
    return file_use(d, a, u->id, u->used_by);
}

static problem *unuse_one(void *context, db *d, arena *a) {
    return file_unuse(d, a, context);
}

static problem *make_entity(void *context, db *d, arena *a) {
    const char *const *ids = context; // entity, account
    return db_run(d, a, SQL_ENTITY_ADD, NULL,
                  DB_ARGS(db_text(ids[0]), db_text(ids[1]), db_text("valid"), db_text("n"), db_text("单位"),
                          db_text("110101"), db_text("110101"), db_int(1), db_int(1)));
}

static bool sees(db *d, const char *account, const char *id) {
    bool out = false;
    CHECK(!file_may_see(d, kit_arena, account, id, &out));
    return out;
}

static json *facts(server *s, db *d, const char *account, const char *entity, const char *id) {
    json *out = NULL;
    CHECK(!file_facts(s, d, kit_arena, account, entity, id, &out));
    return out;
}

static void seeing(server *s, db *d) {
    made one = {s, "at1", "anna", "o", "s"};
    CASE("files: the account that uploaded sees it, nobody else")
    CHECK(!writer_run(s->store, kit_arena, make, &one));
    CHECK(sees(d, "anna", "at1") && !sees(d, "bert", "at1") && !sees(d, "anna", "none"));
    json *f = facts(s, d, "anna", NULL, "at1");
    CHECK_TEXT(json_text(f, "name"), "a.png");
    CHECK(json_num(f, "width", 0) == 3 && json_get(f, "hints")->count == 1);
    CHECK(!facts(s, d, "bert", NULL, "at1") && !facts(s, d, "bert", "ent1", "at1"));
    CASE("files: once a document has it, access is the entity's")
    CHECK(!writer_run(s->store, kit_arena, make_entity, (const char *[]){"ent1", "bert"}));
    CHECK(!writer_run(s->store, kit_arena, use_one, &(use){"at1", "doc:ent1:1"}));
    CHECK(!writer_run(s->store, kit_arena, use_one, &(use){"at1", "doc:ent1:1"}));
    CHECK(sees(d, "bert", "at1") && !sees(d, "anna", "at1") && !sees(d, "carl", "at1"));
    CHECK(facts(s, d, "bert", "ent1", "at1") && !facts(s, d, "bert", "ent2", "at1"));
}

static bool there(server *s, db *d, const char *id, const char *blob) {
    db_rows row;
    void *data;
    size_t size;
    CHECK(!db_query(d, kit_arena, SQL_ATTACHMENT_GET, &row, DB_ARGS(db_text(id))));
    bool file = !blobs_get(s->blobs, kit_arena, blob, &data, &size);
    CHECK(file == (row.count > 0));
    return row.count > 0;
}

static void sweeping(server *s, db *d) {
    const char *blob[4];
    for (int i = 0; i < 4; i++) {
        blob[i] = keys_hash_text(s->keys, kit_arena, "blob", arena_print(kit_arena, "%d", i));
        CHECK(!blobs_put(s->blobs, kit_arena, blob[i], "x", 1));
    }
    made used = {s, "used", "anna", blob[0], blob[1]}, unused = {s, "unused", "anna", blob[2], blob[3]};
    CASE("files: what is young or used stays, what nothing uses for 31 days goes with its blobs")
    CHECK(!writer_run(s->store, kit_arena, make, &used) && !writer_run(s->store, kit_arena, make, &unused));
    CHECK(!writer_run(s->store, kit_arena, use_one, &(use){"used", "draft:d1"}));
    CHECK(!files_sweep(s, kit_arena));
    CHECK(there(s, d, "used", blob[0]) && there(s, d, "unused", blob[2]));
    clock_set_offset(31 * DAY + MINUTE);
    CHECK(!files_sweep(s, kit_arena));
    CHECK(there(s, d, "used", blob[1]) && !there(s, d, "unused", blob[2]) && !there(s, d, "unused", blob[3]));
    CHECK(!writer_run(s->store, kit_arena, unuse_one, (void *)(uintptr_t) "draft:d1") && !files_sweep(s, kit_arena));
    CHECK(!there(s, d, "used", blob[0]));
    clock_set_offset(0);
}

static void tickets(server *s) {
    arena *a = kit_arena;
    CASE("files: a ticket is good for its file and its session alone")
    const char *ticket = file_ticket(s, a, "at1", "session1");
    CHECK(file_ticket_valid(s, a, ticket, "at1", "session1"));
    CHECK(!file_ticket_valid(s, a, ticket, "at2", "session1") && !file_ticket_valid(s, a, ticket, "at1", "session2"));
    static const char *const wrong[] = {"", ".", "1.", "99999999999.00", "-1.0", "x", "9223372036854775807.a"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        CHECK(!file_ticket_valid(s, a, wrong[i], "at1", "session1"));
    CASE("files: a ticket with another time is none")
    long long ends = strtoll(ticket, NULL, 10);
    CHECK(!file_ticket_valid(s, a, arena_print(a, "%lld%s", ends - 1, strchr(ticket, '.')), "at1", "session1"));
    CHECK(!file_ticket_valid(s, a, arena_print(a, "%sx", ticket), "at1", "session1"));
}

int main(void) {
    kit_start();
    server s = {0};
    db *d = NULL;
    s.store = kit_open("files.db");
    if (keys_open(kit_arena, kit_path("key"), &s.keys) || blobs_open(kit_arena, kit_path("blobs"), &s.blobs) ||
        store_reader(s.store, kit_arena, &d))
        return EXIT_FAILURE;
    limits(s.store);
    seeing(&s, d);
    sweeping(&s, d);
    tickets(&s);
    db_close(d);
    store_close(s.store);
    blobs_close(s.blobs);
    keys_close(s.keys);
    kit_end();
    return check_end();
}
