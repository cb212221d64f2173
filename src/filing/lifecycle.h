// The life cycle of applications, entities and filings: ONE table of transitions and one loop. Pure: no store, no
// clock. What is no row is refused with a sentence that says what is possible now.
#pragma once
#include "base/problem.h"
#include <stdbool.h>
#include <stdint.h>

typedef enum life_of { LIFE_APPLICATION, LIFE_ENTITY, LIFE_FILING } life_of;
typedef enum life_event {
    LIFE_SUBMIT, // the first time, and again after 退回补正
    LIFE_WITHDRAW,
    LIFE_CLAIM,
    LIFE_RELEASE,
    LIFE_PASS,
    LIFE_RETURN,
    LIFE_REFUSE,
    LIFE_END, // its time is over
    LIFE_EVENTS
} life_event;
typedef enum life_who { LIFE_OWNER = 1, LIFE_OFFICER = 2, LIFE_SYSTEM = 4 } life_who; // system: deadlines, cascades
typedef enum life_effect {
    FX_OPEN = 1, // one open application per subject
    FX_CLOSE = 2,
    FX_CLAIM = 4, // the officer holds it
    FX_UNCLAIM = 8,
    FX_LIMIT = 16,          // 30 days to mend
    FX_REASONS = 32,        // the decision's reasons are kept
    FX_DRAFT_BACK = 64,     // the owner gets the values back as a draft
    FX_TAKE = 128,          // unique values are reserved
    FX_FREE = 256,          // … and freed
    FX_NUMBER = 512,        // number and public entry
    FX_ENTITY_WAITS = 1024, // the entity's application waits or not, by its businesses
    FX_WITHDRAW_BUSINESSES = 2048,
    FX_RETURN_BUSINESSES = 4096
} life_effect;

// What guards look at.
typedef struct life_facts {
    int64_t now;
    int64_t updated;          // when the state came about
    int64_t counted;          // from when the 30 minutes run; 0 = not yet
    bool awaits;              // a new entity without a business
    bool mine;                // the officer holds the claim
    const char *claimed_name; // who holds it; NULL
    int64_t claimed_at;
    bool force;     // a release by somebody else, with a reason
    size_t reasons; // given
    bool is_entity;
    const char *entity_state;    // of the entity that a business belongs to; NULL for an entity itself
    bool entity_open;            // its own application is under way
    bool may_be_first;           // the business may be an entity's first
    bool has_businesses;         // others are under way or valid
    size_t businesses_reviewing; // of the entity: being reviewed now
} life_facts;

typedef const char *(*life_guard)(const life_facts *facts); // NULL = fine, else why not
typedef struct life_row {
    life_of of;
    const char *action, *state; // state "": not there yet
    life_event event;
    unsigned who;
    life_guard guard;
    unsigned effects;
    const char *next;
} life_row;

// The row that allows `event`, or 409: "not-now", "claimed" (somebody else holds it) or "entity-first".
problem *life_find(arena *a, life_of of, const char *action, const char *state, life_event event, life_who who,
                   const life_facts *facts, const life_row **out);
// Does a row allow it?
bool life_may(life_of of, const char *action, const char *state, life_event event, life_who who,
              const life_facts *facts);
// Is there a life cycle for this action at all?
bool life_knows(const char *action);
const life_row *life_rows(size_t *count); // the table, for tests

// Words: 待审核 of "waiting" …; the code itself when unknown.
const char *life_application_word(const char *state);
const char *life_record_word(const char *state);
const char *life_event_name(life_event event); // "submit", the `act` of events
const char *life_act_label(const char *act);   // 提交, 受理 …

enum { WITHDRAW_MINUTES = 30, MEND_DAYS = 30 };
