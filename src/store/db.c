// Values, rows and the calls that do not depend on the engine.
#include "store/engine.h"
#include "store/sql_texts.h"
#include <string.h>

db_value db_null(void) {
    return (db_value){.kind = DB_NULL};
}
db_value db_int(int64_t value) {
    return (db_value){.kind = DB_INT, .number = value};
}
db_value db_flag(bool value) {
    return (db_value){.kind = DB_BOOL, .number = value};
}

db_value db_text(const char *text) {
    if (!text)
        return db_null();
    return (db_value){.kind = DB_TEXT, .text = text, .size = strlen(text)};
}

db_value db_bytes(const void *bytes, size_t size) {
    if (!bytes)
        return db_null();
    return (db_value){.kind = DB_BYTES, .bytes = bytes, .size = size};
}

typedef struct collector {
    arena *arena;
    db_value *cells;
    size_t used, room, columns, rows;
} collector;

static problem *collect(void *context, const db_value *row, size_t columns) {
    collector *c = context;
    if (c->used + columns > c->room) {
        size_t room = c->room ? c->room * 2 : columns * 4;
        db_value *grown = arena_array(c->arena, db_value, room);
        if (c->used)
            memcpy(grown, c->cells, c->used * sizeof *grown);
        c->cells = grown;
        c->room = room;
    }
    for (size_t i = 0; i < columns; i++) {
        db_value *cell = &c->cells[c->used++];
        *cell = row[i];
        if (cell->kind == DB_TEXT)
            cell->text = arena_slice(c->arena, row[i].text, row[i].size);
        if (cell->kind == DB_BYTES)
            cell->bytes = arena_copy(c->arena, row[i].bytes, row[i].size);
    }
    c->columns = columns;
    c->rows++;
    return NULL;
}

// A call with the wrong number of parameters is a defect of the caller, found by its first test.
static problem *check_count(arena *a, sql_id id, size_t count) {
    if ((size_t)id < SQL_COUNT && SQL_TEXTS[id].args == count)
        return NULL;
    if ((size_t)id >= SQL_COUNT)
        return problem_internal(a, "store: unknown statement");
    return problem_internal(
        a, arena_print(a, "store: %s takes %zu parameters, %zu given", SQL_TEXTS[id].name, SQL_TEXTS[id].args, count));
}

problem *db_query(db *d, arena *a, sql_id id, db_rows *out, const db_value *args, size_t count) {
    collector c = {.arena = a};
    *out = (db_rows){0};
    TRY(check_count(a, id, count));
    TRY(d->ops->run(d, a, id, args, count, collect, &c, NULL));
    *out = (db_rows){.count = c.rows, .columns = c.columns, .cells = c.cells};
    return NULL;
}

problem *db_run(db *d, arena *a, sql_id id, int64_t *changed, const db_value *args, size_t count) {
    TRY(check_count(a, id, count));
    return d->ops->run(d, a, id, args, count, NULL, NULL, changed);
}

problem *db_stream(db *d, arena *a, sql_id id, problem *(*each)(void *context, const db_value *row, size_t columns),
                   void *context, const db_value *args, size_t count) {
    TRY(check_count(a, id, count));
    return d->ops->run(d, a, id, args, count, each, context, NULL);
}

const db_value *db_at(const db_rows *rows, size_t row, size_t column) {
    static const db_value nothing = {.kind = DB_NULL};
    if (row >= rows->count || column >= rows->columns)
        return &nothing;
    return &rows->cells[row * rows->columns + column];
}

const char *db_cell(const db_rows *rows, size_t row, size_t column) {
    const db_value *cell = db_at(rows, row, column);
    return cell->kind == DB_TEXT ? cell->text : NULL;
}

int64_t db_number(const db_rows *rows, size_t row, size_t column) {
    return db_at(rows, row, column)->number;
}
bool db_true(const db_rows *rows, size_t row, size_t column) {
    return db_number(rows, row, column) != 0;
}

void db_close(db *d) {
    if (d)
        d->ops->close(d);
}

problem *store_conflict(arena *a, const char *log) {
    problem *p = problem_new(a, 409, "conflict", "内容与已有记录冲突", "请刷新页面后再试。");
    p->log = log;
    p->constraint = true;
    return p;
}

problem *store_again(arena *a, const char *log) {
    problem *p = problem_unavailable(a, log);
    p->again = true;
    return p;
}
