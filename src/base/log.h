// JSON lines on stderr. Never personal data, never secrets, never a whole URL.
#pragma once
#include <stdbool.h>

typedef enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR } log_level;
void log_set_level(log_level least);
bool log_wants(log_level level); // false: log_event would drop it
// key/value pairs of strings, ended by NULL: log_event(LOG_WARN, "login.refused", "why", "nonce", NULL)
void log_event(log_level level, const char *event, ...) __attribute__((sentinel));
