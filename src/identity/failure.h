// Why a log-in did not come to an end: problems that page.c shows. `log` is the reason for the log, never for the
// person.
#pragma once
#include "base/problem.h"

problem *login_refused(arena *a, const char *log); // the person said no
problem *login_expired(arena *a, const char *log); // too late, used already, or another browser
problem *login_down(arena *a, const char *log);    // the identity platform does not answer, or too late
problem *login_forged(arena *a, const char *log);  // its answer is not what it should be
