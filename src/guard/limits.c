#include "guard/limits.h"
#include "base/clock.h"

problem *limit_count(db *d, arena *a, const char *name, const char *who, int64_t most, int64_t window) {
    // Real time: a test that moves the business clock neither frees nor locks anybody.
    int64_t now = clock_real();
    db_rows rows;
    TRY(db_query(d, a, SQL_LIMIT_COUNT, &rows,
                 DB_ARGS(db_text(name), db_text(who), db_int(now), db_int(now - window))));
    int64_t starts = db_number(&rows, 0, 0), count = db_number(&rows, 0, 1);
    if (count <= most)
        return NULL;
    int64_t wait = starts + window - now;
    int seconds = wait > SECOND ? (int)((wait + SECOND - 1) / SECOND) : 1;
    problem *p = seconds < 120
                     ? problem_printf(a, 429, "too-many", "操作过于频繁", "请在%d秒后再试。", seconds)
                     : problem_printf(a, 429, "too-many", "操作过于频繁", "请在%d分钟后再试。", (seconds + 59) / 60);
    p->retry_after = seconds;
    return p;
}

problem *limits_sweep(db *d, arena *a) {
    return db_run(d, a, SQL_LIMIT_SWEEP, NULL, DB_ARGS(db_int(clock_real() - DAY)));
}
