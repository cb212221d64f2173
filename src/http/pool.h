// Threads for handlers that may block. Bounded: a full queue is told at once.
#pragma once
#include "store/db.h"
#include <stdint.h>

typedef struct pool pool;
typedef struct pool_job {
    void (*run)(void *context, db *d); // d: the thread's read connection
    void *context;
    struct pool_job *next;
} pool_job;

problem *pool_start(arena *a, store *s, int threads, pool **out);
bool pool_submit(pool *p, pool_job *job); // false: full
void pool_stop(pool *p);                  // does what is queued, then joins
