// The page of a log-in that did not succeed: what happened, what may be the cause, and the way back in.
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "identity/fetch.h"
#include "identity/state.h"
#include <string.h>

static const struct cause {
    const char *type, *line[2];
} CAUSES[] = {
    {"login-refused", {"可能在“公安一网通办”APP 中点了取消", "没有任何内容被提交或改变"}},
    {"login-expired", {"可能在登录页停留超过 10 分钟", "或刷新、后退到了已经用过的登录结果"}},
    {"login-unavailable", {"已填写并保存的内容不受影响", "公共查询不需要登录，可以照常使用"}},
    {"login-forged", {"没有建立登录状态，也没有更改任何资料", "请确认网址正确，不要使用他人发来的登录链接"}},
};

static const struct cause *cause_of(const problem *p) {
    for (size_t i = 0; i < sizeof CAUSES / sizeof *CAUSES; i++)
        if (problem_is(p, CAUSES[i].type))
            return &CAUSES[i];
    return NULL;
}

// For the help desk: the same number stands in the log. No personal data.
static char *case_number(arena *a) {
    char *day = clock_date(a, clock_real());
    uint8_t bytes[3];
    random_bytes(bytes, sizeof bytes);
    return arena_print(a, "LG-%.4s-%.2s%.2s-%02X%02X%02X", day, day + 5, day + 8, bytes[0], bytes[1], bytes[2]);
}

static void add_text(text_buffer *b, const char *before, const char *text, const char *after) {
    text_add(b, before);
    text_add_html(b, text);
    text_add(b, after);
}

static const char HEAD[] = "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\">"
                           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta "
                           "name=\"robots\" content=\"noindex\">";
static const char TOP[] =
    " - 全国互联网安全管理服务平台</title><link rel=\"icon\" href=\"/icon.svg\" type=\"image/svg+xml\">"
    "<link rel=\"stylesheet\" href=\"/site.css\"></head><body><header class=\"top navy\"><div class=\"wide\">"
    "<a class=\"mark\" href=\"/\"><img src=\"/icon.svg\" alt=\"\" width=\"28\" "
    "height=\"28\">全国互联网安全管理服务平台</a>"
    "</div></header><main class=\"problem trouble\">"
    "<svg width=\"72\" height=\"72\" viewBox=\"0 0 72 72\" fill=\"none\" stroke-width=\"2.5\" "
    "stroke-linejoin=\"round\" "
    "aria-hidden=\"true\"><circle cx=\"36\" cy=\"36\" r=\"36\" fill=\"#fdeeec\"/>"
    "<rect x=\"24\" y=\"33\" width=\"24\" height=\"18\" rx=\"3\" stroke=\"#b3231a\"/>"
    "<path d=\"M29 33v-5a7 7 0 0 1 14 0v5\" stroke=\"#b3231a\"/></svg>";

static char *page(arena *a, const char *again, const char *button, const problem *p, const char *number) {
    const struct cause *cause = cause_of(p);
    text_buffer b = text_buffer_new(a, 3072);
    text_add(&b, HEAD);
    add_text(&b, "<title>", p->title, TOP);
    add_text(&b, "<h1>", p->title, "</h1>");
    if (p->detail)
        add_text(&b, "<p role=\"alert\">", p->detail, "</p>");
    for (size_t i = 0; cause && i < 2; i++)
        add_text(&b, "<p class=\"cause\">", cause->line[i], "</p>");
    add_text(&b, "<div class=\"ways\"><a class=\"button main\" href=\"", again, "\">");
    add_text(&b, "", button, "</a><a class=\"button plain\" href=\"/\">返回首页</a></div>");
    add_text(&b, "<p class=\"number\">编号 ", number, "</p></main></body></html>");
    return b.data;
}

static bool is_forged(const problem *p) {
    return problem_is(p, "login-forged");
}

void login_page(request *r, const side *s, const char *back, const problem *p) {
    const char *again =
        back ? arena_print(r->arena, "%s?return_to=%s", s->login, url_encode(r->arena, back)) : s->login;
    const char *number = case_number(r->arena), *why = p->log ? p->log : p->type;
    log_level level = is_forged(p) || p->status >= 500 ? LOG_WARN : LOG_INFO;
    log_event(level, is_forged(p) ? "login.forged" : "login.failed", "type", p->type, "why", why, "audience",
              s->audience, "number", number, NULL);
    if (p->retry_after)
        reply_header(r, "Retry-After", arena_print(r->arena, "%d", p->retry_after));
    reply_text(r, p->status, "text/html; charset=utf-8", page(r->arena, again, s->button, p, number));
}
