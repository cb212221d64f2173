// The definitions as the UI gets them. They do not change while the program runs, so a tag made at the start is enough.
#include "api/api.h"
#include "base/text.h"
#include "form/form.h"
#include <stdlib.h>
#include <string.h>

// True when the client has it already: 304 is the reply.
static bool known(request *r, const char *name, int version) {
    const char *tag = arena_print(r->arena, "\"%s-%s-%d\"", r->server->api->started, name, version);
    bool same = text_same(request_header(r, "If-None-Match"), tag);
    if (same)
        reply_bytes(r, 304, NULL, "", 0);
    reply_header(r, "ETag", tag);
    reply_header(r, "Cache-Control", "public, max-age=60");
    return same;
}

static void put(arena *a, json *object, const char *key, const json *value) {
    if (value)
        json_set(a, object, key, json_copy(a, value));
}

static problem *list(request *r, db *d) {
    arena *a = r->arena;
    json *answer = json_object(a), *items = json_set(a, answer, "items", json_array(a));
    const form *f = NULL;
    (void)d;
    for (size_t i = 0; (f = form_at(r->server->forms, i)); i++) {
        json *item = json_add(a, items, json_object(a));
        json_set_text(a, item, "kind", f->kind);
        json_set_number(a, item, "version", f->version);
        json_set_text(a, item, "title", f->title);
        json_set_text(a, item, "subject", f->is_entity ? "entity" : "filing");
        put(a, item, "actions", json_get(f->definition, "actions"));
        put(a, item, "menu", json_get(f->definition, "menu"));
        json_set_bool(a, item, "first", f->may_be_first);
    }
    reply_json(r, 200, answer);
    return NULL;
}

static problem *one(request *r, db *d) {
    arena *a = r->arena;
    const char *kind = r->params[0], *version = request_query(r, "version");
    const form *f = version && strlen(version) < 9 && strspn(version, "0123456789") == strlen(version) && *version
                        ? form_version(r->server->forms, kind, (int)strtol(version, NULL, 10))
                    : version ? NULL
                              : form_find(r->server->forms, kind);
    (void)d;
    if (!f)
        return problem_not_found(a);
    if (known(r, f->kind, f->version))
        return NULL;
    json *answer = json_object(a);
    put(a, answer, "definition", f->definition);
    put(a, answer, "lists", f->lists);
    put(a, answer, "texts", f->texts);
    reply_json(r, 200, answer);
    return NULL;
}

static problem *regions(request *r, db *d) {
    const json *all = form_list(r->server->forms, "regions");
    (void)d;
    if (!known(r, "regions", 0))
        reply_json(r, 200, all);
    return NULL;
}

const route ROUTES_FORMS[] = {
    {.method = "GET",
     .path = "/api/v1/forms",
     .who = WHO_ANYONE,
     .mode = ROUTE_READ,
     .flags = ROUTE_STORELESS,
     .run = list,
     .summary = "All businesses"},
    {.method = "GET",
     .path = "/api/v1/forms/regions",
     .who = WHO_ANYONE,
     .mode = ROUTE_READ,
     .flags = ROUTE_STORELESS,
     .run = regions,
     .summary = "Administrative divisions, three levels"},
    {.method = "GET",
     .path = "/api/v1/forms/{kind}",
     .who = WHO_ANYONE,
     .mode = ROUTE_READ,
     .flags = ROUTE_STORELESS,
     .run = one,
     .summary = "A business's definition with its lists and texts; ?version= for an older one"},
    {.method = NULL}};
