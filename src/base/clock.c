#include "base/clock.h"
#include <stdatomic.h>
#include <time.h>

static const int64_t SHANGHAI = 8 * HOUR;
static _Atomic int64_t offset;

static int64_t clock_read(clockid_t id) {
    struct timespec t;
    clock_gettime(id, &t);
    return (int64_t)t.tv_sec * SECOND + t.tv_nsec / 1000000;
}

int64_t clock_real(void) {
    return clock_read(CLOCK_REALTIME);
}
int64_t clock_steady(void) {
    return clock_read(CLOCK_MONOTONIC);
}
int64_t clock_offset(void) {
    return atomic_load_explicit(&offset, memory_order_relaxed);
}
int64_t clock_now(void) {
    return clock_real() + clock_offset();
}
void clock_set_offset(int64_t offset_ms) {
    atomic_store_explicit(&offset, offset_ms, memory_order_relaxed);
}

typedef struct civil {
    int year, month, day, hour, minute, second;
} civil;

static int64_t floor_div(int64_t a, int64_t b) {
    return a / b - (a % b < 0);
}

// Days since 1970 to a date of the Gregorian calendar (years counted from March, eras of 400 years).
static civil shanghai(int64_t ms) {
    int64_t seconds = floor_div(ms + SHANGHAI, SECOND), days = floor_div(seconds, 86400);
    int64_t rest = seconds - days * 86400, z = days + 719468, era = floor_div(z, 146097), doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365, doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153, month = mp < 10 ? mp + 3 : mp - 9;
    return (civil){.year = (int)(yoe + era * 400 + (month <= 2)),
                   .month = (int)month,
                   .day = (int)(doy - (153 * mp + 2) / 5 + 1),
                   .hour = (int)(rest / 3600),
                   .minute = (int)(rest / 60 % 60),
                   .second = (int)(rest % 60)};
}

char *clock_iso(arena *a, int64_t ms) {
    civil c = shanghai(ms);
    return arena_print(a, "%04d-%02d-%02dT%02d:%02d:%02d+08:00", c.year, c.month, c.day, c.hour, c.minute, c.second);
}

char *clock_date(arena *a, int64_t ms) {
    civil c = shanghai(ms);
    return arena_print(a, "%04d-%02d-%02d", c.year, c.month, c.day);
}

char *clock_show(arena *a, int64_t ms) {
    civil c = shanghai(ms);
    return arena_print(a, "%04d-%02d-%02d %02d:%02d", c.year, c.month, c.day, c.hour, c.minute);
}

static bool digits(const char *text, int count, int *value) {
    *value = 0;
    for (int i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        *value = *value * 10 + (text[i] - '0');
    }
    return true;
}

bool clock_parse_date(const char *date, int64_t *ms) {
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year = 0, month = 0, day = 0;
    if (!date || !digits(date, 4, &year) || date[4] != '-' || !digits(date + 5, 2, &month) || date[7] != '-' ||
        !digits(date + 8, 2, &day) || date[10])
        return false;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    if (year < 1 || month < 1 || month > 12 || day < 1 || day > lengths[month - 1] + (month == 2 && leap))
        return false;
    int y = year - (month <= 2), era = y / 400, yoe = y - era * 400;
    int doy = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1,
        doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    *ms = ((int64_t)era * 146097 + doe - 719468) * DAY - SHANGHAI;
    return true;
}
