// Pages of lists: ?page=1&size=10, and what every list answers.
#pragma once
#include "http/request.h"
#include "store/db.h"

typedef struct page {
    int64_t number, size, offset;
} page;

problem *page_of(const request *r, page *out); // 422 when page or size is no number in range
// {items, total, page, size}; a total above 1000 is "1000+".
json *page_json(arena *a, const page *p, json *items, int64_t total);
void page_reply(request *r, const page *p, json *items, int64_t total);
