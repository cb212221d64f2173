#include "filing/page.h"
#include <stdlib.h>

enum { PAGES_MOST = 10000, SIZE_MOST = 100, SIZE_DEFAULT = 10, TOTAL_MOST = 1000 };

static problem *number_of(const request *r, const char *name, int64_t otherwise, int64_t most, int64_t *out) {
    const char *text = request_query(r, name);
    char *end = NULL;
    *out = text && *text ? strtoll(text, &end, 10) : otherwise;
    if ((!end || !*end) && *out >= 1 && *out <= most)
        return NULL;
    problem *p = problem_invalid(r->arena);
    problem_add(r->arena, p, arena_print(r->arena, "/%s", name), "range",
                arena_print(r->arena, "应为 1 至 %lld 的整数，如 1。", (long long)most));
    return p;
}

problem *page_of(const request *r, page *out) {
    TRY(number_of(r, "page", 1, PAGES_MOST, &out->number));
    TRY(number_of(r, "size", SIZE_DEFAULT, SIZE_MOST, &out->size));
    out->offset = (out->number - 1) * out->size;
    return NULL;
}

json *page_json(arena *a, const page *p, json *items, int64_t total) {
    json *answer = json_object(a);
    json_set(a, answer, "items", items);
    json_set(a, answer, "total", total > TOTAL_MOST ? json_string(a, "1000+") : json_number(a, (double)total));
    json_set_number(a, answer, "page", (double)p->number);
    json_set_number(a, answer, "size", (double)p->size);
    return answer;
}

void page_reply(request *r, const page *p, json *items, int64_t total) {
    reply_json(r, 200, page_json(r->arena, p, items, total));
}
