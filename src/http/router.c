#include "http/router.h"
#include "base/text.h"
#include <string.h>

enum { MOST_SEGMENTS = 12, MOST_PARAMS = 4 };

typedef struct pattern {
    const route *route;
    char **segments;
    size_t count;
    unsigned params; // bit i, counted from the left: segment i is a parameter; a smaller number is more static
} pattern;

struct router {
    pattern *sorted;
    const route **routes;
    size_t count;
    size_t first[MOST_SEGMENTS + 2]; // patterns of n segments are sorted[first[n] .. first[n + 1])
};

static bool before(const pattern *x, const pattern *y) {
    return x->count != y->count ? x->count < y->count : x->params < y->params;
}

static problem *router_wrong(arena *a, const route *r, const char *why) {
    return problem_internal(a, arena_print(a, "route %s %s: %s", r->method, r->path, why));
}

static problem *pattern_build(arena *a, const route *r, pattern *out) {
    size_t params = 0;
    *out = (pattern){.route = r};
    if (*r->path != '/')
        return router_wrong(a, r, "no slash in front");
    out->segments = text_split(a, r->path + 1, '/', &out->count);
    if (out->count > MOST_SEGMENTS)
        return router_wrong(a, r, "too many segments");
    for (size_t i = 0; i < out->count; i++) {
        if (*out->segments[i] != '{')
            continue;
        out->params |= 1u << (MOST_SEGMENTS - i);
        params++;
    }
    if (params > MOST_PARAMS)
        return router_wrong(a, r, "too many parameters");
    if (r->mode != ROUTE_WRITE && ((r->flags & ROUTE_KEYED) || r->prepare))
        return router_wrong(a, r, "only a write is keyed or prepared");
    return r->run ? NULL : router_wrong(a, r, "no handler");
}

static bool doubled(const pattern *x, const pattern *y) {
    if (x->count != y->count || x->params != y->params || strcmp(x->route->method, y->route->method) != 0)
        return false;
    for (size_t i = 0; i < x->count; i++)
        if (*x->segments[i] != '{' && strcmp(x->segments[i], y->segments[i]) != 0)
            return false;
    return true;
}

static void pattern_insert(router *t, pattern p) {
    size_t i = t->count++;
    for (; i > 0 && before(&p, &t->sorted[i - 1]); i--)
        t->sorted[i] = t->sorted[i - 1];
    t->sorted[i] = p;
}

problem *router_build(arena *a, const route *const *tables, router **out) {
    size_t total = 0;
    for (size_t i = 0; tables[i]; i++)
        for (const route *r = tables[i]; r->method; r++)
            total++;
    router *t = arena_new_of(a, router);
    t->sorted = arena_array(a, pattern, total + 1);
    t->routes = arena_array(a, const route *, total + 1);
    for (size_t i = 0; tables[i]; i++) {
        for (const route *r = tables[i]; r->method; r++) {
            pattern p;
            TRY(pattern_build(a, r, &p));
            for (size_t j = 0; j < t->count; j++)
                if (doubled(&p, &t->sorted[j]))
                    return router_wrong(a, r, "doubled");
            t->routes[t->count] = r;
            pattern_insert(t, p);
        }
    }
    for (size_t n = 0, i = 0; n < MOST_SEGMENTS + 2; n++) {
        while (i < t->count && t->sorted[i].count < n)
            i++;
        t->first[n] = i;
    }
    *out = t;
    return NULL;
}

static int hex(char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

// Percent-decodes in place; false for a broken escape, NUL or what is not UTF-8.
static bool decode(char *text) {
    char *out = text;
    for (const char *in = text; *in; in++) {
        if (*in != '%') {
            *out++ = *in;
            continue;
        }
        int high = hex(in[1]), low = high < 0 ? -1 : hex(in[2]);
        if (low < 0 || high * 16 + low == 0)
            return false;
        *out++ = (char)(high * 16 + low);
        in += 2;
    }
    *out = '\0';
    return text_valid(text, (size_t)(out - text));
}

static bool matches(const pattern *p, char **segments) {
    for (size_t i = 0; i < p->count; i++) {
        bool param = p->params & 1u << (MOST_SEGMENTS - i);
        if (param ? !*segments[i] : strcmp(p->segments[i], segments[i]) != 0)
            return false;
    }
    return true;
}

static void take_params(const pattern *p, char **segments, request *r) {
    size_t count = 0;
    for (size_t i = 0; i < p->count; i++)
        if (p->params & 1u << (MOST_SEGMENTS - i))
            r->params[count++] = segments[i];
}

static const char *join(arena *a, char **segments, size_t count) {
    text_buffer b = text_buffer_new(a, 64);
    for (size_t i = 0; i < count; i++) {
        text_add_char(&b, '/');
        text_add(&b, segments[i]);
    }
    return b.data;
}

router_verdict router_find(const router *t, request *r, const char *target, const char **allow) {
    size_t count = 0;
    char **segments = text_split(r->arena, arena_slice(r->arena, target + 1, strcspn(target + 1, "?#")), '/', &count);
    for (size_t i = 0; i < count; i++)
        if (!decode(segments[i]))
            return ROUTER_MALFORMED;
    r->path = join(r->arena, segments, count);
    if (count > MOST_SEGMENTS)
        return ROUTER_UNKNOWN;
    const char *method = strcmp(r->method, "HEAD") == 0 ? "GET" : r->method;
    *allow = NULL;
    for (size_t i = t->first[count]; i < t->first[count + 1]; i++) {
        const pattern *p = &t->sorted[i];
        if (!matches(p, segments))
            continue;
        if (strcmp(p->route->method, method) == 0) {
            r->route = p->route;
            take_params(p, segments, r);
            return ROUTER_FOUND;
        }
        *allow = arena_print(r->arena, "%s%s%s", *allow ? *allow : "", *allow ? ", " : "", p->route->method);
    }
    return *allow ? ROUTER_METHOD : ROUTER_UNKNOWN;
}

size_t router_count(const router *t) {
    return t->count;
}
const route *router_at(const router *t, size_t index) {
    return t->routes[index];
}

size_t router_index(const router *t, const route *r) {
    size_t i = 0;
    while (i < t->count && t->routes[i] != r)
        i++;
    return i;
}
