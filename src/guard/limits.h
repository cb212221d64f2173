// Limits per name and person or address, in the store: at most `most` in `window` ms (<= a day). 429 "too-many" with
// Retry-After. The count is rolled back with a transaction that fails: what must be counted whatever happens (guesses)
// is counted in a transaction of its own.
#pragma once
#include "store/db.h"
problem *limit_count(db *d, arena *a, const char *name, const char *who, int64_t most, int64_t window);
// Forgets windows that began more than a day ago. For the timer.
problem *limits_sweep(db *d, arena *a);
