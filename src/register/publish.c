#include "api/server.h"
#include "base/clock.h"
#include "base/text.h"
#include "register/cache.h"
#include "register/fold.h"
#include "register/providers.h"
#include "register/register.h"
#include "store/writer.h"
#include <string.h>

static const char *plain(const char *text) {
    return text ? text : "";
}

static const char *row_value(const json *rows, const char *key) {
    json_each(row, rows) {
        if (text_same(json_text(row, "key"), key))
            return json_text(row, "value");
    }
    return "";
}

// The answer of a look-up is made here, all but the state, so that a look-up only copies it.
static char *facts_of(arena *a, const register_entry *e, const char *digits) {
    json *facts = json_object(a);
    json_set_text(a, facts, "number", e->number);
    json_set_text(a, facts, "digits", digits);
    json_set_text(a, facts, "name", e->name);
    json_set_text(a, facts, "domain", row_value(e->facts, "domain"));
    json_set_text(a, facts, "holder_type", plain(e->holder_type));
    json_set_text(a, facts, "holder", plain(e->holder));
    json_set_text(a, facts, "kind_label", plain(e->kind_label));
    json_set_text(a, facts, "category", row_value(e->facts, "interactive"));
    json_set_text(a, facts, "unit", plain(e->unit_name));
    json_set_text(a, facts, "approved", clock_iso(a, e->approved));
    json_set(a, facts, "facts", e->facts ? json_copy(a, e->facts) : json_array(a));
    return json_print(a, facts);
}

problem *register_publish(db *d, arena *a, const register_entry *e) {
    const char *digits = fold_number(a, e->number), *folded = fold_text(a, e->name);
    if (!digits || !folded)
        return problem_internal(a, "a filing number without 14 digits, or a name that is no text");
    TRY(db_run(d, a, SQL_REGISTER_PUT, NULL,
               DB_ARGS(db_text(e->filing), db_text(digits), db_text(e->number), db_text(e->kind), db_text(e->state),
                       db_text(e->name), db_text(folded), db_text(facts_of(a, e, digits)), db_int(e->approved))));
    TRY(db_run(d, a, SQL_REGISTER_VALUE_CLEAR, NULL, DB_ARGS(db_text(e->filing))));
    json_each(row, e->values) {
        const char *host = fold_host(a, json_text(row, "value"));
        TRY(db_run(d, a, SQL_REGISTER_VALUE_ADD, NULL,
                   DB_ARGS(db_text(json_text(row, "field")), db_text(host ? host : json_text(row, "value")),
                           db_text(e->filing))));
    }
    cache_touch();
    return NULL;
}

problem *register_set_state(db *d, arena *a, const char *filing, const char *state) {
    cache_touch();
    return db_run(d, a, SQL_REGISTER_STATE, NULL, DB_ARGS(db_text(filing), db_text(state)));
}

char *register_url(arena *a, const char *public_url, const char *number) {
    const char *digits = fold_number(a, number);
    return arena_print(a, "%s/register?code=%s", public_url, digits ? digits : "");
}

char *register_snippet(arena *a, const char *public_url, const char *number) {
    text_buffer b = text_buffer_new(a, 512);
    text_add(&b, "<a href=\"");
    text_add_html(&b, register_url(a, public_url, number));
    text_add(&b, "\" rel=\"noreferrer\" target=\"_blank\"><img src=\"beian.svg\" alt=\"\" width=\"20\" height=\"20\">");
    text_add_html(&b, number);
    text_add(&b, "</a>");
    return b.data;
}

problem *register_open(server *s, arena *a) {
    if (store_blocking(s->store))
        cache_share();
    writer_on_commit(s->store, cache_committed, NULL);
    return providers_seed(s, a);
}
