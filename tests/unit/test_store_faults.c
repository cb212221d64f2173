// What happens when the store fails: every failure the scripted engine plays, and a disk that is really full.
#include "base/clock.h"
#include "store_kit.h"
#include <signal.h>
#include <sys/resource.h>

static void scripted(void) {
    script *play;
    store *s = kit_open_scripted("scripted.db", &play);
    CASE("store_faults.constraint_reaches_the_caller")
    script_play(play, &(fault){FAULT_CONSTRAINT, 1, 0}, 1);
    problem *p = kit_set(s, "a", "1");
    CHECK(p && p->constraint && store_healthy(s));
    CHECK(!kit_get(s, "a"));
    CASE("store_faults.again_is_cured_by_a_repeat")
    script_play(play, &(fault){FAULT_AGAIN, 1, 2}, 1);
    kit_job j = {.name = "a", .value = "2"};
    CHECK(!writer_run(s, kit_arena, kit_write, &j) && j.runs == 3);
    CHECK_TEXT(kit_get(s, "a"), "2");
    CASE("store_faults.statement_fails_503")
    script_play(play, &(fault){FAULT_STATEMENT, 1, 0}, 1);
    p = kit_set(s, "a", "3");
    CHECK(p && p->status == 503 && p->retry_after > 0);
    CHECK_TEXT(kit_get(s, "a"), "2");
    CHECK(!store_healthy(s));
    CHECK(!kit_set(s, "a", "4") && store_healthy(s));
    CASE("store_faults.begin_fails_503")
    script_play(play, &(fault){FAULT_BEGIN, 1, 0}, 1);
    p = kit_set(s, "a", "5");
    CHECK(p && p->status == 503);
    CHECK_TEXT(kit_get(s, "a"), "4");
    CASE("store_faults.commit_fails_503")
    script_play(play, &(fault){FAULT_COMMIT, 1, 0}, 1);
    p = kit_set(s, "a", "6");
    CHECK(p && p->status == 503 && !store_healthy(s));
    CHECK_TEXT(kit_get(s, "a"), "4");
    CASE("store_faults.lost_answer_of_commit_is_503_and_may_be_stored")
    script_play(play, &(fault){FAULT_UNKNOWN, 1, 0}, 1);
    p = kit_set(s, "a", "7");
    CHECK(p && p->status == 503);
    CHECK_TEXT(kit_get(s, "a"), "7");
    CASE("store_faults.failed_store_heals_by_itself")
    script_play(play, &(fault){FAULT_COMMIT, 1, 0}, 1);
    CHECK(kit_set(s, "a", "8") && !store_healthy(s));
    for (int i = 0; i < 50 && !store_healthy(s); i++)
        usleep(50000);
    CHECK(store_healthy(s));
    CHECK(kit_metric(s, "failed_batches_total") >= 4);
    store_close(s);
}

// ---- a whole batch rolled back by the engine

enum { FELLOWS = 5 };
typedef struct fellow {
    writer_job job;
    kit_job write;
    atomic_int *left;
} fellow;

static problem *fellow_run(void *context, db *d, arena *a) {
    return kit_write(&((fellow *)context)->write, d, a);
}

static void fellow_done(void *context, problem *result) {
    (void)result;
    atomic_fetch_sub(((fellow *)context)->left, 1);
}

typedef struct company {
    store *store;
    fellow *fellows;
} company;

static problem *submit_fellows(void *context, db *d, arena *a) {
    const company *c = context;
    (void)d, (void)a;
    for (int i = 0; i < FELLOWS; i++) // the writer is busy with this job, so all of them form the next batch
        CHECK(writer_submit(c->store, &c->fellows[i].job));
    return NULL;
}

static void play_batch(store *s, fellow *fellows) {
    atomic_int left = FELLOWS;
    for (int i = 0; i < FELLOWS; i++) {
        arena *a = arena_new(0);
        fellows[i] = (fellow){.write = {.name = arena_print(kit_arena, "f%d", i), .value = "1"}, .left = &left};
        fellows[i].job = (writer_job){.run = fellow_run, .done = fellow_done, .context = &fellows[i], .arena = a};
    }
    fellows[1].write.end = problem_invalid(kit_arena);
    CHECK(!writer_run(s, kit_arena, submit_fellows, &(company){s, fellows}));
    for (int i = 0; i < 1000 && atomic_load(&left); i++)
        usleep(1000);
    CHECK(!atomic_load(&left));
}

