// The heart: drafts, submissions, applications, entities, filings, notices, deadlines.
#pragma once
#include "http/route.h"

extern const route ROUTES_DRAFTS[];
extern const route ROUTES_APPLICATIONS[]; // submit too
extern const route ROUTES_ENTITIES[];     // home, entities, filings
extern const route ROUTES_NOTICES[];

// Chores. Each works off a bounded number a run.
problem *deadlines_run(server *s, arena *a); // 退回补正 that nobody mended, drafts older than 30 days, reminders
problem *sms_send_due(server *s, arena *a);  // SMS that wait
