#include "api/chores.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "store/writer.h"
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

// The lease is renewed well before another node may think that its holder is gone: it watches the beat, not a clock.
enum { TICK_MS = 1000, RENEW_MS = 5000, LEASE_MS = 15000 };

struct chores {
    server *server;
    const chore *table;
    size_t count;
    int64_t *due;       // clock_steady()
    const char *holder; // this process
    pthread_t thread;
    bool started, stop;
    pthread_mutex_t lock; // of `stop`
    pthread_cond_t wake;
    pthread_mutex_t running; // a run at a time
    arena *arena;
    db *reader;
    int64_t seen_beat, seen_at, renewed;
    bool mine;
};

static void run_one(chores *c, size_t i) {
    arena *a = arena_new(0);
    problem *p = c->table[i].run(c->server, a);
    if (p)
        log_event(LOG_WARN, "chore.failed", "name", c->table[i].name, "why", p->log ? p->log : p->type, NULL);
    c->due[i] = clock_steady() + c->table[i].every;
    arena_free(a);
}

void chores_run_all(chores *c) {
    pthread_mutex_lock(&c->running);
    for (size_t i = 0; i < c->count; i++)
        run_one(c, i);
    pthread_mutex_unlock(&c->running);
}

static problem *lease_write(void *context, db *d, arena *a) {
    chores *c = context;
    int64_t changed = 0;
    TRY(db_run(d, a, SQL_LEASE_ADD, &changed, DB_ARGS(db_text("chores"), db_text(c->holder))));
    if (!changed)
        TRY(db_run(d, a, SQL_LEASE_TAKE, &changed,
                   DB_ARGS(db_text("chores"), db_text(c->holder), db_int(c->seen_beat))));
    c->mine = changed > 0;
    return NULL;
}

// True while this process holds the lease; takes it when it is free or its beat stands still.
static bool lease_hold(chores *c, arena *a) {
    db_rows rows;
    int64_t now = clock_steady();
    if (c->mine && now - c->renewed < RENEW_MS)
        return true;
    if (db_query(c->reader, a, SQL_LEASE_GET, &rows, DB_ARGS(db_text("chores"))))
        return false;
    int64_t beat = db_number(&rows, 0, 1);
    if (rows.count && beat != c->seen_beat) {
        c->seen_beat = beat;
        c->seen_at = now;
    }
    bool own = rows.count && text_same(db_cell(&rows, 0, 0), c->holder);
    if (rows.count && !own && now - c->seen_at < LEASE_MS) {
        c->mine = false;
        return false;
    }
    if (writer_run(c->server->store, a, lease_write, c))
        return false;
    c->renewed = now;
    return c->mine;
}

// The test clock of the store; another node may have moved it. True when it was moved.
static bool follow_clock(chores *c, arena *a) {
    db_rows rows;
    if (!c->server->config->clock_secret_file ||
        db_query(c->reader, a, SQL_SETTING_GET, &rows, DB_ARGS(db_text("clock_offset"))))
        return false;
    const char *text = rows.count ? db_cell(&rows, 0, 0) : NULL;
    int64_t offset = text ? strtoll(text, NULL, 10) : 0;
    if (offset == clock_offset())
        return false;
    clock_set_offset(offset);
    return true;
}

static void turn(chores *c) {
    bool moved = follow_clock(c, c->arena);
    if (lease_hold(c, c->arena)) {
        pthread_mutex_lock(&c->running);
        for (size_t i = 0; i < c->count; i++)
            if (moved || clock_steady() >= c->due[i])
                run_one(c, i);
        pthread_mutex_unlock(&c->running);
    }
    arena_reset(c->arena);
}

static bool wait_for_tick(chores *c) {
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += TICK_MS / 1000;
    pthread_mutex_lock(&c->lock);
    if (!c->stop)
        pthread_cond_timedwait(&c->wake, &c->lock, &until);
    bool stop = c->stop;
    pthread_mutex_unlock(&c->lock);
    return !stop;
}

static void *thread(void *context) {
    chores *c = context;
    do
        turn(c);
    while (wait_for_tick(c));
    return NULL;
}

problem *chores_start(arena *a, server *s, const chore *table, chores **out) {
    chores *c = arena_new_of(a, chores);
    pthread_condattr_t monotonic;
    c->server = s;
    c->table = table;
    while (table[c->count].name)
        c->count++;
    c->due = arena_array(a, int64_t, c->count + 1);
    c->holder = text_id(a);
    c->arena = arena_new(0);
    pthread_mutex_init(&c->lock, NULL);
    pthread_mutex_init(&c->running, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&c->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    *out = c;
    TRY(store_reader(s->store, a, &c->reader));
    follow_clock(c, c->arena);
    c->started = pthread_create(&c->thread, NULL, thread, c) == 0;
    return c->started ? NULL : problem_internal(a, "no thread for the chores");
}

void chores_stop(chores *c) {
    if (!c)
        return;
    pthread_mutex_lock(&c->lock);
    c->stop = true;
    pthread_cond_signal(&c->wake);
    pthread_mutex_unlock(&c->lock);
    if (c->started)
        pthread_join(c->thread, NULL);
    db_close(c->reader);
    arena_free(c->arena);
}
