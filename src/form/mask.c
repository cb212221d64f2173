// Masks, and putting stored values back where a mask came back unchanged.
#include "form/mask.h"
#include "form/model.h"
#include <string.h>

// First `head` and last `tail` code points around the stars; a short value keeps only its first.
static char *around(arena *a, const char *value, size_t head, const char *stars, size_t tail) {
    size_t length = text_length(value);
    if (length < head + tail + 2)
        return arena_print(a, "%s%s", text_head(a, value, 1), stars);
    const char *end = value;
    for (size_t i = 0; i < length - tail; i++)
        text_next(&end);
    return arena_print(a, "%s%s%s", text_head(a, value, head), stars, end);
}

char *mask_value(arena *a, const char *mask, const char *value) {
    if (!mask || !value || !*value)
        return arena_text(a, value);
    if (strcmp(mask, "name") == 0)
        return arena_print(a, "%s**", text_head(a, value, 1));
    if (strcmp(mask, "id") == 0 || strcmp(mask, "code") == 0)
        return around(a, value, 3, "*****", 2);
    if (strcmp(mask, "mobile") == 0)
        return around(a, value, 3, "****", 4);
    if (strcmp(mask, "mail") == 0) {
        const char *at = strchr(value, '@');
        return arena_print(a, "%s***%s", text_head(a, value, 1), at ? at : "");
    }
    return arena_text(a, value); // text and file: sealed, but shown
}

// Shows nothing but stars for these: a value with a star in it is never a right one.
static bool hides(const char *mask) {
    return mask && strcmp(mask, "text") != 0 && strcmp(mask, "file") != 0;
}

typedef struct masking {
    arena *arena;
    const json *pointers; // NULL: all
} masking;

static void mask_json(arena *a, const field *f, json *value) {
    if (!value)
        return;
    if (value->type == JSON_STRING)
        value->text = mask_value(a, f->mask, value->text);
    if (value->type == JSON_ARRAY)
        json_each(item, value) mask_json(a, f, item);
}

static bool named(const json *pointers, const char *pointer) {
    if (pointers->type == JSON_OBJECT)
        return json_get(pointers, pointer) != NULL;
    json_each(item, pointers) if (item->type == JSON_STRING && strcmp(item->text, pointer) == 0) return true;
    return false;
}

static void mask_step(void *context, const step_at *at) {
    masking *m = context;
    if (hides(at->field->mask) && at->value && (!m->pointers || named(m->pointers, step_pointer(m->arena, at))))
        mask_json(m->arena, at->field, at->value);
}

json *form_masked(const form *f, arena *a, const json *document) {
    json *copy = json_copy(a, document);
    model_walk(form_model(f), copy, mask_step, &(masking){a, NULL});
    return copy;
}

json *form_masked_at(const form *f, arena *a, const json *document, const json *pointers) {
    json *copy = json_copy(a, document);
    if (pointers)
        model_walk(form_model(f), copy, mask_step, &(masking){a, pointers});
    return copy;
}

typedef struct unmasking {
    arena *arena;
    const json *stored;
    problem *problem;
} unmasking;

static void unmask_value(unmasking *u, const step_at *at, json *value, const char *pointer) {
    if (value->type != JSON_STRING || !strchr(value->text, '*'))
        return;
    const json *old = json_pointer(u->stored, pointer);
    if (old && old->type == JSON_STRING && text_same(mask_value(u->arena, at->field->mask, old->text), value->text)) {
        value->text = arena_text(u->arena, old->text);
        return;
    }
    if (!u->problem)
        u->problem = problem_invalid(u->arena);
    problem_add(u->arena, u->problem, pointer, "masked",
                arena_print(u->arena, "请填写完整的%s，不能带 * 号", field_label(at->field, at->siblings)));
}

static void unmask_step(void *context, const step_at *at) {
    unmasking *u = context;
    if (!hides(at->field->mask) || !at->value)
        return;
    const char *pointer = step_pointer(u->arena, at);
    size_t index = 0;
    if (at->value->type == JSON_ARRAY)
        json_each(item, at->value) unmask_value(u, at, item, arena_print(u->arena, "%s/%zu", pointer, index++));
    else
        unmask_value(u, at, at->value, pointer);
}

problem *form_unmask(const form *f, arena *a, json *incoming, const json *stored) {
    unmasking u = {a, stored, NULL};
    model_walk(form_model(f), incoming, unmask_step, &u);
    return u.problem;
}
