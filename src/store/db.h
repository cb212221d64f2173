// One connection to the store, the same on every engine: named statements (src/store/sql/*.sql), $1 parameters, rows
// copied into an arena. Engines: sqlite.c, and scripted.c for tests, which plays every failure. One way to open a
// transaction: the writer (writer.h). Ordinary code never begins, commits or rolls back.
#pragma once
#include "base/arena.h"
#include "base/problem.h"
#include "store/sql.h" // generated: enum sql_id { SQL_ACCOUNT_BY_KEY, ... } from `-- name: account_by_key`
#include <stdbool.h>
#include <stdint.h>

typedef struct db db;
typedef struct store store; // the installation's store: opens connections, owns the writer

typedef enum db_kind { DB_NULL, DB_INT, DB_TEXT, DB_BYTES, DB_BOOL } db_kind;
typedef struct db_value {
    db_kind kind;
    int64_t number; // DB_INT; DB_BOOL as 0/1
    const char *text;
    const void *bytes; // DB_BYTES
    size_t size;       // of text or bytes
} db_value;

typedef struct db_rows {
    size_t count, columns;
    const db_value *cells; // row by row, owned by the arena
} db_rows;

db_value db_null(void);
db_value db_int(int64_t value);
db_value db_flag(bool value);
db_value db_text(const char *text); // NULL gives NULL
db_value db_bytes(const void *bytes, size_t size);

// db_query(db, arena, SQL_X, &rows, DB_ARGS(db_text(id), db_int(3))); DB_NONE for a statement without parameters.
#define DB_ARGS(...) (const db_value[]){__VA_ARGS__}, sizeof((const db_value[]){__VA_ARGS__}) / sizeof(db_value)
#define DB_NONE NULL, 0

// All rows of a statement. Failure: problem->constraint (a unique rule), ->again (retry the transaction), else 503.
problem *db_query(db *d, arena *a, sql_id id, db_rows *out, const db_value *args, size_t count);
// A statement without rows; *changed may be NULL.
problem *db_run(db *d, arena *a, sql_id id, int64_t *changed, const db_value *args, size_t count);
// Row by row without keeping them (exports); stops when `each` returns a problem.
problem *db_stream(db *d, arena *a, sql_id id, problem *(*each)(void *context, const db_value *row, size_t columns),
                   void *context, const db_value *args, size_t count);

// Cells: NULL gives NULL / 0 / false.
const char *db_cell(const db_rows *rows, size_t row, size_t column);
int64_t db_number(const db_rows *rows, size_t row, size_t column);
bool db_true(const db_rows *rows, size_t row, size_t column);
const db_value *db_at(const db_rows *rows, size_t row, size_t column);

// `url`: sqlite:PATH or postgresql://…. Waits up to `wait_ms` for a store that is down.
problem *store_open(arena *a, const char *url, int wait_ms, store **out);
problem *store_migrate(store *s, arena *a); // applies what is missing; refuses a schema newer than the program
void store_close(store *s);
// A read connection of the calling thread (autocommit, no long snapshot). Owned by the caller, not shared.
problem *store_reader(store *s, arena *a, db **out);
void db_close(db *d);
bool store_healthy(store *s);
bool store_blocking(const store *s);           // a look-up goes over a network: never from a loop thread
const char *store_metrics(store *s, arena *a); // Prometheus lines: queue, batches, WAL bytes, errors
