// The generated texts (sql_gen.py): every named statement and every migration.
#pragma once
#include "store/sql.h"
#include <stddef.h>

typedef struct sql_text {
    const char *name; // foo_bar of `-- name: foo_bar`
    size_t args;      // number of $ parameters
    const char *text;
} sql_text;
extern const sql_text SQL_TEXTS[SQL_COUNT + 1]; // by sql_id

typedef struct migration {
    int version; // 1, 2, ... ; 0 ends the table
    const char *text;
} migration;
extern const migration MIGRATIONS[];
