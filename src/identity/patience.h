// Keeps a slow partner from holding every pool thread: while it is slow, only `most` threads wait for it and the others
// answer at once that it is.
#pragma once
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct patience {
    int most;
    _Atomic int waiting;
    _Atomic int64_t moved; // the last time that somebody began alone or came back; clock_steady()
    _Atomic int64_t slow_until;
} patience;

bool patience_enter(patience *p); // false: enough wait already
void patience_leave(patience *p, int64_t began);
