// Discovery (OpenID Connect Discovery 1.0, RFC 8414). Blocks on the network.
#pragma once
#include "base/problem.h"
#include "identity/fetch.h"
#include "identity/jwk.h"

typedef struct metadata {
    const char *authorization, *token, *jwks_uri; // https, or http on loopback where the issuer is there too
    bool sends_issuer;                            // RFC 9207
} metadata;

// Refuses metadata of another issuer, without PKCE S256, or that sends us elsewhere. Strings of *out live in `keep`.
problem *metadata_fetch(arena *keep, arena *a, const char *issuer, token_alg alg, metadata *out);
// A JSON object by GET: the key set too.
problem *metadata_get(arena *a, const char *url, json **out);
bool answer_is_json(const fetch_answer *answer);
