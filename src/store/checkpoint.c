// Checkpoints in two phases, so that no commit waits for a big one: a thread copies what it can every 50 ms (PASSIVE,
// never blocks the writer), and the writer copies the small rest between two batches, after which the WAL starts again
// at its beginning. With SQLite's own automatic checkpoint single commits took 100 to 400 ms.
#include "base/log.h"
#include "store/sqlite.h"
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum {
    PERIOD_MS = 50,
    WORTH_PAGES = 512, // 2 MB: below, the writer does not care
    REST_PAGES = 512,  // 2 MB: a rest that the writer may copy itself
    LIMIT_PAGES = 2048 // 8 MB: from here on the writer waits for the thread and copies whatever is left
};

static void passive(sqlite_engine_state *e, sqlite3 *handle) {
    int log = 0, filled = 0;
    int code = sqlite3_wal_checkpoint_v2(handle, NULL, SQLITE_CHECKPOINT_PASSIVE, &log, &filled);
    if (code == SQLITE_OK && filled >= 0) {
        atomic_store(&e->filled, filled);
        return;
    }
    if (code != SQLITE_OK && (code & 0xff) != SQLITE_BUSY && (code & 0xff) != SQLITE_LOCKED)
        log_event(LOG_WARN, "store.checkpoint", "why", sqlite3_errmsg(handle), NULL);
}

static void *tend_in_background(void *context) {
    sqlite_engine_state *e = context;
    pthread_mutex_lock(&e->lock);
    while (!e->stop) {
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += PERIOD_MS * 1000000L;
        if (until.tv_nsec >= 1000000000L) {
            until.tv_nsec -= 1000000000L;
            until.tv_sec++;
        }
        pthread_cond_timedwait(&e->wake, &e->lock, &until);
        if (e->stop || atomic_load(&e->pages) <= atomic_load(&e->filled))
            continue;
        pthread_mutex_unlock(&e->lock);
        pthread_mutex_lock(&e->filling);
        passive(e, ((sqlite_db *)e->tender)->handle);
        pthread_mutex_unlock(&e->filling);
        pthread_mutex_lock(&e->lock);
    }
    pthread_mutex_unlock(&e->lock);
    return NULL;
}

static int count_pages(void *context, sqlite3 *handle, const char *name, int pages) {
    (void)handle, (void)name;
    sqlite_engine_state *e = context;
    if (pages < atomic_load(&e->pages))
        atomic_store(&e->filled, 0); // the WAL started again
    atomic_store(&e->pages, pages);
    return SQLITE_OK;
}

static problem *connect_counted(engine *base, arena *a, bool writes, db **out) {
    TRY(sqlite_connect(base, a, writes, out));
    if (writes)
        sqlite3_wal_hook(((sqlite_db *)*out)->handle, count_pages, base);
    return NULL;
}

static void tend(engine *base, db *writer) {
    sqlite_engine_state *e = (sqlite_engine_state *)base;
    int pages = atomic_load(&e->pages), rest = pages - atomic_load(&e->filled);
    if (pages < WORTH_PAGES || rest <= 0)
        return;
    if (pages >= LIMIT_PAGES)
        pthread_mutex_lock(&e->filling);
    else if (rest > REST_PAGES || pthread_mutex_trylock(&e->filling) != 0)
        return;
    passive(e, ((sqlite_db *)writer)->handle);
    pthread_mutex_unlock(&e->filling);
}

static int64_t log_bytes(engine *base) {
    const sqlite_engine_state *e = (const sqlite_engine_state *)base;
    char path[4096];
    struct stat facts;
    sqlite3_snprintf(sizeof path, path, "%s-wal", e->path);
    return stat(path, &facts) == 0 ? (int64_t)facts.st_size : 0;
}

static void close_engine(engine *base) {
    sqlite_engine_state *e = (sqlite_engine_state *)base;
    pthread_mutex_lock(&e->lock);
    e->stop = true;
    pthread_cond_signal(&e->wake);
    pthread_mutex_unlock(&e->lock);
    pthread_join(e->thread, NULL);
    db_close(e->tender); // the last connection copies the rest and removes the WAL
    pthread_cond_destroy(&e->wake);
    pthread_mutex_destroy(&e->lock);
    pthread_mutex_destroy(&e->filling);
    arena_free(e->arena);
}

static const engine_ops SQLITE_ENGINE = {connect_counted, tend, log_bytes, close_engine, 0, NULL};

problem *sqlite_tending_start(sqlite_engine_state *e, arena *a) {
    e->base.ops = &SQLITE_ENGINE;
    TRY(sqlite_connect(&e->base, a, true, &e->tender));
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&e->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_mutex_init(&e->lock, NULL);
    pthread_mutex_init(&e->filling, NULL);
    int code = pthread_create(&e->thread, NULL, tend_in_background, e);
    if (code == 0)
        return NULL;
    db_close(e->tender);
    return problem_unavailable(a, arena_print(a, "store: no thread: %s", strerror(code)));
}
