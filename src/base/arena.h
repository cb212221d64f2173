// The one memory idiom: everything a request needs comes from its arena and goes at once with it.
#pragma once
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct arena arena;

// A new arena; the first block holds `first` bytes (0 = 8 KiB). Free it with arena_free. Out of memory ends the
// process: every input has a limit, so a request that reaches it is a defect.
arena *arena_new(size_t first);
void arena_free(arena *a);
// Forgets all that was allocated and keeps the first block.
void arena_reset(arena *a);
// Bytes handed out so far.
size_t arena_used(const arena *a);

// Zeroed memory, aligned for any type; never NULL.
void *arena_alloc(arena *a, size_t size);
void *arena_raw(arena *a, size_t size); // not zeroed
// Makes the newest allocation larger where it is; false: it is not the newest, or its block is full.
bool arena_extend(arena *a, const void *data, size_t size, size_t wanted);
void *arena_copy(arena *a, const void *data, size_t size);
char *arena_text(arena *a, const char *text);               // copy of a string; NULL gives NULL
char *arena_slice(arena *a, const char *text, size_t size); // copy of `size` bytes, terminated
char *arena_print(arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprint(arena *a, const char *format, va_list args) __attribute__((format(printf, 2, 0)));

#define arena_new_of(a, type) ((type *)arena_alloc((a), sizeof(type)))
#define arena_array(a, type, count) ((type *)arena_alloc((a), sizeof(type) * (count)))
