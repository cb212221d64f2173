// The PostgreSQL engine: connections, transactions, errors. A connection is made when it is needed and made anew after
// it was lost, so that a node goes on by itself when its database comes back or another server becomes the primary.
#include "store/postgres.h"
#include "base/clock.h"
#include "base/log.h"
#include "store/sql_texts.h"
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WRITERS = 8, MIGRATE_TRIES = 50, NAP_MS = 100 };

typedef struct postgres_engine_state {
    engine base;
    arena *arena;
    const char *url;
    atomic_bool lost;
} postgres_engine_state;

static void nap(void) {
    nanosleep(&(struct timespec){.tv_nsec = NAP_MS * 1000000L}, NULL);
}

// ---- errors

// SQLSTATE or its class -> what it means for the caller. LOST: the connection is given up; both AGAIN and LOST are
// cured by repeating the whole transaction.
static const struct {
    const char *state;
    enum { CONFLICT, AGAIN, LOST, DOWN } means;
} MEANINGS[] = {
    {"23505", CONFLICT}, // unique_violation
    {"40001", AGAIN},    // serialization_failure
    {"40P01", AGAIN},    // deadlock_detected
    {"55P03", AGAIN},    // lock_not_available: lock_timeout
    {"25006", LOST},     // read only: a standby, or a primary that has stepped down
    {"25P03", LOST},     // idle_in_transaction_session_timeout
    {"57P", LOST},       // shutdown, crash, not yet up
    {"08", LOST},        // connection exceptions
    {"26000", LOST},     // a prepared statement that is not there: another server behind the same connection
    {"53", DOWN},        // out of disk, memory, connections
    {"57", DOWN},        // cancelled
    {"58", DOWN},        // I/O
    {"XX", DOWN},        // internal, corrupt data
};

static void give_up(postgres_db *d) {
    PQfinish(d->link);
    d->link = NULL;
    memset(d->statements, 0, sizeof d->statements);
}

problem *postgres_problem(postgres_db *d, arena *a, const PGresult *result, const char *what) {
    const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    const char *said = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    // The primary message names tables and rules; the detail, which is left out, names values.
    const char *log =
        arena_print(a, "store: %s: %s (%s)", what, said ? said : "the connection is lost", state ? state : "no state");
    if (!state || PQstatus(d->link) != CONNECTION_OK) {
        give_up(d);
        return store_again(a, log);
    }
    for (size_t i = 0; i < sizeof MEANINGS / sizeof *MEANINGS; i++) {
        if (strncmp(state, MEANINGS[i].state, strlen(MEANINGS[i].state)) != 0)
            continue;
        if (MEANINGS[i].means == CONFLICT)
            return store_conflict(a, log);
        if (MEANINGS[i].means == DOWN)
            return problem_unavailable(a, log);
        if (MEANINGS[i].means == LOST)
            give_up(d);
        return store_again(a, log);
    }
    return problem_internal(a, log);
}

// ---- connecting

static void take_notice(void *context, const PGresult *notice) {
    postgres_db *d = context;
    const char *severity = PQresultErrorField(notice, PG_DIAG_SEVERITY_NONLOCALIZED);
    const char *said = PQresultErrorField(notice, PG_DIAG_MESSAGE_PRIMARY);
    if (!severity || strcmp(severity, "WARNING") != 0)
        return;
    d->warned = true;
    log_event(LOG_WARN, "store.postgres", "said", said ? said : "", NULL);
}

// What the address does not say itself: the values behind are read first and give way to it.
static PGconn *dial(const char *url) {
    static const char *const names[] = {
        "connect_timeout",      "tcp_user_timeout", "keepalives_idle", "keepalives_interval", "keepalives_count",
        "target_session_attrs", "application_name", "dbname",          "client_encoding",     NULL};
    const char *const values[] = {"3", "5000", "5", "2", "3", "read-write", "beian", url, "UTF8", NULL};
    return PQconnectdbParams(names, values, 1);
}

static const char SESSION[] = "SET lock_timeout = 5000; SET idle_in_transaction_session_timeout = 30000; SET jit = off;"
                              "SET standard_conforming_strings = on; SET client_min_messages = warning";

problem *postgres_script(postgres_db *d, arena *a, const char *text) {
    PGresult *result = PQexec(d->link, text);
    ExecStatusType status = PQresultStatus(result);
    problem *p =
        status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK ? NULL : postgres_problem(d, a, result, "script");
    PQclear(result);
    return p;
}

