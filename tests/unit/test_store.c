// The store on SQLite: values, statements, jobs in savepoints, batches, restart, migrations.
#include "base/clock.h"
#include "store_kit.h"
#include <pthread.h>
#include <sqlite3.h>
#include <sys/stat.h>

typedef struct event_job {
    int64_t seq;
    const void *body;
    size_t size;
} event_job;

static problem *add_event(void *context, db *d, arena *a) {
    const event_job *e = context;
    return db_run(d, a, SQL_CHAIN_EVENT_ADD, NULL,
                  DB_ARGS(db_text("c"), db_int(e->seq), db_int(INT64_MIN), db_text("\xf0\xa0\xae\xb7 it's"),
                          db_text(""), db_text("x"), db_bytes(e->body, e->size), db_text("p"), db_text("h")));
}

static void values(store *s) {
    CASE("store.values_round_trip")
    static const unsigned char bytes[] = {0, 1, 255, 0};
    db *d;
    db_rows rows;
    CHECK(!writer_run(s, kit_arena, add_event, &(event_job){1, bytes, sizeof bytes}));
    CHECK(!writer_run(s, kit_arena, add_event, &(event_job){2, "", 0}));
    CHECK(!store_reader(s, kit_arena, &d));
    CHECK(!db_query(d, kit_arena, SQL_CHAIN_EVENTS_AFTER, &rows, DB_ARGS(db_text("c"), db_int(0), db_int(9))));
    CHECK(rows.count == 2 && rows.columns == 9);
    CHECK(db_number(&rows, 0, 1) == 1 && db_number(&rows, 0, 2) == INT64_MIN);
    CHECK_TEXT(db_cell(&rows, 0, 3), "\xf0\xa0\xae\xb7 it's");
    CHECK_TEXT(db_cell(&rows, 0, 4), "");
    CHECK(db_at(&rows, 0, 6)->size == sizeof bytes && !memcmp(db_at(&rows, 0, 6)->bytes, bytes, sizeof bytes));
    CHECK(db_at(&rows, 1, 6)->kind == DB_BYTES && db_at(&rows, 1, 6)->size == 0);
    CHECK(db_at(&rows, 7, 0)->kind == DB_NULL && !db_cell(&rows, 0, 77));
    CASE("store.wrong_number_of_parameters_is_a_defect")
    problem *p = db_query(d, kit_arena, SQL_SETTING_GET, &rows, DB_NONE);
    CHECK(p && p->status == 500 && strstr(p->log, "setting_get"));
    CASE("store.reader_cannot_write")
    CHECK(db_run(d, kit_arena, SQL_SETTING_SET, NULL, DB_ARGS(db_text("x"), db_text("y"))));
    CHECK(!kit_get(s, "x"));
    db_close(d);
}

// ---- jobs

static void one_job(store *s) {
    CASE("store.unique_rule_is_a_constraint")
    problem *p = writer_run(s, kit_arena, add_event, &(event_job){1, "a", 1});
    CHECK(p && p->constraint && !p->again);
    CHECK(store_healthy(s));
    CASE("store.null_in_a_column_that_has_none_is_a_defect")
    kit_job j = {.name = "none", .value = NULL};
    p = writer_run(s, kit_arena, kit_write, &j);
    CHECK(p && p->status == 500 && !p->constraint);
    CASE("store.job_with_a_problem_leaves_nothing")
    j = (kit_job){.name = "refused", .value = "1", .end = problem_invalid(kit_arena)};
    p = writer_run(s, kit_arena, kit_write, &j);
    CHECK(p == j.end && j.runs == 1);
    CHECK(!kit_get(s, "refused"));
    CASE("store.job_that_says_again_runs_again")
    problem *again = problem_unavailable(kit_arena, "race");
    again->again = true;
    j = (kit_job){.name = "repeated", .value = "1", .end = again};
    CHECK(writer_run(s, kit_arena, kit_write, &j) == again);
    CHECK(j.runs == 3);
    CHECK(!kit_get(s, "repeated"));
}

// Jobs of one batch: the first holds the writer until the others wait behind it.
enum { BATCH = 20 };
typedef struct batch_job {
    writer_job job;
    kit_job write;
    const char *seen; // value of setting 0 as this job saw it
    bool visible;     // whether another connection saw the job's row when done() ran
    store *store;
    int *left;
    pthread_mutex_t *lock;
    pthread_cond_t *wake;
} batch_job;

static problem *batch_run(void *context, db *d, arena *a) {
    batch_job *b = context;
    db_rows rows;
    TRY(db_query(d, a, SQL_SETTING_GET, &rows, DB_ARGS(db_text("batch-1"))));
    b->seen = db_cell(&rows, 0, 0);
    return kit_write(&b->write, d, a);
}

