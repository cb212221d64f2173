// Every field of a document in the order of the definition.
#include "form/model.h"
#include <string.h>

static void walk_rows(const step_at *group, const json *document, void (*visit)(void *, const step_at *),
                      void *context) {
    if (!group->value || group->value->type != JSON_ARRAY)
        return;
    size_t index = 0;
    json_each(row, group->value) {
        for (size_t i = 0; i < group->field->count; i++) {
            const field *f = &group->field->fields[i];
            step_at at = {group->section,
                          f,
                          group->field,
                          index,
                          row,
                          json_get(row, f->key),
                          group->shown && field_shown(f, document, row)};
            visit(context, &at);
        }
        index++;
    }
}

void model_walk(const model *m, const json *document, void (*visit)(void *, const step_at *), void *context) {
    for (size_t i = 0; i < m->count; i++) {
        const section *s = &m->sections[i];
        json *members = json_get(document, s->key);
        bool open = section_shown(s, document);
        for (size_t k = 0; k < s->count; k++) {
            const field *f = &s->fields[k];
            step_at at = {s, f, NULL, 0, members, json_get(members, f->key), open && field_shown(f, document, NULL)};
            if (f->type == TYPE_GROUP)
                walk_rows(&at, document, visit, context);
            else
                visit(context, &at);
        }
    }
}

char *step_pointer(arena *a, const step_at *at) {
    if (at->group)
        return arena_print(a, "/%s/%s/%zu/%s", at->section->key, at->group->key, at->row, at->field->key);
    return arena_print(a, "/%s/%s", at->section->key, at->field->key);
}

typedef struct each {
    arena *arena;
    void (*visit)(void *, const field_visit *);
    void *context;
} each;

static void each_field(void *context, const step_at *at) {
    each *e = context;
    const field *f = at->field;
    if (!at->shown && value_empty(at->value))
        return;
    field_visit v = {step_pointer(e->arena, at),
                     field_label(f, at->siblings),
                     json_text(f->definition, "type"),
                     f->mask,
                     f->definition,
                     at->value,
                     0};
    v.flags = (f->mask ? FIELD_SENSITIVE : 0u) | (json_get(f->definition, "public") ? FIELD_PUBLIC : 0u) |
              (f->listed ? FIELD_LISTED : 0u) | (at->shown ? 0u : FIELD_HIDDEN) |
              (f->type == TYPE_PICTURE || f->type == TYPE_DOCUMENT ? FIELD_FILE : 0u);
    if (!f->repeats || !at->value || at->value->type != JSON_ARRAY || !at->value->first) {
        e->visit(e->context, &v);
        return;
    }
    const char *pointer = v.pointer;
    size_t index = 0;
    json_each(item, at->value) {
        v.pointer = arena_print(e->arena, "%s/%zu", pointer, index++);
        v.value = item;
        e->visit(e->context, &v);
    }
}

void form_each(const form *f, arena *a, json *document, void (*visit)(void *, const field_visit *), void *context) {
    each e = {a, visit, context};
    model_walk(form_model(f), document, each_field, &e);
}

static bool is_index(const char *text) {
    return *text && !text[strspn(text, "0123456789")];
}

bool form_has(const form *f, arena *a, const char *pointer) {
    size_t count;
    char **parts = text_split(a, pointer, '/', &count);
    const section *s = count > 1 && !*parts[0] ? model_section(form_model(f), parts[1]) : NULL;
    if (!s || count == 2)
        return s != NULL;
    if (count == 3 && s->fill_key && strcmp(s->fill_key, parts[2]) == 0)
        return true;
    const field *own = section_field(s, parts[2]);
    if (!own || count == 3)
        return own != NULL;
    if (!is_index(parts[3]) || !(own->repeats || own->type == TYPE_GROUP))
        return false;
    for (size_t i = 0; count == 5 && i < own->count; i++)
        if (strcmp(own->fields[i].key, parts[4]) == 0)
            return true;
    return count == 4;
}
