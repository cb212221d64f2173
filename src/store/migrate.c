// Migrations: numbered scripts, each in a transaction with its number, so that a broken one leaves nothing.
#include "store/sql_texts.h"
#include "store/state.h"

enum { TRIES = 10 };

static int newest(void) {
    int version = 0;
    for (const migration *m = MIGRATIONS; m->version; m++)
        version = m->version;
    return version;
}

static problem *apply(db *d, arena *a, const migration *m) {
    int64_t there = 0;
    TRY(d->ops->step(d, a, DB_BEGIN));
    problem *p = d->ops->version(d, a, &there); // in the transaction: another node may have been faster
    if (!p && there >= m->version)
        return d->ops->step(d, a, DB_ROLLBACK);
    if (!p)
        p = d->ops->script(d, a, m->text);
    if (!p)
        p = d->ops->set_version(d, a, m->version);
    if (!p)
        p = d->ops->step(d, a, DB_COMMIT);
    if (p && d->ops->in_transaction(d))
        (void)d->ops->step(d, a, DB_ROLLBACK);
    return p;
}

static problem *apply_missing(db *d, arena *a) {
    int64_t there;
    TRY(d->ops->version(d, a, &there));
    if (there > newest())
        return problem_printf(a, 500, "schema-newer", "数据库版本高于程序版本",
                              "数据库结构是第 %lld 版，这个程序只认识到第 %d 版。请用更新的程序打开，数据没有改动。",
                              (long long)there, newest());
    for (const migration *m = MIGRATIONS; m->version; m++)
        if (m->version > there)
            TRY(apply(d, a, m));
    return NULL;
}

problem *store_migrate(store *s, arena *a) {
    db *d;
    TRY(s->engine->ops->connect(s->engine, a, true, &d));
    problem *p = apply_missing(d, a);
    for (int i = 1; p && p->again && i < TRIES; i++)
        p = apply_missing(d, a);
    db_close(d);
    return p;
}
