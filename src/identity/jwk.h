// Keys of an identity platform (RFC 7517, 7518) on OpenSSL's EVP. The algorithm always comes from our configuration.
#pragma once
#include "base/json.h"
#include <openssl/types.h>

typedef enum token_alg { ALG_ES256, ALG_RS256, ALG_ED25519, ALG_COUNT } token_alg;

typedef struct jwks {
    struct jwk {
        const char *kid; // NULL when it has none
        EVP_PKEY *key;
    } * keys;
    size_t count;
} jwks;

// "ES256", "RS256" or "Ed25519" of the configuration; false for any other.
bool alg_named(const char *name, token_alg *out);
// Whether `name` in a token or a key means this algorithm (Ed25519 is also written EdDSA).
bool alg_is(token_alg alg, const char *name);

// Takes the keys of a set that can verify `alg`; others are left out. NULL, or in English why the set is refused: two
// keys with one name, a key that is broken or weak. The arena must live as long as *out; jwks_free gives OpenSSL's part
// back.
const char *jwks_read(arena *a, const json *set, token_alg alg, jwks *out);
void jwks_free(jwks *set);
// The key of that name; without a name the only key there is. NULL when there is none.
EVP_PKEY *jwks_find(const jwks *set, const char *kid);

// A signature in the form of RFC 7518 (ES256: r and s, 32 bytes each). Everything that is not exactly right is false.
bool jwk_verify(EVP_PKEY *key, token_alg alg, const void *data, size_t size, const void *signature,
                size_t signature_size);
// The left half of the hash that belongs to `alg`, base64url: at_hash of OpenID Connect.
char *jwk_half_hash(arena *a, token_alg alg, const char *text);
// SHA-256 of a text, base64url: PKCE's S256.
char *sha256_base64url(arena *a, const char *text);
