// One HTTP exchange with the identity platform by libcurl. Blocks: pool threads only. No redirects, 64 KiB at most, 2 s
// to connect, 4 s in all.
#pragma once
#include "base/arena.h"
#include <stdbool.h>
#include <stddef.h>

typedef struct fetch_request {
    const char *url;
    const char *form;            // application/x-www-form-urlencoded body; NULL = GET
    const char *user, *password; // HTTP Basic, both already form-encoded (RFC 6749, 2.3.1); NULL = none
} fetch_request;

typedef struct fetch_answer {
    int status;
    const char *media; // as sent; "" when there is none
    const char *body;  // terminated
    size_t size;
} fetch_answer;

// NULL: an answer came, whatever its status. Else why not, in English.
const char *fetch(arena *a, const fetch_request *wanted, fetch_answer *out);
// Percent-encodes all but unreserved characters.
char *url_encode(arena *a, const char *text);
// For URLs of the platform: https, or http on loopback where `loopback` allows it; no user, no fragment.
bool url_allowed(const char *url, bool loopback);
