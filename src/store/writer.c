// The writer thread: takes what waits (at most 64), runs it, commits once, then tells the results. No result is told
// before its commit. A SAVEPOINT copies every page a job touches, and most jobs succeed: so a batch runs without, and
// again with one for each job when one of them was refused after it had written.
#include "base/clock.h"
#include "base/log.h"
#include "store/state.h"
#include <string.h>

// ---- the queue

bool writer_submit(store *s, writer_job *job) {
    writer *w = &s->writer;
    int64_t now = clock_steady();
    if (!job->deadline)
        job->deadline = now + JOB_WAIT_MS;
    job->result = NULL;
    job->next = NULL;
    pthread_mutex_lock(&w->lock);
    bool full = w->stop || w->waiting >= QUEUE_MOST || (w->waiting && now - w->moved > QUEUE_AGE_MS);
    if (!full) {
        if (w->last)
            w->last->next = job;
        else
            w->first = job;
        w->last = job;
        if (!w->waiting++)
            w->moved = now;
        if (w->waiting >= w->wanted)
            pthread_cond_signal(&w->wake);
    }
    pthread_mutex_unlock(&w->lock);
    if (full)
        atomic_fetch_add(&s->figures.queue_full, 1);
    return !full;
}

// Sleeps until a job waits; when the last batches say that more are on their way, gives them up to 300 us to arrive:
// one commit for all is what makes many clients fast. Returns the batch as a list, NULL when the writer shall end.
static writer_job *take_batch(writer *w, size_t *size) {
    pthread_mutex_lock(&w->lock);
    w->wanted = 1;
    while (!w->waiting && !w->stop)
        pthread_cond_wait(&w->wake, &w->lock);
    if (w->waiting < w->expected && !w->stop) {
        struct timespec until = steady_after_us(GATHER_US);
        w->wanted = w->expected;
        while (w->waiting < w->expected && !w->stop && pthread_cond_timedwait(&w->wake, &w->lock, &until) == 0)
            ;
    }
    writer_job *batch = w->first, *last = NULL;
    size_t count = 0;
    for (writer_job *j = batch; j && count < BATCH_MOST; j = j->next) {
        last = j;
        count++;
    }
    if (last) {
        w->first = last->next;
        last->next = NULL;
        if (!w->first)
            w->last = NULL;
        w->waiting -= count;
        w->moved = clock_steady();
    }
    w->wanted = SIZE_MAX; // busy: nobody need wake the writer
    pthread_mutex_unlock(&w->lock);
    *size = count;
    return batch;
}

// ---- a batch

static problem *run_once(db *d, writer_job *job) {
    TRY(d->ops->step(d, job->arena, DB_SAVEPOINT));
    problem *p = job->run(job->context, d, job->arena);
    if (!d->ops->in_transaction(d))
        return p ? p : problem_unavailable(job->arena, "store: the transaction was rolled back");
    if (p)
        TRY(d->ops->step(d, job->arena, DB_ROLLBACK_TO));
    TRY(d->ops->step(d, job->arena, DB_RELEASE));
    return p;
}

static bool came_late(store *s, writer_job *job) {
    if (job->deadline >= clock_steady())
        return false;
    atomic_fetch_add(&s->figures.late, 1);
    job->result = problem_unavailable(job->arena, "store: waited too long for the writer");
    return true;
}

static void run_job(store *s, db *d, writer_job *job) {
    if (came_late(s, job))
        return;
    for (int i = 0; i < JOB_RUNS; i++) {
        if (i)
            atomic_fetch_add(&s->figures.repeated, 1);
        job->result = run_once(d, job);
        if (!job->result || !job->result->again || !d->ops->in_transaction(d))
            return;
    }
}

static bool engine_failed(const writer_job *job) {
    return job->result && problem_is(job->result, "unavailable") && !job->result->again;
}

// Without savepoints. false: a refused job has written, or may be cured by another run.
static bool run_bare(store *s, db *d, writer_job *batch) {
    for (writer_job *j = batch; j; j = j->next) {
        if (came_late(s, j))
            continue;
        int64_t before = d->ops->changes(d);
        j->result = j->run(j->context, d, j->arena);
        bool whole = d->ops->in_transaction(d);
        if (!whole || (j->result && (j->result->status >= 500 || d->ops->changes(d) != before)))
            return false;
    }
    return true;
}

static problem *run_careful(store *s, db *d, writer_job *batch) {
    for (writer_job *j = batch; j; j = j->next) {
        run_job(s, d, j);
        if (!d->ops->in_transaction(d))
            return j->result;
    }
    return NULL;
}

static problem *run_jobs(store *s, db *d, writer_job *batch, arena *a) {
    writer *w = &s->writer;
    if (w->careful || !d->ops->changes) {
        w->careful -= w->careful > 0;
        return run_careful(s, d, batch);
    }
    if (run_bare(s, d, batch))
        return NULL;
    w->careful = CAREFUL_BATCHES;
    if (d->ops->in_transaction(d))
        TRY(d->ops->step(d, a, DB_ROLLBACK));
    TRY(d->ops->step(d, a, DB_BEGIN));
    return run_careful(s, d, batch);
}

