// Limits per name and person or address, in the store: at most `most` in `window` ms. 429 "too-many" with Retry-After.
#pragma once
#include "store/db.h"
problem *limit_count(db *d, arena *a, const char *name, const char *who, int64_t most, int64_t window);
