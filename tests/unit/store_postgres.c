// The PostgreSQL engine against a server that postgres.test.mjs starts; BEIAN_TEST_STORE is the address of an empty
// database there. Every statement is prepared on SQLite too.
#include "base/clock.h"
#include "store/postgres.h"
#include "store_kit.h"
#include <pthread.h>
#include <sqlite3.h>

enum { NODES = 10, HANDS = 8, TURNS = 25 };

static const char *url;

// The first cell of a statement run on a connection apart.
static const char *ask(const char *text) {
    PGconn *link = PQconnectdb(url);
    PGresult *result = PQexec(link, text);
    const char *said = PQntuples(result) ? PQgetvalue(result, 0, 0) : PQresultErrorMessage(result);
    said = arena_text(kit_arena, said);
    PQclear(result);
    PQfinish(link);
    return said;
}

static void end_sessions(void) {
    ask("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()");
}

static store *open_store(script **out) {
    engine *under = NULL;
    store *s = NULL;
    problem *p = postgres_engine(kit_arena, url, 5000, &under);
    if (!p)
        p = store_open_engine(kit_arena, out ? scripted_engine(under, out) : under, &s);
    if (!p)
        p = store_migrate(s, kit_arena);
    if (p) {
        fprintf(stderr, "%s %s\n", p->title, p->log ? p->log : "");
        abort();
    }
    return s;
}

// ---- start

static void *start_node(void *place) {
    arena *a = arena_new(0);
    store *s = NULL;
    problem *p = store_open(a, url, 5000, &s);
    if (!p)
        p = store_migrate(s, a);
    if (p)
        fprintf(stderr, "a node: %s %s\n", p->title, p->log ? p->log : "");
    *(bool *)place = p == NULL;
    if (s)
        store_close(s);
    arena_free(a);
    return NULL;
}

static int start_nodes(void) {
    pthread_t threads[NODES];
    bool well[NODES];
    int count = 0;
    for (int i = 0; i < NODES; i++)
        if (pthread_create(&threads[i], NULL, start_node, &well[i]) != 0)
            abort();
    for (int i = 0; i < NODES; i++) {
        pthread_join(threads[i], NULL);
        count += well[i];
    }
    return count;
}

// ---- statements

static const char *unprepared_here(store *s) {
    db *d;
    const char *bad = "";
    if (store_reader(s, kit_arena, &d))
        return "no reader";
    for (int i = 0; i < SQL_COUNT && !*bad; i++) {
        problem *p = postgres_ready((postgres_db *)d, kit_arena);
        if (!p)
            p = postgres_prepare((postgres_db *)d, kit_arena, (sql_id)i);
        if (p)
            bad = p->log;
    }
    db_close(d);
    return bad;
}

static const char *unprepared_on_sqlite(void) {
    sqlite3 *handle;
    const char *bad = "";
    store_close(kit_open("prepare.db"));
    if (sqlite3_open(kit_path("prepare.db"), &handle) != SQLITE_OK)
        return "cannot open";
    for (int i = 0; i < SQL_COUNT && !*bad; i++) {
        sqlite3_stmt *statement = NULL;
        if (sqlite3_prepare_v2(handle, SQL_TEXTS[i].text, -1, &statement, NULL) != SQLITE_OK)
            bad = arena_print(kit_arena, "%s: %s", SQL_TEXTS[i].name, sqlite3_errmsg(handle));
        sqlite3_finalize(statement);
    }
    sqlite3_close(handle);
    return bad;
}

static problem *add_account(void *context, db *d, arena *a) {
    return db_run(d, a, SQL_ACCOUNT_ADD, NULL,
                  DB_ARGS(db_text(context), db_text("person"), db_text(context), db_bytes("a\0b\xff", 4), db_null(),
                          db_int(-1234567890123)));
}

