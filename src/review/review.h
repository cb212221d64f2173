// The officers' desk: queue of the own unit, exclusive claim, plain view (on record), decision.
#pragma once
#include "filing/act.h"
#include "http/route.h"

extern const route ROUTES_REVIEW[];

// The application of the path, if it is of the officer's unit; 404 otherwise, and the attempt is on record.
problem *review_find(request *r, db *d, application_row *out);
// The same with the entity locked, for acts.
problem *review_lock(request *r, db *d, act *t, application_row *out);

problem *queue_list(request *r, db *d);
problem *claim_run(request *r, db *d);
problem *release_run(request *r, db *d);
problem *view_run(request *r, db *d);
problem *decision_run(request *r, db *d);
// {previous, next}: ids of the neighbours in the queue, or null.
problem *queue_neighbours(request *r, db *d, const application_row *app, json **out);
