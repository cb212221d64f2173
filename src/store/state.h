// Inside of the store: the writer's queue and figures. Shared by store.c, writer.c and metrics.c.
#pragma once
#include "store/engine.h"
#include "store/writer.h"
#include <pthread.h>
#include <stdatomic.h>

enum {
    BATCH_MOST = 64,     // jobs in one commit
    QUEUE_MOST = 1024,   // waiting jobs
    QUEUE_AGE_MS = 4000, // the oldest waiting job; older: new ones are refused
    JOB_WAIT_MS = 10000, // a job without a deadline
    JOB_RUNS = 3,        // of a job whose problem says `again`
    CAREFUL_BATCHES = 8, // run with savepoints after a refused job had written
    GATHER_US = 300,
    HOOKS_MOST = 8,
    SIZE_CLASSES = 7 // batches of 1, 2-3, 4-7, ... 64
};

typedef struct writer_hook {
    void (*call)(void *context);
    void *context;
} writer_hook;

typedef struct writers writers; // writers.c

typedef struct writer {
    pthread_t thread;
    bool running;
    writers *pool; // in place of the one thread, when the engine wants several
    pthread_mutex_t lock;
    pthread_cond_t wake;
    // under the lock
    writer_job *first, *last;
    size_t waiting;
    size_t wanted; // the writer sleeps until so many wait
    int64_t moved; // clock_steady() when the queue last moved or was empty
    bool stop;
    // the writer thread's own
    db *db;
    unsigned careful; // batches that run with savepoints from the start
    size_t expected;  // jobs that will likely come at once: the size of the last batches
    writer_hook hooks[HOOKS_MOST];
    atomic_size_t hook_count;
} writer;

typedef struct figures {
    atomic_ullong commits, jobs, refused_jobs, failed_batches, queue_full, late, sizes[SIZE_CLASSES], repeated;
    atomic_bool down; // the last batch failed in the engine
} figures;

struct store {
    arena *arena;
    engine *engine;
    writer writer;
    figures figures;
    pthread_t probe; // tries to write once a second while the store is down
    bool probing;
    pthread_mutex_t probe_lock;
    pthread_cond_t probe_wake;
    bool probe_stop;
};

problem *writer_start(store *s, arena *a);
void writer_stop(store *s);       // runs what waits, then ends the thread
void writer_call_hooks(store *s); // after a commit
// writers.c: threads with a connection each, a transaction per job, repeated as a whole when that may cure a failure.
problem *writers_start(store *s, arena *a);
void writers_stop(store *s); // runs what waits, then ends the threads
bool writers_here(void);     // is this one of them?
// Condition variables that count on the monotonic clock; *out = now + ms.
void steady_condition(pthread_cond_t *condition);
struct timespec steady_after_us(int64_t us);
