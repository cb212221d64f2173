// A small load client: sends the requests of a file over N keep-alive connections, each connection the next request as
// soon as it has its answer, and prints what came back and how fast.
// usage: load HOST:PORT CONNECTIONS FILE [ANSWERS]
// FILE: for each request its length in bytes, a line end, the request. ANSWERS: the bodies, one a line, in the order of
// the requests.
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { ROOM = 1 << 18, MOST = 1 << 20, WAIT_MS = 20000 };

typedef struct request {
    const char *data;
    size_t size;
    int status; // of its answer; 0 = none
    uint32_t micros;
    char *answer;
} request;

typedef struct connection {
    int fd;
    request *now;
    size_t sent, got;
    int64_t since;
    char *buffer;
} connection;

static request *requests;
static size_t request_count, next_request, answered;
static struct sockaddr_in server;
static bool keep_answers;

static int64_t micros(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void give_up(const char *what) {
    fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
    exit(2);
}

static void read_requests(const char *path) {
    int fd = open(path, O_RDONLY);
    struct stat facts;
    if (fd < 0 || fstat(fd, &facts) < 0)
        give_up(path);
    const char *at = mmap(NULL, (size_t)facts.st_size, PROT_READ, MAP_PRIVATE, fd, 0), *end = at + facts.st_size;
    if (at == MAP_FAILED)
        give_up(path);
    requests = calloc(MOST, sizeof *requests);
    while (at < end && request_count < MOST) {
        char *line_end;
        size_t size = strtoul(at, &line_end, 10);
        requests[request_count++] = (request){.data = line_end + 1, .size = size};
        at = line_end + 1 + size;
    }
    close(fd);
}

static void connect_one(connection *c) {
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int on = 1;
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(c->fd, (struct sockaddr *)&server, sizeof server) < 0)
        give_up("connect");
    fcntl(c->fd, F_SETFL, O_NONBLOCK);
}

static void send_more(connection *c) {
    while (c->sent < c->now->size) {
        ssize_t done = write(c->fd, c->now->data + c->sent, c->now->size - c->sent);
        if (done < 0 && errno == EAGAIN)
            return;
        if (done < 0)
            give_up("write");
        c->sent += (size_t)done;
    }
}

static bool begin_next(connection *c) {
    if (next_request == request_count) {
        c->now = NULL;
        return false;
    }
    c->now = &requests[next_request++];
    c->sent = c->got = 0;
    c->since = micros();
    send_more(c);
    return true;
}

// Size of the whole answer in the buffer; 0 = more is needed. Answers have a Content-Length or no body (204, 304).
static size_t answer_size(connection *c, size_t *head) {
    c->buffer[c->got] = '\0';
    char *end = strstr(c->buffer, "\r\n\r\n");
    if (!end)
        return 0;
    *head = (size_t)(end - c->buffer) + 4;
    char *length = strcasestr(c->buffer, "\r\nContent-Length:");
    size_t body = length && length < end ? strtoul(length + 17, NULL, 10) : 0;
    return c->got >= *head + body ? *head + body : 0;
}

static void note_answer(connection *c, size_t head, size_t size) {
    request *r = c->now;
    r->status = atoi(c->buffer + 9);
    r->micros = (uint32_t)(micros() - c->since);
    if (keep_answers)
        r->answer = strndup(c->buffer + head, size - head);
    answered++;
}

static void read_more(connection *c) {
    ssize_t done = read(c->fd, c->buffer + c->got, ROOM - 1 - c->got);
    if (done < 0 && errno == EAGAIN)
        return;
    if (done <= 0)
        give_up("the server closed a connection");
    c->got += (size_t)done;
    size_t head, size = answer_size(c, &head);
    if (!size && c->got == ROOM - 1)
        give_up("an answer is too long");
    if (!size)
        return;
    note_answer(c, head, size);
    begin_next(c);
}

static int by_number(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static void report(double seconds) {
    uint32_t *times = calloc(request_count + 1, sizeof *times);
    size_t statuses[6] = {0}, count = 0;
    for (size_t i = 0; i < request_count; i++) {
        if (!requests[i].status)
            continue;
        statuses[requests[i].status / 100 % 6]++;
        times[count++] = requests[i].micros;
    }
    qsort(times, count, sizeof *times, by_number);
    printf("{\"requests\": %zu, \"ok\": %zu, \"redirected\": %zu, \"refused\": %zu, \"failed\": %zu, \"seconds\": "
           "%.6f, \"rate\": %.1f, "
           "\"p50_us\": %u, \"p99_us\": %u, \"max_us\": %u}\n",
           count, statuses[2], statuses[3], statuses[4], statuses[5], seconds, (double)count / seconds,
           times[count / 2], times[count * 99 / 100], count ? times[count - 1] : 0);
}

static void save_answers(const char *path) {
    FILE *f = fopen(path, "w");
    if (!f)
        give_up(path);
    for (size_t i = 0; i < request_count; i++)
        fprintf(f, "%d %s\n", requests[i].status, requests[i].answer ? requests[i].answer : "");
    if (fclose(f) != 0)
        give_up(path);
}

static void play(int count) {
    connection *all = calloc((size_t)count, sizeof *all);
    int ep = epoll_create1(EPOLL_CLOEXEC);
    for (int i = 0; i < count; i++) {
        all[i].buffer = malloc(ROOM);
        connect_one(&all[i]);
        epoll_ctl(ep, EPOLL_CTL_ADD, all[i].fd, &(struct epoll_event){.events = EPOLLIN, .data.ptr = &all[i]});
    }
    int64_t from = micros();
    for (int i = 0; i < count; i++)
        begin_next(&all[i]);
    while (answered < request_count) {
        struct epoll_event ready[256];
        int n = epoll_wait(ep, ready, 256, WAIT_MS);
        if (n == 0)
            give_up("no answer for 20 s");
        for (int i = 0; i < n; i++) {
            connection *c = ready[i].data.ptr;
            if (c->now && c->sent < c->now->size)
                send_more(c);
            read_more(c);
        }
    }
    report((double)(micros() - from) / 1e6);
}

int main(int argc, char **argv) {
    char host[64];
    if (argc < 4 || strlen(argv[1]) >= sizeof host || !strchr(argv[1], ':')) {
        fputs("usage: load HOST:PORT CONNECTIONS FILE [ANSWERS]\n", stderr);
        return 2;
    }
    snprintf(host, sizeof host, "%s", argv[1]);
    char *colon = strchr(host, ':');
    *colon = '\0';
    server = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(colon + 1))};
    if (inet_pton(AF_INET, host, &server.sin_addr) != 1)
        give_up("address");
    keep_answers = argc > 4;
    read_requests(argv[3]);
    if (request_count)
        play(atoi(argv[2]));
    if (keep_answers)
        save_answers(argv[4]);
    return 0;
}
