#include "filing/guess.h"
#include "review/review.h"

problem *review_find(request *r, db *d, application_row *out) {
    problem *p = application_get(d, r->arena, r->params[0], out);
    if (!p && !(r->session->unit && text_same(out->unit, r->session->unit)))
        p = problem_not_found(r->arena);
    return guessed(r, r->params[0], p);
}

problem *review_lock(request *r, db *d, act *t, application_row *out) {
    *t = act_of(r, d, LIFE_OFFICER);
    TRY(review_find(r, d, out));
    TRY(act_lock(t, out->entity));
    return review_find(r, d, out); // anew: it may have changed while the entity was another's
}

const route ROUTES_REVIEW[] = {{"GET", "/api/v1/review/queue", WHO_OFFICER, ROUTE_READ, 0, 0, NULL,
                                "Applications of the officer's unit, oldest first", queue_list, NULL},
                               {"POST", "/api/v1/applications/{id}/claim", WHO_OFFICER, ROUTE_WRITE, ROUTE_BODYLESS, 0,
                                NULL, "Take an application for review", claim_run, NULL},
                               {"POST", "/api/v1/applications/{id}/release", WHO_OFFICER, ROUTE_WRITE, 0, 0, "release",
                                "Give a claim back", release_run, NULL},
                               {"POST", "/api/v1/review/applications/{id}/view", WHO_OFFICER, ROUTE_WRITE,
                                ROUTE_BODYLESS, 0, NULL, "See an application in the clear; the view is on record",
                                view_run, NULL},
                               {"POST", "/api/v1/applications/{id}/decision", WHO_OFFICER, ROUTE_WRITE, ROUTE_KEYED, 0,
                                "decision", "Decide an application", decision_run, NULL},
                               {0}};
