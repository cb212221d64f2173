#include "base/problem.h"
#include <string.h>

problem *problem_new(arena *a, int status, const char *type, const char *title, const char *detail) {
    problem *p = arena_new_of(a, problem);
    p->status = status;
    p->type = type;
    p->title = arena_text(a, title);
    p->detail = arena_text(a, detail);
    return p;
}

problem *problem_printf(arena *a, int status, const char *type, const char *title, const char *format, ...) {
    va_list args;
    va_start(args, format);
    problem *p = problem_new(a, status, type, title, NULL);
    p->detail = arena_vprint(a, format, args);
    va_end(args);
    return p;
}

void problem_add(arena *a, problem *p, const char *pointer, const char *code, const char *detail) {
    if (!p->errors)
        p->errors = json_array(a);
    json *error = json_add(a, p->errors, json_object(a));
    json_set_text(a, error, "pointer", pointer);
    json_set_text(a, error, "code", code);
    json_set_text(a, error, "detail", detail);
}

bool problem_is(const problem *p, const char *type) {
    return p && strcmp(p->type, type) == 0;
}

json *problem_json(arena *a, const problem *p) {
    json *o = json_object(a);
    json_set_text(a, o, "type", arena_print(a, "/problems/%s", p->type));
    json_set_text(a, o, "title", p->title);
    json_set_number(a, o, "status", p->status);
    json_set_text(a, o, "detail", p->detail);
    if (p->errors)
        json_set(a, o, "errors", json_copy(a, p->errors));
    json_each(member, p->extra) {
        json_set(a, o, member->key, json_copy(a, member));
    }
    return o;
}

problem *problem_not_found(arena *a) {
    return problem_new(a, 404, "not-found", "没有找到",
                       "您要找的内容不存在，或者不属于当前账号。请检查地址，或从菜单重新进入。");
}

problem *problem_invalid(arena *a) {
    return problem_new(a, 422, "invalid", "填写的内容有误", "请按每一项下面的提示修改后重新提交。");
}

problem *problem_unavailable(arena *a, const char *log) {
    problem *p = problem_new(a, 503, "unavailable", "系统暂时无法处理", "请稍等几秒后再试，已保存的内容不会丢失。");
    p->log = arena_text(a, log);
    p->retry_after = 5;
    return p;
}

problem *problem_internal(arena *a, const char *log) {
    problem *p =
        problem_new(a, 500, "internal", "系统出错了", "这不是您的操作造成的。请稍后再试，已保存的内容不会丢失。");
    p->log = arena_text(a, log);
    return p;
}
