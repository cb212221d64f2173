// The relying party's judgement: keys, signatures, ID tokens, claims, return paths, cookies and the life of a session.
#include "base/clock.h"
#include "base/text.h"
#include "check.h"
#include "identity/fetch.h"
#include "identity/state.h"
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>

static const char ISSUER[] = "https://idp.example/idp", NONCE[] = "n-0S6_WzA2Mj";
static const int64_t NOW = 1795500000LL * SECOND;
static arena *A;

static json *parse(const char *text) {
    json_error error;
    return json_parse(A, text, strlen(text), &error);
}

// ---- published vectors

static bool vector(token_alg alg, const char *jwk, const char *data, const char *signature) {
    jwks set;
    size_t size = 0;
    const uint8_t *bytes = text_unbase64url(A, signature, &size);
    const char *why = jwks_read(A, parse(arena_print(A, "{\"keys\":[%s]}", jwk)), alg, &set);
    EVP_PKEY *key = why ? NULL : jwks_find(&set, NULL);
    bool right = key && bytes && jwk_verify(key, alg, data, strlen(data), bytes, size);
    if (!why)
        jwks_free(&set);
    return right;
}

static const char RFC7515_A3[] =
    "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
    "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}";
static const char RFC7515_DATA[] =
    "eyJhbGciOiJFUzI1NiJ9."
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
static const char RFC7515_A3_SIGNATURE[] =
    "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
static const char RFC7515_A2[] = "{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_"
                                 "wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1"
                                 "Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-"
                                 "bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEM"
                                 "a2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_"
                                 "h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ\"}";
static const char RFC7515_A2_DATA[] =
    "eyJhbGciOiJSUzI1NiJ9."
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
static const char RFC7515_A2_SIGNATURE[] =
    "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_"
    "O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4"
    "BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-"
    "eOkHWEsqtFZESc6BfI7noOPqv"
    "hJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
static const char RFC8037_A4[] =
    "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}";
static const char RFC8037_DATA[] = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
static const char RFC8037_SIGNATURE[] =
    "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";

static void test_vectors(void) {
    CASE("RFC 7515 A.3: ES256")
    CHECK(vector(ALG_ES256, RFC7515_A3, RFC7515_DATA, RFC7515_A3_SIGNATURE));
    CHECK(!vector(ALG_ES256, RFC7515_A3, RFC7515_A2_DATA, RFC7515_A3_SIGNATURE));
    CASE("RFC 7515 A.2: RS256")
    CHECK(vector(ALG_RS256, RFC7515_A2, RFC7515_A2_DATA, RFC7515_A2_SIGNATURE));
    CHECK(!vector(ALG_RS256, RFC7515_A2, RFC7515_DATA, RFC7515_A2_SIGNATURE));
    CASE("RFC 8037 A.4: Ed25519")
    CHECK(vector(ALG_ED25519, RFC8037_A4, RFC8037_DATA, RFC8037_SIGNATURE));
    CHECK(!vector(ALG_ED25519, RFC8037_A4, RFC7515_DATA, RFC8037_SIGNATURE));
    CASE("RFC 7636 B: S256")
    CHECK_TEXT(sha256_base64url(A, "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
               "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    CASE("a key of another algorithm is not taken")
    CHECK(!vector(ALG_RS256, RFC7515_A3, RFC7515_DATA, RFC7515_A3_SIGNATURE));
}

static const char *refused_keys(token_alg alg, const char *text) {
    jwks set;
    const char *why = jwks_read(A, parse(text), alg, &set);
    size_t count = set.count;
    jwks_free(&set);
    return why ? why : arena_print(A, "%zu keys", count);
}

static void test_key_sets(void) {
    CASE("key sets")
    CHECK_TEXT(refused_keys(ALG_ES256, "{}"), "key set without keys");
    CHECK_TEXT(refused_keys(ALG_ES256, "{\"keys\":{}}"), "key set without keys");
    CHECK_TEXT(refused_keys(ALG_ES256, arena_print(A, "{\"keys\":[%s,%s]}", RFC7515_A3, RFC7515_A3)),
               "two keys with one kid");
    CHECK_TEXT(refused_keys(ALG_ES256, arena_print(A, "{\"keys\":[%s,%s,%s,1]}", RFC7515_A3, RFC7515_A2, RFC8037_A4)),
               "1 keys");
    CHECK_TEXT(refused_keys(
                   ALG_ES256,
                   "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
                   "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a1\"}]}"),
               "broken or weak key");
    CHECK_TEXT(refused_keys(ALG_RS256, "{\"keys\":[{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"ofgWCuLjybRlzo0t\"}]}"),
               "broken or weak key");
    CHECK_TEXT(refused_keys(ALG_ES256, "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\"}]}"), "0 keys");
    CHECK_TEXT(refused_keys(ALG_ES256,
                            "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"use\":\"enc\",\"x\":\"\",\"y\":\"\"}]}"),
               "0 keys");
}

// ---- tokens that are signed here

static EVP_PKEY *signer;

static char *sign(const char *header, const char *claims) {
    char *data =
        arena_print(A, "%s.%s", text_base64url(A, header, strlen(header)), text_base64url(A, claims, strlen(claims)));
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    unsigned char der[128], raw[64];
    const unsigned char *at = der;
    size_t size = sizeof der;
    EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, signer);
    EVP_DigestSign(context, der, &size, (const unsigned char *)data, strlen(data));
    EVP_MD_CTX_free(context);
    ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &at, (long)size);
    BN_bn2binpad(ECDSA_SIG_get0_r(pair), raw, 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(pair), raw + 32, 32);
    ECDSA_SIG_free(pair);
    return arena_print(A, "%s.%s", data, text_base64url(A, raw, sizeof raw));
}

