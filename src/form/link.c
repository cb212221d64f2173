// The second pass over a definition: whatever names another field. A condition may name only what stands before it.
#include "form/compile.h"
#include <string.h>

typedef struct scope {
    const section *section;
    const field *row; // fields of the group's row, or NULL
    size_t row_count;
    size_t order; // fields before this one may be named
} scope;

static bool split_place(compiler *c, const char *name, const section **s, const field **f) {
    const char *dot = strchr(name, '.');
    if (!dot)
        return false;
    *s = model_section(c->model, arena_slice(c->arena, name, (size_t)(dot - name)));
    *f = *s ? section_field(*s, dot + 1) : NULL;
    return *f != NULL;
}

static problem *read_values(compiler *c, const char *at, const json *value, const field *f, const char ***out) {
    size_t count = value->type == JSON_ARRAY ? value->count : 1;
    const char **values = arena_array(c->arena, const char *, count + 1);
    for (size_t i = 0; i < count; i++) {
        const json *one = value->type == JSON_ARRAY ? json_at(value, i) : value;
        if (one->type != JSON_STRING || !f->choices || !choice_item(f->choices, one->text))
            return form_wrong(c->arena, c->path, at, "a condition on \"%s\" needs values of its list", f->key);
        values[i] = one->text;
    }
    *out = values;
    return NULL;
}

static problem *read_test(compiler *c, const char *at, const json *member, const scope *in, test *t) {
    if (strchr(member->key, '.')) {
        if (!split_place(c, member->key, &t->section, &t->field))
            return form_wrong(c->arena, c->path, at, "no field \"%s\"", member->key);
    } else {
        for (size_t i = 0; i < in->row_count && !t->field; i++)
            if (strcmp(in->row[i].key, member->key) == 0)
                t->field = &in->row[i];
        if (!t->field && in->section) {
            t->section = in->section;
            t->field = section_field(in->section, member->key);
        }
    }
    if (!t->field)
        return form_wrong(c->arena, c->path, at, "no field \"%s\"", member->key);
    if (t->field->order >= in->order)
        return form_wrong(c->arena, c->path, at, "\"%s\" does not stand before what depends on it", member->key);
    return read_values(c, at, member, t->field, &t->values);
}

static problem *read_condition(compiler *c, const char *at, const json *when, const scope *in, condition *out) {
    if (when->type != JSON_OBJECT || !when->first)
        return form_wrong(c->arena, c->path, at, "a condition is an object with members");
    test *tests = arena_array(c->arena, test, when->count);
    json_each(member, when) {
        if (strcmp(member->key, "any") != 0) {
            TRY(read_test(c, at, member, in, &tests[out->count]));
            out->count++;
            continue;
        }
        condition *any = arena_array(c->arena, condition, member->count + 1);
        json_each(one, member) TRY(read_condition(c, at, one, in, &any[out->any_count++]));
        out->any = any;
    }
    out->tests = tests;
    return NULL;
}

static problem *link_condition(compiler *c, const char *at, const json *d, const char *member, const scope *in,
                               const condition **out) {
    const json *when = json_get(d, member);
    if (!when)
        return NULL;
    condition *made = arena_new_of(c->arena, condition);
    *out = made;
    return read_condition(c, arena_print(c->arena, "%s/%s", at, member), when, in, made);
}

static const field *sibling(const field *fields, size_t count, const char *key) {
    for (size_t i = 0; key && i < count; i++)
        if (strcmp(fields[i].key, key) == 0)
            return &fields[i];
    return NULL;
}

static problem *link_field(compiler *c, const char *at, const scope *around, const field *siblings, size_t count,
                           field *f) {
    scope in = *around;
    in.order = f->order;
    TRY(link_condition(c, at, f->definition, "when", &in, &f->when));
    TRY(link_condition(c, at, f->definition, "enabled_when", &in, &f->enabled));
    const char *kind = json_text(f->definition, "format_of");
    f->format_of = sibling(siblings, count, kind);
    if (kind && (!f->format_of || f->format_of->type != TYPE_CHOICE))
        return form_wrong(c->arena, c->path, at, "format_of names no choice beside it: \"%s\"", kind);
    f->labels = json_get(f->definition, "labels");
    f->labels_by = sibling(siblings, count, json_text(f->labels, "by"));
    if (f->labels && !f->labels_by)
        return form_wrong(c->arena, c->path, at, "labels.by names no field beside it");
    const json *offer = json_get(f->definition, "offer");
    if (offer && (!text_same(json_text(offer, "from"), "dns") || !sibling(siblings, count, json_text(offer, "of"))))
        return form_wrong(c->arena, c->path, at, "an offer is {from: \"dns\", of: a field beside it}");
    return NULL;
}

