#include "identity/identity.h"
#include "base/text.h"
#include "identity/state.h"
#include <curl/curl.h>

const route ROUTES_IDENTITY[] = {
    {.method = "GET",
     .path = "/login",
     .mode = ROUTE_POOL,
     .flags = ROUTE_PAGE,
     .run = login_begin,
     .summary = "Begin to log in at the identity platform"},
    {.method = "GET",
     .path = "/login/callback",
     .mode = ROUTE_POOL,
     .flags = ROUTE_PAGE | ROUTE_CROSS,
     .run = login_callback,
     .summary = "The identity platform's answer"},
    {.method = "GET",
     .path = "/review/login",
     .mode = ROUTE_POOL,
     .flags = ROUTE_PAGE,
     .run = login_begin,
     .summary = "Begin to log in as an officer"},
    {.method = "GET",
     .path = "/review/callback",
     .mode = ROUTE_POOL,
     .flags = ROUTE_PAGE | ROUTE_CROSS,
     .run = login_callback,
     .summary = "The officers' identity platform's answer"},
    {.method = "POST",
     .path = "/api/v1/logout",
     .mode = ROUTE_WRITE,
     .flags = ROUTE_BODYLESS,
     .run = login_logout,
     .summary = "End the session"},
    {.method = "POST",
     .path = "/api/v1/review/logout",
     .mode = ROUTE_WRITE,
     .flags = ROUTE_BODYLESS,
     .run = login_logout,
     .summary = "End the officer's session"},
    {.method = "GET",
     .path = "/api/v1/me",
     .who = WHO_APPLICANT,
     .mode = ROUTE_READ,
     .run = me_applicant,
     .summary = "Who is logged in, and the entities of the account"},
    {.method = "GET",
     .path = "/api/v1/review/me",
     .who = WHO_OFFICER,
     .mode = ROUTE_READ,
     .run = me_officer,
     .summary = "Which officer is logged in"},
    {.method = NULL},
};

static problem *open_side(arena *a, const config *c, const char *issuer, const char *scope, token_alg alg, side *s) {
    const char *secret = NULL;
    if (!issuer)
        return NULL; // the log-in page says that there is none
    if (!c->oidc_secret_file)
        return problem_new(a, 500, "configuration", "配置有误",
                           "设置了身份平台，却没有设置它的密钥文件（BEIAN_OIDC_SECRET_FILE）。");
    TRY(config_secret(a, c->oidc_secret_file, &secret));
    s->settings = (provider_settings){.issuer = issuer,
                                      .client_id = c->client_id,
                                      .secret = secret,
                                      .redirect_uri = arena_print(a, "%s%s", c->public_url, s->callback),
                                      .scope = scope,
                                      .alg = alg,
                                      .most_waiting = c->pool > 3 ? c->pool / 2 : 1};
    return provider_open(a, &s->settings, &s->provider);
}

static const char *cookie_name(arena *a, bool secure, const char *name) {
    return secure ? arena_print(a, "__Host-%s", name) : name;
}

problem *identity_open(arena *a, server *s, identity **out) {
    const config *c = s->config;
    token_alg alg;
    if (!alg_named(c->oidc_alg, &alg))
        return problem_printf(a, 500, "configuration", "配置有误",
                              "oidc-alg 应为 ES256、RS256 或 Ed25519，现在是“%s”。", c->oidc_alg);
    identity *i = arena_new_of(a, identity);
    i->secure = text_starts(c->public_url, "https://");
    i->idle = c->session_idle * MINUTE;
    i->applicant = (side){.audience = "applicant",
                          .login = "/login",
                          .callback = "/login/callback",
                          .home = "/home",
                          .inside = "/",
                          .button = "用户登录",
                          .cookie = cookie_name(a, i->secure, "beian"),
                          .login_cookie = cookie_name(a, i->secure, "beian-login")};
    i->officer = (side){.officer = true,
                        .audience = "officer",
                        .login = "/review/login",
                        .callback = "/review/callback",
                        .home = "/review",
                        .inside = "/review",
                        .button = "用户登录",
                        .cookie = cookie_name(a, i->secure, "beian-review"),
                        .login_cookie = cookie_name(a, i->secure, "beian-review-login")};
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return problem_internal(a, "curl does not start");
    TRY(open_side(a, c, c->issuer, "openid identity org", alg, &i->applicant));
    TRY(open_side(a, c, c->officer_issuer, "openid officer", alg, &i->officer));
    *out = i;
    return NULL;
}

void identity_close(identity *i) {
    if (!i)
        return;
    provider_close(i->applicant.provider);
    provider_close(i->officer.provider);
    curl_global_cleanup();
}
