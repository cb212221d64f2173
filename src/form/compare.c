// What changed between two documents, field by field, as a person reads it.
#include "form/model.h"
#include <string.h>

typedef struct comparing {
    const model *model;
    arena *arena;
    const json *before, *after;
    json *rows;
} comparing;

static bool is_file(const field *f) {
    return f->type == TYPE_PICTURE || f->type == TYPE_DOCUMENT;
}

static void set_side(comparing *c, json *row, const char *name, const field *f, const json *value) {
    if (value_empty(value))
        json_set(c->arena, row, name, json_null(c->arena));
    else if (is_file(f))
        json_set(c->arena, row, name, json_copy(c->arena, value));
    else
        json_set(c->arena, row, name, json_string(c->arena, show_value(c->model->all, c->arena, f, value, true)));
}

static void compare_value(comparing *c, const char *pointer, const char *label, const field *f, const json *before,
                          const json *after) {
    if ((value_empty(before) && value_empty(after)) || (before && after && json_same(before, after)))
        return;
    json *row = json_add(c->arena, c->rows, json_object(c->arena));
    json_set_text(c->arena, row, "label", label);
    json_set_text(c->arena, row, "pointer", pointer);
    json_set_text(c->arena, row, "type", json_text(f->definition, "type"));
    set_side(c, row, "before", f, before);
    set_side(c, row, "after", f, after);
}

static const json *shown_value(const section *s, const field *f, const json *document) {
    if (!document || !section_shown(s, document) || !field_shown(f, document, NULL))
        return NULL;
    return json_get(json_get(document, s->key), f->key);
}

static const json *row_value(const field *f, const json *document, const json *row) {
    return row && field_shown(f, document, row) ? json_get(row, f->key) : NULL;
}

static void compare_group(comparing *c, const section *s, const field *group, const json *before, const json *after) {
    size_t old_rows = before ? before->count : 0, new_rows = after ? after->count : 0;
    for (size_t i = 0; i < old_rows || i < new_rows; i++) {
        const json *old_row = i < old_rows ? json_at(before, i) : NULL,
                   *new_row = i < new_rows ? json_at(after, i) : NULL;
        for (size_t k = 0; k < group->count; k++) {
            const field *f = &group->fields[k];
            compare_value(
                c, arena_print(c->arena, "/%s/%s/%zu/%s", s->key, group->key, i, f->key),
                arena_print(c->arena, "%s %zu %s", group->label, i + 1, field_label(f, new_row ? new_row : old_row)), f,
                row_value(f, c->before, old_row), row_value(f, c->after, new_row));
        }
    }
}

json *form_compare(const form *f, arena *a, const json *before, const json *after) {
    const model *m = form_model(f);
    comparing c = {m, a, before, after, json_array(a)};
    for (size_t i = 0; i < m->count; i++) {
        const section *s = &m->sections[i];
        const json *siblings = json_get(after, s->key);
        for (size_t k = 0; k < s->count; k++) {
            const field *one = &s->fields[k];
            const json *old = shown_value(s, one, before), *new = shown_value(s, one, after);
            if (one->type == TYPE_GROUP) {
                compare_group(&c, s, one, old, new);
                continue;
            }
            const char *label = field_label(one, siblings);
            if (one->shared_label)
                label = arena_print(a, "%s %s", s->title, label);
            compare_value(&c, arena_print(a, "/%s/%s", s->key, one->key), label, one, old, new);
        }
    }
    return c.rows;
}
