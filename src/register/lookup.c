#include "register/lookup.h"
#include "base/text.h"
#include "register/cache.h"
#include "register/fold.h"
#include <string.h>

enum { MOST = 20, QUERY_MOST = 300 };
static const char DOMAIN_FIELD[] = "domain"; // the name under which definitions list a site's domains for search

// Columns of the register_by_… statements.
enum { FACTS, STATE };

static const char *state_label(const char *state) {
    static const struct {
        const char *state, *label;
    } labels[] = {{"valid", "有效"},
                  {"changing", "变更中"},
                  {"cancelling", "注销中"},
                  {"transferring", "移交中"},
                  {"cancelled", "已注销"}};
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        if (strcmp(labels[i].state, state) == 0)
            return labels[i].label;
    return state;
}

// `facts` is an object that lacks the state only.
static void add_item(text_buffer *b, const char *facts, const char *state) {
    text_add_bytes(b, facts, strlen(facts) - 1);
    text_add(b, ",\"state\":\"");
    text_add(b, state);
    text_add(b, "\",\"state_label\":\"");
    text_add(b, state_label(state));
    text_add(b, "\"}");
}

static text_buffer answer(arena *a, const db_rows *rows) {
    text_buffer b = text_buffer_new(a, 1024 * (rows->count + 1));
    text_add(&b, "{\"items\":[");
    for (size_t i = 0; i < rows->count; i++) {
        if (i)
            text_add_char(&b, ',');
        add_item(&b, db_cell(rows, i, FACTS), db_cell(rows, i, STATE));
    }
    text_addf(&b, "],\"total\":%zu,\"page\":1,\"size\":%d}", rows->count, MOST);
    return b;
}

static problem *by_number(db *d, arena *a, const char *digits, db_rows *out) {
    return db_query(d, a, SQL_REGISTER_BY_NUMBER, out, DB_ARGS(db_text(digits)));
}

// www.shop.a.example finds a.example when only that is filed.
static problem *by_host(db *d, arena *a, const char *host, db_rows *out) {
    for (const char *part = host; part && strchr(part, '.'); part = strchr(part, '.') + 1) {
        TRY(db_query(d, a, SQL_REGISTER_BY_VALUE, out, DB_ARGS(db_text(DOMAIN_FIELD), db_text(part))));
        if (out->count)
            return NULL;
    }
    return NULL;
}

static problem *by_name(db *d, arena *a, const char *text, db_rows *out) {
    const char *folded = fold_text(a, text);
    if (!folded || !*folded)
        return NULL;
    const char *after = arena_print(a, "%s\xf4\x8f\xbf\xbf", folded); // U+10FFFF
    return db_query(d, a, SQL_REGISTER_BY_NAME, out, DB_ARGS(db_text(folded), db_text(after)));
}

lookup_by lookup_kind(const char *by) {
    static const char *const names[] = {[LOOKUP_NUMBER] = "number", [LOOKUP_DOMAIN] = "domain", [LOOKUP_NAME] = "name"};
    for (size_t i = LOOKUP_NUMBER; by && i <= LOOKUP_NAME; i++)
        if (strcmp(names[i], by) == 0)
            return (lookup_by)i;
    return LOOKUP_ANY;
}

// The chosen way first; what is plainly a number or a domain is found whatever was chosen.
static problem *find(db *d, arena *a, lookup_by by, const char *text, db_rows *out) {
    const char *digits = fold_number(a, text), *host = digits ? NULL : fold_host(a, text);
    if (by == LOOKUP_NAME)
        TRY(by_name(d, a, text, out));
    if (!out->count && digits)
        TRY(by_number(d, a, digits, out));
    if (!out->count && host)
        TRY(by_host(d, a, host, out));
    return out->count || by == LOOKUP_NAME ? NULL : by_name(d, a, text, out);
}

static problem *find_text(db *d, arena *a, lookup_by by, const char *text, text_buffer *out) {
    db_rows rows = {0};
    if (strlen(text) <= QUERY_MOST)
        TRY(find(d, a, by, text, &rows));
    *out = answer(a, &rows);
    return NULL;
}

problem *lookup_find(db *d, arena *a, lookup_by by, const char *text, json **out) {
    text_buffer found;
    TRY(find_text(d, a, by, text, &found));
    *out = json_parse(a, found.data, found.size, &(json_error){0});
    return *out ? NULL : problem_internal(a, "an entry of the register is no JSON");
}

static bool below(const char *host, const char *domain) {
    return text_same(host, domain) || (text_ends(host, domain) && host[strlen(host) - strlen(domain) - 1] == '.');
}

problem *lookup_owns(db *d, arena *a, const char *digits, const char *address, bool *out) {
    db_rows values;
    const char *host = fold_host(a, address);
    *out = false;
    if (!host)
        return NULL;
    TRY(db_query(d, a, SQL_REGISTER_VALUES, &values, DB_ARGS(db_text(digits), db_text(DOMAIN_FIELD))));
    for (size_t i = 0; i < values.count && !*out; i++)
        *out = below(host, db_cell(&values, i, 0));
    return NULL;
}

static problem *number_route(request *r, db *d, const char *digits) {
    size_t size;
    const char *kept = cache_get(r->arena, digits, &size);
    if (!kept) {
        uint64_t generation = cache_generation();
        db_rows rows;
        TRY(by_number(d, r->arena, digits, &rows));
        text_buffer made = answer(r->arena, &rows);
        kept = made.data;
        size = made.size;
        cache_put(digits, generation, kept, size);
    }
    reply_bytes(r, 200, NULL, kept, size);
    return NULL;
}

problem *lookup_route(request *r, db *d) {
    const char *code = request_query(r, "code"), *text = code ? code : request_query(r, "q");
    if (!text || !*text_trim(r->arena, text)) {
        problem *p = problem_invalid(r->arena);
        problem_add(r->arena, p, "/q", "required", "请输入备案号、域名或网站名称，例如 ?q=京公网安备11010102000001号");
        return p;
    }
    lookup_by by = code ? LOOKUP_NUMBER : lookup_kind(request_query(r, "by"));
    const char *digits = by == LOOKUP_NAME ? NULL : fold_number(r->arena, text);
    if (digits)
        return number_route(r, d, digits);
    text_buffer found;
    if (code)
        found = answer(r->arena, &(db_rows){0});
    else
        TRY(find_text(d, r->arena, by, text, &found));
    reply_bytes(r, 200, NULL, found.data, found.size);
    return NULL;
}