static const char *judge(const char *text) {
    token t;
    token_rules rules = {.issuer = ISSUER, .client_id = "beian", .nonce = NONCE, .alg = ALG_ES256, .now = NOW};
    const char *why = token_read(A, text, strlen(text), ALG_ES256, &t);
    if (why)
        return why;
    if (!token_signed(&t, ALG_ES256, signer))
        return "wrong signature";
    why = token_check(A, &t, &rules);
    return why ? why : "fine";
}

static const char HEADER[] = "{\"alg\":\"ES256\",\"kid\":\"k1\",\"typ\":\"JWT\"}";

// The right claims with one of them replaced by JSON, or left out when `value` is NULL.
static char *claims_but(const char *name, const char *value) {
    json *claims = parse(arena_print(
        A, "{\"iss\":\"%s\",\"aud\":\"beian\",\"nonce\":\"%s\",\"sub\":\"person-1\",\"exp\":%lld,\"iat\":%lld}", ISSUER,
        NONCE, (long long)(NOW / SECOND + 600), (long long)(NOW / SECOND)));
    if (name && value)
        json_set(A, claims, name, json_get(parse(arena_print(A, "{\"v\":%s}", value)), "v"));
    else if (name)
        json_remove(claims, name);
    return json_print(A, claims);
}

static const char *with(const char *name, const char *value) {
    return judge(sign(HEADER, claims_but(name, value)));
}

static const char *with_time(const char *name, int64_t offset_s) {
    return with(name, arena_print(A, "%lld", (long long)(NOW / SECOND + offset_s)));
}

