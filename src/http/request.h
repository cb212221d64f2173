// What a handler sees: a checked request and its answer. A route is a row (route.h). Nothing here knows libmicrohttpd.
#pragma once
#include "base/json.h"
#include "base/problem.h"
#include "store/db.h"
#include <stdbool.h>
#include <stddef.h>

typedef struct session session; // identity/session.h; NULL when nobody is logged in
typedef struct server server;   // the composed program: api/server.h
struct route;

typedef struct reply {
    int status;        // 0 = 200
    const char *media; // default application/json; charset=utf-8
    const void *body;  // owned by the arena
    size_t size;
    struct {
        const char *name, *value;
    } headers[16];
    size_t header_count;
} reply;

typedef struct request {
    arena *arena;
    server *server;
    const struct route *route;
    const char *id;            // of the request, for the log; sent as X-Request-Id
    const char *method, *path; // path without query, percent-decoded per segment
    const char *params[4];     // {…} parts of the route's path, decoded
    const char *peer;          // address, for limits
    json *body;                // parsed when the route takes JSON, else NULL
    const void *raw;           // the body's bytes
    size_t raw_size;
    session *session;
    const char *idempotency_key; // the client's, or one made for this request
    bool key_from_client;
    void *prepared; // from prepare to run
    reply reply;
    void *connection; // the http layer's
} request;

const char *request_header(const request *r, const char *name); // NULL when absent
const char *request_query(const request *r, const char *name);  // decoded; NULL when absent
const char *request_cookie(const request *r, const char *name);

void reply_json(request *r, int status, const json *body);
void reply_text(request *r, int status, const char *media, const char *text);
void reply_bytes(request *r, int status, const char *media, const void *data,
                 size_t size); // data must live as long as the arena
void reply_header(request *r, const char *name, const char *value);
void reply_redirect(request *r, int status, const char *location);
void reply_cookie(request *r, const char *cookie); // a whole Set-Cookie value
void reply_problem(request *r, const problem *p);
