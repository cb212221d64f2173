// The dispatcher's own part of the composed program.
#pragma once
#include "api/chores.h"
#include "api/server.h"
#include "http/http.h"
#include <stdatomic.h>

enum { LATENCY_CLASSES = 7 }; // upper bounds in metrics.c, the last is without bound

typedef struct route_figures {
    _Atomic uint64_t answers[6]; // by the status' first digit
    _Atomic uint64_t latencies[LATENCY_CLASSES];
    _Atomic uint64_t micros;
} route_figures;

typedef struct api {
    const router *router;
    const char *clock_secret; // NULL: there is no clock route
    const char *openapi;      // the document, made at the start
    route_figures *figures;   // by router_index, the last one is "no route"
    chores *chores;
    http *http;
    const char *started; // differs at each start
} api;

// Every table of routes, ended by NULL (routes.c). A capability adds its line there.
extern const route *const ROUTE_TABLES[];
// Every chore, ended by one without a name (routes.c).
extern const chore CHORES[];

extern const route ROUTES_OPS[]; // healthz, readyz, metrics, clock, openapi

extern const route ROUTES_FORMS[]; // definitions for the UI

extern const http_hooks DISPATCH; // dispatch.c

// The answer kept under the request's Idempotency-Key, or `run` and keep its answer (keyed.c). Inside the transaction.
problem *keyed_run(request *r, db *d);
problem *keyed_sweep(server *s, arena *a); // forgets keys after 48 h

// Prometheus lines of all routes.
void metrics_write(text_buffer *b, const api *p);
void metrics_note(const request *r, int64_t micros);

// The OpenAPI 3.1 document of the routes and forms.
char *openapi_build(arena *a, const server *s, const router *t);

// Plain pages of the server's own (pages.c): an error page in Chinese; files of the UI; 404.
void page_problem(request *r, const problem *p);
void page_unknown(request *r, db *d);
bool page_wanted(const request *r); // the answer to a problem is a page, not JSON
