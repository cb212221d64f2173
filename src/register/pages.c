#include "register/pages.h"
#include "api/server.h"
#include "base/clock.h"
#include "register/assets.h"
#include "register/fold.h"
#include "register/frame.h"
#include "register/lookup.h"
#include "register/register.h"
#include <string.h>

enum { PAGE_ROOM = 16384 };
static const char HTML[] = "text/html; charset=utf-8";

static void reply_page(request *r, const text_buffer *b) {
    reply_bytes(r, 200, HTML, b->data, b->size);
}

problem *page_landing(request *r, db *d) {
    (void)d;
    text_buffer b = text_buffer_new(r->arena, PAGE_ROOM);
    frame_open(&b, FRAME_LANDING, NULL);
    text_add(&b, ASSET_LANDING_HTML);
    frame_close(&b);
    reply_page(r, &b);
    reply_header(r, "Cache-Control", "no-cache");
    return NULL;
}

static problem *asset(request *r, const char *media, const char *text) {
    reply_text(r, 200, media, text);
    reply_header(r, "Cache-Control", "public, max-age=600");
    return NULL;
}

problem *page_style(request *r, db *d) {
    (void)d;
    return asset(r, "text/css; charset=utf-8", ASSET_SITE_CSS);
}

problem *page_script(request *r, db *d) {
    (void)d;
    return asset(r, "text/javascript; charset=utf-8", ASSET_SITE_JS);
}

problem *page_icon(request *r, db *d) {
    (void)d;
    return asset(r, "image/svg+xml", ASSET_ICON_SVG);
}

// ---- the look-up

typedef struct asked {
    const char *text;    // what was typed; NULL = nothing yet
    const char *by;      // number | domain | name
    const char *address; // to compare with the entry; NULL = none
} asked;

static void add_tag(text_buffer *b, const json *item) {
    const char *state = json_text(item, "state");
    const char *look = text_same(state, "valid") ? "" : text_same(state, "cancelled") ? " over" : " busy";
    text_addf(b, "<span class=\"tag%s\">%s</span>", look, json_text(item, "state_label"));
}

static void add_form(text_buffer *b, const asked *q) {
    static const struct {
        const char *by, *label;
    } ways[] = {{"number", "备案号"}, {"domain", "域名"}, {"name", "网站名称"}};
    text_add(b, "<div class=\"band navy\"><div class=\"wide\"><h1>公共查询</h1>"
                "<form action=\"/register\" role=\"search\">"
                "<label class=\"hidden\" for=\"by\">查询方式</label><select id=\"by\" name=\"by\">");
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        text_addf(b, "<option value=\"%s\"%s>%s</option>", ways[i].by, text_same(q->by, ways[i].by) ? " selected" : "",
                  ways[i].label);
    text_add(b, "</select><label class=\"hidden\" for=\"q\">备案号、域名或网站名称</label>"
                "<input id=\"q\" name=\"q\" type=\"search\" maxlength=\"200\" required autocomplete=\"off\" "
                "placeholder=\"请输入\" value=\"");
    text_add_html(b, q->text ? q->text : "");
    text_add(b, "\"><button class=\"button main\">查询</button></form></div></div>");
}

static void add_fact(text_buffer *b, const char *label, const char *value) {
    if (!value || !*value)
        return;
    text_add(b, "<div><dt>");
    text_add_html(b, label);
    text_add(b, "</dt><dd>");
    text_add_html(b, value);
    text_add(b, "</dd></div>");
}

static void add_card(text_buffer *b, const json *item) {
    text_add(b, "<section class=\"card\" aria-labelledby=\"number\"><div class=\"title\">"
                "<img src=\"/icon.svg\" alt=\"\" width=\"56\" height=\"56\"><div><p>公安备案号</p><h2 id=\"number\">");
    text_add_html(b, json_text(item, "number"));
    text_add(b, "</h2></div>");
    add_tag(b, item);
    text_add(b, "</div><dl class=\"facts\">");
    json_each(row, json_get(item, "facts")) add_fact(b, json_text(row, "label"), json_text(row, "value"));
    add_fact(b, "开办者名称", json_text(item, "holder"));
    add_fact(b, "开办主体性质", json_text(item, "holder_type"));
    add_fact(b, "备案地公安机关", json_text(item, "unit"));
    const char *approved = json_text(item, "approved");
    add_fact(b, "联网备案时间", approved ? text_head(b->arena, approved, 10) : NULL);
    text_add(b, "</dl><p "
                "class=\"note\">备案信息不含联系方式和证件信息。信息有误或网站涉嫌违法的，可向属地公安机关举报。</p></"
                "section>");
}

static problem *add_comparison(request *r, db *d, text_buffer *b, const json *item, const char *address) {
    bool owns;
    if (!address || !*address)
        return NULL;
    TRY(lookup_owns(d, r->arena, json_text(item, "digits"), address, &owns));
    const char *host = fold_host(r->arena, address);
    text_addf(b, "<p class=\"verdict%s\" role=\"status\">", owns ? "" : " bad");
    text_add_html(b, host ? host : "您输入的内容");
    text_add(b, !host  ? "不是网址，请粘贴地址栏里的完整网址。"
                : owns ? " 是该备案号登记的域名。"
                       : " 不是该备案号登记的域名，请谨慎访问。");
    text_add(b, "</p>");
    return NULL;
}

