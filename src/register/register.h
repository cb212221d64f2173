// The public register: who filed what, by number, domain or site name. Public facts only, never personal data. Also the
// providers' look-up and the two pages that work without script (/ and /register).
#pragma once
#include "http/route.h"

extern const route ROUTES_REGISTER[];

// What a passed filing makes public.
typedef struct register_entry {
    const char *filing;      // id
    const char *kind;        // the definition's kind
    const char *kind_label;  // 网站
    const char *state;       // valid …
    const char *number;      // 京公网安备11010102000001号
    const char *name;        // site name
    const char *unit_name;   // of the reviewing unit
    const char *holder_type; // 单位 · 企业 | 个人
    const char *holder;      // name of the organisation; NULL for a person
    int64_t approved;        // ms
    const json *facts;       // form_public: [{label, value}]
    const json *values;      // form_search_values: [{field, value}]
} register_entry;

// Adds or replaces the entry; called inside the transaction of the decision.
problem *register_publish(db *d, arena *a, const register_entry *entry);
// A later change of state (changing, cancelled …); nothing happens when the filing has no entry.
problem *register_set_state(db *d, arena *a, const char *filing, const char *state);
// The HTML a site puts at the foot of its page: link, icon, number.
char *register_snippet(arena *a, const char *public_url, const char *number);
// Address of the entry's page.
char *register_url(arena *a, const char *public_url, const char *number);

// At start, after the migrations: seeds the providers and watches commits for the cache.
problem *register_open(server *s, arena *a);
