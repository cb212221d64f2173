#include "guard/resolver.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include <ares.h>
#include <arpa/inet.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>

enum { TRY_MS = 600, TRIES = 2, PATIENCE = 2000, MOST = 32 };

struct resolver {
    const char *server; // host:port; NULL = the system's
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static void library_open(void) {
    ares_library_init(ARES_LIB_INIT_ALL);
}

// Only DNS is asked: neither the machine's hosts file nor its search domains decide what a domain of the public is.
static int channel_open(const resolver *r, ares_channel *out) {
    struct ares_options options = {.flags = ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES,
                                   .timeout = TRY_MS,
                                   .tries = TRIES,
                                   .lookups = (char *)(uintptr_t) "b"};
    int status =
        ares_init_options(out, &options, ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_LOOKUPS);
    if (status != ARES_SUCCESS || !r->server)
        return status;
    status = ares_set_servers_ports_csv(*out, r->server);
    if (status != ARES_SUCCESS)
        ares_destroy(*out);
    return status;
}

problem *resolver_open(arena *a, const char *server, resolver **out) {
    pthread_once(&once, library_open);
    resolver *r = arena_new_of(a, resolver);
    r->server = arena_text(a, server);
    ares_channel channel;
    int status = channel_open(r, &channel);
    if (status != ARES_SUCCESS)
        return problem_printf(a, 500, "resolver", "域名解析服务器不可用",
                              "BEIAN_RESOLVER 应写成 地址:端口，例如 127.0.0.1:53（%s）", ares_strerror(status));
    ares_destroy(channel);
    *out = r;
    return NULL;
}

void resolver_close(resolver *r) {
    (void)r;
} // all of it is in the arena; the library stays for other resolvers

typedef struct query {
    arena *arena;
    json *addresses;
    int status;
    bool done;
} query;

static void answered(void *context, int status, int timeouts, struct ares_addrinfo *result) {
    query *q = context;
    (void)timeouts;
    q->done = true;
    q->status = status;
    for (struct ares_addrinfo_node *node = result ? result->nodes : NULL; node && q->addresses->count < MOST;
         node = node->ai_next) {
        char text[INET6_ADDRSTRLEN];
        bool six = node->ai_family == AF_INET6;
        const void *raw = six ? (const void *)&((struct sockaddr_in6 *)(void *)node->ai_addr)->sin6_addr
                              : (const void *)&((struct sockaddr_in *)(void *)node->ai_addr)->sin_addr;
        if ((!six && node->ai_family != AF_INET) || !inet_ntop(node->ai_family, raw, text, sizeof text))
            continue;
        json *one = json_add(q->arena, q->addresses, json_object(q->arena));
        json_set_text(q->arena, one, "address", text);
        json_set_text(q->arena, one, "kind", six ? "ipv6" : "ipv4");
    }
    ares_freeaddrinfo(result);
}

static void wait_once(ares_channel channel, int64_t deadline) {
    ares_socket_t sockets[ARES_GETSOCK_MAXNUM];
    struct pollfd watched[ARES_GETSOCK_MAXNUM];
    nfds_t count = 0;
    // The library's own macros shift an int into its sign: readable sockets are the lower 16 bits, writable the upper.
    unsigned bits = (unsigned)ares_getsock(channel, sockets, ARES_GETSOCK_MAXNUM);
    for (unsigned i = 0; i < ARES_GETSOCK_MAXNUM; i++) {
        short events = (short)((bits >> i & 1 ? POLLIN : 0) | (bits >> (i + 16) & 1 ? POLLOUT : 0));
        if (events)
            watched[count++] = (struct pollfd){.fd = sockets[i], .events = events};
    }
    int64_t left = deadline - clock_steady();
    struct timeval most = {.tv_sec = left / 1000, .tv_usec = (left % 1000) * 1000}, next;
    const struct timeval *chosen = ares_timeout(channel, &most, &next);
    poll(watched, count, (int)(chosen->tv_sec * 1000 + chosen->tv_usec / 1000 + 1));
    if (!count)
        ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
    for (nfds_t i = 0; i < count; i++)
        ares_process_fd(channel, watched[i].revents & (POLLIN | POLLERR | POLLHUP) ? watched[i].fd : ARES_SOCKET_BAD,
                        watched[i].revents & POLLOUT ? watched[i].fd : ARES_SOCKET_BAD);
}

problem *resolver_addresses(resolver *r, arena *a, const char *host, json **out) {
    ares_channel channel;
    if (channel_open(r, &channel) != ARES_SUCCESS)
        return problem_unavailable(a, "no DNS channel");
    query q = {.arena = a, .addresses = json_array(a)};
    struct ares_addrinfo_hints hints = {.ai_family = AF_UNSPEC, .ai_flags = ARES_AI_NOSORT};
    int64_t deadline = clock_steady() + PATIENCE;
    ares_getaddrinfo(channel, host, NULL, &hints, answered, &q);
    while (!q.done && clock_steady() < deadline)
        wait_once(channel, deadline);
    if (!q.done)
        ares_cancel(channel); // calls `answered` with ARES_ECANCELLED
    ares_destroy(channel);
    *out = q.addresses;
    if (q.status == ARES_SUCCESS || q.status == ARES_ENOTFOUND || q.status == ARES_ENODATA)
        return NULL;
    log_event(LOG_WARN, "dns.failed", "why", ares_strerror(q.status), NULL);
    return problem_new(a, 503, "dns", "暂时无法查询域名解析", "域名解析服务器没有应答，请稍后再试，或直接填写IP。");
}
