// A route is a row: who may call, how it runs, what it takes. The framework refuses the rest before the handler runs.
#pragma once
#include "http/request.h"

typedef enum route_who {
    WHO_ANYONE,
    WHO_APPLICANT,
    WHO_OFFICER,
    WHO_CLOCK
} route_who; // WHO_CLOCK: bearer of the clock secret
typedef enum route_mode {
    ROUTE_READ,  // run(): on the loop thread with its read connection; short. On the pool when store_blocking()
    ROUTE_WRITE, // prepare() likewise (optional), run() on the writer inside the transaction; may run twice
    ROUTE_POOL   // run(): on a pool thread with a read connection; may block (pictures, DNS, identity platform), writes
                 // by request_write
} route_mode;
enum {
    ROUTE_RAW = 1,       // body is not JSON: r->raw
    ROUTE_PAGE = 2,      // errors are shown as an HTML page
    ROUTE_CROSS = 4,     // no Origin rule (log-in callback)
    ROUTE_BODYLESS = 8,  // a write that takes no body
    ROUTE_KEYED = 16,    // answers are kept under Idempotency-Key (submissions)
    ROUTE_STORELESS = 32 // never asks the store: on the loop thread whatever the store is
};

typedef problem *(*route_run)(request *r, db *d);
typedef struct route {
    const char *method, *path; // "/api/v1/drafts/{id}"
    route_who who;
    route_mode mode;
    unsigned flags;
    size_t limit;        // bytes of body; 0 = 64 KiB
    const char *schema;  // name of the request body's JSON schema for the OpenAPI document; NULL = none
    const char *summary; // English, for the OpenAPI document
    route_run run, prepare;
} route;

// A capability's table: `const route ROUTES_FILING[]` ended by a row with method NULL. api/routes.c lists the tables.

// From a POOL handler: fn in a transaction, waits for the commit.
problem *request_write(request *r, problem *(*run)(void *context, db *d, arena *a), void *context);
