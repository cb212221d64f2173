#include "filing/draft.h"
#include "base/clock.h"
#include "filing/reasons.h"
#include "filing/unique.h"
#include "guard/files.h"
#include <string.h>

static const json *keyed(const json *list, const char *key) {
    json_each(one, list) {
        if (text_same(json_text(one, "key"), key))
            return one;
    }
    return NULL;
}

// The definition of "section.field".
static const json *field_at(const form *f, arena *a, const char *place) {
    size_t count;
    char **path = text_split(a, place, '.', &count);
    json_each(step, json_get(f->definition, "steps")) {
        const json *section = keyed(json_get(step, "sections"), path[0]);
        if (section && count == 2)
            return keyed(json_get(section, "fields"), path[1]);
    }
    return NULL;
}

// Does a name come from a field that is masked? Most do not, and masking a whole document costs more than all the rest.
static bool names_are_masked(const form *f, arena *a) {
    json_each(place, json_get(f->definition, "name_of")) {
        if (json_get(field_at(f, a, json_text(place, "field")), "sensitive"))
            return true;
    }
    return false;
}

const char *shown_name(const form *f, arena *a, const json *values) {
    const char *name = form_name_of(f, a, names_are_masked(f, a) ? form_masked(f, a, values) : values);
    return name ? name : "";
}

static char *bound_of(arena *a, const char *id) {
    return arena_print(a, "draft/%s", id);
}
static char *user_of(arena *a, const char *id) {
    return arena_print(a, "draft:%s", id);
}

// Account facts and the entity's document: what sections may be filled from.
static problem *sources_of(server *s, db *d, arena *a, const session *who, const entity_row *entity, json **out) {
    *out = json_object(a);
    json *account = json_set(a, *out, "account", who->facts ? json_copy(a, who->facts) : json_object(a));
    json_set_text(a, account, "kind", who->kind);
    if (!entity->id)
        return NULL;
    document of_entity;
    TRY(document_load(s, d, a, entity->id, entity->id, entity->version, &of_entity));
    json_set(a, *out, "entity", of_entity.values);
    return NULL;
}

static problem *fill(server *s, db *d, arena *a, const session *who, draft *w) {
    json *sources;
    TRY(sources_of(s, d, a, who, &w->entity, &sources));
    w->filled = json_object(a);
    w->full = json_copy(a, w->typed);
    return form_fill(w->form, a, w->full, sources, w->filled);
}

static problem *carry_over(server *s, arena *a, draft *w) {
    w->changes = json_array(a);
    if (w->row.form_version == w->form->version)
        return NULL;
    const form *from = form_version(s->forms, w->row.kind, (int)w->row.form_version);
    if (!from)
        return problem_internal(a, "a draft of a form version that is gone");
    w->typed = form_carry_over(from, w->form, a, w->typed, w->changes);
    return NULL;
}

problem *draft_load(server *s, db *d, arena *a, const session *who, const char *id, draft *out) {
    *out = (draft){0};
    TRY(draft_get(d, a, who->account, id, &out->row));
    out->form = form_find(s->forms, out->row.kind);
    if (!out->form)
        return problem_not_found(a);
    TRY(content_unseal(s, a, bound_of(a, id), out->row.sealed, out->row.sealed_size, &out->typed));
    TRY(carry_over(s, a, out));
    if (out->row.entity && !out->form->is_entity)
        TRY(entity_owned(d, a, out->row.entity, who->account, &out->entity));
    return fill(s, d, a, who, out);
}

static problem *add_reasons(server *s, db *d, arena *a, const draft *w, json *view) {
    if (!w->row.application)
        return NULL;
    application_row app;
    TRY(application_get(d, a, w->row.application, &app));
    json *reasons;
    TRY(reasons_load(s, a, &app, &reasons));
    json *returned = json_object(a);
    json_set_text(a, returned, "application", app.id);
    if (app.ends)
        json_set_text(a, returned, "ends", clock_iso(a, app.ends));
    json_set(a, returned, "reasons", reasons);
    json_set(a, view, "returned", returned);
    return NULL;
}

