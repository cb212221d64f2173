// A definition becomes structures; what is wrong in it is refused with file, path and reason.
#include "form/compile.h"
#include <string.h>

static const char *const type_names[TYPE_COUNT] = {"text",   "note",    "number", "date",    "term",     "period",
                                                   "choice", "choices", "region", "picture", "document", "group"};

// Members an object of the language may have.
static const char definition_members[] =
    " kind version order title subject actions menu first number level name_of region_of "
    "unique search submit notice steps source ";
static const char step_members[] = " key title shows joins text note sections source ";
static const char section_members[] = " key title when ways lookup advice note fields source ";
static const char lookup_members[] = " source role button title region_label sets ";
static const char field_members[] =
    " key label type required when enabled_when format format_of min max whole list public search sensitive hint help "
    "example info wide choices look default labels repeat offer fields accept limit_mb unit source ";

problem *compile_members(compiler *c, const char *at, const json *object, const char *known) {
    if (!object || object->type != JSON_OBJECT)
        return form_wrong(c->arena, c->path, at, "not an object");
    json_each(member, object) {
        if (!strstr(known, arena_print(c->arena, " %s ", member->key)))
            return form_wrong(c->arena, c->path, at, "unknown member \"%s\"", member->key);
    }
    return NULL;
}

static bool is_key(const char *key) {
    if (!key || *key < 'a' || *key > 'z' || strlen(key) > 40)
        return false;
    return strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(key);
}

static problem *need_text(compiler *c, const char *at, const json *object, const char *member, const char **out) {
    const char *text = json_text(object, member);
    if (!text || !*text)
        return form_wrong(c->arena, c->path, at, "\"%s\" is missing", member);
    *out = text;
    return NULL;
}

const json *compile_list(compiler *c, const char *name) {
    const json *own = json_get(c->file_lists, name);
    return own ? own : json_get(c->all->lists, name);
}

static problem *use_text(compiler *c, const char *at, const char *name) {
    const json *text = name ? json_get(c->file_texts, name) : NULL;
    if (name && !text)
        text = json_get(c->all->lists, name);
    if (name && !json_get(text, "paragraphs"))
        return form_wrong(c->arena, c->path, at, "no text \"%s\"", name);
    if (name && !json_get(c->texts, name))
        json_set(c->arena, c->texts, name, json_copy(c->arena, text));
    return NULL;
}

static bool known_format(const char *name) {
    for (const char *const *f = format_names(); *f; f++)
        if (strcmp(*f, name) == 0)
            return true;
    return false;
}

static problem *read_limits(compiler *c, const char *at, const json *d, field *f) {
    const json *limits[] = {json_get(d, "min"), json_get(d, "max")};
    for (size_t i = 0; i < 2; i++) {
        if (!limits[i])
            continue;
        bool today = limits[i]->type == JSON_STRING && strcmp(limits[i]->text, "today") == 0;
        bool dated = f->type == TYPE_DATE || f->type == TYPE_TERM || f->type == TYPE_PERIOD;
        if (dated ? !today : limits[i]->type != JSON_NUMBER)
            return form_wrong(c->arena, c->path, at, "%s of a %s is %s", i ? "max" : "min", type_names[f->type],
                              dated ? "\"today\"" : "a number");
        *(i ? &f->max_today : &f->min_today) = today;
        *(i ? &f->has_max : &f->has_min) = !today;
        *(i ? &f->max : &f->min) = limits[i]->number;
    }
    if ((f->type == TYPE_TEXT || f->type == TYPE_NOTE) && !f->has_max) {
        f->has_max = true;
        f->max = f->type == TYPE_TEXT ? 200 : 1000;
    }
    const json *repeat = json_get(d, "repeat");
    f->repeats = repeat != NULL;
    f->repeat_min = (size_t)json_num(repeat, "min", 0);
    f->repeat_max = (size_t)json_num(repeat, "max", 50);
    bool may_repeat =
        f->type == TYPE_TEXT || f->type == TYPE_PICTURE || f->type == TYPE_DOCUMENT || f->type == TYPE_GROUP;
    if (repeat && (!may_repeat || f->repeat_max < 1 || f->repeat_max > 200 || f->repeat_min > f->repeat_max))
        return form_wrong(c->arena, c->path, at, "a %s cannot repeat, or not like that", type_names[f->type]);
    if (f->type == TYPE_GROUP && !repeat)
        return form_wrong(c->arena, c->path, at, "a group needs \"repeat\"");
    return NULL;
}

