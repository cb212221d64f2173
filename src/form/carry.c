// A draft of an older version under the newest definition.
#include "form/model.h"
#include <string.h>

typedef struct carrying {
    const model *to;
    arena *arena;
    const json *document;
    json *out, *changes;
} carrying;

static void tell(carrying *c, const char *pointer, const char *what, const json *old) {
    json *row = json_add(c->arena, c->changes, json_object(c->arena));
    json_set_text(c->arena, row, "pointer", pointer);
    json_set_text(c->arena, row, "what", what);
    if (old)
        json_set(c->arena, row, "old", json_copy(c->arena, old));
}

static bool fits(const field *from, const field *to) {
    if (from->type != to->type || from->repeats != to->repeats || from->count > to->count)
        return false;
    for (size_t i = 0; i < from->count; i++) {
        bool found = false;
        for (size_t k = 0; k < to->count && !found; k++)
            found = strcmp(from->fields[i].key, to->fields[k].key) == 0 && fits(&from->fields[i], &to->fields[k]);
        if (!found)
            return false;
    }
    return true;
}

// A choice that is no longer in the list does not fit either.
static bool chosen_still(const field *to, const json *value) {
    if (to->type == TYPE_CHOICE)
        return value->type != JSON_STRING || !*value->text || choice_item(to->choices, value->text);
    if (to->type == TYPE_CHOICES && value->type == JSON_ARRAY)
        json_each(item, value) if (item->type != JSON_STRING || !choice_item(to->choices, item->text)) return false;
    return true;
}

static void carry_field(carrying *c, const section *s, const field *old, const json *value) {
    const char *pointer = arena_print(c->arena, "/%s/%s", s->key, old->key);
    const section *target = model_section(c->to, s->key);
    const field *new = target ? section_field(target, old->key) : NULL;
    if (!new) {
        tell(c, pointer, arena_print(c->arena, "“%s”已取消", old->label), value);
        return;
    }
    if (!fits(old, new) || !chosen_still(new, value)) {
        tell(c, pointer, arena_print(c->arena, "“%s”的填写方式有变化，请重新填写", new->label), value);
        return;
    }
    json *members = json_get(c->out, s->key);
    if (!members)
        members = json_set(c->arena, c->out, s->key, json_object(c->arena));
    json_set(c->arena, members, new->key, json_copy(c->arena, value));
}

static void tell_new(carrying *c, const model *from) {
    for (size_t i = 0; i < c->to->count; i++) {
        const section *s = &c->to->sections[i], *old = model_section(from, s->key);
        for (size_t k = 0; k < s->count; k++)
            if (s->fields[k].required && !(old && section_field(old, s->fields[k].key)))
                tell(c, arena_print(c->arena, "/%s/%s", s->key, s->fields[k].key),
                     arena_print(c->arena, "新增必填项“%s”", s->fields[k].label), NULL);
    }
}

json *form_carry_over(const form *from, const form *to, arena *a, const json *document, json *changes) {
    const model *old = form_model(from);
    carrying c = {form_model(to), a, document, json_object(a), changes};
    if (from == to)
        return json_copy(a, document);
    for (size_t i = 0; i < old->count; i++) {
        const section *s = &old->sections[i];
        const json *members = json_get(document, s->key);
        for (size_t k = 0; k < s->count; k++) {
            const json *value = json_get(members, s->fields[k].key);
            if (!value_empty(value))
                carry_field(&c, s, &s->fields[k], value);
        }
        const section *target = model_section(c.to, s->key);
        const char *fill = s->fill_key ? json_text(members, s->fill_key) : NULL;
        json *carried = json_get(c.out, s->key);
        if (fill && target && target->fill_key && carried) {
            for (size_t k = 0; k < target->way_count; k++)
                if (strcmp(target->ways[k].value, fill) == 0)
                    json_set_text(a, carried, target->fill_key, fill);
        }
    }
    tell_new(&c, old);
    return c.out;
}