problem *draft_view(server *s, db *d, arena *a, const session *who, draft *w, json **out) {
    json *files, *pointers = json_array(a);
    json_each(source, w->filled) {
        json_add(a, pointers, json_string(a, source->key));
    }
    json *values = form_masked_at(w->form, a, w->full, pointers);
    TRY(content_files(s, d, a, who->account, w->row.entity, w->typed, &files));
    json *view = json_object(a);
    json_set_text(a, view, "id", w->row.id);
    json_set_number(a, view, "rev", (double)w->row.rev);
    json_set_text(a, view, "kind", w->row.kind);
    json_set_text(a, view, "action", w->row.action);
    json_set_text(a, view, "title", form_action_title(w->form, w->row.action));
    json_set(a, view, "entity", json_string(a, w->form->is_entity ? NULL : w->row.entity));
    json_set(a, view, "subject", json_string(a, w->row.subject));
    json_set_number(a, view, "form_version", w->form->version);
    json_set(a, view, "values", values);
    json_set(a, view, "filled", json_copy(a, w->filled));
    json_set(a, view, "files", files);
    TRY(add_reasons(s, d, a, w, view));
    if (w->changes->count)
        json_set(a, view, "changes", w->changes);
    json_set_text(a, view, "saved", clock_iso(a, w->row.saved));
    json_set_text(a, view, "created", clock_iso(a, w->row.created));
    json_set_text(a, view, "ends", clock_iso(a, w->row.ends));
    *out = view;
    return NULL;
}

problem *draft_strip(server *s, db *d, arena *a, const session *who, const form *f, const char *entity, json *values,
                     const char **name) {
    draft w = {.form = f, .typed = values};
    if (entity && !f->is_entity)
        TRY(entity_owned(d, a, entity, who->account, &w.entity));
    TRY(fill(s, d, a, who, &w));
    json_each(source, w.filled) {
        content_put(a, values, source->key, NULL);
    }
    *name = shown_name(f, a, w.full);
    return NULL;
}

problem *draft_put_back(server *s, db *d, arena *a, const draft_seed *seed, const char **id) {
    db_rows there;
    TRY(db_query(d, a, SQL_DRAFT_OF_SUBJECT, &there,
                 DB_ARGS(db_text(seed->account), db_text(seed->kind), db_text(seed->action), db_text(seed->subject))));
    if (there.count && db_number(&there, 0, 1) > clock_now()) {
        *id = db_cell(&there, 0, 0);
        return NULL;
    }
    if (there.count)
        TRY(draft_remove(d, a, seed->account, db_cell(&there, 0, 0)));
    size_t size;
    void *sealed = content_seal(s, a, bound_of(a, seed->id), seed->values, &size);
    const form *f = form_find(s->forms, seed->kind);
    *id = seed->id;
    TRY(db_run(d, a, SQL_DRAFT_ADD, NULL,
               DB_ARGS(db_text(seed->account), db_text(seed->id), db_text(seed->kind), db_text(seed->action),
                       db_text(seed->subject), db_text(seed->entity), db_text(seed->application), db_int(f->version),
                       db_bytes(sealed, size), db_text(seed->name), db_int(clock_now()), db_int(seed->ends))));
    return content_use(s, d, a, seed->account, seed->entity, seed->values, user_of(a, seed->id));
}

problem *draft_remove(db *d, arena *a, const char *account, const char *id) {
    TRY(file_unuse(d, a, user_of(a, id)));
    return db_run(d, a, SQL_DRAFT_REMOVE, NULL, DB_ARGS(db_text(account), db_text(id)));
}

problem *draft_check_form(server *s, db *d, arena *a, const session *who, draft *w, const json *confirmed) {
    file_lookup files = {s, d, a, who->account, w->row.entity, NULL};
    check_context context = {.confirmed = confirmed, .now = clock_now(), .file = file_look, .file_context = &files};
    problem *p = form_check(w->form, a, w->full, CHECK_SUBMIT, &context);
    return files.failed ? files.failed : p;
}

problem *draft_check(server *s, db *d, arena *a, const session *who, draft *w, const char *step,
                     const json *confirmed) {
    file_lookup files = {s, d, a, who->account, w->row.entity, NULL};
    check_context context = {
        .confirmed = confirmed, .now = clock_now(), .step = step, .file = file_look, .file_context = &files};
    json *values = step ? json_copy(a, w->full) : w->full;
    problem *p = form_check(w->form, a, values, CHECK_SUBMIT, &context);
    TRY(files.failed);
    TRY(p);
    const char *subject = w->row.subject ? w->row.subject : w->row.id;
    return unique_look(s, d, a, who, w->form, values, subject, step);
}
