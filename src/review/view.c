// The officer's page in one answer: plain values, the last version beside it, files with tickets, what to look at. A
// write: the view is an event before anything is shown.
#include "base/clock.h"
#include "filing/applications.h"
#include "filing/reasons.h"
#include "guard/files.h"
#include "review/review.h"
#include <string.h>

// ---- files and hints

static const struct hint_word {
    const char *code, *text;
} HINTS[] = {{"small", "图片较小，文字可能无法辨认。"},
             {"dark", "图片偏暗，请放大核对。"},
             {"cropped", "图片边缘可能被裁切，请核对证件是否完整。"}};

typedef struct collecting {
    request *r;
    db *db;
    const char *account, *entity;
    json *files, *hints;
    problem *failed;
} collecting;

static void add_hints(collecting *c, const char *pointer, const json *hints) {
    json_each(hint, hints) {
        for (size_t i = 0; i < sizeof HINTS / sizeof *HINTS; i++) {
            if (hint->type != JSON_STRING || !text_same(hint->text, HINTS[i].code))
                continue;
            json *one = json_add(c->r->arena, c->hints, json_object(c->r->arena));
            json_set_text(c->r->arena, one, "pointer", pointer);
            json_set_text(c->r->arena, one, "level", "warning");
            json_set_text(c->r->arena, one, "text", HINTS[i].text);
        }
    }
}

static void collect_file(void *context, const field_visit *v) {
    collecting *c = context;
    arena *a = c->r->arena;
    json *facts = NULL;
    if (c->failed || !(v->flags & FIELD_FILE) || !v->value || v->value->type != JSON_STRING)
        return;
    c->failed = file_facts(c->r->server, c->db, a, c->account, c->entity, v->value->text, &facts);
    if (c->failed || !facts)
        return;
    json *file = json_copy(a, facts);
    json_remove(file, "hash");
    json_set_text(a, file, "label", v->label);
    json_set_text(a, file, "pointer", v->pointer);
    json_set_text(a, file, "url",
                  arena_print(a, "/api/v1/files/%s?ticket=%s", v->value->text,
                              file_ticket(c->r->server, a, v->value->text, c->r->session->hash)));
    json_set(a, c->files, v->value->text, file);
    if (c->hints)
        add_hints(c, v->pointer, json_get(facts, "hints"));
}

// ---- the last version

// Pictures of the last version too: a changed one is compared by eye.
static problem *add_previous(request *r, db *d, const application_row *app, const document *now, const collecting *c,
                             json *out) {
    db_rows rows;
    document last;
    TRY(db_query(d, r->arena, SQL_REVIEW_PREVIOUS_VERSION, &rows,
                 DB_ARGS(db_text(app->entity), db_text(app->subject), db_int(app->version))));
    int64_t version = db_number(&rows, 0, 0);
    if (!version)
        return NULL;
    TRY(document_load(r->server, d, r->arena, app->entity, app->subject, version, &last));
    json_set(r->arena, out, "previous", last.values);
    json_set(r->arena, out, "differences", form_compare(now->form, r->arena, last.values, now->values));
    collecting without_hints = *c;
    without_hints.hints = NULL;
    form_each(last.form, r->arena, last.values, collect_file, &without_hints);
    return without_hints.failed;
}

// ---- reasons to choose from

static bool names(const json *list, const char *kind) {
    json_each(one, list) {
        if (one->type == JSON_STRING && text_same(one->text, kind))
            return true;
    }
    return !list;
}

static json *catalogue(request *r, const char *kind) {
    json *out = json_array(r->arena);
    json_each(one, form_list(r->server->forms, "reasons")) {
        if (!names(json_get(one, "kinds"), kind))
            continue;
        const json *fields = json_get(one, "fields");
        json *reason = json_add(r->arena, out, json_object(r->arena));
        json_set_text(r->arena, reason, "code", json_text(one, "value"));
        json_set_text(r->arena, reason, "text", json_text(one, "label"));
        json_set(r->arena, reason, "fields", fields ? json_copy(r->arena, fields) : json_array(r->arena));
    }
    return out;
}

// ---- the application and those beside it