static void batch_done(void *context, problem *result) {
    batch_job *b = context;
    db *d;
    db_rows rows;
    if (!result && !store_reader(b->store, b->job.arena, &d)) {
        if (!db_query(d, b->job.arena, SQL_SETTING_GET, &rows, DB_ARGS(db_text(b->write.name))))
            b->visible = rows.count == 1;
        db_close(d);
    }
    pthread_mutex_lock(b->lock);
    --*b->left;
    pthread_cond_signal(b->wake);
    pthread_mutex_unlock(b->lock);
}

static problem *hold(void *context, db *d, arena *a) {
    (void)context, (void)d, (void)a;
    usleep(100000);
    return NULL;
}

static void *hold_writer(void *context) {
    arena *a = arena_new(0);
    (void)writer_run(context, a, hold, NULL);
    arena_free(a);
    return NULL;
}

static void batches(store *s) {
    CASE("store.jobs_of_one_batch_are_isolated_and_told_after_the_commit")
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t wake = PTHREAD_COND_INITIALIZER;
    pthread_t holder;
    pthread_create(&holder, NULL, hold_writer, s);
    usleep(30000);
    long commits = kit_metric(s, "commits_total");
    static batch_job jobs[BATCH];
    int left = BATCH;
    for (int i = 0; i < BATCH; i++) {
        batch_job *b = &jobs[i];
        arena *a = arena_new(0);
        *b = (batch_job){.store = s, .left = &left, .lock = &lock, .wake = &wake};
        b->write =
            (kit_job){.name = arena_print(a, "batch-%d", i), .value = "1", .end = i % 3 ? NULL : problem_invalid(a)};
        b->job = (writer_job){.run = batch_run, .done = batch_done, .context = b, .arena = a};
        CHECK(writer_submit(s, &b->job));
    }
    pthread_mutex_lock(&lock);
    while (left)
        pthread_cond_wait(&wake, &lock);
    pthread_mutex_unlock(&lock);
    pthread_join(holder, NULL);
    CHECK(kit_metric(s, "commits_total") == commits + 2); // the holder's and one for all
    for (int i = 0; i < BATCH; i++) {
        CHECK((i % 3 == 0) == (jobs[i].job.result != NULL));
        CHECK((i % 3 == 0) == !jobs[i].visible);
        CHECK((i > 1) == (jobs[i].seen != NULL)); // later jobs see what earlier ones of the batch did
        CHECK((i % 3 == 0) == !kit_get(s, jobs[i].write.name));
        arena_free(jobs[i].job.arena);
    }
}

static void deadline(store *s) {
    CASE("store.job_past_its_deadline_is_refused_and_not_run")
    pthread_t holder;
    pthread_create(&holder, NULL, hold_writer, s);
    usleep(30000);
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t wake = PTHREAD_COND_INITIALIZER;
    int left = 1;
    batch_job b = {.store = s, .left = &left, .lock = &lock, .wake = &wake, .write = {.name = "late", .value = "1"}};
    b.job = (writer_job){
        .run = batch_run, .done = batch_done, .context = &b, .arena = kit_arena, .deadline = clock_steady() + 10};
    CHECK(writer_submit(s, &b.job));
    pthread_mutex_lock(&lock);
    while (left)
        pthread_cond_wait(&wake, &lock);
    pthread_mutex_unlock(&lock);
    pthread_join(holder, NULL);
    CHECK(b.job.result && b.job.result->status == 503 && b.write.runs == 0);
}

// ---- many threads, a hook

static atomic_int hook_calls;
static void count_hook(void *context) {
    (void)context, atomic_fetch_add(&hook_calls, 1);
}

static problem *add_one(void *context, db *d, arena *a) {
    (void)context;
    db_rows rows;
    TRY(db_query(d, a, SQL_SETTING_GET, &rows, DB_ARGS(db_text("sum"))));
    long sum = rows.count ? strtol(db_cell(&rows, 0, 0), NULL, 10) : 0;
    return db_run(d, a, SQL_SETTING_SET, NULL, DB_ARGS(db_text("sum"), db_text(arena_print(a, "%ld", sum + 1))));
}

static void *add_many(void *context) {
    arena *a = arena_new(0);
    long failed = 0;
    for (int i = 0; i < 100; i++, arena_reset(a))
        failed += writer_run(context, a, add_one, NULL) != NULL;
    arena_free(a);
    return (void *)failed;
}

static void threads(store *s) {
    CASE("store.many_threads_are_in_line")
    pthread_t t[16];
    writer_on_commit(s, count_hook, NULL);
    for (int i = 0; i < 16; i++)
        pthread_create(&t[i], NULL, add_many, s);
    for (int i = 0; i < 16; i++) {
        void *failed;
        pthread_join(t[i], &failed);
        CHECK(!failed);
    }
    CHECK_TEXT(kit_get(s, "sum"), "1600");
    CHECK(atomic_load(&hook_calls) > 0 && atomic_load(&hook_calls) < 1600); // commits for several at once
}

