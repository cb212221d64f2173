#include "identity/patience.h"
#include "base/clock.h"

static const int64_t SLOW = SECOND, REMEMBERED = 10 * SECOND;

bool patience_enter(patience *p) {
    int64_t now = clock_steady();
    int before = atomic_fetch_add(&p->waiting, 1);
    if (!before)
        atomic_store(&p->moved, now);
    bool slow = now < atomic_load(&p->slow_until) || now - atomic_load(&p->moved) > SLOW;
    if (before < p->most || !slow)
        return true;
    atomic_fetch_sub(&p->waiting, 1);
    return false;
}

void patience_leave(patience *p, int64_t began) {
    int64_t now = clock_steady();
    atomic_fetch_sub(&p->waiting, 1);
    atomic_store(&p->moved, now);
    atomic_store(&p->slow_until, now - began > SLOW ? now + REMEMBERED : 0);
}
