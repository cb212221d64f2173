// The OpenAPI 3.1 document: paths from the rows of the routes, documents of forms from their definitions.
#include "api/api.h"
#include "api/schemas.h"
#include "base/text.h"
#include "form/form.h"
#include <string.h>

static json *text_value(arena *a, const char *key, const char *text) {
    json *o = json_object(a);
    json_set_text(a, o, key, text);
    return o;
}

static void add_parameters(arena *a, json *operation, const char *path) {
    json *list = NULL;
    for (const char *open = strchr(path, '{'); open; open = strchr(open + 1, '{')) {
        const char *close = strchr(open, '}');
        if (!close)
            return;
        list = list ? list : json_set(a, operation, "parameters", json_array(a));
        json *parameter = json_add(a, list, json_object(a));
        json_set_text(a, parameter, "name", arena_slice(a, open + 1, (size_t)(close - open - 1)));
        json_set_text(a, parameter, "in", "path");
        json_set_bool(a, parameter, "required", true);
        json_set(a, parameter, "schema", text_value(a, "type", "string"));
    }
}

static void add_header(arena *a, json *operation, const char *name, const char *why) {
    json *list = json_get(operation, "parameters");
    list = list ? list : json_set(a, operation, "parameters", json_array(a));
    json *parameter = json_add(a, list, json_object(a));
    json_set_text(a, parameter, "name", name);
    json_set_text(a, parameter, "in", "header");
    json_set_text(a, parameter, "description", why);
    json_set(a, parameter, "schema", text_value(a, "type", "string"));
}

static json *content(arena *a, const char *media, const char *schema) {
    json *o = json_object(a), *kind = json_set(a, json_set(a, o, "content", json_object(a)), media, json_object(a));
    if (schema)
        json_set(a, kind, "schema", text_value(a, "$ref", arena_print(a, "#/components/schemas/%s", schema)));
    return o;
}

static void add_body(arena *a, json *operation, const route *r) {
    bool raw = r->flags & ROUTE_RAW;
    if (!r->schema && !raw)
        return;
    json *body = json_set(a, operation, "requestBody",
                          content(a, raw ? "application/octet-stream" : "application/json", r->schema));
    json_set_bool(a, body, "required", !(r->flags & ROUTE_BODYLESS));
}

static const char *security_of(const route *r) {
    static const char *const names[] = {
        [WHO_APPLICANT] = "applicant", [WHO_OFFICER] = "officer", [WHO_CLOCK] = "clock"};
    return names[r->who];
}

static json *operation_of(arena *a, const route *r) {
    json *o = json_object(a), *answers = json_object(a);
    json_set_text(a, o, "summary", r->summary);
    add_parameters(a, o, r->path);
    if (r->flags & ROUTE_KEYED)
        add_header(a, o, "Idempotency-Key", "The same key with the same body gets the first answer again; kept 48 h");
    if (strcmp(r->method, "GET") != 0 && !(r->flags & ROUTE_CROSS) && r->who != WHO_CLOCK)
        add_header(a, o, "X-Beian", "1, unless Origin is the public URL");
    add_body(a, o, r);
    json_set(a, o, "responses", answers);
    json_set(a, answers, "2XX", text_value(a, "description", "Done"));
    json *wrong = json_set(a, answers, "default", content(a, "application/problem+json", "problem"));
    json_set_text(a, wrong, "description", "What went wrong (RFC 9457)");
    if (security_of(r))
        json_set(a, json_add(a, json_set(a, o, "security", json_array(a)), json_object(a)), security_of(r),
                 json_array(a));
    return o;
}

static json *paths(arena *a, const router *t, bool clock) {
    json *all = json_object(a);
    for (size_t i = 0; i < router_count(t); i++) {
        const route *r = router_at(t, i);
        if ((r->flags & ROUTE_PAGE) || (r->who == WHO_CLOCK && !clock))
            continue;
        json *path = json_get(all, r->path);
        path = path ? path : json_set(a, all, r->path, json_object(a));
        json_set(a, path, text_lower(a, r->method), operation_of(a, r));
    }
    return all;
}

static void add_scheme(arena *a, json *schemes, const char *name, const char *kind, const char *where,
                       const char *what) {
    json *o = json_set(a, schemes, name, json_object(a));
    json_set_text(a, o, "type", kind);
    if (strcmp(kind, "http") == 0) {
        json_set_text(a, o, "scheme", where);
        return;
    }
    json_set_text(a, o, "in", where);
    json_set_text(a, o, "name", what);
}

static json *components(arena *a, const server *s) {
    json *o = json_object(a), *schemas = json_parse(a, API_SCHEMAS, strlen(API_SCHEMAS), NULL);
    json_set(a, o, "schemas", schemas);
    const form *f = NULL;
    for (size_t i = 0; (f = form_at(s->forms, i)); i++)
        json_set(a, schemas, arena_print(a, "document-%s", f->kind), form_schema(f, a));
    json *schemes = json_set(a, o, "securitySchemes", json_object(a));
    bool secure = text_starts(s->config->public_url, "https:");
    add_scheme(a, schemes, "applicant", "apiKey", "cookie", secure ? "__Host-beian" : "beian");
    add_scheme(a, schemes, "officer", "apiKey", "cookie", secure ? "__Host-beian-review" : "beian-review");
    add_scheme(a, schemes, "clock", "http", "bearer", NULL);
    return o;
}

char *openapi_build(arena *a, const server *s, const router *t) {
    json *o = json_object(a);
    json_set_text(a, o, "openapi", "3.1.0");
    json *info = json_set(a, o, "info", json_object(a));
    json_set_text(a, info, "title", "beian");
    json_set_text(a, info, "version", BEIAN_VERSION);
    json *servers = json_set(a, o, "servers", json_array(a));
    json_add(a, servers, text_value(a, "url", s->config->public_url));
    json_set(a, o, "paths", paths(a, t, s->api->clock_secret));
    json_set(a, o, "components", components(a, s));
    return json_print(a, o);
}