static problem *read_field(compiler *c, const char *at, const json *d, bool in_row, field *f) {
    TRY(compile_members(c, at, d, field_members));
    f->definition = d;
    f->key = json_text(d, "key");
    if (!is_key(f->key))
        return form_wrong(c->arena, c->path, at, "\"key\" is missing or not like other_domains");
    TRY(need_text(c, at, d, "label", &f->label));
    const char *type = json_text(d, "type");
    for (f->type = 0; f->type < TYPE_COUNT && !text_same(type_names[f->type], type);)
        f->type++;
    if (f->type == TYPE_COUNT)
        return form_wrong(c->arena, c->path, at, "no type \"%s\"", type ? type : "");
    f->order = ++c->order;
    f->required = json_flag(d, "required");
    f->whole = json_flag(d, "whole");
    f->listed = json_text(d, "list") != NULL;
    f->format = json_text(d, "format");
    f->mask = json_text(d, "sensitive");
    if (f->format && !known_format(f->format))
        return form_wrong(c->arena, c->path, at, "no format \"%s\"", f->format);
    if (f->mask && !strstr(" name id mobile code mail file text ", arena_print(c->arena, " %s ", f->mask)))
        return form_wrong(c->arena, c->path, at, "no mask \"%s\"", f->mask);
    TRY(read_limits(c, at, d, f));
    const char *choices = json_text(d, "choices");
    bool chooses = f->type == TYPE_CHOICE || f->type == TYPE_CHOICES;
    if (chooses != (choices != NULL))
        return form_wrong(c->arena, c->path, at, "\"choices\" belongs to choice and choices, and they need it");
    if (chooses) {
        f->choices = compile_list(c, choices);
        if (!f->choices || f->choices->type != JSON_ARRAY || !json_text(f->choices->first, "label"))
            return form_wrong(c->arena, c->path, at, "no list \"%s\"", choices);
        if (!json_get(c->lists, choices))
            json_set(c->arena, c->lists, choices, json_copy(c->arena, f->choices));
    }
    if ((f->type == TYPE_GROUP) != (json_get(d, "fields") != NULL) || (in_row && f->type == TYPE_GROUP))
        return form_wrong(c->arena, c->path, at, "\"fields\" belongs to a group, and a group stands in no group");
    if (f->type == TYPE_GROUP)
        TRY(compile_fields(c, at, json_get(d, "fields"), true, &f->fields, &f->count));
    return NULL;
}

problem *compile_fields(compiler *c, const char *at, const json *list, bool in_row, const field **out, size_t *count) {
    if (!list || list->type != JSON_ARRAY || !list->first)
        return form_wrong(c->arena, c->path, at, "no fields");
    field *fields = arena_array(c->arena, field, list->count);
    size_t i = 0;
    json_each(d, list) {
        const char *here = arena_print(c->arena, "%s/fields/%zu", at, i);
        TRY(read_field(c, here, d, in_row, &fields[i]));
        for (size_t k = 0; k < i; k++)
            if (strcmp(fields[k].key, fields[i].key) == 0)
                return form_wrong(c->arena, c->path, here, "\"%s\" stands twice", fields[i].key);
        i++;
    }
    *out = fields;
    *count = i;
    return NULL;
}

static problem *read_section(compiler *c, const char *at, const json *d, section *s) {
    TRY(compile_members(c, at, d, section_members));
    s->key = json_text(d, "key");
    if (!is_key(s->key))
        return form_wrong(c->arena, c->path, at, "\"key\" is missing or not like security_officer");
    TRY(need_text(c, at, d, "title", &s->title));
    TRY(compile_fields(c, at, json_get(d, "fields"), false, &s->fields, &s->count));
    const json *lookup = json_get(d, "lookup");
    if (lookup)
        TRY(compile_members(c, at, lookup, lookup_members));
    if (lookup && !text_same(json_text(lookup, "source"), "providers"))
        return form_wrong(c->arena, c->path, at, "a look-up has the source \"providers\"");
    json_each(set, json_get(lookup, "sets")) if (!section_field(s, set->key)) return form_wrong(
        c->arena, c->path, at, "the look-up sets no field \"%s\"", set->key);
    return NULL;
}

