// JSON Schema 2020-12 of a complete document. It gives the same verdict on structure as form_check (codes type,
// unknown, required, limit, choice); what it cannot say (formats, dates, regions, files) stands as x-rule.
#include "form/model.h"
#include <stdio.h>
#include <string.h>

// Characters that value_empty skips.
#define BLANK "[\\\\u0000-\\\\u0020\\\\u00a0\\\\u3000]"
static const char filled[] = "{\"type\":\"string\",\"pattern\":\"[^\\\\u0000-\\\\u0020\\\\u00a0\\\\u3000]\"}";
static const char blank[] = "{\"anyOf\":[{\"type\":\"null\"},{\"type\":\"string\",\"pattern\":\"^" BLANK "*$\"}]}";

static json *parse(arena *a, const char *text) {
    return json_parse(a, text, strlen(text), NULL);
}

static json *members(arena *a, const char *key, json *value) {
    json *properties = json_object(a);
    json_set(a, properties, key, value);
    return properties;
}

static json *texts(arena *a, const char *one) {
    json *list = json_array(a);
    json_add(a, list, json_string(a, one));
    return list;
}

static json *any_of(arena *a, json *first, json *second) {
    json *list = json_array(a);
    json_add(a, list, first);
    json_add(a, list, second);
    return members(a, "anyOf", list);
}

// {type: object, required?: [key], properties: {key: value}}
static json *holder(arena *a, const char *key, json *value, bool required) {
    json *out = parse(a, "{\"type\":\"object\"}");
    if (required)
        json_set(a, out, "required", texts(a, key));
    json_set(a, out, "properties", members(a, key, value));
    return out;
}

// --- what holds whether or not a field is shown ---

static json *base_of(arena *a, const field *f);

static json *base_rows(arena *a, const field *f) {
    json *row = parse(a, "{\"type\":\"object\",\"additionalProperties\":false}"), *properties = json_object(a);
    for (size_t i = 0; i < f->count; i++)
        json_set(a, properties, f->fields[i].key, base_of(a, &f->fields[i]));
    json_set(a, row, "properties", properties);
    return row;
}

static json *base_text(arena *a, const field *f) {
    size_t most = f->has_max && (f->type == TYPE_TEXT || f->type == TYPE_NOTE) ? (size_t)f->max : 100;
    return parse(a, arena_print(a, "{\"type\":[\"string\",\"null\"],\"maxLength\":%zu}", most));
}

static json *base_value(arena *a, const field *f) {
    switch (f->type) {
    case TYPE_NUMBER:
        return parse(a, "{\"type\":[\"number\",\"null\"]}");
    case TYPE_PERIOD:
        return parse(a, "{\"type\":[\"object\",\"null\"],\"additionalProperties\":false,\"properties\":{"
                        "\"from\":{\"type\":[\"string\",\"null\"],\"maxLength\":100},"
                        "\"to\":{\"type\":[\"string\",\"null\"],\"maxLength\":100}}}");
    case TYPE_CHOICES:
        return parse(a, "{\"type\":[\"array\",\"null\"],\"maxItems\":200,\"uniqueItems\":true,"
                        "\"items\":{\"type\":\"string\",\"maxLength\":100}}");
    case TYPE_GROUP:
        return base_rows(a, f);
    default:
        return base_text(a, f);
    }
}

// The rule that JSON Schema cannot say.
static const char *rule_name(const field *f) {
    static const char *const names[TYPE_COUNT] = {
        [TYPE_DATE] = "date",     [TYPE_TERM] = "date",    [TYPE_PERIOD] = "date",
        [TYPE_REGION] = "region", [TYPE_PICTURE] = "file", [TYPE_DOCUMENT] = "file"};
    return f->format ? f->format : names[f->type];
}

static json *base_of(arena *a, const field *f) {
    json *one = base_value(a, f), *out = one;
    if (f->repeats) {
        out = parse(a, arena_print(a, "{\"type\":[\"array\",\"null\"],\"maxItems\":%zu}", f->repeat_max));
        json_set(a, out, "items", one);
    }
    json_set_text(a, out, "title", f->label);
    json_set_text(a, out, "x-rule", rule_name(f));
    return out;
}

// --- what holds for a shown field ---

static json *open_values(arena *a, const field *f) {
    json *values = json_array(a);
    json_each(item, f->choices) if (!json_text(item, "disabled"))
        json_add(a, values, json_string(a, json_text(item, "value")));
    return members(a, "enum", values);
}

