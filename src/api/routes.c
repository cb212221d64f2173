// The composition's tables: every capability's routes and chores.
#include "api/api.h"
#include "base/clock.h"
#include "guard/files.h"
#include "guard/limits.h"
#include "store/writer.h"
#ifdef WITH_IDENTITY
#include "identity/identity.h"
#endif
#ifdef WITH_FILING
#include "filing/filing.h"
#endif
#ifdef WITH_REGISTER
#include "register/register.h"
#endif
#ifdef WITH_REVIEW
#include "review/review.h"
#endif

const route *const ROUTE_TABLES[] = {
    ROUTES_OPS,
#ifdef WITH_FORM
    ROUTES_FORMS,
#endif
#ifdef WITH_IDENTITY
    ROUTES_IDENTITY,
#endif
#ifdef WITH_UPLOAD
    ROUTES_FILES,
#endif
#ifdef WITH_REGISTER
    ROUTES_REGISTER,
#endif
#ifdef WITH_FILING
    ROUTES_DRAFTS,
    ROUTES_APPLICATIONS,
    ROUTES_ENTITIES,
    ROUTES_NOTICES,
#endif
#ifdef WITH_REVIEW
    ROUTES_REVIEW,
#endif
    NULL,
};

static problem *limits_write(void *context, db *d, arena *a) {
    (void)context;
    return limits_sweep(d, a);
}

static problem *limits_chore(server *s, arena *a) { return writer_run(s->store, a, limits_write, NULL); }

const chore CHORES[] = {
#ifdef WITH_FILING
    {"deadlines", 30 * SECOND, deadlines_run},
    {"sms", 2 * SECOND, sms_send_due},
#endif
#ifdef WITH_UPLOAD
    {"files", HOUR, files_sweep},
#endif
    {"limits", HOUR, limits_chore},
    {"request-keys", HOUR, keyed_sweep},
    {0},
};
