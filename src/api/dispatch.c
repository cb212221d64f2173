// Who may call: the session, the origin of writes, the clock's secret. What a problem looks like.
#include "api/api.h"
#include "base/log.h"
#include "base/text.h"
#include "identity/identity.h"
#include <string.h>

static bool is_write(const request *r) {
    return strcmp(r->method, "GET") != 0 && strcmp(r->method, "HEAD") != 0;
}

// A browser sends Origin with every write; who sends none must set a header that no form of another site can set.
static problem *check_origin(request *r) {
    const char *origin = request_header(r, "Origin");
    if (!is_write(r) || (r->route->flags & ROUTE_CROSS) || r->route->who == WHO_CLOCK)
        return NULL;
    if (origin ? strcmp(origin, r->server->config->public_url) == 0 : text_same(request_header(r, "X-Beian"), "1"))
        return NULL;
    return problem_new(r->arena, 403, "wrong-origin", "请求来源不正确",
                       "此操作只能从本网站的页面发起。请从本网站重新进入；程序调用请加请求头 X-Beian: 1。");
}

static problem *check_clock(request *r) {
    const char *secret = r->server->api->clock_secret, *given = request_header(r, "Authorization");
    if (!secret)
        return problem_not_found(r->arena);
    if (text_starts(given, "Bearer ") && strlen(given + 7) == strlen(secret) &&
        text_equal_secret(given + 7, secret, strlen(secret)))
        return NULL;
    return problem_new(r->arena, 401, "not-logged-in", "没有权限", "请求头 Authorization 里的密钥不正确。");
}

// 403 for an officer at what is the applicants', and the other way round. Asking who one is gets 401: on this side it
// is nobody.
static problem *check_side(request *r, db *d) {
    bool other = false;
    if (text_ends(r->route->path, "/me"))
        return NULL;
    TRY(identity_other(r, d, &other));
    if (!other)
        return NULL;
    return problem_new(r->arena, 403, "wrong-audience", "账号类型不符",
                       r->route->who == WHO_OFFICER ? "此功能供审核人员使用，请用审核人员账号登录。"
                                                    : "此功能供申请人使用，请点击“用户登录”，用个人或法人账号登录。");
}

static problem *check_session(request *r, db *d) {
    TRY(identity_load(r, d));
    if (r->session)
        return NULL;
    TRY(check_side(r, d));
    return problem_new(r->arena, 401, "not-logged-in", "请先登录",
                       "您还没有登录，或者登录已过期。请点击“用户登录”重新登录，已保存的内容不会丢失。");
}

static problem *admit(request *r, db *d) {
    TRY(check_origin(r));
    if (r->route->who == WHO_CLOCK)
        return check_clock(r);
    return r->route->who == WHO_ANYONE ? NULL : check_session(r, d);
}

static problem *run(request *r, db *d) {
    return (r->route->flags & ROUTE_KEYED) && r->key_from_client ? keyed_run(r, d) : r->route->run(r, d);
}

static void refuse(request *r, const problem *p) {
    if (page_wanted(r))
        page_problem(r, p);
    else
        reply_problem(r, p);
}

static void finished(const request *r, int64_t micros) {
    metrics_note(r, micros);
    // The route's pattern, never the URL: ids and queries are personal.
    if (log_wants(LOG_DEBUG))
        log_event(LOG_DEBUG, "request", "request", r->id, "method", r->method, "route", r->route ? r->route->path : "-",
                  "status", arena_print(r->arena, "%d", r->reply.status), "us",
                  arena_print(r->arena, "%lld", (long long)micros), NULL);
}

const http_hooks DISPATCH = {
    .admit = admit, .run = run, .refuse = refuse, .unknown = page_unknown, .finished = finished};
