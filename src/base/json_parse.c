// The strict reader: one pass, recursion bounded by the depth limit, everything in the arena.
#include "base/json.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH = 32, FEW_MEMBERS = 16 };

typedef struct place {
    const char *key; // NULL: an array's element
    size_t index;
} place;

typedef struct reader {
    arena *arena;
    const char *start, *at, *end;
    json_error *error;
    place path[DEPTH + 1];
    size_t depth;
} reader;

static void add_escaped(text_buffer *b, const char *key) {
    for (; *key; key++) {
        if (*key == '~' || *key == '/')
            text_add(b, *key == '~' ? "~0" : "~1");
        else
            text_add_char(b, *key);
    }
}

static bool fail(reader *r, const char *what) {
    text_buffer b = text_buffer_new(r->arena, 64);
    for (size_t i = 0; i < r->depth; i++) {
        text_add_char(&b, '/');
        if (r->path[i].key)
            add_escaped(&b, r->path[i].key);
        else
            text_addf(&b, "%zu", r->path[i].index);
    }
    *r->error = (json_error){.pointer = b.data, .what = what, .offset = (size_t)(r->at - r->start)};
    return false;
}

static void skip_space(reader *r) {
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\n' || *r->at == '\t' || *r->at == '\r'))
        r->at++;
}

static bool read_hex4(reader *r, uint32_t *value) {
    if (r->end - r->at < 4)
        return false;
    *value = 0;
    for (int i = 0; i < 4; i++) {
        char c = *r->at++;
        uint32_t digit = c >= '0' && c <= '9'   ? (uint32_t)(c - '0')
                         : c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a' + 10)
                         : c >= 'A' && c <= 'F' ? (uint32_t)(c - 'A' + 10)
                                                : 16;
        if (digit > 15)
            return false;
        *value = *value << 4 | digit;
    }
    return true;
}

static char *put_point(char *out, uint32_t c) {
    if (c < 0x80) {
        *out++ = (char)c;
        return out;
    }
    if (c < 0x800) {
        *out++ = (char)(0xC0 | c >> 6);
    } else {
        if (c < 0x10000) {
            *out++ = (char)(0xE0 | c >> 12);
        } else {
            *out++ = (char)(0xF0 | c >> 18);
            *out++ = (char)(0x80 | (c >> 12 & 63));
        }
        *out++ = (char)(0x80 | (c >> 6 & 63));
    }
    *out++ = (char)(0x80 | (c & 63));
    return out;
}

static bool read_unicode(reader *r, char **out) {
    uint32_t high = 0, low = 0;
    if (!read_hex4(r, &high))
        return fail(r, "wrong \\u escape");
    if (high >= 0xD800 && high <= 0xDBFF) {
        if (r->end - r->at < 6 || r->at[0] != '\\' || r->at[1] != 'u')
            return fail(r, "lone surrogate");
        r->at += 2;
        if (!read_hex4(r, &low) || low < 0xDC00 || low > 0xDFFF)
            return fail(r, "lone surrogate");
        high = 0x10000 + ((high - 0xD800) << 10 | (low - 0xDC00));
    } else if (high >= 0xDC00 && high <= 0xDFFF) {
        return fail(r, "lone surrogate");
    }
    if (!high)
        return fail(r, "NUL in a string");
    *out = put_point(*out, high);
    return true;
}

static bool read_escape(reader *r, char **out) {
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    if (++r->at >= r->end)
        return fail(r, "unfinished string");
    char c = *r->at++;
    if (c == 'u')
        return read_unicode(r, out);
    const char *at = c ? strchr(from, c) : NULL;
    if (!at)
        return fail(r, "wrong escape");
    *(*out)++ = to[at - from];
    return true;
}

static const char *end_of_string(const char *at, const char *end) {
    for (; at < end && *at != '"'; at++)
        if (*at == '\\' && ++at == end)
            break;
    return at < end ? at : NULL;
}

// An escape is never shorter than what it stands for, so the raw size is room enough.
static bool read_string(reader *r, const char **text) {
    const char *from = ++r->at, *close = end_of_string(from, r->end);
    if (!close)
        return fail(r, "unfinished string");
    if (!text_valid(from, (size_t)(close - from)))
        return fail(r, "invalid UTF-8 or NUL");
    char *start = arena_slice(r->arena, from, (size_t)(close - from)), *out = start;
    while (r->at < close) {
        unsigned char c = (unsigned char)*r->at;
        if (c < 0x20)
            return fail(r, "control character in a string");
        if (c == '\\') {
            if (!read_escape(r, &out))
                return false;
            continue;
        }
        *out++ = *r->at++;
    }
    *out = '\0';
    r->at = close + 1;
    *text = start;
    return true;
}

static bool read_digits(reader *r) {
    const char *from = r->at;
    while (r->at < r->end && *r->at >= '0' && *r->at <= '9')
        r->at++;
    return r->at > from;
}

