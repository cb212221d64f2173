// The reply becomes the library's response. Every answer carries the security headers.
#include "base/clock.h"
#include "http/loop.h"
#include <string.h>
#include <strings.h>

static const struct {
    const char *name, *value;
} ALWAYS[] = {
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "same-origin"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"X-Frame-Options", "DENY"},
};
// What a handler may replace.
static const struct {
    const char *name, *value;
} UNLESS_SET[] = {
    {"Content-Security-Policy", "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
                                "form-action 'self'; frame-ancestors 'none'"},
    {"Cache-Control", "no-store"},
};

static bool has_header(const reply *p, const char *name) {
    for (size_t i = 0; i < p->header_count; i++)
        if (strcasecmp(p->headers[i].name, name) == 0)
            return true;
    return false;
}

static void add_headers(exchange *e, struct MHD_Response *response) {
    const reply *p = &e->request.reply;
    for (size_t i = 0; i < p->header_count; i++)
        MHD_add_response_header(response, p->headers[i].name, p->headers[i].value);
    for (size_t i = 0; i < sizeof ALWAYS / sizeof *ALWAYS; i++)
        MHD_add_response_header(response, ALWAYS[i].name, ALWAYS[i].value);
    for (size_t i = 0; i < sizeof UNLESS_SET / sizeof *UNLESS_SET; i++)
        if (!has_header(p, UNLESS_SET[i].name))
            MHD_add_response_header(response, UNLESS_SET[i].name, UNLESS_SET[i].value);
    if (p->size || p->media)
        MHD_add_response_header(response, "Content-Type", p->media ? p->media : "application/json; charset=utf-8");
    if (e->loop->http->options.secure)
        MHD_add_response_header(response, "Strict-Transport-Security", "max-age=31536000");
    MHD_add_response_header(response, "X-Request-Id", e->request.id);
    if (e->close || atomic_load(&e->loop->http->stopping))
        MHD_add_response_header(response, "Connection", "close");
}

enum MHD_Result answer_queue(exchange *e) {
    reply *p = &e->request.reply;
    if (!p->status)
        p->status = 200;
    atomic_store(&e->stage, ANSWERED);
    e->connection->deadline = clock_steady() + ANSWER_MS + (int64_t)(p->size / 32);
    // The body lives in the request's arena, which goes when the exchange is completed.
    struct MHD_Response *response =
        MHD_create_response_from_buffer(p->size, (void *)(uintptr_t)(p->size ? p->body : ""), MHD_RESPMEM_PERSISTENT);
    if (!response)
        return MHD_NO;
    add_headers(e, response);
    enum MHD_Result queued = MHD_queue_response(e->connection->handle, (unsigned)p->status, response);
    MHD_destroy_response(response);
    return queued;
}