static void whole_batch(void) {
    static fellow fellows[FELLOWS];
    script *play;
    store *s = kit_open_scripted("batch.db", &play);
    static const struct {
        const char *name;
        fault fault;
    } HOW[] = {{"store_faults.engine_rolls_back_the_batch_all_get_503", {FAULT_ROLLED_BACK, 3, 0}},
               {"store_faults.commit_of_a_batch_fails_all_get_503", {FAULT_COMMIT, 2, 0}}};
    for (size_t h = 0; h < sizeof HOW / sizeof *HOW; h++) {
        CASE(HOW[h].name)
        script_play(play, &HOW[h].fault, 1);
        play_batch(s, fellows);
        for (int i = 0; i < FELLOWS; i++) {
            CHECK(fellows[i].job.result && fellows[i].job.result->status == 503);
            CHECK(!kit_get(s, fellows[i].write.name));
            arena_free(fellows[i].job.arena);
        }
    }
    CASE("store_faults.next_batch_is_fine")
    play_batch(s, fellows);
    for (int i = 0; i < FELLOWS; i++) {
        CHECK((i == 1) == (fellows[i].job.result != NULL));
        CHECK((i == 1) == !kit_get(s, fellows[i].write.name));
        arena_free(fellows[i].job.arena);
    }
    store_close(s);
}

// ---- a full disk

static problem *fill(void *context, db *d, arena *a) {
    static char big[4096];
    memset(big, 'x', sizeof big - 1);
    int first = *(int *)context;
    for (int i = 0; i < 200; i++)
        TRY(db_run(d, a, SQL_SETTING_SET, NULL, DB_ARGS(db_text(arena_print(a, "fill-%d", first + i)), db_text(big))));
    return NULL;
}

static problem *limit_pages(void *context, db *d, arena *a) {
    (void)context;
    return d->ops->script(d, a, "PRAGMA max_page_count=200");
}

static void full_database(void) {
    CASE("store_faults.full_database_503_reads_go_on")
    store *s = kit_open("full.db");
    CHECK(!kit_set(s, "kept", "1"));
    CHECK(!writer_run(s, kit_arena, limit_pages, NULL));
    int first = 0;
    problem *p = writer_run(s, kit_arena, fill, &first);
    CHECK(p && p->status == 503 && p->retry_after > 0 && problem_is(p, "unavailable"));
    CHECK_TEXT(kit_get(s, "kept"), "1");
    CHECK(!kit_get(s, "fill-0"));
    CHECK(!writer_run(s, kit_arena, fill, &first)); // the new connection has no limit
    CHECK(kit_get(s, "fill-199"));
    store_close(s);
}

static problem *become_read_only(void *context, db *d, arena *a) {
    (void)context;
    return d->ops->script(d, a, "PRAGMA query_only=ON");
}

static void read_only(void) {
    CASE("store_faults.read_only_store_503_reads_go_on_and_healthy_again")
    store *s = kit_open("readonly.db");
    CHECK(!kit_set(s, "kept", "1"));
    CHECK(!writer_run(s, kit_arena, become_read_only, NULL));
    problem *p = kit_set(s, "kept", "2");
    CHECK(p && p->status == 503 && p->retry_after > 0 && !store_healthy(s));
    CHECK_TEXT(kit_get(s, "kept"), "1");
    CHECK(!kit_set(s, "kept", "3") && store_healthy(s)); // by a new connection
    store_close(s);
}

// No file of this process may grow beyond `bytes`: what a full disk does, as an I/O error.
static void limit_files(rlim_t bytes) {
    struct rlimit limit;
    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = bytes < limit.rlim_max ? bytes : limit.rlim_max;
    setrlimit(RLIMIT_FSIZE, &limit);
}

static void full_disk(void) {
    CASE("store_faults.files_that_cannot_grow_503_and_healthy_again")
    signal(SIGXFSZ, SIG_IGN);
    store *s = kit_open("grow.db");
    CHECK(!kit_set(s, "kept", "1"));
    limit_files(300000);
    problem *p = NULL;
    for (int first = 0; first < 10000 && !p; first += 200)
        p = writer_run(s, kit_arena, fill, &first);
    CHECK(p && p->status == 503);
    CHECK_TEXT(kit_get(s, "kept"), "1");
    CHECK(!store_healthy(s));
    limit_files(RLIM_INFINITY);
    for (int i = 0; i < 60 && !store_healthy(s); i++)
        usleep(50000);
    CHECK(store_healthy(s));
    CHECK(!kit_set(s, "kept", "2"));
    store_close(s);
    s = kit_open("grow.db");
    CHECK_TEXT(kit_get(s, "kept"), "2");
    store_close(s);
}

int main(void) {
    kit_start();
    scripted();
    whole_batch();
    full_database();
    read_only();
    full_disk();
    kit_end();
    return check_end();
}
