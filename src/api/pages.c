// Pages that the server writes itself: an error in Chinese; and what to do with a path that is no route.
#include "api/api.h"
#include "base/text.h"
#include "http/static.h"
#include "register/frame.h"
#include <string.h>

// Paths of the UI (one page, history mode); everything below them is the UI's.
static const char *const UI_PATHS[] = {"/home",  "/my",          "/business", "/entity", "/filing",
                                       "/draft", "/application", "/notices",  "/review"};

static bool is_api(const char *path) {
    return text_starts(path, "/api/") || text_same(path, "/api");
}

static bool is_ui(const char *path) {
    if (strcmp(path, "/") == 0)
        return true;
    for (size_t i = 0; i < sizeof UI_PATHS / sizeof *UI_PATHS; i++) {
        size_t size = strlen(UI_PATHS[i]);
        if (strncmp(path, UI_PATHS[i], size) == 0 && (path[size] == '/' || !path[size]))
            return true;
    }
    return false;
}

bool page_wanted(const request *r) {
    if (r->route)
        return (r->route->flags & ROUTE_PAGE) != 0;
    const char *accept = request_header(r, "Accept");
    return !is_api(r->path) && accept && strstr(accept, "text/html");
}

static void add_paragraph(text_buffer *b, const char *text) {
    if (!text)
        return;
    text_add(b, "<p>");
    text_add_html(b, text);
    text_add(b, "</p>");
}

void page_problem(request *r, const problem *p) {
    text_buffer b = text_buffer_new(r->arena, 4096);
    bool review = text_starts(r->path, "/review");
    frame_open(&b, FRAME_OTHER, p->title);
    text_add(&b, "<main id=\"main\" class=\"problem\"><h1>");
    text_add_html(&b, p->title);
    text_add(&b, "</h1>");
    add_paragraph(&b, p->detail);
    json_each(error, p->errors) {
        add_paragraph(&b, json_text(error, "detail"));
    }
    text_addf(&b, "<p><a href=\"%s\">用户登录</a> <a href=\"/\">返回首页</a></p></main>",
              review ? "/review/login" : "/login");
    frame_close(&b);
    reply_bytes(r, p->status, "text/html; charset=utf-8", b.data, b.size);
    if (p->retry_after)
        reply_header(r, "Retry-After", arena_print(r->arena, "%d", p->retry_after));
}

void page_unknown(request *r, db *d) {
    const char *web = r->server->config->web;
    (void)d;
    if (!is_api(r->path) && (static_serve(r, web, r->path) || (is_ui(r->path) && static_serve(r, web, "/index.html"))))
        return;
    const problem *p = problem_not_found(r->arena);
    if (page_wanted(r))
        page_problem(r, p);
    else
        reply_problem(r, p);
}