static void test_claims_of_tokens(void) {
    CASE("a right token")
    CHECK_TEXT(with(NULL, NULL), "fine");
    CHECK_TEXT(with("aud", "[\"beian\"]"), "fine");
    CHECK_TEXT(with("azp", "\"beian\""), "fine");
    CHECK_TEXT(with_time("nbf", 30), "fine");
    CHECK_TEXT(with_time("iat", 30), "fine");
    CASE("issuer and audience")
    CHECK_TEXT(with("iss", NULL), "iss is not the platform that was asked");
    CHECK_TEXT(with("iss", "\"https://idp.example/idp/\""), "iss is not the platform that was asked");
    CHECK_TEXT(with("aud", NULL), "aud is not this client");
    CHECK_TEXT(with("aud", "\"beian2\""), "aud is not this client");
    CHECK_TEXT(with("aud", "[]"), "aud names others");
    CHECK_TEXT(with("aud", "[\"beian\",\"other\"]"), "aud names others");
    CHECK_TEXT(with("aud", "[[\"beian\"]]"), "aud is not this client");
    CHECK_TEXT(with("azp", "\"other\""), "azp is not this client");
    CHECK_TEXT(with("azp", "1"), "azp is not this client");
    CASE("nonce, subject, at_hash")
    CHECK_TEXT(with("nonce", NULL), "nonce is not the one of this log-in");
    CHECK_TEXT(with("nonce", "\"n-0S6_WzA2Mk\""), "nonce is not the one of this log-in");
    CHECK_TEXT(with("nonce", "[\"n-0S6_WzA2Mj\"]"), "nonce is not the one of this log-in");
    CHECK_TEXT(with("sub", NULL), "sub is missing, no text or too long");
    CHECK_TEXT(with("sub", "7"), "sub is missing, no text or too long");
    CHECK_TEXT(with("sub", "\"a b\""), "sub has odd characters");
    CHECK_TEXT(with("at_hash", "\"AAAA\""), "at_hash does not fit the access token");
    CASE("times")
    CHECK_TEXT(with_time("exp", -60), "expired");
    CHECK_TEXT(with_time("exp", -59), "exp does not fit iat");
    CHECK_TEXT(with("exp", NULL), "exp is missing or no time");
    CHECK_TEXT(with("exp", "\"1795500600\""), "exp is missing or no time");
    CHECK_TEXT(with("exp", "1e300"), "exp is missing or no time");
    CHECK_TEXT(with("exp", "1795500600000"), "exp is missing or no time");
    CHECK_TEXT(with_time("exp", 90000), "exp does not fit iat");
    CHECK_TEXT(with("iat", NULL), "iat is missing or no time");
    CHECK_TEXT(with("iat", "-1"), "iat is missing or no time");
    CHECK_TEXT(with_time("iat", 61), "issued in the future");
    CHECK_TEXT(with_time("iat", -601), "issued too long ago");
    CHECK_TEXT(with_time("nbf", 61), "not valid yet");
    CHECK_TEXT(with("nbf", "null"), "nbf is no time");
    CHECK_TEXT(with_time("auth_time", 61), "issued in the future");
}

static const char *headed(const char *text) {
    return judge(sign(text, claims_but(NULL, NULL)));
}

static void test_headers(void) {
    CASE("headers")
    CHECK_TEXT(headed("{\"alg\":\"ES256\"}"), "fine");
    CHECK_TEXT(headed("{\"alg\":\"none\"}"), "alg is not the configured one");
    CHECK_TEXT(headed("{\"alg\":\"HS256\"}"), "alg is not the configured one");
    CHECK_TEXT(headed("{\"alg\":[\"ES256\"]}"), "alg is not the configured one");
    CHECK_TEXT(headed("{}"), "alg is not the configured one");
    CHECK_TEXT(headed("{\"alg\":\"ES256\",\"crit\":[\"exp\"]}"), "crit names what is not understood");
    CHECK_TEXT(headed("{\"alg\":\"ES256\",\"b64\":false}"), "header with another encoding");
    CHECK_TEXT(headed("{\"alg\":\"ES256\",\"typ\":\"at+jwt\"}"), "typ is not JWT");
    CHECK_TEXT(headed("{\"alg\":\"ES256\",\"kid\":1}"), "kid is no name");
    CHECK_TEXT(headed("{\"alg\":\"ES256\",\"alg\":\"ES256\"}"), "header is no base64url JSON object");
    CHECK_TEXT(headed("[\"ES256\"]"), "header is no base64url JSON object");
}

static void test_forms(void) {
    char *right = sign(HEADER, claims_but(NULL, NULL));
    size_t size = strlen(right);
    CASE("the form of a token")
    CHECK_TEXT(judge(""), "token is not of three parts");
    CHECK_TEXT(judge("a.b"), "token is not of three parts");
    CHECK_TEXT(judge(arena_print(A, "%s.", right)), "token is not of three parts");
    CHECK_TEXT(judge(arena_print(A, "%s=", right)), "signature is no base64url");
    CHECK_TEXT(judge(arena_print(A, " %s", right)), "header is no base64url JSON object");
    CHECK_TEXT(judge(arena_print(A, "%.*s", (int)(size - 2), right)), "wrong signature");
    CHECK_TEXT(judge(arena_print(A, "%.*s", (int)(strrchr(right, '.') - right + 1), right)),
               "signature is no base64url");
    CASE("every bit of the signature counts")
    char *last = right + size - 1; // 86 characters hold 516 bits: four are stray
    char *stray = strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", *last)
                      ? arena_text(A, right)
                      : right;
    stray[size - 1] = *last == 'A' ? 'B' : *last == 'Q' ? 'R' : *last == 'g' ? 'h' : 'x';
    CHECK_TEXT(judge(stray), "signature is no base64url");
    char *other = arena_text(A, right);
    other[size - 20] = other[size - 20] == 'A' ? 'B' : 'A';
    CHECK_TEXT(judge(other), "wrong signature");
}

