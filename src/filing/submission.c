#include "filing/submission.h"
#include <string.h>

enum { CONFIRMED_MOST = 100, POINTER_LONGEST = 200 };

// 单位 · 企业: the shown public choices of the entity form's first section.
static const char *kind_label(const form *f, arena *a, const json *values) {
    const json *section = json_at(json_get(json_at(json_get(f->definition, "steps"), 0), "sections"), 0);
    text_buffer b = text_buffer_new(a, 32);
    json_each(field, json_get(section, "fields")) {
        const json *value = json_get(json_get(values, json_text(section, "key")), json_text(field, "key"));
        const char *shown = value ? form_show(f, a, field, value) : NULL;
        if (!shown || !*shown)
            continue;
        if (b.size)
            text_add(&b, " ");
        text_add(&b, shown);
    }
    return b.data;
}

static problem *find_unit(request *r, submission *w) {
    const draft *p = &w->draft;
    const char *level = p->form->review_level ? p->form->review_level : "district";
    const char *own = form_region_of(p->form, r->arena, w->values);
    w->region = own ? own : p->entity.region;
    return unit_for(r->server, r->arena, w->region, level, &w->unit);
}

static void seal(request *r, submission *w) {
    arena *a = r->arena;
    w->sealed = content_seal(r->server, a, content_bound(a, w->entity, w->subject, w->version), w->values, &w->size);
    w->hash = keys_hash(r->server->keys, a, "document", w->sealed, w->size);
}

problem *submission_version(request *r, db *d, const submission *w, int64_t *out) {
    db_rows rows;
    TRY(db_query(d, r->arena, SQL_DOCUMENT_LAST, &rows, DB_ARGS(db_text(w->entity), db_text(w->subject))));
    *out = db_number(&rows, 0, 0) + 1;
    return NULL;
}

// What the officer is shown later: pointers, nothing else that a client may send.
static const char *pointers_only(arena *a, const json *confirm) {
    json *kept = json_array(a);
    json_each(one, confirm) {
        bool pointer = one->type == JSON_STRING && *one->text == '/' && strlen(one->text) <= POINTER_LONGEST;
        if (pointer && kept->count < CONFIRMED_MOST)
            json_add(a, kept, json_string(a, one->text));
    }
    return json_print(a, kept);
}

problem *submission_work_out(request *r, db *d, submission *w) {
    arena *a = r->arena;
    const json *confirm = json_get(r->body, "confirm");
    problem *p = draft_load(r->server, d, a, r->session, w->draft_id, &w->draft);
    w->gone = problem_is(p, "not-found");
    if (w->gone)
        return NULL; // perhaps just submitted: the writer knows
    TRY(p);
    w->confirmed = pointers_only(a, confirm);
    w->values = w->draft.full;
    w->subject = w->draft.row.subject ? w->draft.row.subject : w->draft.row.id;
    w->entity = w->draft.form->is_entity ? w->subject : w->draft.entity.id;
    TRY(draft_check_form(r->server, d, a, r->session, &w->draft, confirm));
    TRY(find_unit(r, w));
    w->name = shown_name(w->draft.form, a, w->values);
    w->listed = json_print(a, form_listed(w->draft.form, a, w->values));
    w->kind_label = w->draft.form->is_entity ? kind_label(w->draft.form, a, w->values) : "";
    w->unique = unique_of(r->server, a, w->draft.form, w->values);
    TRY(submission_version(r, d, w, &w->version));
    seal(r, w);
    return NULL;
}
