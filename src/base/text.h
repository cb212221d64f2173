// Strings: NUL-terminated UTF-8. A growing buffer, UTF-8 steps, hex and base64, ids, constant-time equality.
#pragma once
#include "base/arena.h"
#include <stdbool.h>
#include <stdint.h>

typedef struct text_buffer {
    arena *arena;
    char *data; // always terminated
    size_t size, room;
} text_buffer;

text_buffer text_buffer_new(arena *a, size_t room);
void text_add(text_buffer *b, const char *text);
void text_add_bytes(text_buffer *b, const void *data, size_t size);
void text_add_char(text_buffer *b, char c);
void text_addf(text_buffer *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_add_html(text_buffer *b, const char *text); // escapes & < > " '

// Next code point at *text, moving it on; 0 at the end, UINT32_MAX for an invalid sequence.
uint32_t text_next(const char **text);
bool text_valid(const char *text, size_t size); // strict UTF-8 without NUL
size_t text_length(const char *text);           // in code points
// The first `count` code points.
char *text_head(arena *a, const char *text, size_t count);
bool text_blank(const char *text);            // nothing but such white space
char *text_trim(arena *a, const char *text);  // without white space (ASCII, U+3000, NBSP) at both ends
char *text_lower(arena *a, const char *text); // ASCII only
bool text_same(const char *a, const char *b); // both NULL is the same
bool text_starts(const char *text, const char *prefix);
bool text_ends(const char *text, const char *suffix);
// Splits at `separator`; count in *count.
char **text_split(arena *a, const char *text, char separator, size_t *count);

char *text_hex(arena *a, const void *data, size_t size);
bool text_unhex(const char *hex, void *out, size_t size);      // exactly size bytes
char *text_base64url(arena *a, const void *data, size_t size); // no padding
// Strict: no padding, no stray bits. NULL when wrong.
uint8_t *text_unbase64url(arena *a, const char *text, size_t *size);
bool text_equal_secret(const void *a, const void *b, size_t size); // constant time

// A new id: 22 characters [A-Za-z0-9_-] from 128 random bits whose first 48 bits are the time, so keys stay near each
// other.
char *text_id(arena *a);
bool text_is_id(const char *text);
void random_bytes(void *out, size_t size); // getrandom with a per-thread pool; ends the process if it fails