static const char *first_line(arena *a, const char *text) {
    return arena_slice(a, text, strcspn(text, "\n"));
}

problem *postgres_ready(postgres_db *d, arena *a) {
    if (d->link && PQstatus(d->link) == CONNECTION_OK)
        return NULL;
    if (d->link)
        give_up(d);
    d->link = dial(d->url);
    atomic_store(d->lost, PQstatus(d->link) != CONNECTION_OK);
    if (PQstatus(d->link) != CONNECTION_OK) {
        const char *why = arena_print(a, "store: no connection: %s", first_line(a, PQerrorMessage(d->link)));
        give_up(d);
        return store_again(a, why);
    }
    PQsetNoticeReceiver(d->link, take_notice, d);
    TRY(postgres_script(d, a, SESSION));
    return d->writes ? NULL : postgres_script(d, a, "SET default_transaction_read_only = on");
}

static problem *connection_lost(arena *a) {
    return store_again(a, "store: the connection is lost");
}

// ---- transactions

static const char *const STEPS[DB_STEPS] = {[DB_BEGIN] = "BEGIN ISOLATION LEVEL READ COMMITTED",
                                            [DB_SAVEPOINT] = "SAVEPOINT job",
                                            [DB_RELEASE] = "RELEASE job",
                                            [DB_ROLLBACK_TO] = "ROLLBACK TO job",
                                            [DB_COMMIT] = "COMMIT",
                                            [DB_ROLLBACK] = "ROLLBACK"};

static problem *step(db *base, arena *a, db_step which) {
    postgres_db *d = (postgres_db *)base;
    if (which == DB_BEGIN)
        TRY(postgres_ready(d, a));
    if (!d->link)
        return connection_lost(a);
    d->warned = false;
    PGresult *result = PQexec(d->link, STEPS[which]);
    problem *p = PQresultStatus(result) == PGRES_COMMAND_OK ? NULL : postgres_problem(d, a, result, STEPS[which]);
    // COMMIT of a failed transaction is answered ROLLBACK; a warning may mean that no standby has the commit.
    if (!p && which == DB_COMMIT && strcmp(PQcmdStatus(result), "COMMIT") != 0)
        p = problem_unavailable(a, "store: COMMIT rolled back");
    else if (!p && which == DB_COMMIT && d->warned)
        p = store_again(a, "store: a warning on COMMIT");
    if (!p && which == DB_COMMIT)
        atomic_store(d->lost, false);
    PQclear(result);
    return p;
}

static bool in_transaction(db *base) {
    const postgres_db *d = (const postgres_db *)base;
    return d->link && PQtransactionStatus(d->link) != PQTRANS_IDLE && PQtransactionStatus(d->link) != PQTRANS_UNKNOWN;
}

static problem *run(db *base, arena *a, sql_id id, const db_value *args, size_t count, db_each each, void *context,
                    int64_t *changed) {
    postgres_db *d = (postgres_db *)base;
    // A writing connection that is lost took its transaction along: never a new one in the middle.
    if (d->writes && !in_transaction(base))
        return connection_lost(a);
    return postgres_run(base, a, id, args, count, each, context, changed);
}

static problem *script(db *base, arena *a, const char *text) {
    postgres_db *d = (postgres_db *)base;
    TRY(postgres_ready(d, a));
    return postgres_script(d, a, text);
}

// ---- the schema's version

static problem *one_number(postgres_db *d, arena *a, const char *text, int64_t *out) {
    PGresult *result = PQexec(d->link, text);
    bool fine = PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 1;
    problem *p = fine ? NULL : postgres_problem(d, a, result, "version");
    if (fine)
        *out = strtoll(PQgetvalue(result, 0, 0), NULL, 10);
    PQclear(result);
    return p;
}

// Ten nodes that start at once make it at once; all but one of them meet an error (XX000, 23505, 42P07, 42710).
static problem *make_version_table(postgres_db *d, arena *a) {
    static const char text[] =
        "CREATE TABLE IF NOT EXISTS schema_version (one bigint PRIMARY KEY, version bigint NOT NULL);"
        "INSERT INTO schema_version (one, version) VALUES (1, 0) ON CONFLICT (one) DO NOTHING";
    problem *p = NULL;
    for (int i = 0; i < MIGRATE_TRIES; i++) {
        TRY(postgres_ready(d, a));
        p = postgres_script(d, a, text);
        if (!p)
            return NULL;
        nap();
    }
    return p;
}

