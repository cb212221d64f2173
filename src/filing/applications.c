// Routes of applications: list, detail, withdrawing, mending.
#include "filing/applications.h"
#include "base/clock.h"
#include "filing/filing.h"
#include "filing/guess.h"
#include "filing/page.h"
#include "filing/reasons.h"
#include "filing/submit.h"
#include "register/register.h"

// ---- one row

static json *item(const server *s, arena *a, const application_row *app) {
    const form *f = form_find(s->forms, app->kind);
    json *one = json_object(a);
    json_set_text(a, one, "id", app->id);
    json_set_text(a, one, "kind", app->kind);
    json_set_text(a, one, "action", app->action);
    json_set_text(a, one, "title", f ? form_action_title(f, app->action) : app->kind);
    json_set_text(a, one, "name", app->name);
    json_set_text(a, one, "submitted", clock_iso(a, app->submitted));
    json_set_text(a, one, "state", app->state);
    json_set_text(a, one, "state_label", life_application_word(app->state));
    json_set_bool(a, one, "awaits", app->awaits);
    json_set_text(a, one, "unit", unit_shown(s, a, app->unit));
    json_set_text(a, one, "entity", app->entity);
    json_set_text(a, one, "subject", app->subject);
    return one;
}

problem *application_item(const act *t, const application_row *app, json **out) {
    application_row now = *app;
    // Whether an entity waits was decided after its row was written.
    if (text_same(app->subject, app->entity))
        TRY(application_get(t->db, t->arena, app->id, &now));
    *out = item(t->server, t->arena, &now);
    return NULL;
}

problem *application_list(request *r, db *d, const page *p, const char *kind, const char *state, json **out) {
    db_rows rows, total;
    arena *a = r->arena;
    db_value account = db_text(r->session->account), k = db_text(kind ? kind : ""), s = db_text(state ? state : "");
    TRY(db_query(d, a, SQL_APPLICATION_LIST, &rows, DB_ARGS(account, k, s, db_int(p->size), db_int(p->offset))));
    TRY(db_query(d, a, SQL_APPLICATION_COUNT, &total, DB_ARGS(account, k, s)));
    json *items = json_array(a);
    for (size_t i = 0; i < rows.count; i++) {
        application_row app = {.id = db_cell(&rows, i, 0),
                               .kind = db_cell(&rows, i, 1),
                               .action = db_cell(&rows, i, 2),
                               .name = db_cell(&rows, i, 3),
                               .submitted = db_number(&rows, i, 4),
                               .state = db_cell(&rows, i, 5),
                               .awaits = db_true(&rows, i, 6),
                               .unit = db_cell(&rows, i, 7),
                               .entity = db_cell(&rows, i, 8),
                               .subject = db_cell(&rows, i, 9)};
        json_add(a, items, item(r->server, a, &app));
    }
    *out = page_json(a, p, items, db_number(&total, 0, 0));
    return NULL;
}

static problem *list(request *r, db *d) {
    page p;
    json *answer;
    TRY(page_of(r, &p));
    TRY(application_list(r, d, &p, request_query(r, "kind"), request_query(r, "state"), &answer));
    reply_json(r, 200, answer);
    return NULL;
}

// ---- the time line

static const char *event_text(arena *a, const json *body, bool officer) {
    text_buffer b = text_buffer_new(a, 64);
    json_each(reason, json_get(body, "reasons")) {
        if (b.size)
            text_add(&b, "；");
        text_add(&b, json_text(reason, "text"));
    }
    if (json_text(body, "number"))
        text_addf(&b, "公安备案号：%s", json_text(body, "number"));
    if (officer && json_text(body, "reason"))
        text_add(&b, json_text(body, "reason"));
    return b.data;
}

static const char *event_who(const server *s, arena *a, const json *body, bool officer) {
    const char *by = json_text(body, "by"), *name = json_text(body, "name");
    if (text_same(by, "system"))
        return "系统";
    if (officer && name)
        return name;
    const char *unit = json_text(body, "unit") ? unit_of(s, json_text(body, "unit")).name : NULL;
    return text_same(by, "owner") ? "申请人" : unit ? arena_text(a, unit) : "审核单位";
}

