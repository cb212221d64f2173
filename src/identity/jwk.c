#include "identity/jwk.h"
#include "base/text.h"
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <string.h>

enum { MOST_KEYS = 32, LEAST_RSA_BITS = 2048, MOST_RSA_BITS = 8192, COORDINATE = 32, RAW_SIGNATURE = 64 };

static const struct algorithm {
    const char *name, *other_name, *kty, *crv;
} ALGORITHMS[ALG_COUNT] = {
    [ALG_ES256] = {"ES256", "ES256", "EC", "P-256"},
    [ALG_RS256] = {"RS256", "RS256", "RSA", NULL},
    [ALG_ED25519] = {"Ed25519", "EdDSA", "OKP", "Ed25519"},
};

bool alg_named(const char *name, token_alg *out) {
    for (size_t i = 0; i < ALG_COUNT; i++) {
        if (!text_same(name, ALGORITHMS[i].name))
            continue;
        *out = (token_alg)i;
        return true;
    }
    return false;
}

bool alg_is(token_alg alg, const char *name) {
    return text_same(name, ALGORITHMS[alg].name) || text_same(name, ALGORITHMS[alg].other_name);
}

// ---- reading keys

static uint8_t *bytes_of(arena *a, const json *jwk, const char *name, size_t *size) {
    const char *text = json_text(jwk, name);
    return text ? text_unbase64url(a, text, size) : NULL;
}

static EVP_PKEY *key_from(const char *type, OSSL_PARAM *params) {
    EVP_PKEY *key = NULL;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    bool made = context && params && EVP_PKEY_fromdata_init(context) == 1 &&
                EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, params) == 1;
    EVP_PKEY_CTX_free(context);
    if (made)
        return key;
    EVP_PKEY_free(key);
    return NULL;
}

static EVP_PKEY *read_ec(arena *a, const json *jwk) {
    size_t x_size = 0, y_size = 0;
    uint8_t *x = bytes_of(a, jwk, "x", &x_size), *y = bytes_of(a, jwk, "y", &y_size), point[1 + 2 * COORDINATE] = {4};
    if (!x || !y || x_size != COORDINATE || y_size != COORDINATE)
        return NULL;
    memcpy(point + 1, x, COORDINATE);
    memcpy(point + 1 + COORDINATE, y, COORDINATE);
    char group[] = "P-256";
    OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
                           OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point),
                           OSSL_PARAM_construct_end()};
    return key_from("EC", params); // refuses a point that is not on the curve
}

static EVP_PKEY *rsa_key(BIGNUM *n, BIGNUM *e) {
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    OSSL_PARAM *params = NULL;
    if (builder && n && e && BN_is_odd(n) && BN_is_odd(e) && !BN_is_one(e) && BN_num_bits(n) >= LEAST_RSA_BITS &&
        BN_num_bits(n) <= MOST_RSA_BITS && BN_num_bits(e) <= 64 &&
        OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, n) &&
        OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, e))
        params = OSSL_PARAM_BLD_to_param(builder);
    EVP_PKEY *key = params ? key_from("RSA", params) : NULL;
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(builder);
    return key;
}

static EVP_PKEY *read_rsa(arena *a, const json *jwk) {
    size_t n_size = 0, e_size = 0;
    uint8_t *n = bytes_of(a, jwk, "n", &n_size), *e = bytes_of(a, jwk, "e", &e_size);
    if (!n || !e || n_size > MOST_RSA_BITS / 8 || e_size > 8)
        return NULL;
    BIGNUM *modulus = BN_bin2bn(n, (int)n_size, NULL), *exponent = BN_bin2bn(e, (int)e_size, NULL);
    EVP_PKEY *key = rsa_key(modulus, exponent);
    BN_free(modulus);
    BN_free(exponent);
    return key;
}

static EVP_PKEY *read_ed25519(arena *a, const json *jwk) {
    size_t size = 0;
    uint8_t *x = bytes_of(a, jwk, "x", &size);
    return x && size == COORDINATE ? EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, x, size) : NULL;
}

// Meant for verifying this algorithm: a set may hold keys for other purposes beside.
static bool is_suitable(const json *jwk, token_alg alg) {
    const char *use = json_text(jwk, "use"), *name = json_text(jwk, "alg");
    if (!text_same(json_text(jwk, "kty"), ALGORITHMS[alg].kty))
        return false;
    if (ALGORITHMS[alg].crv && !text_same(json_text(jwk, "crv"), ALGORITHMS[alg].crv))
        return false;
    if ((json_get(jwk, "use") && !text_same(use, "sig")) || (json_get(jwk, "alg") && !alg_is(alg, name)))
        return false;
    const json *operations = json_get(jwk, "key_ops");
    json_each(one, operations) {
        if (one->type == JSON_STRING && strcmp(one->text, "verify") == 0)
            return true;
    }
    return !operations;
}