static problem *wait_for_itself(void *context, db *d, arena *a) {
    (void)d;
    return writer_run(context, a, add_one, NULL);
}

// ---- streams

typedef struct streaming {
    db *db;
    int rows, inner;
} streaming;

static problem *inner_row(void *context, const db_value *row, size_t columns) {
    (void)row, (void)columns;
    ((streaming *)context)->inner++;
    return NULL;
}

static problem *outer_row(void *context, const db_value *row, size_t columns) {
    streaming *t = context;
    CHECK(columns == 9 && row[0].kind == DB_TEXT);
    if (++t->rows == 2)
        return problem_not_found(kit_arena);
    return db_stream(t->db, kit_arena, SQL_CHAIN_EVENTS_AFTER, inner_row, t,
                     DB_ARGS(db_text(""), db_int(0), db_int(9)));
}

static void streams(store *s) {
    CASE("store.stream_may_run_its_own_statement_and_stops_at_a_problem")
    streaming t = {0};
    CHECK(!store_reader(s, kit_arena, &t.db));
    problem *p =
        db_stream(t.db, kit_arena, SQL_CHAIN_EVENTS_AFTER, outer_row, &t, DB_ARGS(db_text(""), db_int(0), db_int(9)));
    CHECK(p && p->status == 404 && t.rows == 2 && t.inner == 2);
    CHECK(!kit_set(s, "after", "1")); // no snapshot is left behind
    CHECK(!writer_run(s, kit_arena, add_event, &(event_job){3, "z", 1}));
    db_close(t.db);
}

// ---- every statement, restart, migrations

static void statements(store *s) {
    CASE("store.every_statement_can_be_prepared")
    sqlite3 *handle;
    (void)s;
    CHECK(sqlite3_open(kit_path("a.db"), &handle) == SQLITE_OK);
    for (int i = 0; i < SQL_COUNT; i++) {
        sqlite3_stmt *statement = NULL;
        if (sqlite3_prepare_v2(handle, SQL_TEXTS[i].text, -1, &statement, NULL) != SQLITE_OK)
            check_fail(__FILE__, __LINE__, arena_print(kit_arena, "%s: %s", SQL_TEXTS[i].name, sqlite3_errmsg(handle)),
                       NULL, NULL);
        CHECK((size_t)sqlite3_bind_parameter_count(statement) == SQL_TEXTS[i].args);
        sqlite3_finalize(statement);
    }
    sqlite3_close(handle);
}

static void restart(store *s) {
    CASE("store.restart_keeps_what_was_acknowledged")
    store_close(s);
    struct stat facts;
    CHECK(stat(kit_path("a.db"), &facts) == 0 && (facts.st_mode & 0777) == 0600);
    CHECK(access(kit_path("a.db-wal"), F_OK) != 0); // nothing waits after an orderly end
    s = kit_open("a.db");
    CHECK_TEXT(kit_get(s, "sum"), "1600");
    CHECK(!store_migrate(s, kit_arena)); // nothing to do
    store_close(s);
    CASE("store.newer_schema_is_refused")
    sqlite3 *handle;
    CHECK(sqlite3_open(kit_path("a.db"), &handle) == SQLITE_OK);
    CHECK(sqlite3_exec(handle, "PRAGMA user_version=999", NULL, NULL, NULL) == SQLITE_OK);
    sqlite3_close(handle);
    CHECK(!store_open(kit_arena, arena_print(kit_arena, "sqlite:%s", kit_path("a.db")), 0, &s));
    problem *p = store_migrate(s, kit_arena);
    CHECK(p && problem_is(p, "schema-newer") && strstr(p->detail, "999"));
    store_close(s);
    CASE("store.wrong_address_and_no_database_are_told")
    CHECK(store_open(kit_arena, "mysql://x", 0, &s));
    FILE *f = fopen(kit_path("text.db"), "w");
    CHECK(f && fputs("this is a long enough text that is no database at all, whatever it says", f) >= 0 &&
          fclose(f) == 0);
    p = store_open(kit_arena, arena_print(kit_arena, "sqlite:%s", kit_path("text.db")), 0, &s);
    CHECK(p && p->status == 503);
}

int main(void) {
    kit_start();
    store *s = kit_open("a.db");
    values(s);
    one_job(s);
    batches(s);
    deadline(s);
    threads(s);
    CASE("store.writer_cannot_wait_for_itself")
    problem *p = writer_run(s, kit_arena, wait_for_itself, s);
    CHECK(p && p->status == 500);
    streams(s);
    statements(s);
    restart(s);
    kit_end();
    return check_end();
}