static json *summary(request *r, const application_row *app) {
    arena *a = r->arena;
    const form *f = form_find(r->server->forms, app->kind);
    json *one = json_object(a);
    json_set_text(a, one, "id", app->id);
    json_set_text(a, one, "kind", app->kind);
    json_set_text(a, one, "action", app->action);
    json_set_text(a, one, "title", f ? form_action_title(f, app->action) : app->kind);
    json_set_text(a, one, "name", app->name);
    json_set_text(a, one, "submitted", clock_iso(a, app->submitted));
    json_set_number(a, one, "age_days", (double)((clock_now() - app->submitted) / DAY));
    json_set_text(a, one, "state", app->state);
    json_set_text(a, one, "state_label", life_application_word(app->state));
    json_set_text(a, one, "unit", unit_shown(r->server, a, app->unit));
    json_set_number(a, one, "rev", (double)app->rev);
    json_set_number(a, one, "version", (double)app->version);
    json_set(a, one, "claimed_by", json_string(a, claim_name(r->server, a, app)));
    json_set(a, one, "claimed_at", json_string(a, app->claimed_at ? clock_iso(a, app->claimed_at) : NULL));
    json_set_bool(a, one, "mine", app->claimed_by && text_same(app->claimed_by, r->session->account));
    return one;
}

static problem *add_entity(request *r, db *d, const act *t, collecting *c, json *out) {
    document w;
    application_row *own = NULL;
    arena *a = r->arena;
    json *one = json_set(a, out, "entity", json_object(a));
    TRY(document_load(r->server, d, a, t->entity.id, t->entity.id, t->entity.version, &w));
    TRY(application_open_of(d, a, t->entity.id, &own));
    json_set_text(a, one, "id", t->entity.id);
    json_set_text(a, one, "name", t->entity.name);
    json_set_text(a, one, "type", t->entity.kind_label);
    json_set_text(a, one, "state", t->entity.state);
    json_set_text(a, one, "state_label", life_record_word(t->entity.state));
    json_set_text(a, one, "kind", w.form->kind);
    json_set_number(a, one, "form_version", w.form->version);
    json_set(a, one, "values", w.values);
    json_set(a, one, "application", own ? summary(r, own) : json_null(a));
    collecting without_hints = *c;
    without_hints.hints = NULL;
    form_each(w.form, a, w.values, collect_file, &without_hints);
    return without_hints.failed;
}

static problem *add_businesses(request *r, db *d, const act *t, json *out) {
    application_row *list;
    size_t count;
    json *all = json_set(r->arena, out, "businesses", json_array(r->arena));
    TRY(application_businesses(d, r->arena, t->entity.id, &list, &count));
    for (size_t i = 0; i < count; i++)
        json_add(r->arena, all, summary(r, &list[i]));
    return NULL;
}

static problem *add_content(request *r, db *d, act *t, const application_row *app, json *out) {
    arena *a = r->arena;
    document w;
    json *confirmed = json_parse(a, app->confirmed, strlen(app->confirmed), NULL);
    collecting c = {.r = r,
                    .db = d,
                    .account = t->entity.account,
                    .entity = app->entity,
                    .files = json_object(a),
                    .hints = json_array(a)};
    TRY(document_load(r->server, d, a, app->entity, app->subject, app->version, &w));
    json_set_number(a, out, "form_version", w.form->version);
    json_set(a, out, "values", w.values);
    TRY(add_previous(r, d, app, &w, &c, out));
    form_each(w.form, a, w.values, collect_file, &c);
    TRY(c.failed);
    if (!text_same(app->subject, app->entity))
        TRY(add_entity(r, d, t, &c, out));
    json_set(a, out, "files", c.files);
    json_set(a, out, "hints", c.hints);
    json_set(a, out, "doubtful", confirmed ? confirmed : json_array(a));
    return NULL;
}

problem *view_run(request *r, db *d) {
    act t;
    application_row app;
    arena *a = r->arena;
    json *near, *history, *reasons, *answer = json_object(a);
    TRY(review_lock(r, d, &t, &app));
    TRY(act_event(&t, "view", app.id, NULL));
    json_set(a, answer, "application", summary(r, &app));
    TRY(add_content(r, d, &t, &app, answer));
    TRY(add_businesses(r, d, &t, answer));
    TRY(reasons_load(r->server, a, &app, &reasons));
    TRY(application_timeline(r->server, d, a, &app, true, &history));
    TRY(queue_neighbours(r, d, &app, &near));
    json_set(a, answer, "catalogue", catalogue(r, app.kind));
    json_set(a, answer, "reasons", reasons);
    json_set(a, answer, "history", history);
    json_set(a, answer, "neighbours", near);
    reply_json(r, 200, answer);
    return NULL;
}
