// The tree: building, looking up, comparing, printing. The reader is json_parse.c.
#include "base/json.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static json *json_new(arena *a, json_type type) {
    json *value = arena_new_of(a, json);
    value->type = type;
    return value;
}

json *json_null(arena *a) {
    return json_new(a, JSON_NULL);
}
json *json_array(arena *a) {
    return json_new(a, JSON_ARRAY);
}
json *json_object(arena *a) {
    return json_new(a, JSON_OBJECT);
}

json *json_bool(arena *a, bool value) {
    json *v = json_new(a, JSON_BOOL);
    v->flag = value;
    return v;
}

json *json_number(arena *a, double value) {
    json *v = json_new(a, JSON_NUMBER);
    v->number = value;
    return v;
}

json *json_string(arena *a, const char *text) {
    if (!text)
        return json_null(a);
    json *v = json_new(a, JSON_STRING);
    v->text = arena_text(a, text);
    return v;
}

static void json_append(json *parent, json *value) {
    value->next = NULL;
    if (parent->last)
        parent->last->next = value;
    else
        parent->first = value;
    parent->last = value;
    parent->count++;
}

json *json_copy(arena *a, const json *value) {
    if (!value)
        return NULL;
    json *copy = json_new(a, value->type);
    copy->flag = value->flag;
    copy->number = value->number;
    copy->text = arena_text(a, value->text);
    json_each(item, value) {
        json *child = json_copy(a, item);
        child->key = arena_text(a, item->key);
        json_append(copy, child);
    }
    return copy;
}

json *json_add(arena *a, json *array, json *value) {
    (void)a;
    value->key = NULL;
    json_append(array, value);
    return value;
}

json *json_set(arena *a, json *object, const char *key, json *value) {
    json *before = NULL;
    for (json *item = object->first; item; before = item, item = item->next) {
        if (strcmp(item->key, key) != 0)
            continue;
        if (item == value)
            return value;
        value->key = item->key;
        value->next = item->next;
        if (before)
            before->next = value;
        else
            object->first = value;
        if (object->last == item)
            object->last = value;
        return value;
    }
    value->key = arena_text(a, key);
    json_append(object, value);
    return value;
}

void json_set_text(arena *a, json *object, const char *key, const char *text) {
    if (text)
        json_set(a, object, key, json_string(a, text));
}

void json_set_number(arena *a, json *object, const char *key, double value) {
    json_set(a, object, key, json_number(a, value));
}

void json_set_bool(arena *a, json *object, const char *key, bool value) {
    json_set(a, object, key, json_bool(a, value));
}

void json_remove(json *object, const char *key) {
    json *before = NULL;
    for (json *item = object ? object->first : NULL; item; before = item, item = item->next) {
        if (!item->key || strcmp(item->key, key) != 0)
            continue;
        if (before)
            before->next = item->next;
        else
            object->first = item->next;
        if (object->last == item)
            object->last = before;
        object->count--;
        return;
    }
}

json *json_get(const json *object, const char *key) {
    if (!object || object->type != JSON_OBJECT)
        return NULL;
    json_each(item, object) {
        if (strcmp(item->key, key) == 0)
            return item;
    }
    return NULL;
}

const char *json_text(const json *object, const char *key) {
    const json *value = json_get(object, key);
    return value && value->type == JSON_STRING ? value->text : NULL;
}

double json_num(const json *object, const char *key, double otherwise) {
    const json *value = json_get(object, key);
    return value && value->type == JSON_NUMBER ? value->number : otherwise;
}

bool json_flag(const json *object, const char *key) {
    const json *value = json_get(object, key);
    return value && value->type == JSON_BOOL && value->flag;
}

json *json_at(const json *array, size_t index) {
    json_each(item, array) {
        if (index-- == 0)
            return item;
    }
    return NULL;
}

