#include "filing/body.h"

static const char *const TYPES[] = {[JSON_NULL] = "null",     [JSON_BOOL] = "true 或 false", [JSON_NUMBER] = "数字",
                                    [JSON_STRING] = "字符串", [JSON_ARRAY] = "列表",         [JSON_OBJECT] = "对象"};

static const body_member *find(const body_member *members, const char *name) {
    for (; members->name; members++)
        if (text_same(members->name, name))
            return members;
    return NULL;
}

// RFC 6901: a key may hold a slash.
static const char *pointer_of(arena *a, const char *key) {
    text_buffer b = text_buffer_new(a, 64);
    text_add_char(&b, '/');
    for (const char *c = text_head(a, key, 100); *c; c++) {
        if (*c == '~' || *c == '/')
            text_add(&b, *c == '~' ? "~0" : "~1");
        else
            text_add_char(&b, *c);
    }
    return b.data;
}

static void add(problem **p, arena *a, const char *pointer, const char *code, const char *detail) {
    if (!*p)
        *p = problem_invalid(a);
    problem_add(a, *p, pointer, code, detail);
}

problem *body_check(const request *r, const body_member *members) {
    arena *a = r->arena;
    problem *p = NULL;
    if (!r->body || r->body->type != JSON_OBJECT) {
        add(&p, a, "", "type", "请求内容应为 JSON 对象，如 {}。");
        return p;
    }
    json_each(one, r->body) {
        const body_member *known = find(members, one->key);
        if (!known)
            add(&p, a, pointer_of(a, one->key), "unknown", "没有这一项，请检查名称。");
        else if (one->type != known->type && one->type != JSON_NULL)
            add(&p, a, pointer_of(a, one->key), "type", arena_print(a, "应为%s。", TYPES[known->type]));
    }
    for (; members->name; members++) {
        const json *value = json_get(r->body, members->name);
        if (members->required && (!value || value->type == JSON_NULL))
            add(&p, a, pointer_of(a, members->name), "required", "请求中缺少这一项。");
    }
    return p;
}
