#include "register/providers.h"
#include "api/server.h"
#include "base/text.h"
#include "form/form.h"
#include "register/fold.h"
#include "store/writer.h"
#include <stdlib.h>
#include <string.h>

enum { PAGE = 10, PAGES_MOST = 100000, NAME_MOST = 300 };

static problem *seed(void *context, db *d, arena *a) {
    const json *list = context;
    json_each(row, list) {
        const char *name = json_text(row, "name"), *folded = name ? fold_text(a, name) : NULL;
        if (!folded || !json_text(row, "id") || !json_text(row, "role") || !json_text(row, "region"))
            return problem_internal(a, "providers: a row without id, role, name or region");
        TRY(db_run(d, a, SQL_PROVIDER_SEED, NULL,
                   DB_ARGS(db_text(json_text(row, "id")), db_text(json_text(row, "role")), db_text(name),
                           db_text(folded), db_text(json_text(row, "region")), db_text(json_text(row, "phone")),
                           db_text(json_text(row, "code")), db_text(json_text(row, "mode")))));
    }
    return NULL;
}

problem *providers_seed(server *s, arena *a) {
    const json *list = form_list(s->forms, "providers");
    return list ? writer_run(s->store, a, seed, (void *)(uintptr_t)list) : NULL;
}

// 110000 is all of 11…, 330100 all of 3301…; codes in between are found by order.
static const char *region_start(arena *a, const char *region) {
    size_t size = text_ends(region, "0000") ? 2 : text_ends(region, "00") ? 4 : 6;
    return arena_slice(a, region, size);
}

static const char *like_pattern(arena *a, const char *name) {
    const char *folded = name ? fold_text(a, name) : "";
    text_buffer b = text_buffer_new(a, 64);
    text_add_char(&b, '%');
    for (const char *c = folded ? folded : ""; *c; c++) {
        if (strchr("%_\\", *c))
            text_add_char(&b, '\\');
        text_add_char(&b, *c);
    }
    text_add(&b, *b.data && b.data[1] ? "%" : "");
    return b.data;
}

static json *region_names(request *r, const char *region) {
    json *out = json_array(r->arena);
    const char *name = form_region_name(r->server->forms, r->arena, region, "\n");
    size_t count = 0;
    char **parts = name ? text_split(r->arena, name, '\n', &count) : NULL;
    for (size_t i = 0; i < count; i++)
        json_add(r->arena, out, json_string(r->arena, parts[i]));
    return out;
}

static json *row_item(request *r, const db_rows *rows, size_t i) {
    static const char *const keys[] = {"id", "name", "region", "phone", "code", "mode"};
    json *out = json_object(r->arena);
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
        json_set(r->arena, out, keys[k], json_string(r->arena, db_cell(rows, i, k)));
    json_set(r->arena, out, "names", region_names(r, db_cell(rows, i, 2)));
    return out;
}

static problem *check_query(request *r, const char *role, const char *region) {
    problem *p = problem_invalid(r->arena);
    if (!text_same(role, "access") && !text_same(role, "registrar"))
        problem_add(r->arena, p, "/role", "choice", "role 应为 access（网络接入服务商）或 registrar（域名注册服务商）");
    if (!region || !*region)
        problem_add(r->arena, p, "/region", "required", "请选择所属地区");
    else if (!form_region_name(r->server->forms, r->arena, region, ""))
        problem_add(r->arena, p, "/region", "choice", "所属地区不存在，请重新选择，例如 110101（北京市东城区）");
    const char *name = request_query(r, "name");
    if (name && strlen(name) > NAME_MOST)
        problem_add(r->arena, p, "/name", "max", "名称太长，请输入不超过100个字");
    return p->errors ? p : NULL;
}

static int page_number(request *r) {
    const char *text = request_query(r, "page");
    long page = text ? strtol(text, NULL, 10) : 1;
    return page < 1 ? 1 : page > PAGES_MOST ? PAGES_MOST : (int)page;
}

problem *providers_route(request *r, db *d) {
    arena *a = r->arena;
    const char *role = request_query(r, "role"), *region = request_query(r, "region");
    TRY(check_query(r, role, region));
    const char *from = region_start(a, region), *to = arena_print(a, "%s:", from); // ':' follows '9'
    const char *pattern = like_pattern(a, request_query(r, "name"));
    int page = page_number(r);
    db_rows count, rows;
    TRY(db_query(d, a, SQL_PROVIDER_COUNT, &count,
                 DB_ARGS(db_text(role), db_text(from), db_text(to), db_text(pattern))));
    TRY(db_query(d, a, SQL_PROVIDER_PAGE, &rows,
                 DB_ARGS(db_text(role), db_text(from), db_text(to), db_text(pattern), db_int(PAGE),
                         db_int((int64_t)(page - 1) * PAGE))));
    json *out = json_object(a), *items = json_set(a, out, "items", json_array(a));
    for (size_t i = 0; i < rows.count; i++)
        json_add(a, items, row_item(r, &rows, i));
    json_set_number(a, out, "total", (double)db_number(&count, 0, 0));
    json_set_number(a, out, "page", page);
    json_set_number(a, out, "size", PAGE);
    reply_json(r, 200, out);
    return NULL;
}
