// One loop: own accept and epoll around a daemon without thread. MHD's internal epoll thread hangs when exactly 128 or
// 256 connections are ready, and its listener does not notice a freed slot at the limit; both are avoided here.
#include "http/loop.h"
#include "base/clock.h"
#include "base/log.h"
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

enum { WAIT_MS = 20000, SWEEP_MS = 200, SWEEP_IDLE_MS = 2000, STOP_TICK_MS = 20, QUIET_MS = 100 };

void loop_wake(loop *l) {
    if (atomic_exchange(&l->woken, true))
        return;
    uint64_t one = 1;
    ssize_t written = write(l->wake, &one, sizeof one);
    (void)written;
}

arena *loop_arena(loop *l) {
    return l->kept_count ? l->kept[--l->kept_count] : arena_new(0);
}

void loop_keep_arena(loop *l, arena *a) {
    if (l->kept_count == KEPT_ARENAS) {
        arena_free(a);
        return;
    }
    arena_reset(a);
    l->kept[l->kept_count++] = a;
}

static void name_peer(connection *c, const struct sockaddr *address) {
    const unsigned char *b = NULL;
    if (address->sa_family == AF_INET) {
        b = (const unsigned char *)&((const struct sockaddr_in *)address)->sin_addr;
        snprintf(c->peer, sizeof c->peer, "%u.%u.%u.%u", b[0], b[1], b[2], b[3]);
        return;
    }
    if (address->sa_family != AF_INET6)
        return;
    // The network of 64 bits: who has one address of it has all.
    b = ((const struct sockaddr_in6 *)address)->sin6_addr.s6_addr;
    snprintf(c->peer, sizeof c->peer, "%x:%x:%x:%x::/64", b[0] << 8 | b[1], b[2] << 8 | b[3], b[4] << 8 | b[5],
             b[6] << 8 | b[7]);
}

