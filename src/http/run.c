// Runs a complete request: on the loop, the writer or the pool. A suspended connection belongs to the other thread
// until it is resumed; after that nothing of it may be touched there.
#include "base/clock.h"
#include "base/log.h"
#include "http/loop.h"
#include <string.h>

enum { WRITE_MS = 10000 };

static void refuse(exchange *e, const problem *p) {
    request *r = &e->request;
    const http_hooks *hooks = &e->loop->http->options.hooks;
    if (p->status >= 500)
        log_event(LOG_ERROR, "request.failed", "type", p->type, "why", p->log ? p->log : "", "route",
                  r->route ? r->route->path : "", "request", e->request.id, NULL);
    if (hooks->refuse)
        hooks->refuse(r, p);
    else
        reply_problem(r, p);
}

static void resume(exchange *e) {
    loop *l = e->loop;
    struct MHD_Connection *handle = e->connection->handle;
    atomic_store(&e->stage, DONE);
    MHD_resume_connection(handle);
    loop_wake(l);
}

static problem *write_run(void *context, db *d, arena *a) {
    exchange *e = context;
    request *r = &e->request;
    (void)a;
    memset(&r->reply, 0, sizeof r->reply); // it may run twice
    return e->loop->http->options.hooks.run ? e->loop->http->options.hooks.run(r, d) : r->route->run(r, d);
}

static void write_done(void *context, problem *result) {
    exchange *e = context;
    e->refusal = result;
    resume(e);
}

static bool submit_write(exchange *e) {
    e->job = (writer_job){.run = write_run,
                          .done = write_done,
                          .context = e,
                          .arena = e->request.arena,
                          .deadline = clock_steady() + WRITE_MS};
    return writer_submit(e->loop->http->options.store, &e->job);
}

static void refuse_full(exchange *e) {
    problem *full = problem_unavailable(e->request.arena, "queue is full");
    full->retry_after = 1;
    e->refusal = full;
    resume(e);
}

static void pool_run(void *context, db *d) {
    exchange *e = context;
    e->refusal = e->request.route->run(&e->request, d);
    resume(e);
}

// All that the loop does when look-ups are near: who may call, the body, and the handler or what it prepares.
static problem *run_far(request *r, db *d, const http_hooks *hooks) {
    if (hooks->admit)
        TRY(hooks->admit(r, d));
    TRY(body_read(r));
    if (r->route->mode != ROUTE_WRITE)
        return r->route->run(r, d);
    return r->route->prepare ? r->route->prepare(r, d) : NULL;
}

static void pool_run_far(void *context, db *d) {
    exchange *e = context;
    e->refusal = run_far(&e->request, d, &e->loop->http->options.hooks);
    if (e->refusal || e->request.route->mode != ROUTE_WRITE)
        resume(e);
    else if (!submit_write(e))
        refuse_full(e);
}

static bool hand_over(exchange *e) {
    bool far = exchange_far(e);
    if (!far && e->request.route->mode == ROUTE_WRITE)
        return submit_write(e);
    e->pooled = (pool_job){.run = far ? pool_run_far : pool_run, .context = e};
    return pool_submit(e->loop->http->pool, &e->pooled);
}

// Suspended before it is handed over: the other thread may be done before this function is.
static void hand_over_or_refuse(exchange *e) {
    atomic_store(&e->stage, WAITING);
    MHD_suspend_connection(e->connection->handle);
    if (!hand_over(e))
        refuse_full(e);
}

bool exchange_far(const exchange *e) {
    const route *way = e->request.route;
    return e->loop->http->far && way && !(way->flags & ROUTE_STORELESS);
}

static problem *run_here(exchange *e) {
    request *r = &e->request;
    loop *l = e->loop;
    if (!r->route) {
        l->http->options.hooks.unknown(r, l->reader);
        return NULL;
    }
    TRY(body_read(r));
    if (r->route->mode == ROUTE_READ)
        return r->route->run(r, l->reader);
    return r->route->prepare ? r->route->prepare(r, l->reader) : NULL;
}

void exchange_run(exchange *e) {
    bool far = exchange_far(e);
    if (!e->refusal && !far)
        e->refusal = run_here(e);
    const route *way = e->request.route;
    if (!e->refusal && way && (far || way->mode != ROUTE_READ))
        hand_over_or_refuse(e);
}

problem *request_write(request *r, problem *(*run)(void *context, db *d, arena *a), void *context) {
    exchange *e = r->connection;
    return writer_run(e->loop->http->options.store, r->arena, run, context);
}

enum MHD_Result exchange_answer(exchange *e) {
    if (e->refusal)
        refuse(e, e->refusal);
    return answer_queue(e);
}
