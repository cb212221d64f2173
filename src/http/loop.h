// Inside of src/http: one loop thread, its connections and the exchanges on them.
#pragma once
#include "http/gate.h"
#include "http/http.h"
#include "http/pool.h"
#include "store/writer.h"
#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

enum {
    IDLE_SECONDS = 30,      // MHD closes a connection on which nothing moves
    HEAD_MS = 20000,        // a request's head and body must be there after this, and 1 s more per 32 KiB of body
    IDLE_MS = 60000,        // a connection without a whole request line
    ANSWER_MS = 60000,      // an answer must be taken, and 1 s more per 32 KiB
    STOP_MS = 4000,         // for what is under way when the server stops
    STOP_READING_MS = 1000, // for requests that are still being read then
    KEPT_ARENAS = 64,
    MOST_HEADERS_KEPT = 100,
    DRAIN = 8 << 20, // so much of a body that is refused is read, so that the connection lives on
};

typedef enum stage { READING, WAITING, DONE, ANSWERED } stage;

typedef struct exchange exchange;
typedef struct loop loop;

typedef struct connection {
    struct connection *next, *previous;
    loop *loop;
    struct MHD_Connection *handle;
    exchange *exchange;
    int fd;
    int64_t deadline; // clock_steady()
    char peer[48];
} connection;

struct exchange {
    request request; // first: a request is cast to its exchange
    connection *connection;
    loop *loop;
    const char *target; // as sent
    gate_header *headers;
    size_t header_count;
    const char *query; // behind the ?; "" when there is none
    char *body;        // malloc: grows with what arrives
    size_t size, room, limit, drained;
    bool begun, close, sized;
    problem *refusal; // answered once the body is read or dropped
    _Atomic int stage;
    writer_job job;
    pool_job pooled;
    int64_t started_us;
};

struct loop {
    http *http;
    pthread_t thread;
    bool running;
    struct MHD_Daemon *daemon;
    int epoll, wake;
    db *reader;
    arena *arena; // of the thread
    connection *connections;
    size_t opened;        // connections ever opened
    size_t reading;       // exchanges whose body is not there yet
    size_t under_way;     // exchanges that are begun and not completed
    _Atomic size_t load;  // connections, dealt ones included
    _Atomic bool woken;   // a wake-up is already written
    pthread_mutex_t lock; // of `dealt`
    int dealt[64];
    size_t dealt_count;
    bool accepting;       // this loop's epoll has the listening socket
    int64_t accept_again; // clock_steady(); 0 = not paused
    int64_t swept, quiet_since;
    arena *kept[KEPT_ARENAS];
    size_t kept_count;
};

struct http {
    http_options options;
    arena *arena;
    loop *loops;
    int listener;
    size_t limit; // connections per loop
    pool *pool;
    bool far; // the store is behind a network: whatever asks it runs on the pool
    const char *address;
    _Atomic bool stopping;
    _Atomic int64_t stop_began;
    _Atomic uint64_t sequence; // of request ids
    char node[9];
};

// All loops are prepared before the first one starts: they deal connections to each other.
problem *loop_prepare(arena *a, http *h, loop *l);
problem *loop_start(arena *a, loop *l);
void loop_release(loop *l); // after its thread ended, or when it never started
void loop_wake(loop *l);    // from any thread

// accept.c
void accept_begin(loop *l);             // listens, again after a pause
void accept_some(loop *l, int64_t now); // the listening socket is readable
void accept_dealt(loop *l);             // takes what other loops dealt to this one
void accept_stop(loop *l);              // no more, but for what the kernel has already taken

arena *loop_arena(loop *l);
void loop_keep_arena(loop *l, arena *a);

// exchange.c: the callbacks of the library
void *exchange_begin(void *context, const char *uri, struct MHD_Connection *handle);
enum MHD_Result exchange_handle(void *context, struct MHD_Connection *handle, const char *url, const char *method,
                                const char *version, const char *data, size_t *size, void **place);
void exchange_completed(void *context, struct MHD_Connection *handle, void **place,
                        enum MHD_RequestTerminationCode why);
void exchange_free(exchange *e);

// run.c: what happens once the body is there
void exchange_run(exchange *e);
bool exchange_far(const exchange *e); // it waits for a network: on the pool, who may call included
// body.c: content type, JSON; NULL = r->body is set when the route wants it
problem *body_read(request *r);
// answer.c: hands the reply to the library; exchange_answer (run.c) makes a reply of a refusal first
enum MHD_Result answer_queue(exchange *e);
enum MHD_Result exchange_answer(exchange *e);
