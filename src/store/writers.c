// Several writing threads, each with a connection of its own and one transaction per job. A job is repeated as a whole
// while that may cure its failure. Its mark, a row in the same transaction, tells a repeat whether the COMMIT whose
// answer was lost came to pass: then the job is not run again.
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "store/state.h"
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { RUNS_MOST = 30, FIRST_NAP_MS = 4, LONGEST_NAP_MS = 1000 };
// The sweep of old request keys takes a mark after an hour, not after the 48 hours of a client's key.
static const int64_t MARK_AGE = 47 * HOUR;

typedef struct writers_thread {
    pthread_t thread;
    store *store;
    db *db;
} writers_thread;

struct writers {
    size_t count;
    writers_thread threads[];
};

static _Thread_local bool here;

bool writers_here(void) {
    return here;
}

// Waits for a job; NULL when the thread shall end.
static writer_job *take(writer *w) {
    pthread_mutex_lock(&w->lock);
    while (!w->waiting && !w->stop)
        pthread_cond_wait(&w->wake, &w->lock);
    writer_job *job = w->first;
    if (job) {
        w->first = job->next;
        if (!w->first)
            w->last = NULL;
        w->waiting--;
        w->moved = clock_steady();
    }
    pthread_mutex_unlock(&w->lock);
    return job;
}

// ---- one job

static problem *mark(db *d, writer_job *job, const char *key, bool *done_before) {
    int64_t added = 0;
    TRY(db_run(d, job->arena, SQL_COMMIT_MARK, &added,
               DB_ARGS(db_text(key), db_bytes("", 0), db_int(clock_real() - MARK_AGE))));
    *done_before = !added;
    // An earlier COMMIT may have reached this server alone: this one waits for the standby in its place.
    return added ? NULL : db_run(d, job->arena, SQL_COMMIT_MARK_AGAIN, NULL, DB_ARGS(db_text(key)));
}

static problem *in_transaction(db *d, writer_job *job, const char *key) {
    bool done_before;
    TRY(mark(d, job, key, &done_before));
    return done_before ? NULL : job->run(job->context, d, job->arena);
}

static problem *attempt(db *d, writer_job *job, const char *key) {
    TRY(d->ops->step(d, job->arena, DB_BEGIN));
    problem *p = in_transaction(d, job, key);
    if (!p)
        p = d->ops->step(d, job->arena, DB_COMMIT);
    if (p && d->ops->in_transaction(d))
        (void)d->ops->step(d, job->arena, DB_ROLLBACK);
    return p;
}

static bool stopping(writer *w) {
    pthread_mutex_lock(&w->lock);
    bool stop = w->stop;
    pthread_mutex_unlock(&w->lock);
    return stop;
}

// Longer each time, and not for all in step.
static void nap(int run) {
    long ms = run < 8 ? (long)FIRST_NAP_MS << run : LONGEST_NAP_MS;
    unsigned char part;
    random_bytes(&part, 1);
    ms = ms / 2 + ms * part / 512;
    nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}, NULL);
}

static problem *run_job(writers_thread *t, writer_job *job) {
    figures *f = &t->store->figures;
    if (job->deadline < clock_steady()) {
        atomic_fetch_add(&f->late, 1);
        return problem_unavailable(job->arena, "store: waited too long for the writer");
    }
    const char *key = text_id(job->arena);
    for (int run = 0;; run++) {
        problem *p = attempt(t->db, job, key);
        if (!p || !p->again || run == RUNS_MOST || clock_steady() > job->deadline || stopping(&t->store->writer))
            return p;
        atomic_fetch_add(&f->repeated, 1);
        nap(run);
    }
}

static void note(store *s, const writer_job *job) {
    const problem *p = job->result;
    figures *f = &s->figures;
    if (problem_is(p, "unavailable")) {
        log_event(LOG_ERROR, "store.write", "why", p->log ? p->log : p->title, NULL);
        atomic_fetch_add(&f->failed_batches, 1);
        atomic_store(&f->down, true);
        return;
    }
    atomic_store(&f->down, false);
    atomic_fetch_add(&f->jobs, 1);
    if (p) {
        atomic_fetch_add(&f->refused_jobs, 1);
        return;
    }
    atomic_fetch_add(&f->sizes[0], 1);
    atomic_fetch_add(&f->commits, 1);
    writer_call_hooks(s);
}

static void *write_jobs(void *context) {
    writers_thread *t = context;
    here = true;
    for (writer_job *job; (job = take(&t->store->writer)) != NULL;) {
        job->result = run_job(t, job);
        note(t->store, job);
        job->done(job->context, job->result);
    }
    return NULL;
}

// ---- start and stop

problem *writers_start(store *s, arena *a) {
    size_t count = s->engine->ops->writers;
    writers *pool = arena_alloc(s->arena, sizeof *pool + count * sizeof *pool->threads);
    s->writer.pool = pool;
    s->writer.wanted = 1;
    for (; pool->count < count; pool->count++) {
        writers_thread *t = &pool->threads[pool->count];
        t->store = s;
        TRY(s->engine->ops->connect(s->engine, a, true, &t->db));
        if (pthread_create(&t->thread, NULL, write_jobs, t) != 0) {
            db_close(t->db);
            return problem_unavailable(a, "store: no thread for a writer");
        }
    }
    return NULL;
}

void writers_stop(store *s) {
    writer *w = &s->writer;
    pthread_mutex_lock(&w->lock);
    w->stop = true;
    pthread_cond_broadcast(&w->wake);
    pthread_mutex_unlock(&w->lock);
    for (size_t i = 0; i < w->pool->count; i++) {
        pthread_join(w->pool->threads[i].thread, NULL);
        db_close(w->pool->threads[i].db);
    }
}
