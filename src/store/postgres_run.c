// Statements on PostgreSQL: prepared once per connection by name, rows in binary form.
#include "store/postgres.h"
#include "store/sql_texts.h"
#include <endian.h>
#include <stdlib.h>
#include <string.h>

// pg_type.oid of what the statements use
enum { OID_BOOL = 16, OID_BYTES = 17, OID_NAME = 19, OID_INT8 = 20, OID_INT2 = 21, OID_INT4 = 23, OID_TEXT = 25 };
enum { MOST_COLUMNS = 64, BINARY = 1 };

// ---- preparing

static bool is_known(Oid type) {
    return type == OID_BOOL || type == OID_BYTES || type == OID_NAME || type == OID_INT8 || type == OID_INT2 ||
           type == OID_INT4 || type == OID_TEXT;
}

static problem *learn_types(postgres_statement *s, arena *a, const char *name, const PGresult *described) {
    for (int i = 0; i < PQnparams(described); i++)
        s->binary[i] = PQparamtype(described, i) == OID_BYTES;
    for (int i = 0; i < PQnfields(described); i++)
        if (!is_known(PQftype(described, i)))
            return problem_internal(
                a, arena_print(a, "store: %s: column %d has type %u", name, i + 1, PQftype(described, i)));
    return NULL;
}

problem *postgres_prepare(postgres_db *d, arena *a, sql_id id) {
    postgres_statement *s = &d->statements[id];
    const sql_text *text = &SQL_TEXTS[id];
    if (s->prepared)
        return NULL;
    if (text->args > POSTGRES_ARGS)
        return problem_internal(a, "store: a statement has too many parameters");
    PGresult *result = PQprepare(d->link, text->name, text->text, 0, NULL);
    problem *p = PQresultStatus(result) == PGRES_COMMAND_OK ? NULL : postgres_problem(d, a, result, text->name);
    PQclear(result);
    TRY(p);
    result = PQdescribePrepared(d->link, text->name);
    if (PQresultStatus(result) == PGRES_COMMAND_OK && PQnfields(result) <= MOST_COLUMNS)
        p = learn_types(s, a, text->name, result);
    else
        p = postgres_problem(d, a, result, text->name);
    PQclear(result);
    s->prepared = p == NULL;
    return p;
}

// ---- parameters

typedef struct parameters {
    const char *values[POSTGRES_ARGS];
    int sizes[POSTGRES_ARGS], formats[POSTGRES_ARGS];
} parameters;

// Bytes go as they are; everything else as text, which the server reads by the type of the parameter.
static void bind_value(parameters *p, size_t i, arena *a, const db_value *v, bool binary) {
    p->formats[i] = binary;
    p->sizes[i] = (int)v->size;
    switch (v->kind) {
    case DB_NULL:
        p->values[i] = NULL;
        return;
    case DB_INT:
    case DB_BOOL:
        p->values[i] = arena_print(a, "%lld", (long long)v->number);
        p->formats[i] = 0;
        return;
    case DB_TEXT:
        p->values[i] = v->text;
        return;
    case DB_BYTES:
        p->values[i] = binary ? (v->size ? v->bytes : "") : arena_slice(a, v->bytes, v->size);
        return;
    }
}

// ---- rows

static int64_t big_endian(const char *data, size_t size) {
    int64_t value = size && (data[0] & 0x80) ? -1 : 0;
    for (size_t i = 0; i < size; i++)
        value = (int64_t)((uint64_t)value << 8 | (unsigned char)data[i]);
    return value;
}

static db_value column_value(const PGresult *result, int row, int column) {
    if (PQgetisnull(result, row, column))
        return db_null();
    const char *data = PQgetvalue(result, row, column);
    size_t size = (size_t)PQgetlength(result, row, column);
    switch (PQftype(result, column)) {
    case OID_BOOL: // 0 and 1, as SQLite gives them
    case OID_INT2:
    case OID_INT4:
    case OID_INT8:
        return db_int(big_endian(data, size));
    case OID_BYTES:
        return db_bytes(data, size);
    default:
        return (db_value){.kind = DB_TEXT, .text = data, .size = size};
    }
}

static problem *give_rows(const PGresult *result, db_each each, void *context) {
    db_value row[MOST_COLUMNS];
    int columns = PQnfields(result), rows = each ? PQntuples(result) : 0;
    for (int i = 0; i < rows; i++) {
        for (int k = 0; k < columns; k++)
            row[k] = column_value(result, i, k);
        TRY(each(context, row, (size_t)columns));
    }
    return NULL;
}

static int64_t changed_rows(PGresult *result) {
    return strncmp(PQcmdStatus(result), "SELECT", 6) == 0 ? 0 : strtoll(PQcmdTuples(result), NULL, 10);
}

// ---- running

static problem *run_once(postgres_db *d, arena *a, sql_id id, const db_value *args, size_t count, PGresult **out) {
    parameters p;
    TRY(postgres_ready(d, a));
    TRY(postgres_prepare(d, a, id));
    for (size_t i = 0; i < count; i++)
        bind_value(&p, i, a, &args[i], d->statements[id].binary[i]);
    PGresult *result = PQexecPrepared(d->link, SQL_TEXTS[id].name, (int)count, p.values, p.sizes, p.formats, BINARY);
    ExecStatusType status = PQresultStatus(result);
    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) {
        *out = result;
        return NULL;
    }
    problem *wrong = postgres_problem(d, a, result, SQL_TEXTS[id].name);
    PQclear(result);
    return wrong;
}

problem *postgres_run(db *base, arena *a, sql_id id, const db_value *args, size_t count, db_each each, void *context,
                      int64_t *changed) {
    postgres_db *d = (postgres_db *)base;
    PGresult *result = NULL;
    problem *p = run_once(d, a, id, args, count, &result);
    // A look-up that lost its connection is asked again on a new one; a transaction is repeated by the writer.
    if (p && p->again && !d->writes && !d->link)
        p = run_once(d, a, id, args, count, &result);
    TRY(p);
    if (changed)
        *changed = changed_rows(result);
    p = give_rows(result, each, context);
    PQclear(result);
    return p;
}
