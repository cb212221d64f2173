#include "base/text.h"
#include "base/clock.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

text_buffer text_buffer_new(arena *a, size_t room) {
    text_buffer b = {.arena = a, .room = room < 16 ? 16 : room};
    b.data = arena_raw(a, b.room);
    *b.data = '\0';
    return b;
}

// Room for `more` bytes and the terminator. In place when the arena allows it; else the old bytes stay behind: doubling
// keeps the waste below the size.
static void text_reserve(text_buffer *b, size_t more) {
    if (b->room - b->size > more)
        return;
    size_t room = b->room;
    while (room - b->size <= more)
        room *= 2;
    if (!arena_extend(b->arena, b->data, b->room, room)) {
        char *data = arena_raw(b->arena, room);
        memcpy(data, b->data, b->size + 1);
        b->data = data;
    }
    b->room = room;
}

void text_add_bytes(text_buffer *b, const void *data, size_t size) {
    if (!size)
        return;
    text_reserve(b, size);
    memcpy(b->data + b->size, data, size);
    b->size += size;
    b->data[b->size] = '\0';
}

void text_add(text_buffer *b, const char *text) {
    if (text)
        text_add_bytes(b, text, strlen(text));
}

void text_add_char(text_buffer *b, char c) {
    text_reserve(b, 1);
    b->data[b->size++] = c;
    b->data[b->size] = '\0';
}

void text_addf(text_buffer *b, const char *format, ...) {
    va_list args;
    va_start(args, format);
    text_add(b, arena_vprint(b->arena, format, args));
    va_end(args);
}

void text_add_html(text_buffer *b, const char *text) {
    for (; text && *text; text++) {
        switch (*text) {
        case '&':
            text_add(b, "&amp;");
            break;
        case '<':
            text_add(b, "&lt;");
            break;
        case '>':
            text_add(b, "&gt;");
            break;
        case '"':
            text_add(b, "&quot;");
            break;
        case '\'':
            text_add(b, "&#39;");
            break;
        default:
            text_add_char(b, *text);
        }
    }
}

// Bytes of the sequence that begins at s, 0 when it is wrong; the limits of the second byte exclude overlong forms,
// surrogates and code points above U+10FFFF.
static size_t sequence_size(const unsigned char *s, const unsigned char *end, uint32_t *point) {
    unsigned char c = s[0];
    if (c < 0x80) {
        *point = c;
        return 1;
    }
    size_t size = c >= 0xC2 && c <= 0xDF ? 2 : c >= 0xE0 && c <= 0xEF ? 3 : c >= 0xF0 && c <= 0xF4 ? 4 : 0;
    if (!size || (size_t)(end - s) < size)
        return 0;
    unsigned char least = c == 0xE0 ? 0xA0 : c == 0xF0 ? 0x90 : 0x80;
    unsigned char most = c == 0xED ? 0x9F : c == 0xF4 ? 0x8F : 0xBF;
    if (s[1] < least || s[1] > most)
        return 0;
    uint32_t value = c & (0x7Fu >> size);
    for (size_t i = 1; i < size; i++) {
        if ((s[i] & 0xC0) != 0x80)
            return 0;
        value = value << 6 | (s[i] & 0x3Fu);
    }
    *point = value;
    return size;
}

uint32_t text_next(const char **text) {
    const unsigned char *s = (const unsigned char *)*text;
    if (*s < 0x80) {
        *text += *s != 0;
        return *s;
    }
    // The terminator is no continuation byte, so looking at most three bytes further stops there.
    size_t room = 1;
    while (room < 4 && s[room])
        room++;
    uint32_t point = 0;
    size_t size = sequence_size(s, s + room, &point);
    *text += size ? size : 1;
    return size ? point : UINT32_MAX;
}

bool text_valid(const char *text, size_t size) {
    const unsigned char *s = (const unsigned char *)text, *end = s + size;
    uint32_t point = 0;
    while (s < end) {
        if (!*s)
            return false;
        if (*s < 0x80) {
            s++;
            continue;
        }
        size_t step = sequence_size(s, end, &point);
        if (!step)
            return false;
        s += step;
    }
    return true;
}

size_t text_length(const char *text) {
    size_t length = 0;
    while (text && text_next(&text))
        length++;
    return length;
}

char *text_head(arena *a, const char *text, size_t count) {
    const char *end = text;
    while (count-- && text_next(&end))
        ;
    return arena_slice(a, text, (size_t)(end - text));
}

static bool is_space(uint32_t c) {
    return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xA0 || c == 0x3000;
}

// Bytes of the white space that ends at `end`, 0 when there is none.
static size_t space_before(const char *start, const char *end) {
    if (end > start && (unsigned char)end[-1] < 0x80)
        return is_space((unsigned char)end[-1]);
    if (end - start >= 2 && memcmp(end - 2, "\xC2\xA0", 2) == 0)
        return 2;
    return end - start >= 3 && memcmp(end - 3, "\xE3\x80\x80", 3) == 0 ? 3 : 0;
}

char *text_trim(arena *a, const char *text) {
    for (const char *next = text; is_space(text_next(&next));)
        text = next;
    const char *end = text + strlen(text);
    for (size_t size; (size = space_before(text, end)) > 0;)
        end -= size;
    return arena_slice(a, text, (size_t)(end - text));
}

