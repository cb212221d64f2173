// What operators and tests call: health, figures, the OpenAPI document, the clock.
#include "api/api.h"
#include "api/chores.h"
#include "base/clock.h"
#include "base/text.h"
#include "store/blobs.h"
#include "store/writer.h"
#include <math.h>
#include <string.h>

static const double MOST_OFFSET = 10.0 * 366 * 86400; // seconds: ten years

static problem *healthz(request *r, db *d) {
    (void)d;
    reply_text(r, 200, "text/plain; charset=utf-8", "ok\n");
    return NULL;
}

// What came through the proxy in front is from outside: figures are for the machine's own network.
static problem *only_inside(request *r) {
    return request_header(r, "X-Forwarded-For") ? problem_not_found(r->arena) : NULL;
}

static problem *readyz(request *r, db *d) {
    (void)d;
    TRY(only_inside(r));
    bool rows = store_healthy(r->server->store), files = blobs_healthy(r->server->blobs);
    json *o = json_object(r->arena);
    json_set_bool(r->arena, o, "store", rows);
    json_set_bool(r->arena, o, "files", files);
    reply_json(r, rows && files ? 200 : 503, o);
    if (!rows || !files)
        reply_header(r, "Retry-After", "5");
    return NULL;
}

static problem *metrics(request *r, db *d) {
    (void)d;
    TRY(only_inside(r));
    text_buffer b = text_buffer_new(r->arena, 16384);
    metrics_write(&b, r->server->api);
    text_add(&b, store_metrics(r->server->store, r->arena));
    reply_bytes(r, 200, "text/plain; version=0.0.4; charset=utf-8", b.data, b.size);
    return NULL;
}

static problem *openapi(request *r, db *d) {
    (void)d;
    reply_text(r, 200, "application/json; charset=utf-8", r->server->api->openapi);
    reply_header(r, "Cache-Control", "public, max-age=60");
    return NULL;
}

static void reply_clock(request *r) {
    json *o = json_object(r->arena);
    json_set_number(r->arena, o, "offset_s", (double)(clock_offset() / SECOND));
    json_set_text(r->arena, o, "now", clock_iso(r->arena, clock_now()));
    reply_json(r, 200, o);
}

static problem *clock_get(request *r, db *d) {
    (void)d;
    reply_clock(r);
    return NULL;
}

static problem *write_offset(void *context, db *d, arena *a) {
    return db_run(d, a, SQL_SETTING_SET, NULL, DB_ARGS(db_text("clock_offset"), db_text(context)));
}

// The chores run before the answer, so that whoever moved the clock sees their effects.
static problem *clock_put(request *r, db *d) {
    (void)d;
    double seconds = json_num(r->body, "offset_s", NAN);
    if (!(fabs(seconds) <= MOST_OFFSET) || seconds < floor(seconds) || seconds > floor(seconds)) {
        problem *p = problem_invalid(r->arena);
        problem_add(r->arena, p, "/offset_s", "number", "应为秒数（整数），例如 86400");
        return p;
    }
    int64_t offset = (int64_t)seconds * SECOND;
    TRY(request_write(r, write_offset, arena_print(r->arena, "%lld", (long long)offset)));
    clock_set_offset(offset);
    chores_run_all(r->server->api->chores);
    reply_clock(r);
    return NULL;
}

const route ROUTES_OPS[] = {{.method = "GET",
                             .path = "/healthz",
                             .who = WHO_ANYONE,
                             .mode = ROUTE_READ,
                             .flags = ROUTE_STORELESS,
                             .run = healthz,
                             .summary = "Is the server up?"},
                            {.method = "GET",
                             .path = "/readyz",
                             .who = WHO_ANYONE,
                             .mode = ROUTE_READ,
                             .flags = ROUTE_STORELESS,
                             .run = readyz,
                             .summary = "Do store and files work?"},
                            {.method = "GET",
                             .path = "/metrics",
                             .who = WHO_ANYONE,
                             .mode = ROUTE_READ,
                             .flags = ROUTE_STORELESS,
                             .run = metrics,
                             .summary = "Prometheus figures"},
                            {.method = "GET",
                             .path = "/api/openapi.json",
                             .who = WHO_ANYONE,
                             .mode = ROUTE_READ,
                             .flags = ROUTE_STORELESS,
                             .run = openapi,
                             .summary = "This document"},
                            {.method = "GET",
                             .path = "/api/v1/clock",
                             .who = WHO_CLOCK,
                             .mode = ROUTE_READ,
                             .run = clock_get,
                             .summary = "The test clock"},
                            {.method = "PUT",
                             .path = "/api/v1/clock",
                             .who = WHO_CLOCK,
                             .mode = ROUTE_POOL,
                             .run = clock_put,
                             .schema = "clock",
                             .summary = "Move the test clock and run what is due"},
                            {.method = NULL}};
