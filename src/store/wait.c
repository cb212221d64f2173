// Running a job and waiting for its commit.
#include "store/state.h"

typedef struct waiter {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool finished;
    problem *result;
    problem *(*run)(void *context, db *d, arena *a);
    void *context;
} waiter;

static problem *run_waiter(void *context, db *d, arena *a) {
    waiter *w = context;
    return w->run(w->context, d, a);
}

static void wake_waiter(void *context, problem *result) {
    waiter *w = context;
    pthread_mutex_lock(&w->lock);
    w->result = result;
    w->finished = true;
    pthread_cond_signal(&w->wake);
    pthread_mutex_unlock(&w->lock);
}

problem *writer_run(store *s, arena *a, problem *(*run)(void *context, db *d, arena *a), void *context) {
    if (writers_here() || (!s->writer.pool && pthread_equal(pthread_self(), s->writer.thread)))
        return problem_internal(a, "store: the writer cannot wait for itself");
    waiter w = {.run = run, .context = context};
    writer_job job = {.run = run_waiter, .done = wake_waiter, .context = &w, .arena = a};
    pthread_mutex_init(&w.lock, NULL);
    pthread_cond_init(&w.wake, NULL);
    bool queued = writer_submit(s, &job);
    pthread_mutex_lock(&w.lock);
    while (queued && !w.finished)
        pthread_cond_wait(&w.wake, &w.lock);
    pthread_mutex_unlock(&w.lock);
    pthread_cond_destroy(&w.wake);
    pthread_mutex_destroy(&w.lock);
    if (queued)
        return w.result;
    problem *p = problem_unavailable(a, "store: the queue is full");
    p->retry_after = 1;
    return p;
}
