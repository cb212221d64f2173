#include "http/pool.h"
#include "base/log.h"
#include <pthread.h>
#include <unistd.h>

enum { MOST_QUEUED = 256 };

typedef struct worker {
    pool *pool;
    pthread_t thread;
    arena *arena;
    db *reader;
} worker;

struct pool {
    pthread_mutex_t lock;
    pthread_cond_t more;
    pool_job *first, *last;
    size_t queued;
    bool stopping;
    store *store;
    worker *workers;
    int count;
};

static pool_job *pool_take(pool *p) {
    pthread_mutex_lock(&p->lock);
    while (!p->first && !p->stopping)
        pthread_cond_wait(&p->more, &p->lock);
    pool_job *job = p->first;
    if (job) {
        p->first = job->next;
        if (!p->first)
            p->last = NULL;
        p->queued--;
    }
    pthread_mutex_unlock(&p->lock);
    return job;
}

static void *pool_thread(void *context) {
    worker *w = context;
    for (pool_job *job = pool_take(w->pool); job; job = pool_take(w->pool))
        job->run(job->context, w->reader);
    return NULL;
}

problem *pool_start(arena *a, store *s, int threads, pool **out) {
    pool *p = arena_new_of(a, pool);
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->more, NULL);
    p->store = s;
    p->workers = arena_array(a, worker, (size_t)threads);
    *out = p;
    for (int i = 0; i < threads; i++) {
        worker *w = &p->workers[i];
        w->pool = p;
        w->arena = arena_new(0);
        problem *wrong = store_reader(s, w->arena, &w->reader);
        if (!wrong && pthread_create(&w->thread, NULL, pool_thread, w) != 0)
            wrong = problem_internal(a, "no thread for the pool");
        if (wrong)
            return wrong;
        p->count++;
    }
    return NULL;
}

bool pool_submit(pool *p, pool_job *job) {
    pthread_mutex_lock(&p->lock);
    bool room = p->queued < MOST_QUEUED && !p->stopping;
    if (room) {
        job->next = NULL;
        if (p->last)
            p->last->next = job;
        else
            p->first = job;
        p->last = job;
        p->queued++;
        pthread_cond_signal(&p->more);
    }
    pthread_mutex_unlock(&p->lock);
    return room;
}

void pool_stop(pool *p) {
    if (!p)
        return;
    pthread_mutex_lock(&p->lock);
    p->stopping = true;
    pthread_cond_broadcast(&p->more);
    pthread_mutex_unlock(&p->lock);
    for (int i = 0; i < p->count; i++) {
        pthread_join(p->workers[i].thread, NULL);
        db_close(p->workers[i].reader);
        arena_free(p->workers[i].arena);
    }
}