bool text_blank(const char *text) {
    for (const char *next = text; is_space(text_next(&next));)
        text = next;
    return !*text;
}

char *text_lower(arena *a, const char *text) {
    char *copy = arena_text(a, text);
    for (char *c = copy; c && *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c + ('a' - 'A'));
    return copy;
}

bool text_same(const char *a, const char *b) {
    return a == b || (a && b && strcmp(a, b) == 0);
}

bool text_starts(const char *text, const char *prefix) {
    return text && strncmp(text, prefix, strlen(prefix)) == 0;
}

bool text_ends(const char *text, const char *suffix) {
    size_t size = text ? strlen(text) : 0, tail = strlen(suffix);
    return text && size >= tail && memcmp(text + size - tail, suffix, tail) == 0;
}

char **text_split(arena *a, const char *text, char separator, size_t *count) {
    size_t parts = 1;
    for (const char *c = text; *c; c++)
        parts += *c == separator;
    char **list = arena_array(a, char *, parts + 1);
    for (size_t i = 0; i < parts; i++) {
        const char *end = strchr(text, separator);
        size_t size = end ? (size_t)(end - text) : strlen(text);
        list[i] = arena_slice(a, text, size);
        text += size + 1;
    }
    *count = parts;
    return list;
}

char *text_hex(arena *a, const void *data, size_t size) {
    static const char digits[] = "0123456789abcdef";
    const unsigned char *bytes = data;
    char *hex = arena_alloc(a, size * 2 + 1);
    for (size_t i = 0; i < size; i++) {
        hex[i * 2] = digits[bytes[i] >> 4];
        hex[i * 2 + 1] = digits[bytes[i] & 15];
    }
    return hex;
}

static int hex_value(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool text_unhex(const char *hex, void *out, size_t size) {
    if (!hex || strlen(hex) != size * 2)
        return false;
    unsigned char *bytes = out;
    for (size_t i = 0; i < size; i++) {
        int high = hex_value(hex[i * 2]), low = hex_value(hex[i * 2 + 1]);
        if (high < 0 || low < 0)
            return false;
        bytes[i] = (unsigned char)(high << 4 | low);
    }
    return true;
}

static const char BASE64URL[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

char *text_base64url(arena *a, const void *data, size_t size) {
    const unsigned char *s = data;
    char *text = arena_alloc(a, size / 3 * 4 + 5), *out = text;
    for (size_t i = 0; i < size; i += 3) {
        size_t left = size - i;
        uint32_t v = (uint32_t)s[i] << 16 | (left > 1 ? (uint32_t)s[i + 1] << 8 : 0) | (left > 2 ? s[i + 2] : 0u);
        *out++ = BASE64URL[v >> 18];
        *out++ = BASE64URL[v >> 12 & 63];
        if (left > 1)
            *out++ = BASE64URL[v >> 6 & 63];
        if (left > 2)
            *out++ = BASE64URL[v & 63];
    }
    return text;
}

uint8_t *text_unbase64url(arena *a, const char *text, size_t *size) {
    size_t length = text ? strlen(text) : 0;
    if (!text || length % 4 == 1)
        return NULL;
    uint8_t *data = arena_alloc(a, length / 4 * 3 + 3), *out = data;
    uint32_t bits = 0;
    unsigned have = 0;
    for (; *text; text++) {
        const char *at = strchr(BASE64URL, *text);
        if (!at)
            return NULL;
        bits = (bits << 6 | (uint32_t)(at - BASE64URL)) & 0xFFFF;
        have += 6;
        if (have >= 8) {
            have -= 8;
            *out++ = (uint8_t)(bits >> have);
        }
    }
    if (bits & ((1u << have) - 1)) // stray bits: two texts would mean the same bytes
        return NULL;
    *size = (size_t)(out - data);
    return data;
}

bool text_equal_secret(const void *a, const void *b, size_t size) {
    const volatile unsigned char *x = a, *y = b;
    unsigned char difference = 0;
    for (size_t i = 0; i < size; i++)
        difference |= x[i] ^ y[i];
    return difference == 0;
}

void random_bytes(void *out, size_t size) {
    static _Thread_local unsigned char pool[1024];
    static _Thread_local size_t left;
    unsigned char *to = out;
    while (size) {
        if (!left) {
            ssize_t got = getrandom(pool, sizeof pool, 0);
            if (got != (ssize_t)sizeof pool) {
                if (got < 0 && errno == EINTR)
                    continue;
                abort();
            }
            left = sizeof pool;
        }
        size_t take = size < left ? size : left;
        memcpy(to, pool + sizeof pool - left, take);
        explicit_bzero(pool + sizeof pool - left, take);
        left -= take;
        to += take;
        size -= take;
    }
}

char *text_id(arena *a) {
    unsigned char bytes[16];
    random_bytes(bytes, sizeof bytes);
    int64_t now = clock_real();
    for (int i = 0; i < 6; i++)
        bytes[i] = (unsigned char)(now >> (8 * (5 - i)));
    return text_base64url(a, bytes, sizeof bytes);
}

bool text_is_id(const char *text) {
    return text && strlen(text) == 22 && strspn(text, BASE64URL) == 22;
}