static void connection_open(loop *l, struct MHD_Connection *handle, void **place) {
    connection *c = calloc(1, sizeof *c);
    *place = c;
    l->opened++;
    if (!c)
        return;
    c->loop = l;
    c->handle = handle;
    c->fd = MHD_get_connection_info(handle, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    c->deadline = clock_steady() + IDLE_MS;
    name_peer(c, MHD_get_connection_info(handle, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr);
    c->next = l->connections;
    if (c->next)
        c->next->previous = c;
    l->connections = c;
}

static void connection_close(loop *l, connection *c) {
    atomic_fetch_sub(&l->load, 1);
    if (!c)
        return;
    if (c->exchange)
        exchange_free(c->exchange);
    if (c->next)
        c->next->previous = c->previous;
    if (c->previous)
        c->previous->next = c->next;
    else
        l->connections = c->next;
    free(c);
}

static void connection_changed(void *context, struct MHD_Connection *handle, void **place,
                               enum MHD_ConnectionNotificationCode what) {
    if (what == MHD_CONNECTION_NOTIFY_STARTED)
        connection_open(context, handle, place);
    else
        connection_close(context, *place);
}

// The client has ended and all it sent is taken. When the end comes together with half a request, the library's
// edge-triggered epoll has already told of both and waits for its time-out.
static bool has_ended(const connection *c) {
    char byte;
    return recv(c->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

// Only shutdown: the library notices it and closes. A waiting exchange is the writer's, its deadline is there.
static void sweep(loop *l, int64_t now) {
    l->swept = now;
    for (connection *c = l->connections; c; c = c->next) {
        int at = c->exchange ? atomic_load(&c->exchange->stage) : READING;
        if (at == WAITING || at == DONE)
            continue;
        if (now > c->deadline || (at == READING && has_ended(c))) {
            shutdown(c->fd, SHUT_RDWR);
            c->deadline = now + HEAD_MS;
        }
    }
}

static int wait_time(loop *l, int64_t now, bool stopping) {
    MHD_UNSIGNED_LONG_LONG wanted = 0;
    int64_t wait = WAIT_MS;
    if (MHD_get_timeout(l->daemon, &wanted) == MHD_YES && wanted < WAIT_MS)
        wait = (int64_t)wanted;
    int64_t tick = l->reading ? SWEEP_MS : SWEEP_IDLE_MS;
    if (l->connections && wait > tick)
        wait = tick;
    if (l->accept_again && wait > l->accept_again - now)
        wait = l->accept_again > now ? l->accept_again - now : 0;
    return (int)(stopping && wait > STOP_TICK_MS ? STOP_TICK_MS : wait);
}

static size_t waiting_count(const loop *l) {
    size_t count = 0;
    for (connection *c = l->connections; c; c = c->next)
        count += c->exchange && atomic_load(&c->exchange->stage) == WAITING;
    return count;
}

// True when nothing is under way and it stays so for a moment, or when the time is over.
static bool may_stop(loop *l, int64_t now) {
    int64_t since = now - atomic_load(&l->http->stop_began);
    size_t busy = since > STOP_READING_MS ? l->under_way - l->reading : l->under_way;
    if (busy || !l->quiet_since)
        l->quiet_since = now;
    return (!busy && now - l->quiet_since >= QUIET_MS) || since > STOP_MS;
}

static void loop_turn(loop *l, bool stopping) {
    struct epoll_event events[8];
    int64_t now = clock_steady();
    int count = epoll_wait(l->epoll, events, 8, wait_time(l, now, stopping));
    bool acceptable = false;
    now = clock_steady();
    for (int i = 0; i < count; i++) {
        if (events[i].data.fd == l->wake) { // before MHD_run, so that no wake-up is lost
            uint64_t value;
            ssize_t got = read(l->wake, &value, sizeof value);
            (void)got;
            atomic_store(&l->woken, false);
        }
        acceptable |= events[i].data.fd == l->http->listener;
    }
    accept_dealt(l);
    if (acceptable && !stopping)
        accept_some(l, now);
    MHD_run(l->daemon);
    if (now - l->swept >= SWEEP_MS)
        sweep(l, now);
    if (!stopping && l->accept_again && now >= l->accept_again)
        accept_begin(l);
}

static void *loop_thread(void *context) {
    loop *l = context;
    bool stopping = false;
    do {
        loop_turn(l, stopping);
        if (!stopping && atomic_load(&l->http->stopping)) {
            stopping = true;
            accept_stop(l);
        }
    } while (!stopping || !may_stop(l, clock_steady()));
    // The library aborts when it is stopped with suspended connections; then the process is about to end anyway.
    if (!waiting_count(l))
        MHD_stop_daemon(l->daemon);
    return NULL;
}

__attribute__((format(printf, 2, 0))) static void library_says(void *context, const char *format, va_list args) {
    char text[256];
    (void)context;
    vsnprintf(text, sizeof text, format, args);
    text[strcspn(text, "\n")] = '\0';
    log_event(LOG_DEBUG, "http.library", "text", text, NULL);
}

static bool watch(loop *l, int fd) {
    struct epoll_event e = {.events = EPOLLIN, .data.fd = fd};
    return epoll_ctl(l->epoll, EPOLL_CTL_ADD, fd, &e) == 0;
}

problem *loop_prepare(arena *a, http *h, loop *l) {
    l->http = h;
    pthread_mutex_init(&l->lock, NULL);
    l->arena = arena_new(0);
    l->epoll = epoll_create1(EPOLL_CLOEXEC);
    l->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    TRY(store_reader(h->options.store, l->arena, &l->reader));
    unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_NO_LISTEN_SOCKET | MHD_USE_ERROR_LOG;
    l->daemon = MHD_start_daemon(flags, 0, NULL, NULL, exchange_handle, l, MHD_OPTION_EXTERNAL_LOGGER, library_says,
                                 NULL, MHD_OPTION_NOTIFY_COMPLETED, exchange_completed, l, MHD_OPTION_NOTIFY_CONNECTION,
                                 connection_changed, l, MHD_OPTION_URI_LOG_CALLBACK, exchange_begin, l,
                                 MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS, MHD_OPTION_CONNECTION_LIMIT,
                                 (unsigned)h->limit, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)32768, MHD_OPTION_END);
    if (!l->daemon || l->epoll < 0 || l->wake < 0)
        return problem_internal(a, "the HTTP library does not start");
    int inner = MHD_get_daemon_info(l->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
    if (!watch(l, inner) || !watch(l, l->wake))
        return problem_internal(a, "epoll does not work");
    return NULL;
}

problem *loop_start(arena *a, loop *l) {
    accept_begin(l);
    if (pthread_create(&l->thread, NULL, loop_thread, l) != 0)
        return problem_internal(a, "no thread for a loop");
    l->running = true;
    return NULL;
}

void loop_release(loop *l) {
    if (!l->arena) // never prepared
        return;
    if (!l->running && l->daemon)
        MHD_stop_daemon(l->daemon);
    while (l->kept_count)
        arena_free(l->kept[--l->kept_count]);
    if (l->reader)
        db_close(l->reader);
    arena_free(l->arena);
    close(l->epoll);
    close(l->wake);
}
