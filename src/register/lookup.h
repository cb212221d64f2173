// The look-up behind the API and the page.
#pragma once
#include "http/request.h"

typedef enum lookup_by { LOOKUP_ANY, LOOKUP_NUMBER, LOOKUP_DOMAIN, LOOKUP_NAME } lookup_by;

// `by` of a request: number, domain, name; anything else: what the text looks like.
lookup_by lookup_kind(const char *by);
// {items, total, page, size} of at most 20 public entries. Never a problem for what was typed: it is just not found.
problem *lookup_find(db *d, arena *a, lookup_by by, const char *text, json **out);
// Whether the host of `address` is a domain of the entry or below one.
problem *lookup_owns(db *d, arena *a, const char *digits, const char *address, bool *out);

// GET /api/v1/register
problem *lookup_route(request *r, db *d);
