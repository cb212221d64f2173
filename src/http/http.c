#include "base/clock.h"
#include "base/log.h"
#include "http/loop.h"
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MOST_CONNECTIONS = 2048, SPARE_DESCRIPTORS = 128, BACKLOG = 1024 };

static problem *cannot_listen(arena *a, const char *listen_on, const char *why) {
    problem *p = problem_printf(a, 500, "listen", "无法监听", "无法在 %s 上监听：%s", listen_on, why);
    p->log = p->detail;
    return p;
}

// "host:port" or "[::1]:port".
static problem *split_address(arena *a, const char *text, const char **host, const char **port) {
    const char *colon = strrchr(text, ':');
    if (!colon || !colon[1])
        return cannot_listen(a, text, "应写成 地址:端口，例如 127.0.0.1:8080");
    bool bracket = *text == '[' && colon > text && colon[-1] == ']';
    *host = arena_slice(a, text + bracket, (size_t)(colon - text) - 2 * (size_t)bracket);
    *port = colon + 1;
    return NULL;
}

static problem *listen_on(arena *a, const char *text, int *out, const char **address) {
    const char *host = NULL, *port = NULL;
    TRY(split_address(a, text, &host, &port));
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV}, *list = NULL;
    int error = getaddrinfo(*host ? host : NULL, port, &hints, &list);
    if (error)
        return cannot_listen(a, text, gai_strerror(error));
    int one = 1, fd = socket(list->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    bool fine = fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) == 0 &&
                bind(fd, list->ai_addr, list->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0;
    int why = errno;
    freeaddrinfo(list);
    if (!fine) {
        if (fd >= 0)
            close(fd);
        return cannot_listen(a, text, why == EADDRINUSE ? "端口已被占用" : why == EACCES ? "没有权限" : strerror(why));
    }
    struct sockaddr_storage bound;
    socklen_t size = sizeof bound;
    char real[16] = "0";
    getsockname(fd, (struct sockaddr *)&bound, &size);
    getnameinfo((struct sockaddr *)&bound, size, NULL, 0, real, sizeof real, NI_NUMERICSERV);
    *address = arena_print(a, "%.*s:%s", (int)(strrchr(text, ':') - text), text, real);
    *out = fd;
    return NULL;
}

static size_t connection_limit(int loops) {
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0)
        return 256;
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    getrlimit(RLIMIT_NOFILE, &files);
    size_t room =
        files.rlim_cur > SPARE_DESCRIPTORS * 2 ? (size_t)files.rlim_cur - SPARE_DESCRIPTORS : SPARE_DESCRIPTORS;
    size_t each = room / (size_t)loops;
    return each < MOST_CONNECTIONS ? each : MOST_CONNECTIONS;
}

problem *http_start(arena *a, const http_options *options, http **out) {
    unsigned char node[4];
    http *h = arena_new_of(a, http);
    h->options = *options;
    h->far = store_blocking(options->store);
    h->arena = a;
    h->listener = -1;
    h->limit = connection_limit(options->loops);
    h->loops = arena_array(a, loop, (size_t)options->loops);
    random_bytes(node, sizeof node);
    memcpy(h->node, text_hex(a, node, sizeof node), sizeof h->node);
    *out = h;
    TRY(listen_on(a, options->listen, &h->listener, &h->address));
    TRY(pool_start(a, options->store, options->pool, &h->pool));
    for (int i = 0; i < options->loops; i++)
        TRY(loop_prepare(a, h, &h->loops[i]));
    for (int i = 0; i < options->loops; i++)
        TRY(loop_start(a, &h->loops[i]));
    return NULL;
}

void http_stop(http *h) {
    atomic_store(&h->stop_began, clock_steady());
    atomic_store(&h->stopping, true);
    for (int i = 0; i < h->options.loops; i++)
        if (h->loops[i].running)
            loop_wake(&h->loops[i]);
    for (int i = 0; i < h->options.loops; i++)
        if (h->loops[i].running)
            pthread_join(h->loops[i].thread, NULL);
    pool_stop(h->pool);
    if (h->listener >= 0)
        close(h->listener);
    for (int i = 0; i < h->options.loops; i++)
        loop_release(&h->loops[i]);
}

const char *http_address(const http *h) {
    return h->address;
}

size_t http_connections(const http *h) {
    size_t count = 0;
    for (int i = 0; i < h->options.loops; i++)
        count += atomic_load(&h->loops[i].load);
    return count;
}