static problem *add_unit_twice(void *context, db *d, arena *a) {
    int *runs = context;
    ++*runs;
    for (int i = 0; i < 2; i++)
        TRY(db_run(d, a, SQL_DOCUMENT_ADD, NULL,
                   DB_ARGS(db_text("e"), db_text("s"), db_int(1), db_text("k"), db_int(1), db_bytes("", 0),
                           db_text("h"), db_int(0))));
    return NULL;
}

// ---- many at once

static problem *next_number(void *context, db *d, arena *a) {
    db_rows rows;
    (void)context;
    return db_query(d, a, SQL_NUMBER_NEXT, &rows, DB_ARGS(db_text("110101"), db_text("02")));
}

static void *take_numbers(void *context) {
    arena *a = arena_new(0);
    size_t failed = 0;
    for (int i = 0; i < TURNS; i++)
        failed += writer_run(context, a, next_number, NULL) != NULL;
    arena_free(a);
    return (void *)failed;
}

typedef struct crossing {
    store *store;
    const char *first, *second;
    atomic_int *inside;
    int runs;
} crossing;

static problem *set_both(void *context, db *d, arena *a) {
    crossing *c = context;
    c->runs++;
    TRY(db_run(d, a, SQL_SETTING_SET, NULL, DB_ARGS(db_text(c->first), db_text("1"))));
    atomic_fetch_add(c->inside, 1);
    for (int i = 0; i < 2000 && atomic_load(c->inside) < 2; i++)
        usleep(1000);
    return db_run(d, a, SQL_SETTING_SET, NULL, DB_ARGS(db_text(c->second), db_text("1")));
}

static void *cross(void *context) {
    crossing *c = context;
    arena *a = arena_new(0);
    bool failed = writer_run(c->store, a, set_both, c) != NULL;
    arena_free(a);
    return failed ? context : NULL;
}

// ---- bad luck

static problem *lose_connection_once(void *context, db *d, arena *a) {
    int *runs = context;
    TRY(db_run(d, a, SQL_SETTING_SET, NULL, DB_ARGS(db_text("lost"), db_text("1"))));
    if (++*runs == 1)
        end_sessions();
    return next_number(NULL, d, a);
}

static problem *count_and_write(void *context, db *d, arena *a) {
    int *runs = context;
    ++*runs;
    return next_number(NULL, d, a);
}

static const char *last_number(void) {
    return ask("SELECT last FROM number_counter");
}

