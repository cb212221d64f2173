// Accepting: one listening socket in every loop's epoll; who wakes up deals the connection to the loop with the fewest.
// SO_REUSEPORT spread 64 clients 27:37 and reset some at the stop, EPOLLEXCLUSIVE alone 64:0.
#include "base/clock.h"
#include "http/loop.h"
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PAUSE_MS = 50, ACCEPTS = 64 };

static void accept_pause(loop *l, int64_t now) {
    if (l->accepting)
        epoll_ctl(l->epoll, EPOLL_CTL_DEL, l->http->listener, NULL);
    l->accepting = false;
    l->accept_again = now + PAUSE_MS;
}

void accept_begin(loop *l) {
    struct epoll_event e = {.events = EPOLLIN | EPOLLEXCLUSIVE, .data.fd = l->http->listener};
    l->accepting = epoll_ctl(l->epoll, EPOLL_CTL_ADD, l->http->listener, &e) == 0;
    l->accept_again = l->accepting ? 0 : clock_steady() + PAUSE_MS;
}

static void connection_add(loop *l, int fd) {
    struct sockaddr_storage address;
    socklen_t size = sizeof address;
    int one = 1;
    memset(&address, 0, sizeof address);
    if (getpeername(fd, (struct sockaddr *)&address, &size) != 0) {
        close(fd);
        atomic_fetch_sub(&l->load, 1);
        return;
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    size_t before = l->opened;
    // Once it was opened, its closing counts down.
    if (MHD_add_connection(l->daemon, fd, (struct sockaddr *)&address, size) != MHD_YES && l->opened == before)
        atomic_fetch_sub(&l->load, 1);
}

static void deal(http *h, loop *own, int fd) {
    loop *least = own;
    for (int i = 0; i < h->options.loops; i++)
        if (atomic_load(&h->loops[i].load) < atomic_load(&least->load))
            least = &h->loops[i];
    atomic_fetch_add(&least->load, 1);
    if (least == own) {
        connection_add(own, fd);
        return;
    }
    pthread_mutex_lock(&least->lock);
    bool room = least->dealt_count < sizeof least->dealt / sizeof *least->dealt;
    if (room)
        least->dealt[least->dealt_count++] = fd;
    pthread_mutex_unlock(&least->lock);
    if (room) {
        loop_wake(least);
        return;
    }
    atomic_fetch_sub(&least->load, 1);
    atomic_fetch_add(&own->load, 1);
    connection_add(own, fd);
}

// Each loop may accept one more after it has looked: so much stays free.
static bool some_room(const http *h) {
    for (int i = 0; i < h->options.loops; i++)
        if (atomic_load(&h->loops[i].load) + 1 + (size_t)h->options.loops < h->limit)
            return true;
    return false;
}

void accept_some(loop *l, int64_t now) {
    for (int i = 0; i < ACCEPTS; i++) {
        if (!some_room(l->http)) {
            accept_pause(l, now);
            return;
        }
        int fd = accept4(l->http->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0) {
            // Out of descriptors: without a pause the readable listener would burn the processor.
            if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED)
                accept_pause(l, now);
            return;
        }
        deal(l->http, l, fd);
    }
}

void accept_dealt(loop *l) {
    int taken[sizeof l->dealt / sizeof *l->dealt];
    pthread_mutex_lock(&l->lock);
    size_t count = l->dealt_count;
    memcpy(taken, l->dealt, sizeof taken);
    l->dealt_count = 0;
    pthread_mutex_unlock(&l->lock);
    for (size_t i = 0; i < count; i++)
        connection_add(l, taken[i]);
}

void accept_stop(loop *l) {
    if (l->accepting)
        epoll_ctl(l->epoll, EPOLL_CTL_DEL, l->http->listener, NULL);
    l->accepting = false;
    l->accept_again = 0;
    // One loop answers those whose connection the kernel has already taken.
    if (l == l->http->loops)
        for (int fd; (fd = accept4(l->http->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0;) {
            atomic_fetch_add(&l->load, 1);
            connection_add(l, fd);
        }
}
