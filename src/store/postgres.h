// Inside of the PostgreSQL engine, shared by postgres.c (connections, transactions) and postgres_run.c (statements).
#pragma once
#include "store/engine.h"
#include <libpq-fe.h>
#include <stdatomic.h>

enum { POSTGRES_ARGS = 40 };

typedef struct postgres_statement {
    bool prepared;              // on the connection that is open now
    bool binary[POSTGRES_ARGS]; // the parameter is bytea
} postgres_statement;

typedef struct postgres_db {
    db base;
    arena *arena;
    const char *url;
    atomic_bool *lost; // the engine's: no connection could be made
    PGconn *link;      // NULL: not connected; made when it is needed
    bool writes;
    bool warned; // a WARNING since the last step
    postgres_statement statements[SQL_COUNT];
} postgres_db;

// Connects when there is no sound connection. Outside a transaction only.
problem *postgres_ready(postgres_db *d, arena *a);
// The problem of a result (NULL: of the connection). A connection that will not serve again is given up at once.
problem *postgres_problem(postgres_db *d, arena *a, const PGresult *result, const char *what);
// Texts that return no rows.
problem *postgres_script(postgres_db *d, arena *a, const char *text);
// Once per connection, by the statement's name; learns the types of its parameters and refuses columns it cannot read.
problem *postgres_prepare(postgres_db *d, arena *a, sql_id id);
// db_ops.run
problem *postgres_run(db *base, arena *a, sql_id id, const db_value *args, size_t count, db_each each, void *context,
                      int64_t *changed);
