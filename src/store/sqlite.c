// The SQLite engine: connections, statements, errors. WAL with synchronous=FULL; statements are prepared once per
// connection.
#include "store/sqlite.h"
#include "base/clock.h"
#include "store/sql_texts.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

// ---- errors

static const struct {
    int code;
    enum { CONFLICT, AGAIN, DOWN } means;
} MEANINGS[] = {
    {SQLITE_CONSTRAINT_UNIQUE, CONFLICT},
    {SQLITE_CONSTRAINT_PRIMARYKEY, CONFLICT},
    {SQLITE_CONSTRAINT_ROWID, CONFLICT},
    {SQLITE_BUSY, AGAIN},
    {SQLITE_LOCKED, AGAIN},
    {SQLITE_FULL, DOWN},
    {SQLITE_READONLY, DOWN},
    {SQLITE_IOERR, DOWN},
    {SQLITE_NOMEM, DOWN},
    {SQLITE_CANTOPEN, DOWN},
    {SQLITE_CORRUPT, DOWN},
    {SQLITE_NOTADB, DOWN},
    {SQLITE_PROTOCOL, DOWN},
    {SQLITE_PERM, DOWN},
    {SQLITE_AUTH, DOWN},
};

problem *sqlite_problem(sqlite3 *handle, arena *a, const char *what) {
    int code = sqlite3_extended_errcode(handle);
    // The message names tables, columns and files, never a bound value.
    const char *log = arena_print(a, "store: %s: %s (%d)", what, sqlite3_errmsg(handle), code);
    for (size_t i = 0; i < sizeof MEANINGS / sizeof *MEANINGS; i++) {
        if (MEANINGS[i].code != code && MEANINGS[i].code != (code & 0xff))
            continue;
        if (MEANINGS[i].means == CONFLICT)
            return store_conflict(a, log);
        return MEANINGS[i].means == AGAIN ? store_again(a, log) : problem_unavailable(a, log);
    }
    return problem_internal(a, log);
}

// ---- statements

static problem *prepare(sqlite_db *d, arena *a, sql_id id, unsigned flags, sqlite3_stmt **out) {
    if (sqlite3_prepare_v3(d->handle, SQL_TEXTS[id].text, -1, flags, out, NULL) == SQLITE_OK)
        return NULL;
    return sqlite_problem(d->handle, a, SQL_TEXTS[id].name);
}

// SQLite numbers $1, $2 by their first appearance, so the place of each is looked up once.
static problem *cached(sqlite_db *d, arena *a, sql_id id, sqlite_cached **out) {
    sqlite_cached *c = &d->cache[id];
    *out = c;
    if (c->statement)
        return NULL;
    if (SQL_TEXTS[id].args > SQLITE_ARGS)
        return problem_internal(a, "store: a statement has too many parameters");
    TRY(prepare(d, a, id, SQLITE_PREPARE_PERSISTENT, &c->statement));
    for (size_t i = 0; i < SQL_TEXTS[id].args; i++) {
        char name[16];
        sqlite3_snprintf(sizeof name, name, "$%d", (int)i + 1);
        c->places[i] = (unsigned char)sqlite3_bind_parameter_index(c->statement, name);
    }
    return NULL;
}

static int bind_value(sqlite3_stmt *s, int place, const db_value *v) {
    switch (v->kind) {
    case DB_INT:
    case DB_BOOL:
        return sqlite3_bind_int64(s, place, v->number);
    case DB_TEXT:
        return sqlite3_bind_text64(s, place, v->text, v->size, SQLITE_STATIC, SQLITE_UTF8);
    case DB_BYTES:
        return sqlite3_bind_blob64(s, place, v->bytes, v->size, SQLITE_STATIC);
    case DB_NULL:
        break;
    }
    return sqlite3_bind_null(s, place);
}