static json *shown_number(arena *a, const field *f) {
    json *number = parse(a, f->whole ? "{\"type\":\"integer\"}" : "{\"type\":\"number\"}");
    if (f->has_min)
        json_set_number(a, number, "minimum", f->min);
    if (f->has_max)
        json_set_number(a, number, "maximum", f->max);
    return f->required ? number : any_of(a, parse(a, "{\"type\":\"null\"}"), number);
}

static json *shown_period(arena *a, const field *f) {
    json *both = parse(a, arena_print(a,
                                      "{\"type\":\"object\",\"required\":[\"from\",\"to\"],"
                                      "\"properties\":{\"from\":%s,\"to\":%s}}",
                                      filled, filled));
    if (f->required)
        return both;
    json *none = parse(
        a, arena_print(a, "{\"type\":[\"object\",\"null\"],\"properties\":{\"from\":%s,\"to\":%s}}", blank, blank));
    return any_of(a, none, both);
}

static json *shown_choices(arena *a, const field *f) {
    json *some = parse(a, "{\"type\":\"array\",\"minItems\":1}");
    json_set(a, some, "items", open_values(a, f));
    if (f->required)
        return some;
    return any_of(a, parse(a, arena_print(a, "{\"type\":[\"array\",\"null\"],\"items\":%s}", blank)), some);
}

static json *shown_repeat(arena *a, const field *f) {
    size_t least = f->repeat_min ? f->repeat_min : 1;
    json *some = parse(a, arena_print(a, "{\"type\":\"array\",\"contains\":%s,\"minContains\":%zu}", filled, least));
    if (f->required)
        return some;
    return any_of(a, parse(a, arena_print(a, "{\"type\":[\"array\",\"null\"],\"items\":%s}", blank)), some);
}

static json *condition_schema(arena *a, const section *in, const condition *c);
static json *shown_value(arena *a, const field *f);

// One rule for a row: its field is sound, if it is shown.
static json *row_rule(arena *a, const field *f) {
    return holder(a, f->key, shown_value(a, f), f->required);
}

static json *shown_rows(arena *a, const field *f) {
    json *rules = json_array(a);
    for (size_t i = 0; i < f->count; i++) {
        const field *one = &f->fields[i];
        if (!one->when && !one->enabled)
            json_add(a, rules, row_rule(a, one));
    }
    size_t least = f->repeat_min ? f->repeat_min : 1;
    json *some = parse(a, arena_print(a, "{\"type\":\"array\",\"minItems\":%zu}", least));
    json *none = parse(a, "{\"type\":[\"array\",\"null\"],\"maxItems\":0}");
    if (rules->first)
        json_set(a, some, "items", members(a, "allOf", rules));
    return f->required ? some : any_of(a, none, some);
}

static json *shown_value(arena *a, const field *f) {
    if (f->type == TYPE_GROUP)
        return shown_rows(a, f);
    if (f->repeats)
        return shown_repeat(a, f);
    switch (f->type) {
    case TYPE_NUMBER:
        return shown_number(a, f);
    case TYPE_PERIOD:
        return shown_period(a, f);
    case TYPE_CHOICES:
        return shown_choices(a, f);
    case TYPE_CHOICE:
        return f->required ? open_values(a, f) : any_of(a, parse(a, blank), open_values(a, f));
    default:
        return f->required ? parse(a, filled) : json_object(a);
    }
}

// --- conditions ---

static json *shown_schema(arena *a, const section *s, const field *f) {
    json *all = json_array(a);
    const condition *conditions[] = {s ? s->when : NULL, f ? f->when : NULL, f ? f->enabled : NULL};
    for (size_t i = 0; i < 3; i++)
        if (conditions[i])
            json_add(a, all, condition_schema(a, s, conditions[i]));
    return all->first ? members(a, "allOf", all) : json_object(a);
}

// The value is one of the texts, or an array that holds one of them.
static json *value_among(arena *a, const char *const *values) {
    json *list = json_array(a);
    for (; *values; values++)
        json_add(a, list, json_string(a, *values));
    json *array = parse(a, "{\"type\":\"array\"}");
    json_set(a, array, "contains", members(a, "enum", list));
    return any_of(a, members(a, "enum", json_copy(a, list)), array);
}

