// Which fields a document shows. A condition may name only fields that stand before it, so this always ends.
#include "form/model.h"
#include <string.h>

bool value_empty(const json *value) {
    if (!value || value->type == JSON_NULL)
        return true;
    if (value->type == JSON_STRING) {
        const char *text = value->text;
        for (uint32_t c; (c = text_next(&text)) != 0;)
            if (c > ' ' && c != 0xA0 && c != 0x3000)
                return false;
        return true;
    }
    if (value->type != JSON_ARRAY && value->type != JSON_OBJECT)
        return false;
    json_each(item, value) if (!value_empty(item)) return false;
    return true;
}

static bool one_of(const char *text, const char *const *values) {
    for (; *values; values++)
        if (strcmp(text, *values) == 0)
            return true;
    return false;
}

static bool test_holds(const test *t, const json *document, const json *row) {
    const json *value;
    if (t->section) {
        if (!section_shown(t->section, document) || !field_shown(t->field, document, NULL))
            return false;
        value = json_get(json_get(document, t->section->key), t->field->key);
    } else {
        if (!field_shown(t->field, document, row))
            return false;
        value = json_get(row, t->field->key);
    }
    if (!value)
        return false;
    if (value->type == JSON_STRING)
        return one_of(value->text, t->values);
    if (value->type == JSON_ARRAY)
        json_each(item, value) if (item->type == JSON_STRING && one_of(item->text, t->values)) return true;
    return false;
}

bool condition_holds(const condition *c, const json *document, const json *row) {
    if (!c)
        return true;
    for (size_t i = 0; i < c->count; i++)
        if (!test_holds(&c->tests[i], document, row))
            return false;
    for (size_t i = 0; i < c->any_count; i++)
        if (condition_holds(&c->any[i], document, row))
            return true;
    return c->any_count == 0;
}

bool section_shown(const section *s, const json *document) {
    return condition_holds(s->when, document, NULL);
}

bool field_shown(const field *f, const json *document, const json *row) {
    return condition_holds(f->when, document, row) && condition_holds(f->enabled, document, row);
}

const char *field_label(const field *f, const json *siblings) {
    if (!f->labels_by)
        return f->label;
    const char *by = json_text(siblings, f->labels_by->key);
    const char *label = by ? json_text(json_get(f->labels, "is"), by) : NULL;
    if (!label)
        label = json_text(f->labels, "else");
    return label ? label : f->label;
}

const way *section_way(const section *s, const json *document) {
    if (!s->fill_key)
        return NULL;
    const char *chosen = json_text(json_get(document, s->key), s->fill_key);
    for (int turn = 0; turn < 2; turn++, chosen = s->fill_default)
        for (size_t i = 0; chosen && i < s->way_count; i++)
            if (strcmp(s->ways[i].value, chosen) == 0)
                return &s->ways[i];
    return NULL;
}

const json *choice_item(const json *items, const char *value) {
    json_each(item, items) if (text_same(json_text(item, "value"), value)) return item;
    return NULL;
}

const field *section_field(const section *s, const char *key) {
    for (size_t i = 0; i < s->count; i++)
        if (strcmp(s->fields[i].key, key) == 0)
            return &s->fields[i];
    return NULL;
}

const section *model_section(const model *m, const char *key) {
    for (size_t i = 0; i < m->count; i++)
        if (strcmp(m->sections[i].key, key) == 0)
            return &m->sections[i];
    return NULL;
}
