// Periodic work: rows of a table, run by one thread of one node (a lease row). When tests move the clock all run at
// once.
#pragma once
#include "api/server.h"
#include "base/problem.h"
#include <stdint.h>

typedef struct chore {
    const char *name; // in the log
    int64_t every;    // ms of real time between two runs
    problem *(*run)(server *s, arena *a);
} chore;
typedef struct chores chores;

// `table` is ended by a row without a name.
problem *chores_start(arena *a, server *s, const chore *table, chores **out);
void chores_stop(chores *c);
// Runs every chore now, in the calling thread (never a loop's): after the clock was moved.
void chores_run_all(chores *c);
