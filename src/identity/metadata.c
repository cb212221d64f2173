// What the identity platform says about itself.
#include "identity/metadata.h"
#include "base/text.h"
#include "identity/failure.h"
#include <string.h>
#include <strings.h>

bool answer_is_json(const fetch_answer *answer) {
    size_t size = strcspn(answer->media, "; ");
    static const char *const media[] = {"application/json", "application/jwk-set+json"};
    for (size_t i = 0; i < 2; i++)
        if (strlen(media[i]) == size && strncasecmp(answer->media, media[i], size) == 0)
            return true;
    return false;
}

problem *metadata_get(arena *a, const char *url, json **out) {
    fetch_answer answer;
    json_error error;
    const char *why = fetch(a, &(fetch_request){.url = url}, &answer);
    if (why)
        return login_down(a, arena_print(a, "metadata: %s", why));
    if (answer.status != 200)
        return login_down(a, arena_print(a, "metadata: status %d", answer.status));
    *out = answer_is_json(&answer) ? json_parse(a, answer.body, answer.size, &error) : NULL;
    return *out && (*out)->type == JSON_OBJECT ? NULL : login_forged(a, "metadata is no JSON object");
}

static const char *endpoint(arena *keep, const json *said, const char *name, bool loopback) {
    const char *url = json_text(said, name);
    return url && url_allowed(url, loopback) ? arena_text(keep, url) : NULL;
}

static bool signs_with(const json *said, token_alg alg) {
    const json *list = json_get(said, "id_token_signing_alg_values_supported");
    json_each(one, list) {
        if (one->type == JSON_STRING && alg_is(alg, one->text))
            return true;
    }
    return !list;
}

static bool takes_s256(const json *said) {
    const json *list = json_get(said, "code_challenge_methods_supported");
    json_each(one, list) {
        if (one->type == JSON_STRING && strcmp(one->text, "S256") == 0)
            return true;
    }
    return !list;
}

problem *metadata_fetch(arena *keep, arena *a, const char *issuer, token_alg alg, metadata *out) {
    json *said = NULL;
    bool loopback = text_starts(issuer, "http://");
    int size = (int)(strlen(issuer) - text_ends(issuer, "/"));
    TRY(metadata_get(a, arena_print(a, "%.*s/.well-known/openid-configuration", size, issuer), &said));
    if (!text_same(json_text(said, "issuer"), issuer))
        return login_forged(a, "metadata is of another issuer");
    if (!takes_s256(said))
        return login_forged(a, "platform without PKCE S256");
    if (!signs_with(said, alg))
        return login_forged(a, "platform does not sign with the configured algorithm");
    *out = (metadata){.authorization = endpoint(keep, said, "authorization_endpoint", loopback),
                      .token = endpoint(keep, said, "token_endpoint", loopback),
                      .jwks_uri = endpoint(keep, said, "jwks_uri", loopback),
                      .sends_issuer = json_flag(said, "authorization_response_iss_parameter_supported")};
    return out->authorization && out->token && out->jwks_uri
               ? NULL
               : login_forged(a, "metadata with a missing or forbidden address");
}
