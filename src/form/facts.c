// What the rest of the platform asks a document: its name, region, columns, public facts, unique values.
#include "form/model.h"
#include <stdlib.h>
#include <string.h>

static const char *place_text(const place *places, size_t count, const json *document) {
    for (size_t i = 0; i < count; i++)
        if (condition_holds(places[i].when, document, NULL))
            return json_text(json_get(document, places[i].section->key), places[i].field->key);
    return NULL;
}

const char *form_name_of(const form *f, arena *a, const json *document) {
    const model *m = form_model(f);
    const char *name = place_text(m->name_of, m->name_count, document);
    return name ? text_trim(a, name) : "";
}

const char *form_region_of(const form *f, arena *a, const json *document) {
    const model *m = form_model(f);
    const char *code = place_text(m->region_of, m->region_count, document);
    return code && forms_region(m->all, code) ? arena_text(a, code) : NULL;
}

typedef struct gathering {
    const model *model;
    arena *arena;
    json *out;
} gathering;

static void list_step(void *context, const step_at *at) {
    gathering *g = context;
    if (at->shown && at->field->listed && !at->group)
        json_set(g->arena, g->out, at->field->key,
                 json_string(g->arena, show_value(g->model->all, g->arena, at->field, at->value, true)));
}

json *form_listed(const form *f, arena *a, const json *document) {
    gathering g = {form_model(f), a, json_object(a)};
    model_walk(g.model, document, list_step, &g);
    return g.out;
}

static void public_step(void *context, const step_at *at) {
    gathering *g = context;
    const json *open = json_get(at->field->definition, "public");
    if (!open || !at->shown || value_empty(at->value) || (open->type == JSON_BOOL && !open->flag))
        return;
    const char *label = json_text(open, "label"), *shown = NULL;
    if (at->value->type == JSON_STRING)
        shown = json_text(json_get(open, "is"), at->value->text);
    json *row = json_add(g->arena, g->out, json_object(g->arena));
    json_set_text(g->arena, row, "key", at->field->key);
    json_set_text(g->arena, row, "label", label ? label : field_label(at->field, at->siblings));
    json_set_text(g->arena, row, "value",
                  shown ? shown : show_value(g->model->all, g->arena, at->field, at->value, true));
}

json *form_public(const form *f, arena *a, const json *document) {
    gathering g = {form_model(f), a, json_array(a)};
    model_walk(g.model, document, public_step, &g);
    return g.out;
}

typedef struct pair {
    const char *name, *value;
} pair;

static int by_pair(const void *left, const void *right) {
    const pair *a = left, *b = right;
    int name = strcmp(a->name, b->name);
    return name ? name : strcmp(a->value, b->value);
}

static size_t place_values(const place *p, const json *document, const char *name, pair *out) {
    if (!section_shown(p->section, document) || !field_shown(p->field, document, NULL))
        return 0;
    const json *value = json_get(json_get(document, p->section->key), p->field->key);
    size_t count = 0;
    if (value && value->type == JSON_STRING && *value->text)
        out[count++] = (pair){name, value->text};
    if (value && value->type == JSON_ARRAY)
        json_each(item, value) if (item->type == JSON_STRING && *item->text) out[count++] = (pair){name, item->text};
    return count;
}

static size_t place_room(const place *p, const json *document) {
    const json *value = json_get(json_get(document, p->section->key), p->field->key);
    return value ? 1 + value->count : 0;
}

static json *rule_values(const rule *rules, size_t rule_count, arena *a, const json *document, const char *name) {
    size_t room = 1, count = 0;
    for (size_t i = 0; i < rule_count; i++)
        for (size_t k = 0; k < rules[i].count; k++)
            room += place_room(&rules[i].places[k], document);
    pair *pairs = arena_array(a, pair, room);
    for (size_t i = 0; i < rule_count; i++)
        for (size_t k = 0; k < rules[i].count; k++)
            count += place_values(&rules[i].places[k], document, rules[i].name, pairs + count);
    qsort(pairs, count, sizeof *pairs, by_pair);
    json *out = json_array(a);
    for (size_t i = 0; i < count; i++) {
        if (i && by_pair(&pairs[i - 1], &pairs[i]) == 0)
            continue;
        json *row = json_add(a, out, json_object(a));
        json_set_text(a, row, name, pairs[i].name);
        json_set_text(a, row, "value", pairs[i].value);
    }
    return out;
}

json *form_unique(const form *f, arena *a, const json *document) {
    const model *m = form_model(f);
    return rule_values(m->unique, m->unique_count, a, document, "rule");
}

json *form_search_values(const form *f, arena *a, const json *document) {
    const model *m = form_model(f);
    return rule_values(m->search, m->search_count, a, document, "field");
}
