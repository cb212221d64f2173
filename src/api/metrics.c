#include "api/api.h"
#include "base/text.h"

static const int64_t BOUNDS[LATENCY_CLASSES - 1] = {1000, 5000, 20000, 100000, 500000, 2000000}; // us
static const char *const BOUND_NAMES[LATENCY_CLASSES] = {"0.001", "0.005", "0.02", "0.1", "0.5", "2", "+Inf"};

void metrics_note(const request *r, int64_t micros) {
    const api *p = r->server->api;
    size_t at = r->route ? router_index(p->router, r->route) : router_count(p->router);
    route_figures *f = &p->figures[at];
    size_t class = 0;
    while (class < LATENCY_CLASSES - 1 && micros > BOUNDS[class])
        class ++;
    atomic_fetch_add_explicit(&f->answers[r->reply.status / 100 % 6], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&f->latencies[class], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&f->micros, (uint64_t)micros, memory_order_relaxed);
}

static void write_route(text_buffer *b, const char *labels, route_figures *f) {
    uint64_t total = 0;
    for (int i = 1; i < 6; i++) {
        uint64_t count = atomic_load(&f->answers[i]);
        if (count)
            text_addf(b, "beian_requests_total{%s,status=\"%dxx\"} %llu\n", labels, i, (unsigned long long)count);
        total += count;
    }
    if (!total)
        return;
    uint64_t so_far = 0;
    for (int i = 0; i < LATENCY_CLASSES; i++) {
        so_far += atomic_load(&f->latencies[i]);
        text_addf(b, "beian_request_seconds_bucket{%s,le=\"%s\"} %llu\n", labels, BOUND_NAMES[i],
                  (unsigned long long)so_far);
    }
    text_addf(b, "beian_request_seconds_sum{%s} %.6f\n", labels, (double)atomic_load(&f->micros) / 1e6);
    text_addf(b, "beian_request_seconds_count{%s} %llu\n", labels, (unsigned long long)so_far);
}

void metrics_write(text_buffer *b, const api *p) {
    text_add(b, "# TYPE beian_requests_total counter\n# TYPE beian_request_seconds histogram\n");
    for (size_t i = 0; i < router_count(p->router); i++) {
        const route *r = router_at(p->router, i);
        write_route(b, arena_print(b->arena, "route=\"%s\",method=\"%s\"", r->path, r->method), &p->figures[i]);
    }
    write_route(b, "route=\"-\",method=\"-\"", &p->figures[router_count(p->router)]);
    if (p->http)
        text_addf(b, "# TYPE beian_connections gauge\nbeian_connections %zu\n", http_connections(p->http));
}
