// 公安备案号: short name of the unit's province + 公网安备 + unit code (6) + class (2) + serial (6) + 号; and the
// public entry.
#pragma once
#include "filing/act.h"

// Gives the filing its number, if its kind has numbers and it has none, and publishes it. more->number is set.
problem *number_give(act *t, const application_row *app, record *about, act_more *more);
// "京公网安备11010102000001号"; 409 when the serials of the unit and class are used up.
problem *number_text(arena *a, const char *province, const char *unit, const char *class, int64_t serial, char **out);