// Inside a transaction it locks the row, so that one node at a time migrates.
static problem *version(db *base, arena *a, int64_t *out) {
    postgres_db *d = (postgres_db *)base;
    int64_t there = 0;
    if (in_transaction(base))
        return one_number(d, a, "UPDATE schema_version SET version = version WHERE one = 1 RETURNING version", out);
    TRY(postgres_ready(d, a));
    TRY(one_number(d, a, "SELECT count(*) FROM pg_class WHERE oid = to_regclass('schema_version')", &there));
    if (!there)
        TRY(make_version_table(d, a));
    return one_number(d, a, "SELECT coalesce(max(version), 0) FROM schema_version", out);
}

static problem *set_version(db *base, arena *a, int64_t number) {
    return script(base, a, arena_print(a, "UPDATE schema_version SET version = %lld WHERE one = 1", (long long)number));
}

// ---- the engine

static void close_connection(db *base) {
    postgres_db *d = (postgres_db *)base;
    PQfinish(d->link);
    arena_free(d->arena);
}

static const db_ops POSTGRES_DB = {run, step, in_transaction, script, version, set_version, close_connection};

static problem *connect_later(engine *base, arena *a, bool writes, db **out) {
    postgres_engine_state *e = (postgres_engine_state *)base;
    arena *own = arena_new(sizeof(postgres_db) + 1024);
    postgres_db *d = arena_new_of(own, postgres_db);
    (void)a;
    *d = (postgres_db){.base.ops = &POSTGRES_DB, .arena = own, .url = e->url, .lost = &e->lost, .writes = writes};
    *out = &d->base;
    return NULL;
}

static void tend(engine *base, db *writer) {
    (void)base, (void)writer;
}

static int64_t log_bytes(engine *base) {
    (void)base;
    return 0;
}

static bool reachable(engine *base) {
    return !atomic_load(&((postgres_engine_state *)base)->lost);
}

static void close_engine(engine *base) {
    arena_free(((postgres_engine_state *)base)->arena);
}

static const engine_ops POSTGRES_ENGINE = {connect_later, tend, log_bytes, close_engine, WRITERS, reachable};

static problem *refused(arena *a, const char *detail) {
    problem *p = problem_new(a, 500, "configuration", "无法使用 PostgreSQL", detail);
    p->log = detail;
    return p;
}

// Lists are in byte order on both engines, and the register is searched by ranges of it.
static problem *check_database(postgres_db *d, arena *a) {
    int64_t fits = 0;
    TRY(one_number(d, a,
                   "SELECT count(*) FROM pg_database WHERE datname = current_database()"
                   " AND pg_encoding_to_char(encoding) = 'UTF8' AND datcollate IN ('C', 'POSIX', 'C.UTF-8', 'C.utf8')",
                   &fits));
    if (fits)
        return NULL;
    return refused(a, "数据库的编码须为 UTF8、排序规则须为 C。请这样建库：createdb -T template0 -E UTF8 -l C 库名");
}

// A wrong password or name does not get better by waiting.
static bool worth_waiting(const problem *p) {
    return p->again && !strstr(p->log, "password") && !strstr(p->log, "does not exist") &&
           !strstr(p->log, "pg_hba.conf");
}

static problem *first_connection(postgres_engine_state *e, arena *a, int wait_ms) {
    int64_t until = clock_steady() + wait_ms;
    bool told = false;
    db *d;
    TRY(connect_later(&e->base, a, false, &d));
    problem *p;
    while ((p = postgres_ready((postgres_db *)d, a)) && worth_waiting(p) && clock_steady() < until) {
        if (!told)
            log_event(LOG_WARN, "store.waiting", "why", p->log, NULL);
        told = true;
        nap();
    }
    if (!p)
        p = check_database((postgres_db *)d, a);
    else if (p->log)
        p = refused(a, arena_print(a, "连接不上数据库。%s", p->log));
    db_close(d);
    return p;
}

problem *postgres_engine(arena *a, const char *url, int wait_ms, engine **out) {
    arena *own = arena_new(0);
    postgres_engine_state *e = arena_new_of(own, postgres_engine_state);
    *e = (postgres_engine_state){.base.ops = &POSTGRES_ENGINE, .arena = own, .url = arena_text(own, url)};
    problem *p = first_connection(e, a, wait_ms);
    if (p) {
        arena_free(own);
        return p;
    }
    *out = &e->base;
    return NULL;
}
