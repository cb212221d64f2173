// What an engine gives to the store. Nobody outside src/store and its tests includes this.
#pragma once
#include "store/db.h"

typedef struct engine engine;
typedef enum db_step { DB_BEGIN, DB_SAVEPOINT, DB_RELEASE, DB_ROLLBACK_TO, DB_COMMIT, DB_ROLLBACK, DB_STEPS } db_step;
typedef problem *(*db_each)(void *context, const db_value *row, size_t columns); // row lives until the call returns

typedef struct db_ops {
    // Runs one statement to its end (or to the problem of `each`) and leaves it reset. `each` and `changed` may be
    // NULL.
    problem *(*run)(db *d, arena *a, sql_id id, const db_value *args, size_t count, db_each each, void *context,
                    int64_t *changed);
    problem *(*step)(db *d, arena *a, db_step step);
    bool (*in_transaction)(db *d);                          // false after the engine rolled everything back by itself
    problem *(*script)(db *d, arena *a, const char *text);  // migrations: many statements
    problem *(*version)(db *d, arena *a, int64_t *version); // of the schema, 0 = empty
    problem *(*set_version)(db *d, arena *a, int64_t version);
    void (*close)(db *d);
    int64_t (*changes)(db *d); // rows changed so far, only growing; NULL: unknown, then every job has a savepoint
} db_ops;

typedef struct engine_ops {
    problem *(*connect)(engine *e, arena *a, bool writes, db **out);
    void (*tend)(engine *e, db *writer); // on the writer thread, between two batches
    int64_t (*log_bytes)(engine *e);     // what waits for the checkpoint
    void (*close)(engine *e);            // after every connection is closed
    size_t writers; // 0: one writing thread, many jobs in a commit; else threads, each with a connection of its own
    bool (*reachable)(engine *e); // the last connection was made; NULL: there is nothing to reach
} engine_ops;

struct db {
    const db_ops *ops;
}; // first member of an engine's connection
struct engine {
    const engine_ops *ops;
}; // first member of an engine

problem *sqlite_engine(arena *a, const char *path, int wait_ms, engine **out);
// `url` as libpq takes it: postgresql://… with several hosts, passfile=… and so on.
problem *postgres_engine(arena *a, const char *url, int wait_ms, engine **out);
// Opens the store on an engine that is there already and takes it over.
problem *store_open_engine(arena *a, engine *e, store **out);

// problem->constraint / ->again / 503: the words every engine uses.
problem *store_conflict(arena *a, const char *log);
problem *store_again(arena *a, const char *log);