static db_value column_value(sqlite3_stmt *s, int i) {
    switch (sqlite3_column_type(s, i)) {
    case SQLITE_INTEGER:
        return db_int(sqlite3_column_int64(s, i));
    case SQLITE_FLOAT: // sum() and avg() of an engine that computes in floating point
        return db_int((int64_t)sqlite3_column_double(s, i));
    case SQLITE_TEXT: {
        const char *text = (const char *)sqlite3_column_text(s, i);
        return (db_value){.kind = DB_TEXT, .text = text, .size = (size_t)sqlite3_column_bytes(s, i)};
    }
    case SQLITE_BLOB: {
        const void *bytes = sqlite3_column_blob(s, i);
        return db_bytes(bytes ? bytes : "", (size_t)sqlite3_column_bytes(s, i));
    }
    default:
        return db_null();
    }
}

enum { MOST_COLUMNS = 64 };

static problem *step_all(sqlite_db *d, arena *a, sql_id id, sqlite3_stmt *s, db_each each, void *context) {
    db_value row[MOST_COLUMNS];
    int columns = sqlite3_column_count(s);
    if (columns > MOST_COLUMNS)
        return problem_internal(a, "store: a statement has too many columns");
    for (;;) {
        int code = sqlite3_step(s);
        if (code == SQLITE_DONE)
            return NULL;
        if (code != SQLITE_ROW)
            return sqlite_problem(d->handle, a, SQL_TEXTS[id].name);
        if (!each)
            continue;
        for (int i = 0; i < columns; i++)
            row[i] = column_value(s, i);
        TRY(each(context, row, (size_t)columns));
    }
}

static problem *run(db *base, arena *a, sql_id id, const db_value *args, size_t count, db_each each, void *context,
                    int64_t *changed) {
    sqlite_db *d = (sqlite_db *)base;
    sqlite_cached *c;
    TRY(cached(d, a, id, &c));
    sqlite3_stmt *s = c->statement;
    bool nested = sqlite3_stmt_busy(s); // a stream whose `each` runs the same statement again
    if (nested)
        TRY(prepare(d, a, id, 0, &s));
    problem *p = NULL;
    for (size_t i = 0; i < count && !p; i++)
        if (bind_value(s, c->places[i], &args[i]) != SQLITE_OK)
            p = sqlite_problem(d->handle, a, SQL_TEXTS[id].name);
    if (!p)
        p = step_all(d, a, id, s, each, context);
    if (!p && changed)
        *changed = sqlite3_stmt_readonly(s) ? 0 : sqlite3_changes64(d->handle);
    // Always reset: a statement with RETURNING that is not reset makes RELEASE and COMMIT fail.
    sqlite3_reset(s);
    sqlite3_clear_bindings(s);
    if (nested)
        sqlite3_finalize(s);
    return p;
}

// ---- transactions

static const char *const STEPS[DB_STEPS] = {
    [DB_BEGIN] = "BEGIN IMMEDIATE",       [DB_SAVEPOINT] = "SAVEPOINT job", [DB_RELEASE] = "RELEASE job",
    [DB_ROLLBACK_TO] = "ROLLBACK TO job", [DB_COMMIT] = "COMMIT",           [DB_ROLLBACK] = "ROLLBACK"};

static problem *step(db *base, arena *a, db_step which) {
    sqlite_db *d = (sqlite_db *)base;
    sqlite3_stmt **s = &d->steps[which];
    if (!*s && sqlite3_prepare_v3(d->handle, STEPS[which], -1, SQLITE_PREPARE_PERSISTENT, s, NULL) != SQLITE_OK)
        return sqlite_problem(d->handle, a, STEPS[which]);
    int code = sqlite3_step(*s);
    problem *p = code == SQLITE_DONE ? NULL : sqlite_problem(d->handle, a, STEPS[which]);
    sqlite3_reset(*s);
    return p;
}

static bool in_transaction(db *base) {
    return !sqlite3_get_autocommit(((sqlite_db *)base)->handle);
}

static problem *script(db *base, arena *a, const char *text) {
    sqlite_db *d = (sqlite_db *)base;
    if (sqlite3_exec(d->handle, text, NULL, NULL, NULL) == SQLITE_OK)
        return NULL;
    return sqlite_problem(d->handle, a, "script");
}

