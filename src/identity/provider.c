// The provider's metadata and keys are kept for an hour, in an arena of their own that is replaced as a whole. The lock
// is held while they are fetched (4 s at most); a platform that just failed is not asked again at once.
#include "identity/provider.h"
#include "base/clock.h"
#include "base/text.h"
#include "identity/failure.h"
#include "identity/fetch.h"
#include <pthread.h>
#include <string.h>
#include <strings.h>

static const int64_t KEEP = HOUR, REST_AFTER_FAILURE = 2 * SECOND, REST_AFTER_REFETCH = 10 * SECOND;

struct provider {
    const provider_settings *settings;
    bool loopback;
    pthread_mutex_t lock;
    arena *arena, *key_arena; // of what was fetched; NULL = nothing yet
    const char *authorization, *token, *jwks_uri;
    bool sends_issuer;
    jwks keys;
    int64_t read_at, keys_at, failed_at, refetched_at; // clock_steady(); 0 = never
};

problem *provider_open(arena *a, const provider_settings *settings, provider **out) {
    bool loopback = text_starts(settings->issuer, "http://");
    if (!url_allowed(settings->issuer, loopback) || strchr(settings->issuer, '?'))
        return problem_printf(a, 500, "configuration", "配置有误", "身份平台的地址应为 https 地址（本机可用 http）：%s",
                              settings->issuer);
    provider *p = arena_new_of(a, provider);
    *p = (provider){.settings = settings, .loopback = loopback};
    pthread_mutex_init(&p->lock, NULL);
    *out = p;
    return NULL;
}

void provider_close(provider *p) {
    if (!p)
        return;
    jwks_free(&p->keys);
    if (p->key_arena)
        arena_free(p->key_arena);
    if (p->arena)
        arena_free(p->arena);
    pthread_mutex_destroy(&p->lock);
}

// ---- what the platform says about itself

static bool is_json(const fetch_answer *answer) {
    size_t size = strcspn(answer->media, "; ");
    static const char *const media[] = {"application/json", "application/jwk-set+json"};
    for (size_t i = 0; i < 2; i++)
        if (strlen(media[i]) == size && strncasecmp(answer->media, media[i], size) == 0)
            return true;
    return false;
}

static problem *get_json(arena *a, const char *url, json **out) {
    fetch_answer answer;
    json_error error;
    const char *why = fetch(a, &(fetch_request){.url = url}, &answer);
    if (why)
        return login_down(a, arena_print(a, "metadata: %s", why));
    if (answer.status != 200)
        return login_down(a, arena_print(a, "metadata: status %d", answer.status));
    *out = is_json(&answer) ? json_parse(a, answer.body, answer.size, &error) : NULL;
    return *out && (*out)->type == JSON_OBJECT ? NULL : login_forged(a, "metadata is no JSON object");
}

static const char *endpoint(const provider *p, const json *metadata, const char *name) {
    const char *url = json_text(metadata, name);
    return url && url_allowed(url, p->loopback) ? url : NULL;
}

// A list that is there must hold the value.
static bool may_lack(const json *metadata, const char *name, const char *value, const char *other) {
    const json *list = json_get(metadata, name);
    json_each(one, list) {
        if (one->type == JSON_STRING && (text_same(one->text, value) || text_same(one->text, other)))
            return true;
    }
    return !list;
}

