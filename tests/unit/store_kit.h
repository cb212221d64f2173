// For the store's tests: a store in a folder of its own, and jobs in one line.
#pragma once
#include "check.h"
#include "store/scripted.h"
#include "store/sql_texts.h"
#include "store/writer.h"
#include <stdatomic.h>
#include <unistd.h>

static char kit_folder[64];
static arena *kit_arena;

static inline const char *kit_path(const char *name) {
    return arena_print(kit_arena, "%s/%s", kit_folder, name);
}

static inline void kit_start(void) {
    kit_arena = arena_new(0);
    snprintf(kit_folder, sizeof kit_folder, "/tmp/beian-store-XXXXXX");
    if (!mkdtemp(kit_folder))
        abort();
}

static inline void kit_end(void) {
    if (system(arena_print(kit_arena, "rm -rf '%s'", kit_folder)) != 0)
        abort();
    arena_free(kit_arena);
}

static inline store *kit_open(const char *name) {
    store *s = NULL;
    problem *p = store_open(kit_arena, arena_print(kit_arena, "sqlite:%s", kit_path(name)), 0, &s);
    if (!p)
        p = store_migrate(s, kit_arena);
    if (p) {
        fprintf(stderr, "%s %s\n", p->title, p->log ? p->log : "");
        abort();
    }
    return s;
}

static inline store *kit_open_scripted(const char *name, script **out) {
    engine *under;
    store *s = NULL;
    if (sqlite_engine(kit_arena, kit_path(name), 0, &under) ||
        store_open_engine(kit_arena, scripted_engine(under, out), &s) || store_migrate(s, kit_arena))
        abort();
    return s;
}

// A job that writes setting `name`; ends with `end` after writing (NULL: well).
typedef struct kit_job {
    const char *name, *value;
    problem *end;
    int runs;
} kit_job;

static inline problem *kit_write(void *context, db *d, arena *a) {
    kit_job *j = context;
    j->runs++;
    TRY(db_run(d, a, SQL_SETTING_SET, NULL, DB_ARGS(db_text(j->name), db_text(j->value))));
    return j->end;
}

static inline problem *kit_set(store *s, const char *name, const char *value) {
    kit_job j = {.name = name, .value = value};
    return writer_run(s, kit_arena, kit_write, &j);
}

static inline const char *kit_get(store *s, const char *name) {
    db *d;
    db_rows rows;
    if (store_reader(s, kit_arena, &d))
        return "no reader";
    problem *p = db_query(d, kit_arena, SQL_SETTING_GET, &rows, DB_ARGS(db_text(name)));
    db_close(d);
    return p ? "problem" : db_cell(&rows, 0, 0);
}

// The text of one figure of store_metrics.
static inline long kit_metric(store *s, const char *name) {
    const char *at = strstr(store_metrics(s, kit_arena), arena_print(kit_arena, "\nbeian_store_%s ", name));
    return at ? strtol(strchr(at, ' '), NULL, 10) : -1;
}
