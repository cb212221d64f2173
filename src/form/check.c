// The verdict on a document: structure always, content when it is submitted. Tells every broken field at once.
#include "form/check.h"
#include "base/clock.h"
#include <string.h>

void check_tell(checker *c, const spot *at, const char *code, const char *detail) {
    text_buffer b = text_buffer_new(c->arena, 64);
    text_addf(&b, "/%s", at->section);
    if (at->field)
        text_addf(&b, "/%s", at->field);
    if (at->row >= 0)
        text_addf(&b, "/%d", at->row);
    if (at->sub)
        text_addf(&b, "/%s", at->sub);
    if (at->item >= 0)
        text_addf(&b, "/%d", at->item);
    if (strcmp(code, "doubtful") == 0 && c->context)
        json_each(pointer,
                  c->context->confirmed) if (pointer->type == JSON_STRING && strcmp(pointer->text, b.data) == 0) return;
    if (!c->problem)
        c->problem = problem_invalid(c->arena);
    problem_add(c->arena, c->problem, b.data, code, detail);
}

static void check_field(checker *c, spot at, const field *f, json *siblings, bool shown);

static void check_row(checker *c, const spot *around, const field *group, json *row, bool shown) {
    spot at = *around;
    if (row->type != JSON_OBJECT) {
        check_tell(c, &at, "type", "格式有误");
        return;
    }
    json *next = NULL;
    for (json *member = row->first; member; member = next) {
        next = member->next;
        bool known = false;
        for (size_t i = 0; i < group->count && !known; i++)
            known = strcmp(group->fields[i].key, member->key) == 0;
        at.sub = member->key;
        if (!known)
            check_tell(c, &at, "unknown", "没有这一项");
    }
    for (size_t i = 0; i < group->count; i++) {
        at.sub = group->fields[i].key;
        check_field(c, at, &group->fields[i], row, shown && field_shown(&group->fields[i], c->document, row));
    }
}

// A repeat or a group: every element, then the blank ones go, so that pointers tell the places the person sees.
static void check_repeat(checker *c, spot at, const field *f, json *list, const json *siblings, bool shown) {
    json *next = NULL;
    int index = 0;
    for (json *item = list->first; item; item = next, index++) {
        next = item->next;
        if (f->type == TYPE_GROUP) {
            at.row = index;
            check_row(c, &at, f, item, shown);
            continue;
        }
        at.item = index;
        if (check_structure(c, &at, f, item) && shown && c->mode == CHECK_SUBMIT && !value_empty(item))
            check_content(c, &at, f, item, siblings);
    }
}

static void drop_blank(json *list) {
    json *first = NULL, *last = NULL;
    list->count = 0;
    for (json *item = list->first, *next; item; item = next) {
        next = item->next;
        if (value_empty(item))
            continue;
        item->next = NULL;
        if (last)
            last->next = item;
        else
            first = item;
        last = item;
        list->count++;
    }
    list->first = first;
    list->last = last;
}

// Texts that differ nearly always have different marks: only few are compared as such.
static uint64_t mark_of(const json *item) {
    uint64_t mark = 14695981039346656037u;
    for (const char *c = item->type == JSON_STRING ? item->text : ""; *c; c++)
        mark = (mark ^ (unsigned char)*c) * 1099511628211u;
    return mark;
}

static bool was_before(const json *const *seen, const uint64_t *marks, size_t count, const json *item) {
    uint64_t mark = mark_of(item);
    for (size_t i = 0; i < count; i++)
        if (marks[i] == mark && json_same(seen[i], item))
            return true;
    return false;
}

static void check_doubled(checker *c, spot at, const json *list) {
    const json **seen = arena_array(c->arena, const json *, list->count + 1);
    uint64_t *marks = arena_array(c->arena, uint64_t, list->count + 1);
    size_t count = 0;
    int index = 0;
    json_each(item, list) {
        at.item = index++;
        if (value_empty(item))
            continue;
        if (was_before(seen, marks, count, item))
            check_tell(c, &at, "doubled", "与前面填写的重复，请修改或删除");
        seen[count] = item;
        marks[count++] = mark_of(item);
    }
}

static bool is_list(const field *f) {
    return f->repeats || f->type == TYPE_GROUP;
}

