#include "filing/reasons.h"

enum { REASONS_MOST = 50, REASON_LENGTH = 500, POINTER_LENGTH = 200 };

static char *bound_of(arena *a, const application_row *app) {
    return arena_print(a, "reasons/%s/%s", app->entity, app->id);
}

problem *reasons_load(server *s, arena *a, const application_row *app, json **out) {
    *out = json_array(a);
    if (!app->reasons)
        return NULL;
    return content_unseal(s, a, bound_of(a, app), app->reasons, app->reasons_size, out);
}

void reasons_keep(server *s, arena *a, application_row *app, const json *reasons) {
    app->reasons = content_seal(s, a, bound_of(a, app), reasons, &app->reasons_size);
}

static problem *wrong(arena *a, size_t index, const char *member, const char *detail) {
    problem *p = problem_invalid(a);
    problem_add(a, p, arena_print(a, "/reasons/%zu/%s", index, member), "reason", detail);
    return p;
}

problem *reasons_check(arena *a, const json *reasons, json **out) {
    *out = json_array(a);
    if (!reasons || reasons->type == JSON_NULL)
        return NULL;
    size_t i = 0;
    if (reasons->type != JSON_ARRAY || reasons->count > REASONS_MOST)
        return wrong(a, 0, "", "原因应为列表，最多50条。");
    json_each(one, reasons) {
        const char *pointer = json_text(one, "pointer"), *text = json_text(one, "text");
        char *trimmed = text ? text_trim(a, text) : NULL;
        if (!trimmed || !*trimmed || text_length(trimmed) > REASON_LENGTH)
            return wrong(a, i, "text", "请填写原因，最多500个字。");
        if (pointer && (*pointer != '/' || text_length(pointer) > POINTER_LENGTH))
            return wrong(a, i, "pointer", "原因所指的项目不正确。");
        json *kept = json_add(a, *out, json_object(a));
        json_set_text(a, kept, "pointer", pointer ? pointer : "");
        json_set_text(a, kept, "code", json_text(one, "code"));
        json_set_text(a, kept, "text", trimmed);
        i++;
    }
    return NULL;
}

problem *reasons_point(arena *a, const form *f, const json *reasons, bool returning) {
    size_t index = 0;
    json_each(one, reasons) {
        const char *pointer = json_text(one, "pointer");
        if (*pointer && !form_has(f, a, pointer))
            return wrong(a, index, "pointer", "申请中没有这个项目，请指出表单里的项目。");
        index++;
    }
    if (!returning || !index || reasons_first(a, f, reasons))
        return NULL;
    return wrong(a, 0, "pointer", "退回补正须至少指出一个需要修改的项目。");
}

const char *reasons_first(arena *a, const form *f, const json *reasons) {
    json_each(one, reasons) {
        const char *pointer = json_text(one, "pointer");
        if (pointer && *pointer && form_has(f, a, pointer))
            return pointer;
    }
    return NULL;
}