static json *condition_schema(arena *a, const section *in, const condition *c) {
    json *all = json_array(a);
    for (size_t i = 0; i < c->count; i++) {
        const test *t = &c->tests[i];
        json *value = holder(a, t->field->key, value_among(a, t->values), true);
        if (t->section) {
            json_add(a, all, shown_schema(a, t->section, t->field));
            value = holder(a, t->section->key, value, true);
        }
        json_add(a, all, value);
    }
    if (c->any_count) {
        json *any = json_array(a);
        for (size_t i = 0; i < c->any_count; i++)
            json_add(a, any, condition_schema(a, in, &c->any[i]));
        json_add(a, all, members(a, "anyOf", any));
    }
    return members(a, "allOf", all);
}

static json *guarded(arena *a, json *when, json *then) {
    if (!when->first)
        return then;
    json *out = json_object(a);
    json_set(a, out, "if", when);
    json_set(a, out, "then", then);
    return out;
}

// A row's field that depends on other fields: the condition may look at the row and at the document, so the rule for
// rows that it can see stands inside, the rest around it.
static json *row_condition(arena *a, const field *f, bool inside) {
    json *all = json_array(a);
    const condition *conditions[] = {f->when, f->enabled};
    for (size_t i = 0; i < 2; i++)
        for (size_t k = 0; conditions[i] && k < conditions[i]->count; k++) {
            const test *t = &conditions[i]->tests[k];
            condition one = {.tests = t, .count = 1};
            if ((t->section == NULL) == inside)
                json_add(a, all, condition_schema(a, NULL, &one));
        }
    return all->first ? members(a, "allOf", all) : json_object(a);
}

static void row_rules(arena *a, const section *s, const field *group, json *rules) {
    for (size_t i = 0; i < group->count; i++) {
        const field *f = &group->fields[i];
        if (!f->when && !f->enabled)
            continue;
        json *row = guarded(a, row_condition(a, f, true), row_rule(a, f));
        json *rows = parse(a, "{}");
        json_set(a, rows, "items", row);
        json *then = holder(a, s->key, holder(a, group->key, rows, false), false);
        json *around = json_array(a);
        json_add(a, around, shown_schema(a, s, group));
        json_add(a, around, row_condition(a, f, false));
        json_add(a, rules, guarded(a, members(a, "allOf", around), then));
    }
}

static void way_rules(arena *a, const section *s, json *rules) {
    json *open = json_array(a), *when = shown_schema(a, s, NULL);
    for (size_t i = 0; i < s->way_count; i++) {
        const way *w = &s->ways[i];
        if (!w->disabled)
            json_add(a, open, json_string(a, w->value));
        if (!w->when)
            continue;
        json *chosen = members(a, "enum", texts(a, w->value));
        json *both = json_array(a);
        json_add(a, both, json_copy(a, when));
        json_add(a, both, holder(a, s->key, holder(a, s->fill_key, chosen, true), true));
        json_add(a, rules, guarded(a, members(a, "allOf", both), condition_schema(a, s, w->when)));
    }
    json *value = any_of(a, parse(a, blank), members(a, "enum", open));
    json_add(a, rules, guarded(a, when, holder(a, s->key, holder(a, s->fill_key, value, false), false)));
}

static void field_rule(arena *a, const section *s, const field *f, json *rules) {
    json *then = holder(a, s->key, holder(a, f->key, shown_value(a, f), f->required), f->required);
    json_add(a, rules, guarded(a, shown_schema(a, s, f), then));
    if (f->type == TYPE_GROUP)
        row_rules(a, s, f, rules);
}

json *form_schema(const form *f, arena *a) {
    const model *m = form_model(f);
    json *out = parse(a, "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"type\":\"object\","
                         "\"additionalProperties\":false}");
    json_set_text(a, out, "title", f->title);
    json *sections = json_object(a), *rules = json_array(a);
    for (size_t i = 0; i < m->count; i++) {
        const section *s = &m->sections[i];
        json *one = parse(a, "{\"type\":\"object\",\"additionalProperties\":false}"), *properties = json_object(a);
        json_set_text(a, one, "title", s->title);
        if (s->fill_key) {
            json_set(a, properties, s->fill_key, parse(a, "{\"type\":[\"string\",\"null\"]}"));
            way_rules(a, s, rules);
        }
        for (size_t k = 0; k < s->count; k++) {
            const field *one_field = &s->fields[k];
            json_set(a, properties, one_field->key, base_of(a, one_field));
            field_rule(a, s, one_field, rules);
        }
        json_set(a, one, "properties", properties);
        json_set(a, sections, s->key, one);
    }
    json_set(a, out, "properties", sections);
    json_set(a, out, "allOf", rules);
    return out;
}