static void check_field(checker *c, spot at, const field *f, json *siblings, bool shown) {
    json *value = json_get(siblings, f->key);
    bool list = is_list(f), sound = true;
    bool empty = f->type == TYPE_GROUP ? !value || !value->first : value_empty(value);
    if (value && value->type != JSON_NULL && list) {
        sound = value->type == JSON_ARRAY && value->count <= f->repeat_max;
        if (value->type != JSON_ARRAY)
            check_tell(c, &at, "type", "格式有误");
        else if (!sound)
            check_tell(c, &at, "limit", arena_print(c->arena, "最多填写 %zu 项", f->repeat_max));
        else
            check_repeat(c, at, f, value, siblings, shown);
    } else if (value && value->type != JSON_NULL) {
        sound = check_structure(c, &at, f, value);
    }
    if (c->mode == CHECK_DRAFT || !sound)
        return;
    if (!shown || empty || !value) {
        if (shown && f->required)
            check_tell(c, &at, "required", check_missing(c, f, siblings));
        if (value)
            json_remove(siblings, f->key);
        return;
    }
    if (!list) {
        check_content(c, &at, f, value, siblings);
        return;
    }
    if (f->type != TYPE_GROUP) {
        check_doubled(c, at, value);
        drop_blank(value);
    }
    if (value->count < f->repeat_min)
        check_tell(c, &at, "limit", arena_print(c->arena, "至少填写 %zu 项", f->repeat_min));
}

static void check_way(checker *c, spot at, const section *s, json *members, bool shown) {
    at.field = s->fill_key;
    const json *value = json_get(members, s->fill_key);
    if (value && value->type != JSON_STRING && value->type != JSON_NULL) {
        check_tell(c, &at, "type", "格式有误");
        return;
    }
    if (c->mode == CHECK_DRAFT || !shown)
        return;
    if (!value || value_empty(value)) {
        json_set(c->arena, members, s->fill_key, json_string(c->arena, s->fill_default));
        return;
    }
    const way *w = section_way(s, c->document);
    if (!w || strcmp(w->value, value->text) != 0 || !condition_holds(w->when, c->document, NULL))
        check_tell(c, &at, "choice", "不能这样填写，请另选填写方式");
    else if (w->disabled)
        check_tell(c, &at, "choice", w->disabled);
}

static void check_section(checker *c, const section *s) {
    spot at = {.section = s->key, .row = -1, .item = -1};
    json *members = json_get(c->document, s->key);
    if (members && members->type != JSON_OBJECT) {
        check_tell(c, &at, "type", "格式有误");
        return;
    }
    bool shown = section_shown(s, c->document);
    if (!members && (c->mode == CHECK_DRAFT || !shown))
        return;
    if (!members)
        members = json_set(c->arena, c->document, s->key, json_object(c->arena));
    json_each(member, members) {
        bool fill = s->fill_key && strcmp(member->key, s->fill_key) == 0;
        at.field = member->key;
        if (!fill && !section_field(s, member->key))
            check_tell(c, &at, "unknown", "没有这一项");
    }
    if (s->fill_key)
        check_way(c, at, s, members, shown);
    for (size_t i = 0; i < s->count; i++) {
        at.field = s->fields[i].key;
        check_field(c, at, &s->fields[i], members, shown && field_shown(&s->fields[i], c->document, NULL));
    }
    if (c->mode == CHECK_SUBMIT && !shown)
        json_remove(c->document, s->key);
}

static bool has_step(const model *m, const char *step) {
    json_each(one, m->steps) if (text_same(json_text(one, "key"), step)) return true;
    return false;
}

problem *form_check(const form *f, arena *a, json *document, check_mode mode, const check_context *context) {
    const model *m = form_model(f);
    const char *step = context ? context->step : NULL;
    if (!document || document->type != JSON_OBJECT)
        return problem_new(a, 422, "invalid", "填写的内容格式有误", "请刷新页面后重试。");
    if (step && !has_step(m, step))
        return problem_new(a, 422, "invalid", "没有这一步", "请刷新页面后重试。");
    checker c = {.model = m,
                 .arena = a,
                 .document = document,
                 .mode = mode,
                 .context = context,
                 .today = clock_date(a, context && context->now ? context->now : clock_now())};
    json_each(member, document) {
        spot at = {.section = member->key, .row = -1, .item = -1};
        if (!model_section(m, member->key))
            check_tell(&c, &at, "unknown", "没有这一部分");
    }
    for (size_t i = 0; i < m->count; i++)
        if (!step || strcmp(m->sections[i].step, step) == 0)
            check_section(&c, &m->sections[i]);
    return c.problem;
}
