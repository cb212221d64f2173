#include "filing/unique.h"
#include "filing/lifecycle.h"
#include <stdlib.h>
#include <string.h>

static int by_hash(const void *x, const void *y) {
    const unique_value *a = x, *b = y;
    int order = strcmp(a->hash, b->hash);
    return order ? order : strcmp(a->rule, b->rule);
}

// Where in the document the value stands, by the definition's `unique` fields ("site.domain").
static const char *pointer_of(const form *f, arena *a, const json *values, const char *rule, const char *value) {
    json_each(one, json_get(f->definition, "unique")) {
        if (!text_same(json_text(one, "rule"), rule))
            continue;
        json_each(field, json_get(one, "fields")) {
            char *pointer = arena_print(a, "/%s", field->text);
            for (char *c = pointer; *c; c++)
                if (*c == '.')
                    *c = '/';
            const json *there = json_pointer(values, pointer);
            if (there && there->type == JSON_STRING && text_same(there->text, value))
                return pointer;
            size_t i = 0;
            json_each(item, there && there->type == JSON_ARRAY ? there : NULL) {
                if (item->type == JSON_STRING && text_same(item->text, value))
                    return arena_print(a, "%s/%zu", pointer, i);
                i++;
            }
        }
    }
    return "";
}

unique_set unique_of(server *s, arena *a, const form *f, const json *values) {
    json *all = form_unique(f, a, values);
    unique_set set = {.values = arena_array(a, unique_value, (all ? all->count : 0) + 1)};
    json_each(one, all) {
        const char *rule = json_text(one, "rule"), *value = json_text(one, "value");
        set.values[set.count++] =
            (unique_value){rule, value, keys_hash_text(s->keys, a, rule, value), pointer_of(f, a, values, rule, value)};
    }
    qsort(set.values, set.count, sizeof *set.values, by_hash);
    size_t kept = 0;
    for (size_t i = 0; i < set.count; i++)
        if (!kept || by_hash(&set.values[kept - 1], &set.values[i]) != 0)
            set.values[kept++] = set.values[i];
    set.count = kept;
    return set;
}

// Says who holds it as far as the asking person may know: his own application is named, others' are not.
static problem *look_one(db *d, arena *a, const session *who, const unique_value *v, const char *subject,
                         problem **out) {
    db_rows rows;
    TRY(db_query(d, a, SQL_TAKEN_BY, &rows, DB_ARGS(db_text(v->rule), db_text(v->hash))));
    if (!rows.count || text_same(db_cell(&rows, 0, 0), subject))
        return NULL;
    entity_row owner;
    problem *foreign = entity_owned(d, a, db_cell(&rows, 0, 4), who->account, &owner);
    bool filed = !text_same(db_cell(&rows, 0, 3), "reviewing");
    const char *detail = filed ? "已备案，不能重复提交；如不是您办理的，请核对后联系公安机关网安部门。"
                               : "正在审核中，不能重复提交；如不是您办理的，请核对后联系公安机关网安部门。";
    if (foreign && !problem_is(foreign, "not-found"))
        return foreign;
    if (!foreign)
        detail = arena_print(
            a, filed ? "已备案：您的“%s”已包含它。" : "正在审核中：您的申请“%s”已包含它，请在我的申请中查看。",
            db_cell(&rows, 0, 1));
    if (!*out)
        *out = problem_invalid(a);
    problem_add(a, *out, v->pointer, "taken", arena_print(a, "%s %s", v->value, detail));
    if (!foreign && db_cell(&rows, 0, 5)) {
        if (!(*out)->extra)
            (*out)->extra = json_object(a);
        json_set_text(a, (*out)->extra, "application", db_cell(&rows, 0, 5));
    }
    return NULL;
}

static bool in_step(const form *f, arena *a, const char *step, const char *pointer) {
    size_t count;
    const char *section = text_split(a, pointer, '/', &count)[count > 1 ? 1 : 0];
    json_each(one, json_get(f->definition, "steps")) {
        if (step && !text_same(json_text(one, "key"), step))
            continue;
        json_each(s, json_get(one, "sections")) {
            if (text_same(json_text(s, "key"), section))
                return true;
        }
    }
    return false;
}

problem *unique_look(server *s, db *d, arena *a, const session *who, const form *f, const json *values,
                     const char *subject, const char *step) {
    unique_set set = unique_of(s, a, f, values);
    problem *taken = NULL;
    for (size_t i = 0; i < set.count; i++)
        if (!step || in_step(f, a, step, set.values[i].pointer))
            TRY(look_one(d, a, who, &set.values[i], subject, &taken));
    return taken;
}

problem *unique_take(db *d, arena *a, const session *who, const unique_set *set, const char *subject, int64_t version) {
    problem *taken = NULL;
    for (size_t i = 0; i < set->count; i++) {
        const unique_value *v = &set->values[i];
        int64_t added = 0;
        TRY(db_run(d, a, SQL_TAKEN_ADD, &added,
                   DB_ARGS(db_text(v->rule), db_text(v->hash), db_text(subject), db_int(version))));
        if (!added)
            TRY(look_one(d, a, who, v, subject, &taken));
    }
    return taken;
}

problem *unique_free(db *d, arena *a, const char *subject, int64_t approved) {
    return db_run(d, a, SQL_TAKEN_FREE, NULL, DB_ARGS(db_text(subject), db_int(approved)));
}
