#include "register/frame.h"

static const char PLATFORM[] = "全国互联网安全管理服务平台";

static void nav_link(text_buffer *b, const char *href, const char *text, bool current) {
    text_addf(b, "<a href=\"%s\"%s>%s</a>", href, current ? " aria-current=\"page\"" : "", text);
}

void frame_open(text_buffer *b, frame_page page, const char *title) {
    text_add(b, "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\">"
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>");
    if (title) {
        text_add_html(b, title);
        text_add(b, " - ");
    }
    text_addf(
        b,
        "%s</title><link rel=\"icon\" href=\"/icon.svg\" type=\"image/svg+xml\">"
        "<link rel=\"stylesheet\" href=\"/site.css\"><script src=\"/site.js\" type=\"module\"></script></head><body>"
        "<a class=\"skip\" href=\"#main\">跳到正文</a><header class=\"top navy\"><div class=\"wide\">"
        "<a class=\"mark\" href=\"/\"><img src=\"/icon.svg\" alt=\"\" width=\"28\" height=\"28\">%s</a>"
        "<nav aria-label=\"主导航\">",
        PLATFORM, PLATFORM);
    nav_link(b, "/", "首页", page == FRAME_LANDING);
    nav_link(b, "/register", "公共查询", page == FRAME_REGISTER);
    nav_link(b, "/#flow", "办理流程", false);
    nav_link(b, "/#limits", "办理时限", false);
    text_add(b, "</nav><a class=\"button light\" href=\"/login?return_to=/home\">用户登录</a></div></header>");
}

void frame_close(text_buffer *b) {
    text_addf(b,
              "<footer class=\"navy\"><div class=\"wide\"><p>%s</p><nav aria-label=\"页脚\">"
              "<a href=\"/register\">公共查询</a><a href=\"/#flow\">办理流程</a><a href=\"/#limits\">办理时限</a>"
              "<a href=\"/review/login\">审核人员登录</a></nav></div></footer></body></html>",
              PLATFORM);
}