static problem *add_truth(request *r, db *d, text_buffer *b, const json *item, const char *address) {
    bool valid = text_same(json_text(item, "state"), "valid");
    text_add(b, "<aside class=\"card true\" aria-labelledby=\"true\"><h2 "
                "id=\"true\">核验真伪</h2><ul><li><strong>本页来自平台</strong>"
                "<p>地址栏应为 ");
    text_add_html(b, r->server->config->public_url);
    text_addf(b, "</p></li><li%s><strong>备案号存在%s</strong><p>%s 核对</p></li>", valid ? "" : " class=\"look\"",
              valid ? "且有效" : arena_print(r->arena, "，状态为%s", json_text(item, "state_label")),
              clock_show(r->arena, clock_now()));
    text_add(b, "<li class=\"look\"><strong>请您核对来源</strong><p>您从哪个网站点进来，域名应与 ");
    text_add_html(b, json_text(item, "domain"));
    text_addf(
        b,
        " 相同</p></li></ul><form action=\"/register\"><input type=\"hidden\" name=\"code\" value=\"%s\">"
        "<label for=\"url\">粘贴要核对的网址</label><input id=\"url\" name=\"url\" type=\"text\" maxlength=\"200\" "
        "autocomplete=\"off\" placeholder=\"https://\" value=\"",
        json_text(item, "digits"));
    text_add_html(b, address ? address : "");
    text_add(b, "\"><button class=\"button plain\">核对</button></form>");
    TRY(add_comparison(r, d, b, item, address));
    text_add(b, "</aside>");
    return NULL;
}

static void add_code(request *r, text_buffer *b, const json *item) {
    const char *number = json_text(item, "number");
    text_add(
        b, "<section class=\"card code\" aria-labelledby=\"code-title\"><h2 class=\"bar\" id=\"code-title\">图标与代码"
           "<span class=\"hint\">供网站开办者悬挂在首页底部</span></h2><div class=\"grid\"><div><h3>显示效果</h3>"
           "<p class=\"sample\"><img src=\"/icon.svg\" alt=\"\" width=\"20\" height=\"20\">");
    text_add_html(b, number);
    text_add(b, "</p><a href=\"/icon.svg\" download=\"beian.svg\">下载图标 beian.svg</a></div><div><h3>HTML代码"
                "<span><button class=\"link\" type=\"button\" data-copy hidden>复制代码</button> "
                "<span id=\"copied\" role=\"status\"></span></span></h3>"
                "<pre tabindex=\"0\" aria-label=\"HTML代码\"><code id=\"code\">");
    text_add_html(b, register_snippet(r->arena, r->server->config->public_url, number));
    text_add(b, "</code></pre></div></div></section>");
}

static void add_list(text_buffer *b, const json *items) {
    text_add(b, "<div class=\"space\"><div class=\"card\"><table><caption>查询结果</caption><thead><tr>"
                "<th scope=\"col\">网站名称</th><th scope=\"col\">备案号</th><th scope=\"col\">主域名</th>"
                "<th scope=\"col\">状态</th></tr></thead><tbody>");
    json_each(item, items) {
        text_addf(b, "<tr><td><a href=\"/register?code=%s\">", json_text(item, "digits"));
        text_add_html(b, json_text(item, "name"));
        text_add(b, "</a></td><td>");
        text_add_html(b, json_text(item, "number"));
        text_add(b, "</td><td>");
        text_add_html(b, json_text(item, "domain"));
        text_add(b, "</td><td>");
        add_tag(b, item);
        text_add(b, "</td></tr>");
    }
    text_add(b, "</tbody></table></div></div>");
}

static void add_nothing(text_buffer *b, const asked *q) {
    text_add(b, "<div class=\"card empty\"><h2>没有查到备案信息</h2><p>没有与“");
    text_add_html(b, q->text);
    text_add(b, "”相符的备案。请核对备案号（14位数字）、域名或网站名称后再查。</p></div>");
}

static problem *add_found(request *r, db *d, text_buffer *b, const asked *q) {
    json *found;
    TRY(lookup_find(d, r->arena, lookup_kind(q->by), q->text, &found));
    const json *items = json_get(found, "items");
    text_addf(b, "<p class=\"found\" role=\"status\">找到 <b>%zu</b> 条结果 · 查询时间 %s</p>", items->count,
              clock_show(r->arena, clock_now()));
    if (!items->count)
        add_nothing(b, q);
    if (items->count > 1)
        add_list(b, items);
    if (items->count != 1)
        return NULL;
    text_add(b, "<div class=\"detail\">");
    add_card(b, items->first);
    TRY(add_truth(r, d, b, items->first, q->address));
    text_add(b, "</div>");
    add_code(r, b, items->first);
    return NULL;
}

static void add_invitation(text_buffer *b) {
    text_add(
        b,
        "<div class=\"card empty\"><h2>查询已备案的网站</h2><p>输入备案号、域名或网站名称。备案号也可只输入14位数字；"
        "域名可以是中文域名。</p></div>");
}

problem *page_register(request *r, db *d) {
    const char *code = request_query(r, "code"), *typed = code ? code : request_query(r, "q");
    asked q = {.text = typed ? text_trim(r->arena, typed) : NULL,
               .by = code ? "number" : request_query(r, "by"),
               .address = request_query(r, "url")};
    text_buffer b = text_buffer_new(r->arena, PAGE_ROOM);
    frame_open(&b, FRAME_REGISTER, "公共查询");
    text_add(&b, "<main id=\"main\">");
    add_form(&b, &q);
    text_add(&b, "<div class=\"wide\">");
    if (q.text && *q.text)
        TRY(add_found(r, d, &b, &q));
    else
        add_invitation(&b);
    text_add(&b, "</div></main>");
    frame_close(&b);
    reply_page(r, &b);
    return NULL;
}