static problem *read_metadata(provider *p, arena *keep, arena *a, const json *metadata) {
    static const char *const ALG[ALG_COUNT] = {"ES256", "RS256", "Ed25519"};
    const char *authorization = endpoint(p, metadata, "authorization_endpoint");
    const char *exchange_url = endpoint(p, metadata, "token_endpoint"), *keys = endpoint(p, metadata, "jwks_uri"),
               *alg = ALG[p->settings->alg];
    if (!text_same(json_text(metadata, "issuer"), p->settings->issuer))
        return login_forged(a, "metadata is of another issuer");
    if (!authorization || !exchange_url || !keys)
        return login_forged(a, "metadata with a missing or forbidden address");
    if (!may_lack(metadata, "code_challenge_methods_supported", "S256", "S256"))
        return login_forged(a, "platform without PKCE S256");
    if (!may_lack(metadata, "id_token_signing_alg_values_supported", alg,
                  p->settings->alg == ALG_ED25519 ? "EdDSA" : alg))
        return login_forged(a, "platform does not sign with the configured algorithm");
    p->authorization = arena_text(keep, authorization);
    p->token = arena_text(keep, exchange_url);
    p->jwks_uri = arena_text(keep, keys);
    p->sends_issuer = json_flag(metadata, "authorization_response_iss_parameter_supported");
    return NULL;
}

static problem *fetch_metadata(provider *p, arena *a) {
    json *metadata = NULL;
    arena *keep = arena_new(4096);
    const char *issuer = p->settings->issuer;
    int size = (int)(strlen(issuer) - text_ends(issuer, "/"));
    problem *failed = get_json(a, arena_print(a, "%.*s/.well-known/openid-configuration", size, issuer), &metadata);
    if (!failed)
        failed = read_metadata(p, keep, a, metadata);
    if (failed) {
        arena_free(keep);
        return failed;
    }
    if (p->arena)
        arena_free(p->arena);
    p->arena = keep;
    p->read_at = clock_steady();
    return NULL;
}

static problem *fetch_keys(provider *p, arena *a) {
    json *set = NULL;
    jwks fresh;
    TRY(get_json(a, p->jwks_uri, &set));
    arena *keep = arena_new(4096);
    const char *why = jwks_read(keep, set, p->settings->alg, &fresh);
    if (why) {
        problem *failed = login_forged(a, why);
        arena_free(keep);
        return failed;
    }
    jwks_free(&p->keys);
    if (p->key_arena)
        arena_free(p->key_arena);
    p->key_arena = keep;
    p->keys = fresh;
    p->keys_at = clock_steady();
    return NULL;
}

// Under the lock. What is older than an hour is fetched anew.
static problem *refresh(provider *p, arena *a, bool with_keys) {
    int64_t now = clock_steady();
    bool old = !p->arena || now - p->read_at > KEEP, old_keys = with_keys && (!p->key_arena || now - p->keys_at > KEEP);
    if (!old && !old_keys)
        return NULL;
    if (p->failed_at && now - p->failed_at < REST_AFTER_FAILURE)
        return login_down(a, "platform failed just now");
    problem *failed = old ? fetch_metadata(p, a) : NULL;
    if (!failed && old_keys)
        failed = fetch_keys(p, a);
    p->failed_at = failed ? clock_steady() : 0;
    return failed;
}

// ---- log-in

problem *provider_begin(provider *p, arena *a, const login_secrets *secrets, char **url) {
    const provider_settings *s = p->settings;
    pthread_mutex_lock(&p->lock);
    problem *failed = refresh(p, a, false);
    const char *address = failed ? NULL : arena_text(a, p->authorization);
    pthread_mutex_unlock(&p->lock);
    if (failed)
        return failed;
    *url = arena_print(
        a,
        "%s%cresponse_type=code&client_id=%s&redirect_uri=%s&scope=%s&state=%s&nonce=%s&code_challenge=%s"
        "&code_challenge_method=S256",
        address, strchr(address, '?') ? '&' : '?', url_encode(a, s->client_id), url_encode(a, s->redirect_uri),
        url_encode(a, s->scope), secrets->state, secrets->nonce, sha256_base64url(a, secrets->verifier));
    return NULL;
}

