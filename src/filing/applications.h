// What an applicant sees of an application.
#pragma once
#include "filing/act.h"
#include "filing/page.h"

// {id, kind, action, title, name, submitted, state, state_label, awaits, unit, entity, subject} as it stands now.
problem *application_item(const act *t, const application_row *app, json **out);
// {items, total, page, size} of the account's applications; kind and state may be NULL.
problem *application_list(request *r, db *d, const page *p, const char *kind, const char *state, json **out);
// Time line: [{at, act, label, who, text}]. Officers see names, applicants the unit.
problem *application_timeline(server *s, db *d, arena *a, const application_row *app, bool officer, json **out);
