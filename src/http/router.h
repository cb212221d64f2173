// Finds the route of a path: static segments before {param}, longest static match first.
#pragma once
#include "http/route.h"

typedef struct router router;

// `tables`: arrays of routes, each ended by a row with method NULL; the list is ended by NULL. Refuses doubled routes,
// KEYED or prepare without WRITE, and more than four parameters. The router lives in the arena, immutable afterwards.
problem *router_build(arena *a, const route *const *tables, router **out);

typedef enum router_verdict { ROUTER_FOUND, ROUTER_UNKNOWN, ROUTER_METHOD, ROUTER_MALFORMED } router_verdict;
// Splits and decodes the raw target into r->path and r->params and sets r->route. ROUTER_METHOD: *allow is the value of
// the Allow header. HEAD finds the GET route.
router_verdict router_find(const router *t, request *r, const char *target, const char **allow);

size_t router_count(const router *t);
const route *router_at(const router *t, size_t index); // in the order of the tables
size_t router_index(const router *t, const route *r);  // router_count() when NULL
