// Values that the server fills in by itself, by the way a section was chosen to be filled.
#include "form/model.h"
#include <string.h>

// "entity.responsible" in {entity: {responsible: {...}}}
static const json *find_source(arena *a, const json *sources, const char *path) {
    size_t count;
    char **parts = text_split(a, path, '.', &count);
    for (size_t i = 0; i < count && sources; i++)
        sources = json_get(sources, parts[i]);
    return sources;
}

static void fill_field(arena *a, json *members, const section *s, const way *w, size_t i, const json *from,
                       json *filled) {
    const field *f = w->sets[i];
    const json *value = json_get(from, w->keys[i]);
    if (value_empty(value)) // the source does not know it: typed by hand
        return;
    json_set(a, members, f->key, json_copy(a, value));
    const char *pointer = arena_print(a, "/%s/%s", s->key, f->key);
    if (filled && filled->type == JSON_OBJECT)
        json_set(a, filled, pointer, json_string(a, w->from));
    else if (filled)
        json_add(a, filled, json_string(a, pointer));
}

static problem *refuse(arena *a, problem *p, const section *s, const char *detail) {
    if (!p)
        p = problem_invalid(a);
    problem_add(a, p, arena_print(a, "/%s/%s", s->key, s->fill_key), "choice", detail);
    return p;
}

problem *form_fill(const form *f, arena *a, json *document, const json *sources, json *filled) {
    const model *m = form_model(f);
    problem *p = NULL;
    for (size_t i = 0; i < m->count; i++) {
        const section *s = &m->sections[i];
        json *members = json_get(document, s->key);
        const way *w = section_way(s, document);
        if (!w || !w->from || !members || members->type != JSON_OBJECT || !section_shown(s, document))
            continue;
        const json *from = find_source(a, sources, w->from);
        if (!from) {
            p = refuse(a, p, s, "没有可以填入的信息，请自主填写");
            continue;
        }
        if (w->account_kind && !text_same(json_text(from, "kind"), w->account_kind)) {
            p = refuse(a, p, s,
                       strcmp(w->account_kind, "legal") == 0 ? "仅法人账号可以这样填写，请自主填写"
                                                             : "仅个人账号可以这样填写，请自主填写");
            continue;
        }
        for (size_t k = 0; w->sets[k]; k++)
            fill_field(a, members, s, w, k, from, filled);
    }
    return p;
}