// ---- who it is

static const char *who(bool officer, const char *text) {
    person_claims out;
    const char *why = claims_read(A, parse(text), officer, ISSUER, &out);
    return why ? why
               : arena_print(A, "%s %s | %s | %s", out.kind, out.name, json_print(A, out.facts),
                             json_print(A, out.actor));
}

static void test_claims(void) {
    CASE("claims of a person")
    CHECK_TEXT(who(false, "{\"sub\":\"s\",\"kind\":\"person\",\"name\":\"沈知秋\",\"id_type\":\"resident-id\",\"id_"
                          "no\":\"1\",\"org_name\":\"x\"}"),
               "person 沈知秋 | {\"name\":\"沈知秋\",\"id_type\":\"resident-id\",\"id_no\":\"1\"} | "
               "{\"sub\":\"s\",\"name\":\"沈知秋\",\"id_type\":\"resident-id\",\"id_no\":\"1\"}");
    CHECK_TEXT(who(false, "{\"sub\":\"s\",\"kind\":\"person\",\"name\":\"沈知秋\",\"id_type\":\"resident-id\"}"),
               "claim id_no is missing");
    CHECK_TEXT(
        who(false, "{\"sub\":\"s\",\"kind\":\"person\",\"name\":\"\",\"id_type\":\"resident-id\",\"id_no\":\"1\"}"),
        "claim name is empty, too long or no text");
    CHECK_TEXT(
        who(false,
            "{\"sub\":\"s\",\"kind\":\"person\",\"name\":\"a\\nb\",\"id_type\":\"resident-id\",\"id_no\":\"1\"}"),
        "claim name is empty, too long or no text");
    CHECK_TEXT(who(false, "{\"sub\":\"s\",\"kind\":\"person\",\"name\":\"a\",\"id_type\":\"resident-id\",\"id_no\":1}"),
               "claim id_no is empty, too long or no text");
    CASE("claims of an organisation")
    CHECK_TEXT(who(false, "{\"sub\":\"s\",\"kind\":\"legal\",\"name\":\"周怀瑾\",\"org_name\":\"某公司\",\"org_id_"
                          "type\":\"uscc\",\"org_id_no\":\"9\"}"),
               "legal 周怀瑾 | {\"org_name\":\"某公司\",\"org_id_type\":\"uscc\",\"org_id_no\":\"9\"} | "
               "{\"sub\":\"s\",\"name\":\"周怀瑾\"}");
    CHECK_TEXT(
        who(false,
            "{\"sub\":\"s\",\"kind\":\"legal\",\"name\":\"周怀瑾\",\"org_name\":\"某公司\",\"org_id_type\":\"uscc\"}"),
        "claim org_id_no is missing");
    CASE("claims of an officer")
    const char *officer = "{\"sub\":\"o\",\"kind\":\"officer\",\"name\":\"郑国栋\",\"unit_code\":\"110101\",\"unit_"
                          "name\":\"u\",\"region\":\"110101\","
                          "\"roles\":[\"reviewer\"]}";
    CHECK(text_starts(who(true, officer), "officer 郑国栋 | "));
    CHECK_TEXT(who(false, officer), "claim kind is missing or not for this log-in");
    CHECK_TEXT(
        who(true, "{\"sub\":\"o\",\"kind\":\"person\",\"name\":\"a\",\"id_type\":\"resident-id\",\"id_no\":\"1\"}"),
        "claim kind is missing or not for this log-in");
    CHECK_TEXT(who(true, "{\"sub\":\"o\",\"kind\":\"officer\",\"name\":\"a\",\"unit_code\":\"1101\",\"unit_name\":"
                         "\"u\",\"region\":\"1\",\"roles\":[\"r\"]}"),
               "claim unit_code is not of six digits");
    CHECK_TEXT(who(true, "{\"sub\":\"o\",\"kind\":\"officer\",\"name\":\"a\",\"unit_code\":\"110101\",\"unit_name\":"
                         "\"u\",\"region\":\"1\",\"roles\":\"r\"}"),
               "claim roles is missing or no list");
}

