#include "base/log.h"
#include "base/clock.h"
#include "base/json.h"
#include <stdarg.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

static _Atomic int least = LOG_INFO;

void log_set_level(log_level level) {
    atomic_store(&least, (int)level);
}

bool log_wants(log_level level) {
    return (int)level >= atomic_load_explicit(&least, memory_order_relaxed);
}

void log_event(log_level level, const char *event, ...) {
    static const char *const names[] = {"debug", "info", "warn", "error"};
    if (!log_wants(level))
        return;
    arena *a = arena_new(2048);
    json *line = json_object(a);
    json_set_text(a, line, "time", clock_iso(a, clock_real()));
    json_set_text(a, line, "level", names[level]);
    json_set_text(a, line, "event", event);
    va_list args;
    va_start(args, event);
    for (const char *key = va_arg(args, const char *); key; key = va_arg(args, const char *))
        json_set_text(a, line, key, va_arg(args, const char *));
    va_end(args);
    text_buffer b = text_buffer_new(a, 512);
    json_write(&b, line);
    text_add_char(&b, '\n');
    // One call per line, so that lines of several threads do not mix.
    ssize_t written = write(STDERR_FILENO, b.data, b.size);
    (void)written;
    arena_free(a);
}
