#include "store/scripted.h"
#include <pthread.h>
#include <string.h>

enum { MOST_FAULTS = 8 };

struct script {
    pthread_mutex_t lock;
    fault faults[MOST_FAULTS];
    size_t count;
    long statements;
};

typedef struct scripted_engine_state {
    engine base;
    engine_ops ops;
    engine *under;
    arena *arena;
    script script;
} scripted_engine_state;

typedef struct scripted_db {
    db base;
    db *under;
    script *script;
    arena *arena;
    bool far; // behind a network: a lost COMMIT is repeated
} scripted_db;

// Counts every fault of `kinds` down; the one whose turn it is.
static bool due(script *s, unsigned kinds, fault_kind *kind) {
    bool found = false;
    pthread_mutex_lock(&s->lock);
    for (size_t i = 0; i < s->count && !found; i++) {
        fault *f = &s->faults[i];
        if (!(kinds & 1u << f->kind) || f->times <= 0 || --f->at > 0)
            continue;
        f->times--;
        *kind = f->kind;
        found = true;
    }
    pthread_mutex_unlock(&s->lock);
    return found;
}

static problem *run(db *base, arena *a, sql_id id, const db_value *args, size_t count, db_each each, void *context,
                    int64_t *changed) {
    scripted_db *d = (scripted_db *)base;
    fault_kind kind;
    pthread_mutex_lock(&d->script->lock);
    d->script->statements++;
    pthread_mutex_unlock(&d->script->lock);
    if (!due(d->script, 1u << FAULT_CONSTRAINT | 1u << FAULT_AGAIN | 1u << FAULT_STATEMENT | 1u << FAULT_ROLLED_BACK,
             &kind))
        return d->under->ops->run(d->under, a, id, args, count, each, context, changed);
    if (kind == FAULT_CONSTRAINT)
        return store_conflict(a, "scripted: unique rule");
    if (kind == FAULT_AGAIN)
        return store_again(a, "scripted: busy");
    if (kind == FAULT_ROLLED_BACK)
        (void)d->under->ops->step(d->under, a, DB_ROLLBACK);
    return problem_unavailable(a, "scripted: full");
}

static problem *step(db *base, arena *a, db_step which) {
    scripted_db *d = (scripted_db *)base;
    fault_kind kind;
    if (which == DB_BEGIN && due(d->script, 1u << FAULT_BEGIN, &kind))
        return problem_unavailable(a, "scripted: BEGIN");
    if (which != DB_COMMIT || !due(d->script, 1u << FAULT_COMMIT | 1u << FAULT_UNKNOWN, &kind))
        return d->under->ops->step(d->under, a, which);
    if (kind == FAULT_UNKNOWN)
        TRY(d->under->ops->step(d->under, a, DB_COMMIT));
    return d->far ? store_again(a, "scripted: COMMIT") : problem_unavailable(a, "scripted: COMMIT");
}

static bool in_transaction(db *base) {
    db *under = ((scripted_db *)base)->under;
    return under->ops->in_transaction(under);
}

static problem *script_text(db *base, arena *a, const char *text) {
    db *under = ((scripted_db *)base)->under;
    return under->ops->script(under, a, text);
}

static problem *version(db *base, arena *a, int64_t *number) {
    db *under = ((scripted_db *)base)->under;
    return under->ops->version(under, a, number);
}

static problem *set_version(db *base, arena *a, int64_t number) {
    db *under = ((scripted_db *)base)->under;
    return under->ops->set_version(under, a, number);
}

static int64_t changes(db *base) {
    db *under = ((scripted_db *)base)->under;
    return under->ops->changes(under);
}

static void close_db(db *base) {
    scripted_db *d = (scripted_db *)base;
    db_close(d->under);
    arena_free(d->arena);
}

static const db_ops SCRIPTED_DB = {run, step, in_transaction, script_text, version, set_version, close_db, changes};

static problem *connect_scripted(engine *base, arena *a, bool writes, db **out) {
    scripted_engine_state *e = (scripted_engine_state *)base;
    db *under;
    TRY(e->under->ops->connect(e->under, a, writes, &under));
    if (!writes) {
        *out = under;
        return NULL;
    }
    arena *own = arena_new(512);
    scripted_db *d = arena_new_of(own, scripted_db);
    *d = (scripted_db){
        .base.ops = &SCRIPTED_DB, .under = under, .script = &e->script, .arena = own, .far = e->ops.writers > 0};
    *out = &d->base;
    return NULL;
}

static void tend(engine *base, db *writer) {
    engine *under = ((scripted_engine_state *)base)->under;
    under->ops->tend(under, ((scripted_db *)writer)->under);
}

static int64_t log_bytes(engine *base) {
    engine *under = ((scripted_engine_state *)base)->under;
    return under->ops->log_bytes(under);
}

static void close_engine(engine *base) {
    scripted_engine_state *e = (scripted_engine_state *)base;
    e->under->ops->close(e->under);
    pthread_mutex_destroy(&e->script.lock);
    arena_free(e->arena);
}

static const engine_ops SCRIPTED_ENGINE = {connect_scripted, tend, log_bytes, close_engine, 0, NULL};

engine *scripted_engine(engine *under, script **out) {
    arena *own = arena_new(0);
    scripted_engine_state *e = arena_new_of(own, scripted_engine_state);
    e->ops = SCRIPTED_ENGINE;
    e->ops.writers = under->ops->writers;
    e->base.ops = &e->ops;
    e->under = under;
    e->arena = own;
    pthread_mutex_init(&e->script.lock, NULL);
    *out = &e->script;
    return &e->base;
}

void script_play(script *s, const fault *faults, size_t count) {
    pthread_mutex_lock(&s->lock);
    s->count = count < MOST_FAULTS ? count : MOST_FAULTS;
    for (size_t i = 0; i < s->count; i++) {
        s->faults[i] = faults[i];
        s->faults[i].times += faults[i].times == 0;
    }
    pthread_mutex_unlock(&s->lock);
}

long script_statements(const script *s) {
    pthread_mutex_lock((pthread_mutex_t *)&s->lock);
    long count = s->statements;
    pthread_mutex_unlock((pthread_mutex_t *)&s->lock);
    return count;
}
