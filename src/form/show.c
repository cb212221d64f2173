// A value as a person reads it.
#include "form/mask.h"
#include "form/model.h"
#include <idn2.h>
#include <string.h>

static const char *show_domain(arena *a, const char *value) {
    char *shown = NULL;
    if (!strstr(value, "xn--") || idn2_to_unicode_8z8z(value, &shown, 0) != IDN2_OK)
        return value;
    const char *copy = arena_text(a, shown);
    idn2_free(shown);
    return copy;
}

static const char *show_text(const forms *all, arena *a, const field *f, const char *value, bool masked) {
    const json *item;
    const char *shown;
    switch (f->type) {
    case TYPE_CHOICE:
    case TYPE_CHOICES:
        item = choice_item(f->choices, value);
        return item ? json_text(item, "label") : value;
    case TYPE_REGION:
        shown = forms_region_text(all, a, value, " / ");
        return shown ? shown : value;
    case TYPE_TERM:
        return strcmp(value, "9999-12-31") == 0 ? "长期有效" : value;
    default:
        if (masked && f->mask)
            return mask_value(a, f->mask, value);
        return f->format && (strcmp(f->format, "domain") == 0 || strcmp(f->format, "host") == 0) ? show_domain(a, value)
                                                                                                 : value;
    }
}

char *show_value(const forms *all, arena *a, const field *f, const json *value, bool masked) {
    if (value_empty(value))
        return arena_text(a, "");
    if (value->type == JSON_STRING)
        return arena_text(a, show_text(all, a, f, value->text, masked));
    if (value->type == JSON_NUMBER) {
        const char *unit = json_text(f->definition, "unit");
        return arena_print(a, "%.15g%s%s", value->number, unit ? " " : "", unit ? unit : "");
    }
    if (value->type == JSON_OBJECT && f->type == TYPE_PERIOD) {
        const char *from = json_text(value, "from"), *to = json_text(value, "to");
        return arena_print(a, "%s 至 %s", from ? from : "", to ? to : "");
    }
    text_buffer b = text_buffer_new(a, 64);
    json_each(item, value) {
        if (b.size)
            text_add(&b, "、");
        text_add(&b, show_value(all, a, f, item, masked));
    }
    return b.data;
}

static const field *field_of_definition(const field *fields, size_t count, const json *definition) {
    for (size_t i = 0; i < count; i++) {
        if (fields[i].definition == definition)
            return &fields[i];
        const field *below = field_of_definition(fields[i].fields, fields[i].count, definition);
        if (below)
            return below;
    }
    return NULL;
}

char *form_show(const form *f, arena *a, const json *definition, const json *value) {
    const model *m = form_model(f);
    for (size_t i = 0; i < m->count; i++) {
        const field *found = field_of_definition(m->sections[i].fields, m->sections[i].count, definition);
        if (found)
            return show_value(m->all, a, found, value, false);
    }
    return arena_text(a, value && value->type == JSON_STRING ? value->text : "");
}
