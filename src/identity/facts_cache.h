// What a session's row holds sealed, opened, for the next requests of the same session on this thread: unsealing costs
// more than the rest of finding out who is acting. The row itself is read every time, so a log-out counts at once. An
// entry lives for 2 s after its last use and is then wiped.
#pragma once
#include "base/arena.h"
#include <stdbool.h>
#include <stdint.h>

typedef struct opened {
    const char *facts, *actor; // JSON
    size_t facts_size, actor_size;
} opened;

// Copies into the arena; false when the session or this version of the facts is not there.
bool facts_find(arena *a, const char *session_hash, int64_t facts_version, opened *out);
void facts_keep(const char *session_hash, int64_t facts_version, const opened *facts);