static problem *link_way(compiler *c, const char *at, const section *s, const json *d, const scope *in, way *w) {
    TRY(compile_members(c, at, d, " value title from for when disabled note sets "));
    w->value = json_text(d, "value");
    w->from = json_text(d, "from");
    w->account_kind = json_text(d, "for");
    w->disabled = json_text(d, "disabled");
    if (!w->value || !json_text(d, "title"))
        return form_wrong(c->arena, c->path, at, "a way needs value and title");
    if (w->account_kind && !text_same(w->account_kind, "person") && !text_same(w->account_kind, "legal"))
        return form_wrong(c->arena, c->path, at, "\"for\" is person or legal");
    TRY(link_condition(c, at, d, "when", in, &w->when));
    const json *sets = json_get(d, "sets");
    size_t count = sets ? sets->count : 0, i = 0;
    if ((w->from != NULL) != (count > 0))
        return form_wrong(c->arena, c->path, at, "\"from\" and \"sets\" belong together");
    w->sets = arena_array(c->arena, const field *, count + 1);
    w->keys = arena_array(c->arena, const char *, count + 1);
    json_each(set, sets) {
        w->sets[i] = section_field(s, set->key);
        w->keys[i] = set->type == JSON_STRING ? set->text : NULL;
        if (!w->sets[i] || !w->keys[i] || w->sets[i]->repeats)
            return form_wrong(c->arena, c->path, at, "sets names no plain field: \"%s\"", set->key);
        i++;
    }
    return NULL;
}

static problem *link_ways(compiler *c, const char *at, const json *d, const scope *in, section *s) {
    const json *ways = json_get(d, "ways");
    if (!ways)
        return NULL;
    TRY(compile_members(c, at, ways, " key look default choices "));
    s->fill_key = json_text(ways, "key");
    s->fill_default = json_text(ways, "default");
    const json *choices = json_get(ways, "choices");
    if (!s->fill_key || section_field(s, s->fill_key) || !choice_item(choices, s->fill_default))
        return form_wrong(c->arena, c->path, at, "ways need a key of their own and a default among their choices");
    way *made = arena_array(c->arena, way, choices->count);
    size_t i = 0;
    json_each(choice, choices) {
        TRY(link_way(c, arena_print(c->arena, "%s/ways/choices/%zu", at, i), s, choice, in, &made[i]));
        i++;
    }
    s->ways = made;
    s->way_count = i;
    return NULL;
}

static problem *link_section(compiler *c, const char *at, const json *d, section *s) {
    scope in = {.section = s, .order = s->fields[0].order};
    TRY(link_condition(c, at, d, "when", &in, &s->when));
    TRY(link_ways(c, at, d, &in, s));
    for (size_t i = 0; i < s->count; i++) {
        field *f = (field *)(uintptr_t)&s->fields[i];
        const char *here = arena_print(c->arena, "%s/fields/%zu", at, i);
        in.row = NULL, in.row_count = 0;
        TRY(link_field(c, here, &in, s->fields, s->count, f));
        in.row = f->fields, in.row_count = f->count;
        for (size_t k = 0; k < f->count; k++)
            TRY(link_field(c, arena_print(c->arena, "%s/fields/%zu", here, k), &in, f->fields, f->count,
                           (field *)(uintptr_t)&f->fields[k]));
    }
    return NULL;
}

static problem *read_place(compiler *c, const char *at, const char *name, place *p) {
    if (!name || !split_place(c, name, &p->section, &p->field))
        return form_wrong(c->arena, c->path, at, "no field \"%s\"", name ? name : "");
    return NULL;
}

static problem *link_places(compiler *c, const char *member, const place **out, size_t *count) {
    const json *list = json_get(c->definition, member);
    place *made = arena_array(c->arena, place, list ? list->count + 1 : 1);
    scope anywhere = {.order = SIZE_MAX};
    json_each(d, list) {
        const char *at = arena_print(c->arena, "/%s/%zu", member, *count);
        TRY(compile_members(c, at, d, " when field "));
        TRY(read_place(c, at, json_text(d, "field"), &made[*count]));
        TRY(link_condition(c, at, d, "when", &anywhere, &made[*count].when));
        ++*count;
    }
    *out = made;
    return NULL;
}

static problem *link_rules(compiler *c, const char *member, const char *name, const rule **out, size_t *count) {
    const json *list = json_get(c->definition, member);
    rule *made = arena_array(c->arena, rule, list ? list->count + 1 : 1);
    json_each(d, list) {
        const char *at = arena_print(c->arena, "/%s/%zu", member, *count);
        rule *r = &made[*count];
        const json *fields = json_get(d, "fields");
        r->name = json_text(d, name);
        if (!r->name || !fields || fields->type != JSON_ARRAY)
            return form_wrong(c->arena, c->path, at, "needs \"%s\" and \"fields\"", name);
        place *places = arena_array(c->arena, place, fields->count + 1);
        json_each(name_of, fields)
            TRY(read_place(c, at, name_of->type == JSON_STRING ? name_of->text : NULL, &places[r->count++]));
        r->places = places;
        ++*count;
    }
    *out = made;
    return NULL;
}

problem *compile_links(compiler *c) {
    model *m = c->model;
    size_t next = 0, step = 0;
    json_each(one, json_get(c->definition, "steps")) {
        size_t index = 0;
        json_each(d, json_get(one, "sections"))
            TRY(link_section(c, arena_print(c->arena, "/steps/%zu/sections/%zu", step, index++), d,
                             (section *)(uintptr_t)&m->sections[next++]));
        step++;
    }
    TRY(link_places(c, "name_of", &m->name_of, &m->name_count));
    TRY(link_places(c, "region_of", &m->region_of, &m->region_count));
    TRY(link_rules(c, "unique", "rule", &m->unique, &m->unique_count));
    return link_rules(c, "search", "field", &m->search, &m->search_count);
}
