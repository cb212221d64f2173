// The HTTP server: loops of our own around libmicrohttpd, known to this folder alone.
#pragma once
#include "http/router.h"
#include <stdint.h>

typedef struct http http;

// What the program decides. All are called with a whole request; `d` is a read connection unless told otherwise.
typedef struct http_hooks {
    problem *(*admit)(request *r, db *d); // the head is there: who may call. On the loop thread, or on the pool
    problem *(*run)(request *r, db *d);   // in place of route->run of a WRITE: inside the transaction, may run twice
    void (*refuse)(request *r, const problem *p);       // makes the reply of a problem: JSON or a page
    void (*unknown)(request *r, db *d);                 // no route has the path: static files, pages, 404
    void (*finished)(const request *r, int64_t micros); // the answer is on its way; r->reply.status is set
} http_hooks;

typedef struct http_options {
    server *server;
    store *store;
    const router *router;
    http_hooks hooks;
    const char *listen; // host:port
    int loops, pool;
    bool secure; // the public URL is https: a proxy in front tells the client's address
} http_options;

// Listens and serves on own threads until http_stop. A problem is one sentence for the command line.
problem *http_start(arena *a, const http_options *options, http **out);
// No new connections, answers what is under way (4 s at most), joins the threads. The writer must still run.
void http_stop(http *h);
// host:port that is listened on (the real port when 0 was asked).
const char *http_address(const http *h);
size_t http_connections(const http *h);