static problem *read_steps(compiler *c, const json *steps) {
    size_t count = 0, number = 0;
    json_each(step, steps) if (json_get(step, "sections")) count += json_get(step, "sections")->count;
    if (!count)
        return form_wrong(c->arena, c->path, "/steps", "no sections");
    section *sections = arena_array(c->arena, section, count);
    json_each(step, steps) {
        const char *at = arena_print(c->arena, "/steps/%zu", number++), *key = NULL, *title = NULL;
        TRY(compile_members(c, at, step, step_members));
        TRY(need_text(c, at, step, "key", &key));
        TRY(need_text(c, at, step, "title", &title));
        TRY(use_text(c, at, json_text(step, "text")));
        TRY(use_text(c, at, json_text(step, "note")));
        if (!json_get(step, "sections") && !json_get(step, "text") && !text_same(json_text(step, "shows"), "entity"))
            return form_wrong(c->arena, c->path, at, "has no sections, no text and shows nothing");
        size_t index = 0;
        json_each(d, json_get(step, "sections")) {
            const char *here = arena_print(c->arena, "%s/sections/%zu", at, index++);
            section *s = &sections[c->model->count];
            s->step = key;
            TRY(read_section(c, here, d, s));
            if (model_section(c->model, s->key))
                return form_wrong(c->arena, c->path, here, "the section \"%s\" stands twice", s->key);
            c->model->sections = sections;
            c->model->count++;
        }
    }
    return NULL;
}

static problem *read_head(compiler *c, const json *d) {
    form *f = &c->model->shown;
    TRY(compile_members(c, "", d, definition_members));
    TRY(need_text(c, "", d, "kind", &f->kind));
    TRY(need_text(c, "", d, "title", &f->title));
    TRY(need_text(c, "", d, "level", &f->review_level));
    f->version = (int)json_num(d, "version", 0);
    const char *subject = NULL;
    TRY(need_text(c, "", d, "subject", &subject));
    f->is_entity = text_same(subject, "entity");
    if (f->version < 1 || (!f->is_entity && !text_same(subject, "filing")))
        return form_wrong(c->arena, c->path, "", "version counts from 1; subject is entity or filing");
    if (!text_same(f->review_level, "district") && !text_same(f->review_level, "city"))
        return form_wrong(c->arena, c->path, "/level", "is district or city");
    if (!json_text(json_get(d, "actions"), "create"))
        return form_wrong(c->arena, c->path, "/actions", "needs \"create\"");
    f->may_be_first = !json_get(d, "first") || json_flag(d, "first");
    f->number_class = json_text(json_get(d, "number"), "class");
    if (f->number_class && (strlen(f->number_class) != 2 || strspn(f->number_class, "0123456789") != 2))
        return form_wrong(c->arena, c->path, "/number/class", "has two digits");
    c->model->order = (int)json_num(d, "order", 1000);
    return use_text(c, "/notice", json_text(d, "notice"));
}

static void mark_shared_labels(model *m) {
    for (size_t i = 0; i < m->count; i++)
        for (size_t k = 0; k < m->sections[i].count; k++)
            for (size_t j = 0; j < m->count; j++)
                for (size_t l = 0; j != i && l < m->sections[j].count; l++)
                    if (text_same(m->sections[i].fields[k].label, m->sections[j].fields[l].label))
                        ((field *)(uintptr_t)&m->sections[i].fields[k])->shared_label = true;
}

problem *forms_compile(forms *all, const char *path, json *file, model **out) {
    arena *a = all->arena;
    json *definition = json_get(file, "definition") ? json_get(file, "definition") : file;
    compiler c = {.arena = a,
                  .all = all,
                  .path = path,
                  .model = arena_new_of(a, model),
                  .definition = definition,
                  .file_lists = json_get(file, "lists"),
                  .file_texts = json_get(file, "texts"),
                  .lists = json_object(a),
                  .texts = json_object(a)};
    model *m = c.model;
    m->all = all;
    m->path = path;
    TRY(read_head(&c, definition));
    TRY(read_steps(&c, json_get(definition, "steps")));
    TRY(compile_links(&c));
    mark_shared_labels(m);
    m->steps = json_get(definition, "steps");
    m->shown.definition = definition;
    m->shown.lists = c.lists;
    m->shown.texts = c.texts;
    *out = m;
    return NULL;
}
