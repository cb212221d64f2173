// One request on its connection: head, body, and then run.c. Called by the library on the loop's thread only.
#include "base/clock.h"
#include "base/log.h"
#include "http/loop.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

enum { BYTES_PER_MS = 32, FIRST_BODY = 4096, LIMIT = 64 << 10, LONGEST_KEY = 128 };

static int64_t steady_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

void *exchange_begin(void *context, const char *uri, struct MHD_Connection *handle) {
    loop *l = context;
    connection *c = MHD_get_connection_info(handle, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
    if (!c)
        return NULL;
    if (c->exchange)
        exchange_free(c->exchange);
    arena *a = loop_arena(l);
    exchange *e = arena_new_of(a, exchange);
    e->request.arena = a;
    e->request.server = l->http->options.server;
    e->request.connection = e;
    e->request.peer = c->peer;
    e->connection = c;
    e->loop = l;
    e->target = arena_text(a, uri);
    e->started_us = steady_us();
    c->exchange = e;
    c->deadline = clock_steady() + HEAD_MS;
    l->reading++;
    return e;
}

// The exchange leaves the count of those that are still being read.
static void reading_ends(exchange *e, stage next) {
    if (atomic_load(&e->stage) == READING)
        e->loop->reading--;
    atomic_store(&e->stage, (int)next);
}

void exchange_free(exchange *e) {
    loop *l = e->loop;
    reading_ends(e, ANSWERED);
    if (e->begun)
        l->under_way--;
    e->connection->exchange = NULL;
    free(e->body);
    loop_keep_arena(l, e->request.arena);
}

void exchange_completed(void *context, struct MHD_Connection *handle, void **place,
                        enum MHD_RequestTerminationCode why) {
    exchange *e = *place;
    (void)context, (void)handle, (void)why;
    if (!e)
        return;
    if (e->begun && e->loop->http->options.hooks.finished && e->request.reply.status)
        e->loop->http->options.hooks.finished(&e->request, steady_us() - e->started_us);
    e->connection->deadline = clock_steady() + IDLE_MS;
    exchange_free(e);
    *place = NULL;
}

static enum MHD_Result take_header(void *context, enum MHD_ValueKind kind, const char *name, size_t name_size,
                                   const char *value, size_t value_size) {
    exchange *e = context;
    (void)kind;
    if (e->header_count == MOST_HEADERS_KEPT + 1) // one more than the gate allows
        return MHD_NO;
    e->headers[e->header_count++] = (gate_header){name, value ? value : "", name_size, value ? value_size : 0};
    return MHD_YES;
}

static const char *check_head(exchange *e, const char *method, const char *version) {
    e->headers = arena_array(e->request.arena, gate_header, MOST_HEADERS_KEPT + 1);
    MHD_get_connection_values_n(e->connection->handle, MHD_HEADER_KIND, take_header, e);
    gate_head head = {method, e->target, version, e->headers, e->header_count};
    return gate_check(&head);
}

static bool is_loopback(const char *peer) {
    return text_starts(peer, "127.") || text_same(peer, "0:0:0:0::/64");
}

// Behind a proxy of ours (https outside, loopback inside) the last address it wrote is the client's.
static void find_peer(exchange *e) {
    request *r = &e->request;
    const char *list = request_header(r, "X-Forwarded-For");
    if (!e->loop->http->options.secure || !list || !is_loopback(r->peer))
        return;
    const char *comma = strrchr(list, ',');
    const char *last = text_trim(r->arena, comma ? comma + 1 : list);
    if (*last && strlen(last) < 48 && strspn(last, "0123456789abcdefABCDEF.:") == strlen(last))
        r->peer = last;
}

static bool good_key(const char *key) {
    size_t size = strlen(key);
    for (const char *c = key; *c; c++)
        if (*c <= ' ' || *c > '~')
            return false;
    return size > 0 && size <= LONGEST_KEY;
}

static problem *take_key(request *r) {
    const char *key = request_header(r, "Idempotency-Key");
    if (key && !good_key(key))
        return problem_new(r->arena, 400, "bad-key", "请求标识不正确",
                           "Idempotency-Key 应为 1 到 128 个可见的 ASCII 字符。");
    r->key_from_client = key != NULL;
    r->idempotency_key = key ? key : text_id(r->arena);
    return NULL;
}

static problem *find_route(exchange *e) {
    request *r = &e->request;
    const char *allow = NULL;
    switch (router_find(e->loop->http->options.router, r, e->target, &allow)) {
    case ROUTER_MALFORMED:
        r->path = "";
        return problem_new(r->arena, 400, "bad-target", "网址不正确", "网址里有无法识别的字符，请检查后再试。");
    case ROUTER_METHOD:
        reply_header(r, "Allow", allow);
        return problem_new(r->arena, 405, "method", "不支持这种操作", "此地址不支持该请求方法。");
    case ROUTER_UNKNOWN:
        if (strcmp(r->method, "GET") == 0 || strcmp(r->method, "HEAD") == 0)
            return NULL;
        return problem_not_found(r->arena);
    case ROUTER_FOUND:
        break;
    }
    if (r->route->mode != ROUTE_WRITE)
        return NULL;
    if (atomic_load(&e->loop->http->stopping))
        return problem_unavailable(r->arena, "stopping");
    return take_key(r);
}

static problem *too_large(exchange *e) {
    if (e->request.route && (e->request.route->flags & ROUTE_RAW))
        return problem_printf(e->request.arena, 413, "too-large", "文件太大", "文件大小不超过%zuMB，请缩小后再上传。",
                              e->limit >> 20);
    return problem_printf(e->request.arena, 413, "too-large", "内容过大",
                          "提交的内容超过了 %zu KB 的上限，请减少后重试。", e->limit / 1024);
}

static problem *admit(exchange *e, uint64_t length) {
    request *r = &e->request;
    TRY(find_route(e));
    e->limit = r->route && r->route->limit ? r->route->limit : LIMIT;
    if (r->route && e->loop->http->options.hooks.admit && !exchange_far(e))
        TRY(e->loop->http->options.hooks.admit(r, e->loop->reader));
    return length > e->limit ? too_large(e) : NULL;
}

static void name_request(exchange *e) {
    http *h = e->loop->http;
    e->request.id =
        arena_print(e->request.arena, "%s%llx", h->node, (unsigned long long)atomic_fetch_add(&h->sequence, 1));
}

static enum MHD_Result head(exchange *e, const char *method, const char *version) {
    request *r = &e->request;
    size_t path = strcspn(e->target, "?");
    r->method = arena_text(r->arena, method);
    r->path = "";
    e->query = e->target[path] ? e->target + path + 1 : "";
    name_request(e);
    const char *wrong = check_head(e, method, version);
    if (wrong) {
        log_event(LOG_INFO, "http.refused", "why", wrong, "request", e->request.id, NULL);
        e->refusal = problem_new(r->arena, 400, "bad-request", "请求有误", "请求的格式不正确，连接已关闭。");
        e->close = true;
        reading_ends(e, DONE);
        exchange_run(e);
        return exchange_answer(e);
    }
    const char *length_text = request_header(r, "Content-Length");
    uint64_t length = length_text ? strtoull(length_text, NULL, 10) : 0;
    find_peer(e);
    e->refusal = admit(e, length);
    e->connection->deadline += (int64_t)(length < (64u << 20) ? length / BYTES_PER_MS : 0);
    // Refused before the body: read it when it is small, so that the connection lives on.
    if (!e->refusal || (length <= DRAIN && !request_header(r, "Expect")))
        return MHD_YES;
    reading_ends(e, DONE);
    exchange_run(e);
    return exchange_answer(e);
}

static bool grow(exchange *e, size_t wanted) {
    size_t room = e->room ? e->room : FIRST_BODY;
    while (room < wanted)
        room *= 2;
    char *body = room == e->room ? e->body : realloc(e->body, room);
    if (!body)
        return false;
    e->body = body;
    e->room = room;
    return true;
}

static enum MHD_Result take_body(exchange *e, const char *data, size_t size) {
    if (!e->refusal && e->size + size > e->limit) {
        e->refusal = too_large(e);
        e->drained = e->size;
        e->size = 0;
    }
    if (e->refusal) {
        e->drained += size;
        return e->drained > DRAIN ? MHD_NO : MHD_YES;
    }
    if (!grow(e, e->size + size + 1))
        return MHD_NO;
    memcpy(e->body + e->size, data, size);
    e->size += size;
    return MHD_YES;
}

enum MHD_Result exchange_handle(void *context, struct MHD_Connection *handle, const char *url, const char *method,
                                const char *version, const char *data, size_t *size, void **place) {
    exchange *e = *place;
    (void)context, (void)handle, (void)url;
    if (!e)
        return MHD_NO;
    if (!e->begun) {
        e->begun = true;
        e->loop->under_way++;
        return head(e, method, version);
    }
    if (*size) {
        size_t given = *size;
        *size = 0;
        return take_body(e, data, given);
    }
    if (atomic_load(&e->stage) == READING) {
        reading_ends(e, DONE);
        e->request.raw = e->body ? e->body : "";
        e->request.raw_size = e->size;
        if (e->body)
            e->body[e->size] = '\0';
        exchange_run(e); // may leave it WAITING, suspended
    }
    return atomic_load(&e->stage) == DONE ? exchange_answer(e) : MHD_YES;
}
