// Inside of the SQLite engine, shared by sqlite.c (connections) and checkpoint.c (the two-phase checkpoint).
#pragma once
#include "store/engine.h"
#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>

enum { SQLITE_ARGS = 40 };

typedef struct sqlite_cached {
    sqlite3_stmt *statement;
    unsigned char places[SQLITE_ARGS]; // SQLite's number of $1, $2, ...
} sqlite_cached;

typedef struct sqlite_db {
    db base;
    arena *arena;
    sqlite3 *handle;
    sqlite3_stmt *steps[DB_STEPS];
    sqlite_cached cache[SQL_COUNT];
} sqlite_db;

typedef struct sqlite_engine_state {
    engine base;
    arena *arena;
    const char *path;
    db *tender; // the checkpoint thread's connection
    pthread_t thread;
    pthread_mutex_t lock; // of `stop`
    pthread_cond_t wake;
    bool stop;
    pthread_mutex_t filling; // one checkpoint at a time
    atomic_int pages;        // in the WAL after the writer's last commit
    atomic_int filled;       // of those, already in the database file
} sqlite_engine_state;

problem *sqlite_connect(engine *e, arena *a, bool writes, db **out);
problem *sqlite_problem(sqlite3 *handle, arena *a, const char *what);
// Opens the tender's connection (which makes the file a WAL database) and starts its thread.
problem *sqlite_tending_start(sqlite_engine_state *e, arena *a);
