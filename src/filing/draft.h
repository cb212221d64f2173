// A draft as the program sees it: what was typed, what is filled in from elsewhere, and both as one document.
#pragma once
#include "filing/content.h"

enum { DRAFT_DAYS = 30, DRAFTS_MOST = 1000 };

typedef struct draft {
    draft_row row;
    const form *form;  // the newest
    entity_row entity; // of a business; id NULL otherwise
    json *typed;       // as stored, carried over to the newest form
    json *changes;     // what did not fit: [{pointer, what, old}]; empty when nothing
    json *filled;      // {pointer: source}
    json *full;        // typed + filled in, plain
} draft;

// 404 when it is not this person's, or its entity is not any more.
problem *draft_load(server *s, db *d, arena *a, const session *who, const char *id, draft *out);
// The answer of GET /drafts/{id}. Filled values are masked.
problem *draft_view(server *s, db *d, arena *a, const session *who, draft *w, json **out);
// Takes away what the server fills in itself and gives the name to show.
problem *draft_strip(server *s, db *d, arena *a, const session *who, const form *f, const char *entity, json *values,
                     const char **name);
// Puts values back as a draft of `account` (after withdrawing, for mending …). An existing draft of the same subject
// stays. *id: the draft that is there now.
typedef struct draft_seed {
    const char *account, *id, *kind, *action, *subject, *entity, *application, *name;
    int64_t ends;
    const json *values;
} draft_seed;
problem *draft_put_back(server *s, db *d, arena *a, const draft_seed *seed, const char **id);
problem *draft_remove(db *d, arena *a, const char *account, const char *id);
// 422 with what is broken, unique values included; the values are normalised in place. step NULL = all.
problem *draft_check(server *s, db *d, arena *a, const session *who, draft *w, const char *step, const json *confirmed);
// The same without unique values: a submission reserves them, which says the same.
problem *draft_check_form(server *s, db *d, arena *a, const session *who, draft *w, const json *confirmed);

// The name of a record where names of persons are masked, as it stands in lists.
const char *shown_name(const form *f, arena *a, const json *values);
