// The composition's tables: every capability's routes and chores.
#include "api/api.h"
#include "api/chores.h"
#include "base/clock.h"
#ifdef WITH_IDENTITY
#include "identity/identity.h"
#endif

const route *const ROUTE_TABLES[] = {
    ROUTES_OPS,
#ifdef WITH_IDENTITY
    ROUTES_IDENTITY,
#endif
    NULL,
};

const chore CHORES[] = {
    {"request-keys", HOUR, keyed_sweep},
    {0},
};
