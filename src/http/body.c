#include "base/text.h"
#include "http/loop.h"
#include <string.h>
#include <strings.h>

// application/json, with or without parameters; a charset must be UTF-8.
static bool is_json(const char *media) {
    static const char name[] = "application/json";
    if (!media || strncasecmp(media, name, sizeof name - 1) != 0)
        return false;
    const char *rest = media + sizeof name - 1;
    rest += strspn(rest, " \t");
    if (*rest && *rest != ';')
        return false;
    const char *charset = strcasestr(rest, "charset=");
    if (!charset)
        return true;
    charset += strlen("charset=");
    return strncasecmp(charset + (*charset == '"'), "utf-8", 5) == 0;
}

static bool takes_no_body(const request *r) {
    static const char *const names[] = {"GET", "HEAD", "DELETE"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(r->method, names[i]) == 0)
            return true;
    return (r->route->flags & ROUTE_BODYLESS) != 0;
}

static const struct fault {
    const char *what, *shown; // of the reader; to the person
} FAULTS[] = {{"wrong \\u escape", "\\u 转义不正确"},
              {"lone surrogate", "\\u 转义不成对"},
              {"NUL in a string", "字符串里有空字符"},
              {"unfinished string", "字符串没有结束"},
              {"wrong escape", "转义不正确"},
              {"invalid UTF-8 or NUL", "不是正确的 UTF-8"},
              {"control character in a string", "字符串里有控制字符"},
              {"wrong number", "数字的写法不正确"},
              {"number out of range", "数字过大"},
              {"unknown word", "应为 true、false 或 null"},
              {"nested too deep", "嵌套过深"},
              {"comma or end expected", "缺少逗号或结尾的括号"},
              {"doubled key", "键重复"},
              {"key expected", "缺少键"},
              {"colon expected", "缺少冒号"},
              {"value expected", "缺少值"},
              {"something after the value", "末尾有多余的内容"}};

static const char *fault_shown(const char *what) {
    for (size_t i = 0; i < sizeof FAULTS / sizeof *FAULTS; i++)
        if (strcmp(FAULTS[i].what, what) == 0)
            return FAULTS[i].shown;
    return "写法有误";
}

static problem *not_json(request *r, const json_error *error) {
    problem *p = problem_new(r->arena, 400, error->too_deep ? "too-deep" : "not-json", "提交的内容无法识别",
                             "提交的内容不是正确的 JSON（UTF-8，键不重复，嵌套不超过 32 层）。");
    p->log = error->what;
    problem_add(r->arena, p, error->pointer, error->too_deep ? "too-deep" : "syntax",
                arena_print(r->arena, "第 %zu 个字节处无法识别：%s", error->offset + 1, fault_shown(error->what)));
    return p;
}

// A compressed body is never unpacked: a small one may hold gigabytes.
static problem *check_coding(request *r) {
    const char *coding = request_header(r, "Content-Encoding");
    if (!coding || !*coding || strcasecmp(coding, "identity") == 0)
        return NULL;
    reply_header(r, "Accept-Encoding", "identity");
    return problem_new(r->arena, 415, "content-encoding", "不支持压缩的请求内容",
                       "请不要压缩提交的内容（去掉请求头 Content-Encoding）后再试。");
}

problem *body_read(request *r) {
    json_error error;
    TRY(check_coding(r));
    if ((r->route->flags & ROUTE_RAW) || (!r->raw_size && takes_no_body(r)))
        return NULL;
    if (strcmp(r->method, "GET") == 0 || strcmp(r->method, "HEAD") == 0)
        return NULL;
    if (!is_json(request_header(r, "Content-Type")))
        return problem_new(r->arena, 415, "media-type", "内容类型不支持", "请以 Content-Type: application/json 提交。");
    r->body = json_parse(r->arena, r->raw, r->raw_size, &error);
    if (!r->body)
        return not_json(r, &error);
    if (r->body->type == JSON_OBJECT)
        return NULL;
    problem *p = problem_invalid(r->arena);
    problem_add(r->arena, p, "", "type", "提交的内容应为一个 JSON 对象，例如 {\"kind\": \"entity\"}");
    return p;
}