static bool read_number(reader *r, json *value) {
    const char *from = r->at;
    bool whole = true;
    if (*r->at == '-')
        r->at++;
    const char *first = r->at;
    if (!read_digits(r) || (*first == '0' && r->at - first > 1))
        return fail(r, "wrong number");
    if (r->at < r->end && *r->at == '.') {
        whole = false;
        r->at++;
        if (!read_digits(r))
            return fail(r, "wrong number");
    }
    if (r->at < r->end && (*r->at == 'e' || *r->at == 'E')) {
        whole = false;
        r->at++;
        if (r->at < r->end && (*r->at == '+' || *r->at == '-'))
            r->at++;
        if (!read_digits(r))
            return fail(r, "wrong number");
    }
    value->type = JSON_NUMBER;
    if (whole && r->at - first <= 15) {
        int64_t n = 0;
        for (const char *c = first; c < r->at; c++)
            n = n * 10 + (*c - '0');
        value->number = (double)(*from == '-' ? -n : n);
        return true;
    }
    value->number = strtod(arena_slice(r->arena, from, (size_t)(r->at - from)), NULL);
    return isfinite(value->number) ? true : fail(r, "number out of range");
}

static bool read_word(reader *r, const char *word) {
    size_t size = strlen(word);
    if ((size_t)(r->end - r->at) < size || memcmp(r->at, word, size) != 0)
        return fail(r, "unknown word");
    r->at += size;
    return true;
}

static bool read_value(reader *r, json *value);

static void append(json *parent, json *child) {
    if (parent->last)
        parent->last->next = child;
    else
        parent->first = child;
    parent->last = child;
    parent->count++;
}

static bool enter(reader *r) {
    if (r->depth < DEPTH)
        return true;
    fail(r, "nested too deep");
    r->error->too_deep = true;
    return false;
}

// True when another element follows; *ok is false on an error.
static bool another(reader *r, char close, bool *ok) {
    skip_space(r);
    if (r->at < r->end && *r->at == ',') {
        r->at++;
        return true;
    }
    *ok = r->at < r->end && *r->at == close;
    if (*ok)
        r->at++;
    else
        fail(r, "comma or end expected");
    return false;
}

static bool read_array(reader *r, json *array) {
    array->type = JSON_ARRAY;
    if (!enter(r))
        return false;
    r->at++;
    skip_space(r);
    if (r->at < r->end && *r->at == ']') {
        r->at++;
        return true;
    }
    bool ok = true;
    do {
        r->path[r->depth++] = (place){.index = array->count};
        json *child = arena_new_of(r->arena, json);
        if (!read_value(r, child))
            return false;
        r->depth--;
        append(array, child);
    } while (another(r, ']', &ok));
    return ok;
}

static int by_key(const void *a, const void *b) {
    return strcmp((*(const json *const *)a)->key, (*(const json *const *)b)->key);
}

static bool doubled(reader *r, const char *key) {
    r->path[r->depth++] = (place){.key = key};
    return fail(r, "doubled key");
}

// Few members are compared as they come; many are sorted once, so that hostile input costs n log n.
static bool check_doubled(reader *r, const json *object) {
    const json **sorted = arena_array(r->arena, const json *, object->count);
    size_t count = 0;
    json_each(item, object) {
        sorted[count++] = item;
    }
    qsort(sorted, count, sizeof *sorted, by_key);
    for (size_t i = 1; i < count; i++)
        if (strcmp(sorted[i - 1]->key, sorted[i]->key) == 0)
            return doubled(r, sorted[i]->key);
    return true;
}

static bool read_member(reader *r, json *object) {
    const char *key = NULL;
    skip_space(r);
    if (r->at >= r->end || *r->at != '"')
        return fail(r, "key expected");
    if (!read_string(r, &key))
        return false;
    if (object->count < FEW_MEMBERS && json_get(object, key))
        return doubled(r, key);
    skip_space(r);
    if (r->at >= r->end || *r->at != ':')
        return fail(r, "colon expected");
    r->at++;
    r->path[r->depth++] = (place){.key = key};
    json *child = arena_new_of(r->arena, json);
    if (!read_value(r, child))
        return false;
    r->depth--;
    child->key = key;
    append(object, child);
    return true;
}

static bool read_object(reader *r, json *object) {
    object->type = JSON_OBJECT;
    if (!enter(r))
        return false;
    r->at++;
    skip_space(r);
    if (r->at < r->end && *r->at == '}') {
        r->at++;
        return true;
    }
    bool ok = true;
    do {
        if (!read_member(r, object))
            return false;
    } while (another(r, '}', &ok));
    return ok && (object->count <= FEW_MEMBERS || check_doubled(r, object));
}

static bool read_value(reader *r, json *value) {
    skip_space(r);
    if (r->at >= r->end)
        return fail(r, "value expected");
    switch (*r->at) {
    case '{':
        return read_object(r, value);
    case '[':
        return read_array(r, value);
    case '"':
        value->type = JSON_STRING;
        return read_string(r, &value->text);
    case 't':
        value->type = JSON_BOOL;
        value->flag = true;
        return read_word(r, "true");
    case 'f':
        value->type = JSON_BOOL;
        return read_word(r, "false");
    case 'n':
        value->type = JSON_NULL;
        return read_word(r, "null");
    default:
        break;
    }
    if (*r->at != '-' && (*r->at < '0' || *r->at > '9'))
        return fail(r, "value expected");
    return read_number(r, value);
}

json *json_parse(arena *a, const char *data, size_t size, json_error *error) {
    json_error ignored;
    reader r = {.arena = a, .start = data, .at = data, .end = data + size, .error = error ? error : &ignored};
    *r.error = (json_error){.pointer = ""};
    json *value = arena_new_of(a, json);
    if (!read_value(&r, value))
        return NULL;
    skip_space(&r);
    if (r.at == r.end)
        return value;
    fail(&r, "something after the value");
    return NULL;
}
