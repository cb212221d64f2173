// DNS look-ups by c-ares against the configured resolver. Blocks ≤ 2 s; pool threads only.
#pragma once
#include "base/json.h"
#include "base/problem.h"
typedef struct resolver resolver;
problem *resolver_open(arena *a, const char *server, resolver **out);
void resolver_close(resolver *r);
// [{address, kind: "ipv4"|"ipv6"}] of a host name; an empty array when it has none; 503 when the resolver does not
// answer.
problem *resolver_addresses(resolver *r, arena *a, const char *host, json **out);