static void tell(writer_job *batch) {
    for (writer_job *j = batch, *next; j; j = next) {
        next = j->next; // the job may be gone after done()
        j->done(j->context, j->result);
    }
}

// NULL: committed. Whatever the reason of a failure (full disk, read-only, I/O), nothing of the batch may count as
// done.
static problem *run_batch(store *s, db *d, writer_job **list, arena *a) {
    writer_job *batch = *list;
    TRY(d->ops->step(d, a, DB_BEGIN));
    problem *p = run_jobs(s, d, batch, a);
#ifdef ANSWER_BEFORE_COMMIT // a wrong writer, built by tests/crash alone: the crash test has to notice it
    tell(batch);
    *list = NULL;
#endif
    if (!p)
        p = d->ops->step(d, a, DB_COMMIT);
    if (p && d->ops->in_transaction(d))
        (void)d->ops->step(d, a, DB_ROLLBACK);
    return p;
}

static void note_failure(store *s, writer_job *batch, const problem *p) {
    log_event(LOG_ERROR, "store.batch", "why", p->log ? p->log : p->title, NULL);
    atomic_fetch_add(&s->figures.failed_batches, 1);
    atomic_store(&s->figures.down, true);
    for (writer_job *j = batch; j; j = j->next)
        j->result = problem_unavailable(j->arena, "store: the batch was not committed");
}

void writer_call_hooks(store *s) {
    size_t hooks = atomic_load(&s->writer.hook_count);
    for (size_t i = 0; i < hooks; i++)
        s->writer.hooks[i].call(s->writer.hooks[i].context);
}

// True when a job of the committed batch met a failure of the engine (a full disk spares the transaction sometimes).
static bool note_success(store *s, const writer_job *batch, size_t size) {
    figures *f = &s->figures;
    unsigned size_class = 0;
    while (size_class + 1 < SIZE_CLASSES && (size >> (size_class + 1)))
        size_class++;
    atomic_fetch_add(&f->sizes[size_class], 1);
    atomic_fetch_add(&f->commits, 1);
    atomic_fetch_add(&f->jobs, size);
    bool sick = false;
    for (const writer_job *j = batch; j; j = j->next) {
        if (j->result)
            atomic_fetch_add(&f->refused_jobs, 1);
        sick = sick || engine_failed(j);
    }
    atomic_store(&f->down, sick);
    writer_call_hooks(s);
    return sick;
}

// A connection that met a read-only or broken file may stay that way: the next batch gets a new one.
static void reconnect(store *s, arena *a) {
    db *fresh;
    problem *p = s->engine->ops->connect(s->engine, a, true, &fresh);
    if (p) {
        log_event(LOG_ERROR, "store.reconnect", "why", p->log ? p->log : p->title, NULL);
        return;
    }
    db_close(s->writer.db);
    s->writer.db = fresh;
}

static void *write_all(void *context) {
    store *s = context;
    writer *w = &s->writer;
    arena *a = arena_new(0);
    size_t size;
    for (writer_job *batch; (batch = take_batch(w, &size)) != NULL;) {
        problem *p = run_batch(s, w->db, &batch, a);
        bool sick = p != NULL;
        if (p)
            note_failure(s, batch, p);
        else
            sick = note_success(s, batch, size);
        // Half of an old peak is forgotten per batch, so that a lone client never waits for others that are gone.
        w->expected = size > w->expected / 2 ? size : w->expected / 2;
        tell(batch);
        if (sick)
            reconnect(s, a);
        s->engine->ops->tend(s->engine, w->db);
        arena_reset(a);
    }
    arena_free(a);
    return NULL;
}

// ---- start and stop

void writer_on_commit(store *s, void (*hook)(void *context), void *context) {
    writer *w = &s->writer;
    pthread_mutex_lock(&w->lock);
    size_t count = atomic_load(&w->hook_count);
    if (count < HOOKS_MOST) {
        w->hooks[count] = (writer_hook){hook, context};
        atomic_store(&w->hook_count, count + 1);
    }
    pthread_mutex_unlock(&w->lock);
}

problem *writer_start(store *s, arena *a) {
    writer *w = &s->writer;
    pthread_mutex_init(&w->lock, NULL);
    steady_condition(&w->wake);
    if (s->engine->ops->writers)
        return writers_start(s, a);
    TRY(s->engine->ops->connect(s->engine, a, true, &w->db));
    int code = pthread_create(&w->thread, NULL, write_all, s);
    if (code)
        return problem_unavailable(a, arena_print(a, "store: no thread for the writer: %s", strerror(code)));
    w->running = true;
    return NULL;
}

void writer_stop(store *s) {
    writer *w = &s->writer;
    if (w->pool)
        writers_stop(s);
    if (w->running) {
        pthread_mutex_lock(&w->lock);
        w->stop = true;
        pthread_cond_signal(&w->wake);
        pthread_mutex_unlock(&w->lock);
        pthread_join(w->thread, NULL);
    }
    db_close(w->db);
    pthread_cond_destroy(&w->wake);
    pthread_mutex_destroy(&w->lock);
}