static problem *version(db *base, arena *a, int64_t *out) {
    sqlite_db *d = (sqlite_db *)base;
    sqlite3_stmt *s = NULL;
    *out = 0;
    if (sqlite3_prepare_v2(d->handle, "PRAGMA user_version", -1, &s, NULL) != SQLITE_OK ||
        sqlite3_step(s) != SQLITE_ROW) {
        problem *p = sqlite_problem(d->handle, a, "version");
        sqlite3_finalize(s);
        return p;
    }
    *out = sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
    return NULL;
}

static problem *set_version(db *base, arena *a, int64_t number) {
    return script(base, a, arena_print(a, "PRAGMA user_version = %lld", (long long)number));
}

static int64_t changes(db *base) {
    return sqlite3_total_changes64(((sqlite_db *)base)->handle);
}

// ---- connections

static void close_connection(db *base) {
    sqlite_db *d = (sqlite_db *)base;
    for (size_t i = 0; i < SQL_COUNT; i++)
        sqlite3_finalize(d->cache[i].statement);
    for (size_t i = 0; i < DB_STEPS; i++)
        sqlite3_finalize(d->steps[i]);
    sqlite3_close(d->handle);
    arena_free(d->arena);
}

static const db_ops SQLITE_DB = {run, step, in_transaction, script, version, set_version, close_connection, changes};

// Byte order, as PostgreSQL's collation of the same name.
static int compare_bytes(void *unused, int a_size, const void *a, int b_size, const void *b) {
    (void)unused;
    int order = memcmp(a, b, (size_t)(a_size < b_size ? a_size : b_size));
    return order ? order : (a_size > b_size) - (a_size < b_size);
}

static const char READER[] =
    "PRAGMA mmap_size=2147418112; PRAGMA foreign_keys=OFF; PRAGMA temp_store=MEMORY; PRAGMA query_only=ON;";
// No mmap for writing: the file grows all the time, and each growth maps it anew.
static const char WRITER[] =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0; PRAGMA foreign_keys=OFF;"
    "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-8000;";

problem *sqlite_connect(engine *base, arena *a, bool writes, db **out) {
    sqlite_engine_state *e = (sqlite_engine_state *)base;
    arena *own = arena_new(sizeof(sqlite_db) + 1024);
    sqlite_db *d = arena_new_of(own, sqlite_db);
    d->base.ops = &SQLITE_DB;
    d->arena = own;
    int code =
        sqlite3_open_v2(e->path, &d->handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
    problem *p = code == SQLITE_OK ? NULL : sqlite_problem(d->handle, a, "open");
    if (!p) {
        sqlite3_busy_timeout(d->handle, 5000);
        sqlite3_create_collation(d->handle, "C", SQLITE_UTF8, NULL, compare_bytes);
        p = script(&d->base, a, writes ? WRITER : READER);
    }
    if (p) {
        close_connection(&d->base);
        return p;
    }
    *out = &d->base;
    return NULL;
}

// The file is made with mode 0600; the WAL and its index inherit that.
static problem *make_file(arena *a, const char *path) {
    const char *slash = strrchr(path, '/');
    if (slash && slash != path && mkdir(arena_slice(a, path, (size_t)(slash - path)), 0700) < 0 && errno != EEXIST)
        return problem_printf(a, 503, "unavailable", "无法打开存储", "无法创建目录：%s（%s）", path, strerror(errno));
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return problem_printf(a, 503, "unavailable", "无法打开存储", "无法打开文件：%s（%s）", path, strerror(errno));
    close(fd);
    return NULL;
}

static void configure_library(void) {
    static bool done;
    if (done)
        return;
    done = true;
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); // its counters are a lock around every allocation
    signal(SIGXFSZ, SIG_IGN);                   // a limit on file sizes is a full disk, not the end of the process
}

problem *sqlite_engine(arena *a, const char *path, int wait_ms, engine **out) {
    configure_library();
    TRY(make_file(a, path));
    arena *own = arena_new(0);
    sqlite_engine_state *e = arena_new_of(own, sqlite_engine_state);
    e->arena = own;
    e->path = arena_text(own, path);
    int64_t until = clock_steady() + wait_ms;
    problem *p;
    while ((p = sqlite_tending_start(e, a)) && p->again && clock_steady() < until)
        nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
    if (p) {
        arena_free(own);
        return p;
    }
    *out = &e->base;
    return NULL;
}