problem *provider_check_issuer(provider *p, arena *a, const char *iss) {
    pthread_mutex_lock(&p->lock);
    problem *failed = refresh(p, a, false);
    bool wanted = p->sends_issuer;
    pthread_mutex_unlock(&p->lock);
    if (failed)
        return failed;
    if (iss ? !text_same(iss, p->settings->issuer) : wanted)
        return login_forged(a, iss ? "iss of the answer is another platform" : "answer without iss");
    return NULL;
}

static problem *refuse_token_answer(arena *a, int status, const json *body) {
    const char *error = json_text(body, "error");
    char *log =
        arena_print(a, "token endpoint: status %d, %s", status, error && strlen(error) < 64 ? error : "no error code");
    return text_same(error, "invalid_grant") ? login_expired(a, log) : login_down(a, log);
}

// The code for {id_token, access_token, …}.
static problem *exchange(provider *p, arena *a, const char *code, const char *verifier, json **out) {
    const provider_settings *s = p->settings;
    pthread_mutex_lock(&p->lock);
    const char *address = arena_text(a, p->token);
    pthread_mutex_unlock(&p->lock);
    fetch_request wanted = {.url = address,
                            .form =
                                arena_print(a, "grant_type=authorization_code&code=%s&redirect_uri=%s&code_verifier=%s",
                                            url_encode(a, code), url_encode(a, s->redirect_uri), verifier),
                            .user = url_encode(a, s->client_id),
                            .password = url_encode(a, s->secret)};
    fetch_answer answer;
    json_error error;
    const char *why = fetch(a, &wanted, &answer);
    if (why)
        return login_down(a, arena_print(a, "token endpoint: %s", why));
    json *body = is_json(&answer) ? json_parse(a, answer.body, answer.size, &error) : NULL;
    if (answer.status >= 300 && answer.status < 400)
        return login_forged(a, "token endpoint redirects");
    if (answer.status != 200)
        return refuse_token_answer(a, answer.status, body);
    const char *type = json_text(body, "token_type"), *access = json_text(body, "access_token");
    if (!body || body->type != JSON_OBJECT)
        return login_forged(a, "token answer is no JSON object");
    if (!type || strcasecmp(type, "Bearer") != 0 || !access || !*access)
        return login_forged(a, "token answer without a bearer token");
    if (!json_text(body, "id_token"))
        return login_forged(a, "token answer without ID token");
    *out = body;
    return NULL;
}

// Verifies under the lock: the keys belong to it. An unknown key name may mean that the platform has new keys.
static problem *verify(provider *p, arena *a, const token *t) {
    TRY(refresh(p, a, true));
    EVP_PKEY *key = jwks_find(&p->keys, t->kid);
    int64_t now = clock_steady();
    if (!key && (!p->refetched_at || now - p->refetched_at > REST_AFTER_REFETCH)) {
        p->refetched_at = now;
        TRY(fetch_keys(p, a));
        key = jwks_find(&p->keys, t->kid);
    }
    if (!key)
        return login_forged(a, "no such key");
    return token_signed(t, p->settings->alg, key) ? NULL : login_forged(a, "wrong signature");
}

problem *provider_finish(provider *p, arena *a, const char *code, const login_secrets *secrets, const json **claims) {
    const provider_settings *s = p->settings;
    json *answer = NULL;
    token t;
    TRY(exchange(p, a, code, secrets->verifier, &answer));
    const char *text = json_text(answer, "id_token");
    const char *why = token_read(a, text, strlen(text), s->alg, &t);
    if (why)
        return login_forged(a, why);
    pthread_mutex_lock(&p->lock);
    problem *failed = verify(p, a, &t);
    pthread_mutex_unlock(&p->lock);
    if (failed)
        return failed;
    token_rules rules = {.issuer = s->issuer,
                         .client_id = s->client_id,
                         .nonce = secrets->nonce,
                         .alg = s->alg,
                         .now = clock_now(),
                         .access_token = json_text(answer, "access_token")};
    why = token_check(a, &t, &rules);
    if (why)
        return login_forged(a, why);
    *claims = t.claims;
    return NULL;
}