problem *application_timeline(server *s, db *d, arena *a, const application_row *app, bool officer, json **out) {
    db_rows rows;
    *out = json_array(a);
    TRY(db_query(d, a, SQL_EVENT_LIST, &rows, DB_ARGS(db_text(app->entity), db_text(app->id))));
    for (size_t i = 0; i < rows.count; i++) {
        const char *name = db_cell(&rows, i, 1);
        const db_value *sealed = db_at(&rows, i, 3);
        json *body;
        if (!officer && text_same(name, "view"))
            continue;
        TRY(content_unseal(s, a, arena_print(a, "event/%s", app->entity), sealed->bytes, sealed->size, &body));
        json *one = json_add(a, *out, json_object(a));
        json_set_text(a, one, "at", clock_iso(a, db_number(&rows, i, 0)));
        json_set_text(a, one, "act", name);
        json_set_text(a, one, "label", life_act_label(name));
        json_set_text(a, one, "who", event_who(s, a, body, officer));
        json_set_text(a, one, "text", event_text(a, body, officer));
    }
    return NULL;
}

// ---- detail

// The application of the path and its entity, if they are this person's.
static problem *owned(request *r, db *d, act *t, application_row *app) {
    *t = act_of(r, d, LIFE_OWNER);
    problem *p = application_get(d, r->arena, r->params[0], app);
    if (!p)
        p = entity_owned(d, r->arena, app->entity, r->session->account, &t->entity);
    return guessed(r, r->params[0], p);
}

// Refused, withdrawn or ended: the same subject may be filed again with these values.
static problem *may_reapply(act *t, const application_row *app, const record *about, bool *out) {
    db_rows newest;
    TRY(db_query(t->db, t->arena, SQL_APPLICATION_NEWEST_OF, &newest, DB_ARGS(db_text(app->subject))));
    *out = !app->open && text_same(about->state, "void") && text_same(db_cell(&newest, 0, 0), app->id);
    return NULL;
}

static problem *what_can_be_done(act *t, const application_row *app, const record *about, json *out) {
    life_facts facts;
    db_rows there;
    bool reapply;
    arena *a = t->arena;
    TRY(act_facts(t, app, about, NULL, &facts));
    TRY(may_reapply(t, app, about, &reapply));
    TRY(db_query(t->db, a, SQL_DRAFT_OF_SUBJECT, &there,
                 DB_ARGS(db_text(t->entity.account), db_text(app->kind), db_text(app->action), db_text(app->subject))));
    bool withdraw = life_may(LIFE_APPLICATION, app->action, app->state, LIFE_WITHDRAW, LIFE_OWNER, &facts);
    const char *mend = text_same(app->state, "returned") ? (there.count ? db_cell(&there, 0, 0) : app->id) : NULL;
    json_set_bool(a, out, "withdraw", withdraw);
    json_set(a, out, "until",
             json_string(a, withdraw && app->counted ? clock_iso(a, app->counted + WITHDRAW_MINUTES * MINUTE) : NULL));
    json_set(a, out, "mend", json_string(a, mend));
    json_set_bool(a, out, "reapply", reapply);
    return NULL;
}

static problem *add_number(request *r, const record *about, json *answer) {
    if (about->is_entity || !about->filing.number)
        return NULL;
    json_set_text(r->arena, answer, "number", about->filing.number);
    json_set_text(r->arena, answer, "snippet",
                  register_snippet(r->arena, r->server->config->public_url, about->filing.number));
    json_set_text(r->arena, answer, "register_url",
                  register_url(r->arena, r->server->config->public_url, about->filing.number));
    return NULL;
}

// Once it is sent again the reasons are history: the time line has them.
static problem *standing_reasons(server *s, arena *a, const application_row *app, json **out) {
    static const char *const STATES[] = {"returned", "refused", "ended"};
    *out = json_array(a);
    for (size_t i = 0; i < sizeof STATES / sizeof *STATES; i++)
        if (text_same(app->state, STATES[i]))
            return reasons_load(s, a, app, out);
    return NULL;
}

