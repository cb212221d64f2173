// One act on an application: the row of the life cycle, the guards, the effects, the event, the notice. Everything that
// changes an application goes through here, inside a transaction whose first statement locked the entity.
#pragma once
#include "filing/draft.h"
#include "filing/lifecycle.h"

typedef struct act {
    server *server;
    db *db;
    arena *arena;
    int64_t now;
    life_who who;
    const session *session; // NULL: the system itself
    const char *place;      // the address the request came from; NULL
    entity_row entity;      // locked; kept up to date by the act
    application_row *own;   // the entity's open application while a business is acted on; NULL: none, or not read
} act;

// What an application is about.
typedef struct record {
    const form *form; // newest of the kind
    bool is_entity;
    filing_row filing; // id NULL for an entity
    const char *state; // "" = not there yet
    int64_t approved;  // the version that stands; 0 = none
} record;

typedef struct act_more {
    const json *reasons; // of a decision
    const char *reason;  // of a forced release
    bool force;
    const char *number; // out: given by passing
    const char *draft;  // out: id of the draft that holds the values again
} act_more;

act act_of(request *r, db *d, life_who who); // without the entity
act act_system(server *s, db *d, arena *a);
problem *act_lock(act *t, const char *entity); // 404 when there is none

problem *subject_load(act *t, const application_row *app, record *out);
problem *act_facts(act *t, const application_row *app, const record *about, const act_more *more, life_facts *out);
// Does it and saves; `app` holds the outcome.
problem *act_do(act *t, application_row *app, life_event event, act_more *more);

// Parts of act_do that a submission needs too.
problem *act_effects(act *t, application_row *app, record *about, unsigned effects, act_more *more);
problem *act_event(act *t, const char *name, const char *subject, const json *body);
// The values of the application's last version as a draft of the owner; an existing draft of the subject stays.
problem *act_draft(act *t, const application_row *app, const record *about, const char **id);

// Name of the officer who holds the claim; NULL.
const char *claim_name(server *s, arena *a, const application_row *app);
