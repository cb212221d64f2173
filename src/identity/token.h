// ID tokens (RFC 7519, OpenID Connect Core 3.1.3.7). Reading, signature and claims are three steps, because the key is
// looked up between the first and the second. All answers are NULL for fine, else a short English reason for the log.
#pragma once
#include "identity/jwk.h"

typedef struct token {
    const char *kid; // NULL when the token names no key
    const json *claims;
    const char *signed_part; // header.payload, as sent
    size_t signed_size;
    const uint8_t *signature;
    size_t signature_size;
} token;

typedef struct token_rules {
    const char *issuer, *client_id, *nonce;
    const char *access_token; // for at_hash; NULL = not given
    token_alg alg;
    int64_t now; // business time, ms
} token_rules;

// Three parts, strict base64url, a header that names `alg` and nothing critical, claims that are a JSON object. Nothing
// in the claims may be believed yet.
const char *token_read(arena *a, const char *text, size_t size, token_alg alg, token *out);
bool token_signed(const token *t, token_alg alg, EVP_PKEY *key);
// Issuer, audience, azp, nonce, times, subject, at_hash.
const char *token_check(arena *a, const token *t, const token_rules *rules);
