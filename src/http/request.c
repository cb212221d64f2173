#include "http/request.h"
#include "base/text.h"
#include "http/loop.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>

const char *request_header(const request *r, const char *name) {
    const exchange *e = r->connection;
    size_t size = strlen(name);
    for (size_t i = 0; i < e->header_count; i++)
        if (e->headers[i].name_size == size && strncasecmp(e->headers[i].name, name, size) == 0)
            return e->headers[i].value;
    return NULL;
}

static int hex(char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

// A broken escape stays as it is; what is not UTF-8 or holds NUL is no value.
static const char *decode(arena *a, const char *text, size_t size) {
    char *out = arena_slice(a, text, size), *to = out;
    for (const char *in = out; *in; in++) {
        int high = *in == '%' ? hex(in[1]) : -1, low = high < 0 ? -1 : hex(in[2]);
        *to++ = low < 0 ? (*in == '+' ? ' ' : *in) : (char)(high * 16 + low);
        in += low < 0 ? 0 : 2;
    }
    *to = '\0';
    return text_valid(out, (size_t)(to - out)) ? out : NULL;
}

const char *request_query(const request *r, const char *name) {
    const exchange *e = r->connection;
    for (const char *part = e->query; *part;) {
        size_t size = strcspn(part, "&"), key = strcspn(part, "=&");
        const char *found = decode(r->arena, part, key);
        if (found && strcmp(found, name) == 0)
            return key < size ? decode(r->arena, part + key + 1, size - key - 1) : "";
        part += size + (part[size] == '&');
    }
    return NULL;
}

const char *request_cookie(const request *r, const char *name) {
    const exchange *e = r->connection;
    size_t wanted = strlen(name);
    for (size_t i = 0; i < e->header_count; i++) {
        if (e->headers[i].name_size != 6 || strncasecmp(e->headers[i].name, "cookie", 6) != 0)
            continue;
        for (const char *part = e->headers[i].value; *part;) {
            part += strspn(part, "; ");
            size_t size = strcspn(part, ";");
            if (size > wanted && part[wanted] == '=' && strncmp(part, name, wanted) == 0)
                return arena_slice(r->arena, part + wanted + 1, size - wanted - 1);
            part += size;
        }
    }
    return NULL;
}

void reply_bytes(request *r, int status, const char *media, const void *data, size_t size) {
    r->reply.status = status;
    r->reply.media = media;
    r->reply.body = data;
    r->reply.size = size;
}

void reply_text(request *r, int status, const char *media, const char *text) {
    reply_bytes(r, status, media, text, strlen(text));
}

void reply_json(request *r, int status, const json *body) {
    text_buffer b = text_buffer_new(r->arena, 1024);
    json_write(&b, body);
    reply_bytes(r, status, NULL, b.data, b.size);
}

// A line end in a value would begin another header; such a header is left out.
void reply_header(request *r, const char *name, const char *value) {
    reply *p = &r->reply;
    if (!value || strpbrk(value, "\r\n") || p->header_count == sizeof p->headers / sizeof *p->headers)
        return;
    p->headers[p->header_count].name = name;
    p->headers[p->header_count++].value = arena_text(r->arena, value);
}

void reply_redirect(request *r, int status, const char *location) {
    reply_bytes(r, status, "text/plain; charset=utf-8", "", 0);
    reply_header(r, "Location", location);
}

void reply_cookie(request *r, const char *cookie) {
    reply_header(r, "Set-Cookie", cookie);
}

void reply_problem(request *r, const problem *p) {
    reply_json(r, p->status, problem_json(r->arena, p));
    r->reply.media = "application/problem+json; charset=utf-8";
    if (p->retry_after)
        reply_header(r, "Retry-After", arena_print(r->arena, "%d", p->retry_after));
    if (p->status == 401)
        reply_header(r, "WWW-Authenticate", "Cookie");
}
