// The writer: sequential code inside a transaction, many in one commit. A job that is refused leaves nothing behind,
// may run twice (no effects outside the store), and is told its result only after COMMIT.
#pragma once
#include "store/db.h"

typedef struct writer_job {
    problem *(*run)(void *context, db *d, arena *a); // on the writer thread, inside the transaction
    void (*done)(void *context, problem *result);    // after COMMIT or ROLLBACK, on the writer thread; must be short
    void *context;
    arena *arena;     // the job's; problems and rows live there
    int64_t deadline; // clock_steady(); 0 = 10 s from now
    // the writer's own
    problem *result;
    struct writer_job *next;
} writer_job;

// Queues the job; false when the queue is full (answer 503, Retry-After 1) and then nothing is called.
bool writer_submit(store *s, writer_job *job);
// Runs fn in a transaction and waits for the commit: for pool threads, timers, the command line. Never from a loop
// thread.
problem *writer_run(store *s, arena *a, problem *(*run)(void *context, db *d, arena *a), void *context);
// Read-only work inside the transaction is fine; what a job wrote that returns a problem is rolled back.

// After every commit: called on the writer thread with the number of committed jobs (caches, queues of jobs to wake).
void writer_on_commit(store *s, void (*hook)(void *context), void *context);
