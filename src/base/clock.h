// Time: milliseconds since 1970 UTC as int64_t everywhere; shown in Asia/Shanghai (UTC+8, no summer time), whatever the
// zone of the machine. Business time = real time + the store's offset (tests move it); sessions and TLS use real time.
#pragma once
#include "base/arena.h"
#include <stdbool.h>
#include <stdint.h>

#define SECOND ((int64_t)1000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

int64_t clock_real(void);   // wall clock
int64_t clock_now(void);    // wall clock + offset
int64_t clock_steady(void); // monotonic, milliseconds
void clock_set_offset(int64_t offset_ms);
int64_t clock_offset(void);

char *clock_iso(arena *a, int64_t ms);  // 2026-11-24T10:32:05+08:00
char *clock_date(arena *a, int64_t ms); // 2026-11-24 (Shanghai)
char *clock_show(arena *a, int64_t ms); // 2026-11-24 10:32
// "YYYY-MM-DD" to the ms of its midnight in Shanghai; false when no real date.
bool clock_parse_date(const char *date, int64_t *ms);
