#include "identity/token.h"
#include "base/clock.h"
#include "base/text.h"
#include <math.h>
#include <string.h>
#include <strings.h>

enum { MOST_TOKEN = 16384, MOST_SUBJECT = 255, LEEWAY_S = 60, OLDEST_S = 600, LONGEST_S = 86400 };

static json *read_part(arena *a, const char *text, size_t size) {
    size_t plain_size = 0;
    json_error error;
    uint8_t *plain = text_unbase64url(a, arena_slice(a, text, size), &plain_size);
    json *value = plain ? json_parse(a, (const char *)plain, plain_size, &error) : NULL;
    return value && value->type == JSON_OBJECT ? value : NULL;
}

static const char *check_header(const json *header, token_alg alg, const char **kid) {
    const json *type = json_get(header, "typ"), *name = json_get(header, "kid");
    if (!alg_is(alg, json_text(header, "alg")))
        return "alg is not the configured one";
    if (json_get(header, "crit"))
        return "crit names what is not understood";
    if (json_get(header, "b64") || json_get(header, "zip") || json_get(header, "enc"))
        return "header with another encoding";
    if (type && (type->type != JSON_STRING || strcasecmp(type->text, "JWT") != 0))
        return "typ is not JWT";
    if (name && (name->type != JSON_STRING || !*name->text))
        return "kid is no name";
    *kid = name ? name->text : NULL;
    return NULL;
}

const char *token_read(arena *a, const char *text, size_t size, token_alg alg, token *out) {
    *out = (token){0};
    if (size > MOST_TOKEN || memchr(text, '\0', size))
        return "token too long or with NUL";
    const char *end = text + size, *first = memchr(text, '.', size);
    const char *second = first ? memchr(first + 1, '.', (size_t)(end - first - 1)) : NULL;
    if (!second || memchr(second + 1, '.', (size_t)(end - second - 1)))
        return "token is not of three parts";
    const json *header = read_part(a, text, (size_t)(first - text));
    if (!header)
        return "header is no base64url JSON object";
    const char *why = check_header(header, alg, &out->kid);
    if (why)
        return why;
    out->claims = read_part(a, first + 1, (size_t)(second - first - 1));
    if (!out->claims)
        return "claims are no base64url JSON object";
    out->signature = text_unbase64url(a, arena_slice(a, second + 1, (size_t)(end - second - 1)), &out->signature_size);
    if (!out->signature || !out->signature_size)
        return "signature is no base64url";
    out->signed_part = text;
    out->signed_size = (size_t)(second - text);
    return NULL;
}

bool token_signed(const token *t, token_alg alg, EVP_PKEY *key) {
    return jwk_verify(key, alg, t->signed_part, t->signed_size, t->signature, t->signature_size);
}

// ---- claims

static const char *check_audience(const json *claims, const token_rules *rules) {
    const json *audience = json_get(claims, "aud"), *party = json_get(claims, "azp");
    if (audience && audience->type == JSON_ARRAY) {
        // We trust no other audience than ourselves, so the list may have one element only.
        if (audience->count != 1)
            return "aud names others";
        audience = audience->first;
    }
    if (!audience || audience->type != JSON_STRING || strcmp(audience->text, rules->client_id) != 0)
        return "aud is not this client";
    if (party && (party->type != JSON_STRING || strcmp(party->text, rules->client_id) != 0))
        return "azp is not this client";
    return NULL;
}

// Seconds since 1970; false when the claim is there and is no sensible number.
static bool read_time(const json *claims, const char *name, double *out, bool *there) {
    const json *value = json_get(claims, name);
    *there = value != NULL;
    if (!value)
        return true;
    *out = value->number;
    return value->type == JSON_NUMBER && isfinite(value->number) && value->number >= 0 && value->number < 1e11;
}

static const char *check_times(const json *claims, int64_t now_ms) {
    double now = (double)now_ms / 1000, expires = 0, issued = 0, from = 0, authenticated = 0;
    bool has_expires, has_issued, has_from, has_authenticated;
    if (!read_time(claims, "exp", &expires, &has_expires) || !has_expires)
        return "exp is missing or no time";
    if (!read_time(claims, "iat", &issued, &has_issued) || !has_issued)
        return "iat is missing or no time";
    if (!read_time(claims, "nbf", &from, &has_from))
        return "nbf is no time";
    if (!read_time(claims, "auth_time", &authenticated, &has_authenticated))
        return "auth_time is no time";
    if (expires <= now - LEEWAY_S)
        return "expired";
    if (issued > now + LEEWAY_S || (has_authenticated && authenticated > now + LEEWAY_S))
        return "issued in the future";
    if (issued < now - OLDEST_S)
        return "issued too long ago";
    if (expires <= issued || expires - issued > LONGEST_S)
        return "exp does not fit iat";
    return has_from && from > now + LEEWAY_S ? "not valid yet" : NULL;
}

static bool same_secret(const char *got, const char *wanted) {
    size_t size = strlen(wanted);
    return got && strlen(got) == size && text_equal_secret(got, wanted, size);
}

static const char *check_subject(const json *claims) {
    const char *subject = json_text(claims, "sub");
    if (!subject || !*subject || strlen(subject) > MOST_SUBJECT)
        return "sub is missing, no text or too long";
    for (const char *c = subject; *c; c++)
        if (*c < 0x21 || *c > 0x7E)
            return "sub has odd characters";
    return NULL;
}

const char *token_check(arena *a, const token *t, const token_rules *rules) {
    const json *claims = t->claims, *hash = json_get(claims, "at_hash");
    const char *issuer = json_text(claims, "iss"), *why;
    if (!text_same(issuer, rules->issuer))
        return "iss is not the platform that was asked";
    if ((why = check_audience(claims, rules)))
        return why;
    if (!same_secret(json_text(claims, "nonce"), rules->nonce))
        return "nonce is not the one of this log-in";
    if ((why = check_times(claims, rules->now)))
        return why;
    if ((why = check_subject(claims)))
        return why;
    if (hash && (!rules->access_token ||
                 !same_secret(json_text(claims, "at_hash"), jwk_half_hash(a, rules->alg, rules->access_token))))
        return "at_hash does not fit the access token";
    return NULL;
}