// ---- paths, cookies, addresses

static const char *back(const char *wanted) {
    static const side applicant = {.inside = "/"};
    const char *path = return_path(A, &applicant, wanted);
    return path ? path : "no";
}

static void test_return_paths(void) {
    static const side officer = {.inside = "/review"};
    CASE("where a log-in comes back to")
    CHECK_TEXT(back("/home"), "/home");
    CHECK_TEXT(back("/draft/abc?step=2#site"), "/draft/abc?step=2#site");
    CHECK_TEXT(back("/a\"b"), "/a%22b");
    CHECK_TEXT(back("/主体"), "/%E4%B8%BB%E4%BD%93");
    CHECK(return_path(A, &officer, "/review/abc") && !return_path(A, &officer, "/home"));
    CASE("where a log-in never comes back to")
    const char *const bad[] = {"",
                               "home",
                               "//evil.example",
                               "/\\evil.example",
                               "https://evil.example",
                               "/a\r\nX: 1",
                               "/\t/evil.example",
                               "/ a",
                               "/login",
                               "/login/callback?code=1",
                               "/review/login",
                               "/a\x7f"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK_TEXT(back(bad[i]), "no");
    CHECK_TEXT(back(NULL), "no");
}

static void test_sessions(void) {
    identity plain = {0}, secure = {.secure = true};
    CASE("cookies")
    CHECK_TEXT(cookie_line(&plain, A, "beian", "v", 0), "beian=v; Path=/; HttpOnly; SameSite=Lax");
    CHECK_TEXT(cookie_line(&secure, A, "__Host-beian", "v", MINUTE),
               "__Host-beian=v; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure");
    CHECK_TEXT(cookie_line(&plain, A, "beian", NULL, 0), "beian=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
    CASE("the life of a session")
    CHECK(session_alive(NOW, NOW + SESSION_LIFE, 2 * HOUR, NOW));
    CHECK(session_alive(NOW - 2 * HOUR + 1, NOW + 1, 2 * HOUR, NOW));
    CHECK(!session_alive(NOW - 2 * HOUR, NOW + HOUR, 2 * HOUR, NOW));
    CHECK(!session_alive(NOW, NOW, 2 * HOUR, NOW));
    CASE("secrets")
    char *secret = secret_new(A);
    CHECK(secret_formed(secret) && !text_same(secret, secret_new(A)));
    CHECK(!secret_formed(secret + 1) && !secret_formed(arena_print(A, "%sA", secret)) && !secret_formed(NULL));
    secret[5] = '.';
    CHECK(!secret_formed(secret));
    CASE("addresses of the platform")
    CHECK(url_allowed("https://idp.example/auth", false) && url_allowed("http://127.0.0.1:8081/idp", true));
    CHECK(url_allowed("http://[::1]:8081/idp", true) && url_allowed("http://localhost/idp", true));
    CHECK(!url_allowed("http://127.0.0.1:8081/idp", false) && !url_allowed("http://idp.example/auth", true));
    CHECK(!url_allowed("https://a@idp.example/", true) && !url_allowed("https://idp.example/#x", true));
    CHECK(!url_allowed("file:///etc/passwd", true) && !url_allowed("/idp", true) &&
          !url_allowed("https://idp.example/a b", true));
    CHECK_TEXT(url_encode(A, "a b&+/~主"), "a%20b%26%2B%2F~%E4%B8%BB");
}

int main(void) {
    A = arena_new(1 << 16);
    signer = EVP_EC_gen("P-256");
    test_vectors();
    test_key_sets();
    test_claims_of_tokens();
    test_headers();
    test_forms();
    test_claims();
    test_return_paths();
    test_sessions();
    EVP_PKEY_free(signer);
    arena_free(A);
    return check_end();
}
