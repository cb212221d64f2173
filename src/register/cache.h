// Answers of hot look-ups by number, a table per loop thread. A number that is asked for the second time is kept; its
// answer is good until the commit that changes an entry, and 30 s at most (an administrator's program may write too).
#pragma once
#include "base/arena.h"
#include <stdbool.h>
#include <stdint.h>

// To be taken before the store is read, and given to cache_put with what was read.
uint64_t cache_generation(void);
// A copy in the arena; NULL when there is none.
const char *cache_get(arena *a, const char *digits, size_t *size);
void cache_put(const char *digits, uint64_t generation, const char *answer, size_t size);

// At start: other nodes write to the store too, of which this one hears nothing. Then answers are good for 2 s.
void cache_share(void);
// On the writer thread: an entry was changed in the transaction under way; and: a transaction is committed.
void cache_touch(void);
void cache_committed(void *context);