static problem *show(request *r, db *d) {
    act t;
    application_row app;
    record about;
    document w;
    arena *a = r->arena;
    json *files, *timeline, *reasons, *can = json_object(a);
    TRY(owned(r, d, &t, &app));
    TRY(subject_load(&t, &app, &about));
    TRY(document_load(r->server, d, a, app.entity, app.subject, app.version, &w));
    TRY(content_files(r->server, d, a, r->session->account, app.entity, w.values, &files));
    TRY(application_timeline(r->server, d, a, &app, false, &timeline));
    TRY(standing_reasons(r->server, a, &app, &reasons));
    TRY(what_can_be_done(&t, &app, &about, can));
    json *answer = item(r->server, a, &app);
    json_set_number(a, answer, "form_version", w.form->version);
    json_set_number(a, answer, "version", (double)app.version);
    json_set(a, answer, "values", form_masked(w.form, a, w.values));
    json_set(a, answer, "files", files);
    json_set(a, answer, "timeline", timeline);
    json_set(a, answer, "can", can);
    json_set(a, answer, "reasons", reasons);
    json_set(a, answer, "ends", json_string(a, app.ends ? clock_iso(a, app.ends) : NULL));
    json_set_text(a, answer, "subject_state", about.state);
    json_set_text(a, answer, "subject_state_label", life_record_word(about.state));
    TRY(add_number(r, &about, answer));
    reply_json(r, 200, answer);
    return NULL;
}

// ---- acts of the owner

// Locks the entity and reads the application again.
static problem *lock_owned(request *r, db *d, act *t, application_row *app) {
    TRY(owned(r, d, t, app));
    TRY(act_lock(t, app->entity));
    if (!text_same(t->entity.account, r->session->account))
        return guessed(r, r->params[0], problem_not_found(r->arena));
    return application_get(d, r->arena, r->params[0], app);
}

static problem *withdraw(request *r, db *d) {
    act t;
    application_row app;
    act_more more = {0};
    TRY(lock_owned(r, d, &t, &app));
    TRY(act_do(&t, &app, LIFE_WITHDRAW, &more));
    json *answer = json_object(r->arena);
    json_set_text(r->arena, answer, "state", app.state);
    json_set_text(r->arena, answer, "state_label", life_application_word(app.state));
    json_set(r->arena, answer, "draft", json_string(r->arena, more.draft));
    reply_json(r, 200, answer);
    return NULL;
}

static problem *mend(request *r, db *d) {
    act t;
    application_row app;
    record about;
    bool reapply;
    const char *id;
    TRY(lock_owned(r, d, &t, &app));
    TRY(subject_load(&t, &app, &about));
    TRY(may_reapply(&t, &app, &about, &reapply));
    if (!text_same(app.state, "returned") && !reapply)
        return problem_printf(r->arena, 409, "not-now", "现在不能进行这项操作",
                              "该申请当前状态为“%s”，不能修改后重新提交。", life_application_word(app.state));
    TRY(act_draft(&t, &app, &about, &id));
    json *answer = json_object(r->arena);
    json_set_text(r->arena, answer, "draft", id);
    reply_json(r, 200, answer);
    return NULL;
}

const route ROUTES_APPLICATIONS[] = {{"POST", "/api/v1/applications", WHO_APPLICANT, ROUTE_WRITE, ROUTE_KEYED, 0,
                                      "submission", "Submit a draft", submit_run, submit_prepare},
                                     {"GET", "/api/v1/applications", WHO_APPLICANT, ROUTE_READ, 0, 0, NULL,
                                      "Applications of the account, newest first", list, NULL},
                                     {"GET", "/api/v1/applications/{id}", WHO_APPLICANT, ROUTE_READ, 0, 0, NULL,
                                      "An application with its time line", show, NULL},
                                     {"POST", "/api/v1/applications/{id}/withdraw", WHO_APPLICANT, ROUTE_WRITE,
                                      ROUTE_BODYLESS | ROUTE_KEYED, 0, NULL, "Withdraw an application", withdraw, NULL},
                                     {"POST", "/api/v1/applications/{id}/mend", WHO_APPLICANT, ROUTE_WRITE,
                                      ROUTE_BODYLESS, 0, NULL, "The draft to mend or to apply again", mend, NULL},
                                     {0}};