const char *jwks_read(arena *a, const json *set, token_alg alg, jwks *out) {
    static EVP_PKEY *(*const READ[ALG_COUNT])(arena *, const json *) = {read_ec, read_rsa, read_ed25519};
    const json *list = json_get(set, "keys");
    *out = (jwks){0};
    if (!list || list->type != JSON_ARRAY)
        return "key set without keys";
    if (list->count > MOST_KEYS)
        return "key set with too many keys";
    out->keys = arena_alloc(a, sizeof *out->keys * (list->count + 1));
    json_each(jwk, list) {
        if (jwk->type != JSON_OBJECT || !is_suitable(jwk, alg))
            continue;
        const char *kid = json_text(jwk, "kid");
        for (size_t i = 0; i < out->count; i++)
            if (text_same(out->keys[i].kid, kid))
                return jwks_free(out), "two keys with one kid";
        EVP_PKEY *key = READ[alg](a, jwk);
        if (!key)
            return jwks_free(out), "broken or weak key";
        out->keys[out->count].kid = arena_text(a, kid);
        out->keys[out->count++].key = key;
    }
    return NULL;
}

void jwks_free(jwks *set) {
    for (size_t i = 0; i < set->count; i++)
        EVP_PKEY_free(set->keys[i].key);
    set->count = 0;
}

EVP_PKEY *jwks_find(const jwks *set, const char *kid) {
    if (!kid)
        return set->count == 1 ? set->keys[0].key : NULL;
    for (size_t i = 0; i < set->count; i++)
        if (text_same(set->keys[i].kid, kid))
            return set->keys[i].key;
    return NULL;
}

// ---- signatures and hashes

// EVP wants the DER form; r and s of RFC 7518 have a fixed length, so there is only one way to write a signature.
static unsigned char *ecdsa_der(const uint8_t *raw, int *size) {
    unsigned char *der = NULL;
    ECDSA_SIG *pair = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(raw, COORDINATE, NULL), *s = BN_bin2bn(raw + COORDINATE, COORDINATE, NULL);
    if (pair && r && s && ECDSA_SIG_set0(pair, r, s) == 1) {
        *size = i2d_ECDSA_SIG(pair, &der);
    } else {
        BN_free(r);
        BN_free(s);
    }
    ECDSA_SIG_free(pair);
    return der;
}

static bool verify(EVP_PKEY *key, const EVP_MD *digest, const void *data, size_t size, const void *sig,
                   size_t sig_size) {
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool right = context && EVP_DigestVerifyInit(context, NULL, digest, NULL, key) == 1 &&
                 EVP_DigestVerify(context, sig, sig_size, data, size) == 1;
    EVP_MD_CTX_free(context);
    return right;
}

bool jwk_verify(EVP_PKEY *key, token_alg alg, const void *data, size_t size, const void *signature,
                size_t signature_size) {
    if (alg == ALG_ED25519)
        return signature_size == RAW_SIGNATURE && verify(key, NULL, data, size, signature, signature_size);
    if (alg == ALG_RS256)
        return signature_size == (size_t)EVP_PKEY_get_size(key) &&
               verify(key, EVP_sha256(), data, size, signature, signature_size);
    if (signature_size != RAW_SIGNATURE)
        return false;
    int der_size = 0;
    unsigned char *der = ecdsa_der(signature, &der_size);
    bool right = der && der_size > 0 && verify(key, EVP_sha256(), data, size, der, (size_t)der_size);
    OPENSSL_free(der);
    return right;
}

static char *hash_base64url(arena *a, const char *name, const char *text, unsigned parts) {
    unsigned char hash[EVP_MAX_MD_SIZE];
    size_t size = 0;
    if (EVP_Q_digest(NULL, name, NULL, text, strlen(text), hash, &size) != 1)
        return NULL;
    return text_base64url(a, hash, size / parts);
}

char *jwk_half_hash(arena *a, token_alg alg, const char *text) {
    return hash_base64url(a, alg == ALG_ED25519 ? "SHA512" : "SHA256", text, 2);
}

char *sha256_base64url(arena *a, const char *text) {
    return hash_base64url(a, "SHA256", text, 1);
}
