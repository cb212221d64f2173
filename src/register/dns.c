#include "register/dns.h"
#include "api/server.h"
#include "base/clock.h"
#include "base/text.h"
#include "form/formats.h"
#include "guard/limits.h"
#include "guard/resolver.h"
#include "http/route.h"
#include "identity/session.h"

enum { LOOKUPS_A_MINUTE = 60 };

static problem *count_lookup(void *context, db *d, arena *a) {
    return limit_count(d, a, "dns", context, LOOKUPS_A_MINUTE, MINUTE);
}

// Only addresses that may be filed: a name that points into somebody's own network is no way to look into it.
static json *fit_to_file(arena *a, const json *found) {
    json *out = json_array(a);
    json_each(one, found) if (format_check(a, "ip", NULL, json_text(one, "address")).verdict == FORMAT_RIGHT)
        json_add(a, out, json_copy(a, one));
    return out;
}

static problem *resolve(request *r, const char *domain, json **out) {
    json *found;
    TRY(resolver_addresses(r->server->resolver, r->arena, domain, &found));
    *out = fit_to_file(r->arena, found);
    if ((*out)->count)
        return NULL;
    TRY(resolver_addresses(r->server->resolver, r->arena, arena_print(r->arena, "www.%s", domain), &found));
    *out = fit_to_file(r->arena, found);
    return NULL;
}

problem *dns_route(request *r, db *d) {
    (void)d;
    const char *typed = request_query(r, "domain");
    format_result domain = format_check(r->arena, "domain", NULL, typed ? typed : "");
    if (domain.verdict == FORMAT_WRONG) {
        problem *p = problem_invalid(r->arena);
        problem_add(r->arena, p, "/domain", "format", domain.detail ? domain.detail : "请输入域名，例如 test.com");
        return p;
    }
    json *addresses;
    TRY(request_write(r, count_lookup, (void *)(uintptr_t)r->session->account));
    TRY(resolve(r, domain.value, &addresses));
    json *out = json_object(r->arena);
    json_set_text(r->arena, out, "domain", domain.value);
    json_set(r->arena, out, "addresses", addresses);
    reply_json(r, 200, out);
    return NULL;
}
