// The composition's tables: every capability's routes and chores.
#include "api/api.h"
#include "base/clock.h"
#include "filing/filing.h"
#include "guard/files.h"
#include "guard/limits.h"
#include "identity/identity.h"
#include "register/register.h"
#include "review/review.h"
#include "store/writer.h"

const route *const ROUTE_TABLES[] = {
    ROUTES_OPS,      ROUTES_FORMS,   ROUTES_IDENTITY, ROUTES_FILES, ROUTES_REGISTER, ROUTES_DRAFTS, ROUTES_APPLICATIONS,
    ROUTES_ENTITIES, ROUTES_NOTICES, ROUTES_REVIEW,   NULL,
};

static problem *limits_write(void *context, db *d, arena *a) {
    (void)context;
    return limits_sweep(d, a);
}

static problem *limits_chore(server *s, arena *a) {
    return writer_run(s->store, a, limits_write, NULL);
}

const chore CHORES[] = {
    {"deadlines", 30 * SECOND, deadlines_run},
    {"sms", 2 * SECOND, sms_send_due},
    {"files", HOUR, files_sweep},
    {"limits", HOUR, limits_chore},
    {"request-keys", HOUR, keyed_sweep},
    {0},
};