int main(void) {
    kit_start();
    url = getenv("BEIAN_TEST_STORE");
    if (!url)
        return EXIT_FAILURE;

    CASE("PostgreSQL: ten nodes that start at once migrate an empty database once") {
        CHECK(start_nodes() == NODES);
        int newest = 0;
        for (const migration *m = MIGRATIONS; m->version; m++)
            newest = m->version;
        CHECK_TEXT(ask("SELECT version FROM schema_version"), arena_print(kit_arena, "%d", newest));
        CHECK(start_nodes() == NODES);
    }

    script *plan;
    store *s = open_store(&plan);
    CASE("PostgreSQL: every statement is prepared on both engines") {
        CHECK_TEXT(unprepared_here(s), "");
        CHECK_TEXT(unprepared_on_sqlite(), "");
    }

    CASE("PostgreSQL: values come back as they went") {
        db *d;
        db_rows rows;
        CHECK(!writer_run(s, kit_arena, add_account, "张三"));
        CHECK(!store_reader(s, kit_arena, &d));
        CHECK(!db_query(d, kit_arena, SQL_ACCOUNT_BY_KEY, &rows, DB_ARGS(db_text("张三"))));
        CHECK_TEXT(db_cell(&rows, 0, 0), "张三");
        CHECK(db_at(&rows, 0, 1)->kind == DB_BYTES && db_at(&rows, 0, 1)->size == 4 &&
              memcmp(db_at(&rows, 0, 1)->bytes, "a\0b\xff", 4) == 0);
        CHECK(!db_query(d, kit_arena, SQL_ACCOUNT_BY_KEY, &rows, DB_ARGS(db_text("nobody"))));
        CHECK(rows.count == 0);
        CHECK_TEXT(ask("SELECT created FROM account"), "-1234567890123");
        db_close(d);
    }

    CASE("PostgreSQL: a unique rule refuses, nothing of the job stays, the next job runs") {
        int runs = 0;
        problem *p = writer_run(s, kit_arena, add_unit_twice, &runs);
        CHECK(p && p->constraint && runs == 1);
        CHECK_TEXT(ask("SELECT count(*) FROM document"), "0");
        CHECK(!kit_set(s, "after", "1"));
        CHECK(store_healthy(s));
    }

    CASE("PostgreSQL: numbers taken by many at once have no gap and no double") {
        pthread_t threads[HANDS];
        size_t failed = 0;
        for (int i = 0; i < HANDS; i++)
            if (pthread_create(&threads[i], NULL, take_numbers, s) != 0)
                abort();
        for (int i = 0; i < HANDS; i++) {
            void *result;
            pthread_join(threads[i], &result);
            failed += (size_t)result;
        }
        CHECK(failed == 0);
        CHECK_TEXT(last_number(), arena_print(kit_arena, "%d", HANDS * TURNS));
    }

    CASE("PostgreSQL: two that wait for each other both succeed") {
        atomic_int inside = 0;
        crossing one = {s, "left", "right", &inside, 0}, other = {s, "right", "left", &inside, 0};
        pthread_t thread;
        void *result;
        if (pthread_create(&thread, NULL, cross, &one) != 0)
            abort();
        CHECK(!cross(&other));
        pthread_join(thread, &result);
        CHECK(!result);
        CHECK(one.runs + other.runs == 3);
    }

    CASE("PostgreSQL: connections that were ended are made anew, nobody notices") {
        db *d;
        db_rows rows;
        CHECK(!store_reader(s, kit_arena, &d));
        CHECK(!db_query(d, kit_arena, SQL_SETTING_GET, &rows, DB_ARGS(db_text("after"))));
        end_sessions();
        CHECK(!db_query(d, kit_arena, SQL_SETTING_GET, &rows, DB_ARGS(db_text("after"))));
        CHECK_TEXT(db_cell(&rows, 0, 0), "1");
        for (int i = 0; i < 20; i++)
            CHECK(!kit_set(s, "after", "2"));
        db_close(d);
    }

    CASE("PostgreSQL: a connection lost in the middle repeats the whole job") {
        int runs = 0;
        CHECK(!writer_run(s, kit_arena, lose_connection_once, &runs));
        CHECK(runs == 2);
        CHECK_TEXT(last_number(), arena_print(kit_arena, "%d", HANDS * TURNS + 1));
    }

    CASE("PostgreSQL: a COMMIT whose answer is lost is found, not repeated") {
        int runs = 0;
        script_play(plan, &(fault){.kind = FAULT_UNKNOWN, .at = 1}, 1);
        CHECK(!writer_run(s, kit_arena, count_and_write, &runs));
        CHECK(runs == 1);
        CHECK_TEXT(last_number(), arena_print(kit_arena, "%d", HANDS * TURNS + 2));
        runs = 0;
        script_play(plan, &(fault){.kind = FAULT_COMMIT, .at = 1}, 1);
        CHECK(!writer_run(s, kit_arena, count_and_write, &runs));
        CHECK(runs == 2);
        CHECK_TEXT(last_number(), arena_print(kit_arena, "%d", HANDS * TURNS + 3));
    }

    CASE("PostgreSQL: a schema newer than the program is refused") {
        ask("UPDATE schema_version SET version = 9999");
        CHECK(problem_is(store_migrate(s, kit_arena), "schema-newer"));
    }
    store_close(s);

    CASE("PostgreSQL: a database that is not there is told without waiting") {
        int64_t began = clock_steady();
        problem *p = store_open(kit_arena, arena_print(kit_arena, "%s_missing", url), 10000, &s);
        CHECK(problem_is(p, "configuration") && strstr(p->detail, "does not exist"));
        CHECK(clock_steady() - began < 3000);
    }
    kit_end();
    return check_end();
}