static json *json_step(const json *parent, const char *part, size_t size) {
    char key[256];
    if (parent->type == JSON_ARRAY) {
        if (!size || size > 9 || strspn(part, "0123456789") < size || (size > 1 && part[0] == '0'))
            return NULL;
        return json_at(parent, strtoul(part, NULL, 10));
    }
    if (size >= sizeof key)
        return NULL;
    size_t out = 0;
    for (size_t i = 0; i < size; i++) {
        char c = part[i];
        if (c == '~' && i + 1 < size && (part[i + 1] == '0' || part[i + 1] == '1'))
            c = part[++i] == '0' ? '~' : '/';
        key[out++] = c;
    }
    key[out] = '\0';
    return json_get(parent, key);
}

json *json_pointer(const json *root, const char *pointer) {
    json *here = (json *)root;
    while (here && *pointer) {
        if (*pointer++ != '/')
            return NULL;
        size_t size = strcspn(pointer, "/");
        here = json_step(here, pointer, size);
        pointer += size;
    }
    return here;
}

static bool same_members(const json *a, const json *b) {
    const json *hint = b->first; // usually both have the same order
    json_each(item, a) {
        const json *other = hint && strcmp(hint->key, item->key) == 0 ? hint : json_get(b, item->key);
        if (!other || !json_same(item, other))
            return false;
        hint = other->next;
    }
    return true;
}

bool json_same(const json *a, const json *b) {
    if (a == b)
        return true;
    if (!a || !b || a->type != b->type || a->count != b->count)
        return false;
    switch (a->type) {
    case JSON_NULL:
        return true;
    case JSON_BOOL:
        return a->flag == b->flag;
    case JSON_NUMBER:
        return !(a->number < b->number) && !(a->number > b->number);
    case JSON_STRING:
        return strcmp(a->text, b->text) == 0;
    case JSON_OBJECT:
        return same_members(a, b);
    case JSON_ARRAY:
        break;
    }
    const json *other = b->first;
    json_each(item, a) {
        if (!json_same(item, other))
            return false;
        other = other->next;
    }
    return true;
}

static void write_string(text_buffer *b, const char *text) {
    text_add_char(b, '"');
    const char *plain = text;
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7F)
            continue;
        text_add_bytes(b, plain, (size_t)(text - plain));
        plain = text + 1;
        if (c == '"' || c == '\\') {
            text_add_char(b, '\\');
            text_add_char(b, (char)c);
        } else if (c == '\n')
            text_add(b, "\\n");
        else
            text_addf(b, "\\u%04x", c);
    }
    text_add_bytes(b, plain, (size_t)(text - plain));
    text_add_char(b, '"');
}

// The shortest text that reads back as the same number.
static void write_number(text_buffer *b, double value) {
    char text[40];
    if (!isfinite(value)) {
        text_add(b, "null");
        return;
    }
    if (fabs(value) < 9007199254740992.0 && !(value < trunc(value)) && !(value > trunc(value))) {
        snprintf(text, sizeof text, "%lld", (long long)value);
        text_add(b, text);
        return;
    }
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        double back = strtod(text, NULL);
        if (!(back < value) && !(back > value))
            break;
    }
    text_add(b, text);
}

void json_write(text_buffer *b, const json *value) {
    switch (value ? value->type : JSON_NULL) {
    case JSON_NULL:
        text_add(b, "null");
        return;
    case JSON_BOOL:
        text_add(b, value->flag ? "true" : "false");
        return;
    case JSON_NUMBER:
        write_number(b, value->number);
        return;
    case JSON_STRING:
        write_string(b, value->text);
        return;
    case JSON_ARRAY:
    case JSON_OBJECT:
        break;
    }
    bool object = value->type == JSON_OBJECT;
    text_add_char(b, object ? '{' : '[');
    json_each(item, value) {
        if (item != value->first)
            text_add_char(b, ',');
        if (object) {
            write_string(b, item->key);
            text_add_char(b, ':');
        }
        json_write(b, item);
    }
    text_add_char(b, object ? '}' : ']');
}

char *json_print(arena *a, const json *value) {
    text_buffer b = text_buffer_new(a, 256);
    json_write(&b, value);
    return b.data;
}
