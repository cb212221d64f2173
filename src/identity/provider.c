// The provider's metadata and keys are kept for an hour, in an arena of their own that is replaced as a whole. The lock
// is held while they are fetched (4 s at most); a platform that just failed is not asked again at once.
#include "identity/provider.h"
#include "base/clock.h"
#include "base/text.h"
#include "identity/failure.h"
#include "identity/metadata.h"
#include "identity/patience.h"
#include <pthread.h>
#include <string.h>
#include <strings.h>

enum { LOCK_S = 1 };
static const int64_t KEEP = HOUR, REST_AFTER_FAILURE = 2 * SECOND, REST_AFTER_REFETCH = 10 * SECOND;

struct provider {
    const provider_settings *settings;
    patience patience;
    pthread_mutex_t lock;
    arena *arena, *key_arena; // of what was fetched; NULL = nothing yet
    metadata metadata;
    jwks keys;
    int64_t read_at, keys_at, failed_at, refetched_at; // clock_steady(); 0 = never
};

problem *provider_open(arena *a, const provider_settings *settings, provider **out) {
    bool loopback = text_starts(settings->issuer, "http://");
    if (!url_allowed(settings->issuer, loopback) || strchr(settings->issuer, '?'))
        return problem_printf(a, 500, "configuration", "配置有误", "身份平台的地址应为 https 地址（本机可用 http）：%s",
                              settings->issuer);
    provider *p = arena_new_of(a, provider);
    *p = (provider){.settings = settings, .patience = {.most = settings->most_waiting}};
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

static const char *ask(provider *p, arena *a, const fetch_request *wanted, fetch_answer *out) {
    int64_t began = clock_steady();
    if (!patience_enter(&p->patience))
        return "platform is slow, and enough wait for it";
    const char *why = fetch(a, wanted, out);
    patience_leave(&p->patience, began);
    return why;
}

// Somebody may be fetching under the lock: who finds it taken waits for a moment only, or a slow platform would hold
// all threads.
static problem *lock(provider *p, arena *a) {
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += LOCK_S;
    return pthread_mutex_clocklock(&p->lock, CLOCK_MONOTONIC, &until) ? login_down(a, "platform is slow") : NULL;
}

// ---- metadata and keys

static problem *fetch_metadata(provider *p, arena *a) {
    arena *keep = arena_new(4096);
    metadata fresh;
    problem *failed = metadata_fetch(keep, a, p->settings->issuer, p->settings->alg, &fresh);
    if (failed) {
        arena_free(keep);
        return failed;
    }
    if (p->arena)
        arena_free(p->arena);
    p->arena = keep;
    p->metadata = fresh;
    p->read_at = clock_steady();
    return NULL;
}

static problem *fetch_keys(provider *p, arena *a) {
    json *set = NULL;
    jwks fresh;
    TRY(metadata_get(a, p->metadata.jwks_uri, &set));
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
    TRY(lock(p, a));
    problem *failed = refresh(p, a, false);
    const char *address = failed ? NULL : arena_text(a, p->metadata.authorization);
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
    TRY(lock(p, a));
    problem *failed = refresh(p, a, false);
    bool wanted = p->metadata.sends_issuer;
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
    TRY(lock(p, a));
    const char *address = arena_text(a, p->metadata.token);
    pthread_mutex_unlock(&p->lock);
    fetch_request wanted = {.url = address,
                            .form =
                                arena_print(a, "grant_type=authorization_code&code=%s&redirect_uri=%s&code_verifier=%s",
                                            url_encode(a, code), url_encode(a, s->redirect_uri), verifier),
                            .user = url_encode(a, s->client_id),
                            .password = url_encode(a, s->secret)};
    fetch_answer answer;
    json_error error;
    const char *why = ask(p, a, &wanted, &answer);
    if (why)
        return login_down(a, arena_print(a, "token endpoint: %s", why));
    json *body = answer_is_json(&answer) ? json_parse(a, answer.body, answer.size, &error) : NULL;
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
    TRY(lock(p, a));
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
