#include "http/gate.h"
#include <stdbool.h>
#include <string.h>
#include <strings.h>

enum { MOST_HEADERS = 100, MOST_LENGTH_DIGITS = 15 };

static bool is_token(const char *text, size_t size) {
    static const char marks[] = "!#$%&'*+-.^_`|~";
    for (size_t i = 0; i < size; i++) {
        char c = text[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && (!c || !strchr(marks, c)))
            return false;
    }
    return size > 0;
}

static bool has_control(const char *text, size_t size) {
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)text[i];
        if ((c < 0x20 && c != '\t') || c == 0x7F)
            return true;
    }
    return false;
}

static bool is_length(const char *text, size_t size) {
    if (!size || size > MOST_LENGTH_DIGITS)
        return false;
    for (size_t i = 0; i < size; i++)
        if (text[i] < '0' || text[i] > '9')
            return false;
    return true;
}

static bool named(const gate_header *h, const char *name) {
    return h->name_size == strlen(name) && strncasecmp(h->name, name, h->name_size) == 0;
}

static const char *check_target(const char *target) {
    if (*target != '/')
        return "the target does not begin with a slash";
    for (const char *c = target; *c; c++)
        if ((unsigned char)*c <= 0x20 || *c == 0x7F || *c == '#' || *c == '\\')
            return "odd character in the target";
    return NULL;
}

// RFC 3986: what may stand in a host and port.
static bool is_host(const char *text, size_t size) {
    for (size_t i = 0; i < size; i++) {
        char c = text[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && (!c || !strchr("-._~:[]%", c)))
            return false;
    }
    return size > 0;
}

const char *gate_check(const gate_head *head) {
    size_t lengths = 0, encodings = 0, hosts = 0;
    bool old = strcmp(head->version, "HTTP/1.1") != 0;
    if (!is_token(head->method, strlen(head->method)))
        return "odd method";
    const char *wrong = check_target(head->target);
    if (wrong)
        return wrong;
    if (head->count > MOST_HEADERS)
        return "too many headers";
    for (size_t i = 0; i < head->count; i++) {
        const gate_header *h = &head->headers[i];
        if (!is_token(h->name, h->name_size))
            return "odd character in a header's name";
        if (has_control(h->value, h->value_size))
            return "control character in a header's value";
        if (named(h, "content-length") && (++lengths > 1 || !is_length(h->value, h->value_size)))
            return "wrong or doubled Content-Length";
        if (named(h, "transfer-encoding") &&
            (++encodings > 1 || h->value_size != 7 || strncasecmp(h->value, "chunked", 7) != 0))
            return "wrong or doubled Transfer-Encoding";
        if (named(h, "host") && (++hosts > 1 || !is_host(h->value, h->value_size)))
            return "wrong or doubled Host";
    }
    if (lengths && encodings)
        return "Content-Length with Transfer-Encoding";
    if (encodings && old)
        return "Transfer-Encoding before HTTP/1.1";
    return hosts || old ? NULL : "no Host";
}
