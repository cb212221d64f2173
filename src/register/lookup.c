#include "register/lookup.h"
#include "base/clock.h"
#include "base/text.h"
#include "register/cache.h"
#include "register/fold.h"
#include <string.h>

enum { MOST = 20, QUERY_MOST = 300 };
static const char DOMAIN_FIELD[] = "domain"; // the name under which definitions list a site's domains for search

// Columns of the register_by_… statements.
enum { FILING, DIGITS, NUMBER, STATE, NAME, FACTS, APPROVED };

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

static const char *row_value(const json *rows, const char *key) {
    json_each(row, rows) if (text_same(json_text(row, "key"), key)) return json_text(row, "value");
    return "";
}

static json *item(arena *a, const db_rows *rows, size_t i) {
    const char *text = db_cell(rows, i, FACTS), *state = db_cell(rows, i, STATE);
    json *facts = json_parse(a, text, strlen(text), &(json_error){0}), *out = json_object(a);
    json *shown = json_get(facts, "rows");
    json_set_text(a, out, "number", db_cell(rows, i, NUMBER));
    json_set_text(a, out, "digits", db_cell(rows, i, DIGITS));
    json_set_text(a, out, "name", db_cell(rows, i, NAME));
    json_set_text(a, out, "domain", row_value(shown, "domain"));
    json_set_text(a, out, "holder_type", json_text(facts, "holder_type"));
    json_set_text(a, out, "holder", json_text(facts, "holder"));
    json_set_text(a, out, "kind_label", json_text(facts, "kind_label"));
    json_set_text(a, out, "category", row_value(shown, "interactive"));
    json_set_text(a, out, "unit", json_text(facts, "unit"));
    json_set_text(a, out, "approved", clock_iso(a, db_number(rows, i, APPROVED)));
    json_set_text(a, out, "state", state);
    json_set_text(a, out, "state_label", state_label(state));
    json_set(a, out, "facts", shown ? json_copy(a, shown) : json_array(a));
    return out;
}

static json *answer(arena *a, const db_rows *rows) {
    json *out = json_object(a), *items = json_set(a, out, "items", json_array(a));
    for (size_t i = 0; i < rows->count; i++)
        json_add(a, items, item(a, rows, i));
    json_set_number(a, out, "total", (double)rows->count);
    json_set_number(a, out, "page", 1);
    json_set_number(a, out, "size", MOST);
    return out;
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

problem *lookup_find(db *d, arena *a, lookup_by by, const char *text, json **out) {
    db_rows rows = {0};
    if (strlen(text) <= QUERY_MOST)
        TRY(find(d, a, by, text, &rows));
    *out = answer(a, &rows);
    return NULL;
}

static bool below(const char *host, const char *domain) {
    return text_same(host, domain) || (text_ends(host, domain) && host[strlen(host) - strlen(domain) - 1] == '.');
}

problem *lookup_owns(db *d, arena *a, const char *digits, const char *address, bool *out) {
    db_rows entry, values;
    const char *host = fold_host(a, address);
    *out = false;
    TRY(by_number(d, a, digits, &entry));
    if (!host || !entry.count)
        return NULL;
    TRY(db_query(d, a, SQL_REGISTER_VALUES, &values,
                 DB_ARGS(db_text(db_cell(&entry, 0, FILING)), db_text(DOMAIN_FIELD))));
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
        kept = json_print(r->arena, answer(r->arena, &rows));
        size = strlen(kept);
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
    json *found;
    if (code)
        found = answer(r->arena, &(db_rows){0});
    else
        TRY(lookup_find(d, r->arena, by, text, &found));
    reply_json(r, 200, found);
    return NULL;
}
