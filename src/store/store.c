// Opening and closing the store, and the probe that finds out when a store that was down takes writes again.
#include "store/sql_texts.h"
#include "store/state.h"
#include <string.h>
#include <time.h>

void steady_condition(pthread_cond_t *condition) {
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(condition, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

struct timespec steady_after_us(int64_t us) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    int64_t ns = t.tv_nsec + us * 1000;
    t.tv_sec += ns / 1000000000;
    t.tv_nsec = ns % 1000000000;
    return t;
}

static problem *probe_write(void *unused, db *d, arena *a) {
    (void)unused;
    return db_run(d, a, SQL_SETTING_SET, NULL, DB_ARGS(db_text("probe"), db_text("1")));
}

static void *probe(void *context) {
    store *s = context;
    pthread_mutex_lock(&s->probe_lock);
    while (!s->probe_stop) {
        struct timespec until = steady_after_us(1000000);
        pthread_cond_timedwait(&s->probe_wake, &s->probe_lock, &until);
        if (s->probe_stop || store_healthy(s))
            continue;
        pthread_mutex_unlock(&s->probe_lock);
        arena *a = arena_new(0);
        (void)writer_run(s, a, probe_write, NULL); // its outcome sets figures.down
        arena_free(a);
        pthread_mutex_lock(&s->probe_lock);
    }
    pthread_mutex_unlock(&s->probe_lock);
    return NULL;
}

static void probe_stop(store *s) {
    if (s->probing) {
        pthread_mutex_lock(&s->probe_lock);
        s->probe_stop = true;
        pthread_cond_signal(&s->probe_wake);
        pthread_mutex_unlock(&s->probe_lock);
        pthread_join(s->probe, NULL);
    }
    pthread_cond_destroy(&s->probe_wake);
    pthread_mutex_destroy(&s->probe_lock);
}

problem *store_open_engine(arena *a, engine *e, store **out) {
    arena *own = arena_new(0);
    store *s = arena_new_of(own, store);
    s->arena = own;
    s->engine = e;
    pthread_mutex_init(&s->probe_lock, NULL);
    steady_condition(&s->probe_wake);
    problem *p = writer_start(s, a);
    if (!p) {
        s->probing = pthread_create(&s->probe, NULL, probe, s) == 0;
        if (!s->probing)
            p = problem_unavailable(a, "store: no thread for the probe");
    }
    if (p) {
        store_close(s);
        return p;
    }
    *out = s;
    return NULL;
}

static bool has_scheme(const char *url, const char *scheme) {
    size_t size = strlen(scheme);
    return strncmp(url, scheme, size) == 0 && url[size];
}

problem *store_open(arena *a, const char *url, int wait_ms, store **out) {
    engine *e;
    if (has_scheme(url, "sqlite:"))
        TRY(sqlite_engine(a, url + strlen("sqlite:"), wait_ms, &e));
    else if (has_scheme(url, "postgresql://") || has_scheme(url, "postgres://"))
        TRY(postgres_engine(a, url, wait_ms, &e));
    else
        return problem_new(a, 500, "configuration", "存储地址有误",
                           "存储地址应写成 sqlite:文件路径 或 postgresql://用户@主机/库名。");
    return store_open_engine(a, e, out);
}

void store_close(store *s) {
    if (!s)
        return;
    probe_stop(s);
    writer_stop(s);
    s->engine->ops->close(s->engine);
    arena_free(s->arena);
}

problem *store_reader(store *s, arena *a, db **out) {
    return s->engine->ops->connect(s->engine, a, false, out);
}
bool store_blocking(const store *s) {
    return s->engine->ops->writers > 0;
}
bool store_healthy(store *s) {
    const engine_ops *e = s->engine->ops;
    return !atomic_load(&s->figures.down) && (!e->reachable || e->reachable(s->engine));
}
