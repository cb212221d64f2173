#include "filing/submit.h"
#include "base/clock.h"
#include "filing/applications.h"
#include "filing/body.h"
#include "filing/guess.h"
#include "filing/notice.h"
#include "filing/reasons.h"
#include "filing/submission.h"

static const body_member SUBMIT[] = {{"draft", JSON_STRING, true}, {"confirm", JSON_ARRAY, false}, {0}};

problem *submit_prepare(request *r, db *d) {
    submission *w = arena_new_of(r->arena, submission);
    TRY(body_check(r, SUBMIT));
    w->draft_id = json_text(r->body, "draft");
    r->prepared = w;
    return submission_work_out(r, d, w);
}

// ---- the transaction

static problem *already_open(request *r, const application_row *app) {
    const form *f = form_find(r->server->forms, app->kind);
    problem *p = problem_printf(r->arena, 409, "open-application", "已经提交过",
                                "存在审核中的单据：%s申请已于%s提交，当前状态为“%s”，请在我的申请中查看。",
                                f ? form_action_title(f, app->action) : "", clock_show(r->arena, app->submitted),
                                life_application_word(app->state));
    p->extra = json_object(r->arena);
    json_set_text(r->arena, p->extra, "application", app->id);
    return p;
}

// The draft is not there: it was submitted a moment ago (double click, two tabs), or it never was this person's.
static problem *no_draft(request *r, db *d, const submission *w) {
    arena *a = r->arena;
    application_row *open = NULL, by_id;
    entity_row owner;
    TRY(application_open_of(d, a, w->draft_id, &open));
    if (!open && !application_get(d, a, w->draft_id, &by_id) && by_id.open)
        open = &by_id;
    if (open && !entity_owned(d, a, open->entity, r->session->account, &owner))
        return already_open(r, open);
    return guessed(r, w->draft_id, problem_not_found(a));
}

static problem *lock(act *t, const submission *w) {
    problem *p = act_lock(t, w->entity);
    if (problem_is(p, "not-found") && w->draft.form->is_entity) {
        db_rows locked;
        t->entity = (entity_row){0};
        return db_query(t->db, t->arena, SQL_ACCOUNT_LOCK, &locked, DB_ARGS(db_text(t->session->account)));
    }
    TRY(p);
    return text_same(t->entity.account, t->session->account) ? NULL : problem_not_found(t->arena);
}

static problem *find_subject(act *t, const submission *w, record *about) {
    *about = (record){.form = w->draft.form, .is_entity = w->draft.form->is_entity, .state = ""};
    if (about->is_entity) {
        about->state = t->entity.id ? t->entity.state : "";
        return NULL;
    }
    problem *p = filing_get(t->db, t->arena, w->subject, &about->filing);
    if (problem_is(p, "not-found"))
        return NULL;
    about->state = about->filing.state;
    return p;
}

static bool is_new(const record *about) {
    return !*about->state;
}

// What was read before the writer may have changed: then once more, now undisturbed.
static problem *freshen(request *r, act *t, submission *w, const record *about) {
    db_rows now;
    int64_t version = 1;
    TRY(db_query(t->db, t->arena, SQL_DRAFT_REV, &now,
                 DB_ARGS(db_text(t->session->account), db_text(w->draft_id), db_int(clock_now()))));
    if (!now.count)
        return no_draft(r, t->db, w);
    if (!is_new(about))
        TRY(submission_version(r, t->db, w, &version));
    bool same = db_number(&now, 0, 0) == w->draft.row.rev && text_same(db_cell(&now, 0, 1), w->draft.row.application) &&
                version == w->version && (w->draft.form->is_entity || t->entity.rev == w->draft.entity.rev);
    return same ? NULL : submission_work_out(r, t->db, w);
}

static problem *save_entity(act *t, const submission *w, record *about) {
    entity_row *e = &t->entity;
    bool added = !e->id;
    if (added)
        *e = (entity_row){.id = w->subject, .account = t->session->account, .created = t->now};
    e->state = about->state;
    e->name = w->name;
    e->kind_label = w->kind_label;
    e->region = w->region;
    e->unit = w->unit.code;
    e->version = w->version;
    e->updated = t->now;
    if (!added)
        return entity_save(t->db, t->arena, e);
    return db_run(t->db, t->arena, SQL_ENTITY_ADD, NULL,
                  DB_ARGS(db_text(e->id), db_text(e->account), db_text(e->state), db_text(e->name),
                          db_text(e->kind_label), db_text(e->region), db_text(e->unit), db_int(e->version),
                          db_int(t->now)));
}

static problem *save_filing(act *t, const submission *w, record *about) {
    filing_row *f = &about->filing;
    if (!f->id)
        return db_run(t->db, t->arena, SQL_FILING_ADD, NULL,
                      DB_ARGS(db_text(w->entity), db_text(w->subject), db_text(w->draft.form->kind),
                              db_text(about->state), db_text(w->name), db_text(w->unit.code), db_text(w->listed),
                              db_int(w->version), db_int(t->now)));
    f->state = about->state;
    f->name = w->name;
    f->unit = w->unit.code;
    f->listed = w->listed;
    f->version = w->version;
    f->updated = t->now;
    return filing_save(t->db, t->arena, f);
}

// A draft that is saved in this very moment (PostgreSQL alone: saving does not queue behind the entity) is looked at
// anew.
static problem *spend_draft(act *t, const submission *w) {
    int64_t removed = 0;
    TRY(db_run(t->db, t->arena, SQL_DRAFT_SPEND, &removed,
               DB_ARGS(db_text(t->session->account), db_text(w->draft_id), db_int(w->draft.row.rev))));
    if (removed)
        return NULL;
    problem *p = problem_unavailable(t->arena, "the draft was saved while it was submitted");
    p->again = true;
    return p;
}

static problem *save_document(act *t, const submission *w) {
    const draft *p = &w->draft;
    TRY(db_run(t->db, t->arena, SQL_DOCUMENT_ADD, NULL,
               DB_ARGS(db_text(w->entity), db_text(w->subject), db_int(w->version), db_text(p->form->kind),
                       db_int(p->form->version), db_bytes(w->sealed, w->size), db_text(w->hash), db_int(t->now))));
    // The draft's files are the document's now. What a hidden field names comes along: it is kept, and shown nowhere.
    const char *from = arena_print(t->arena, "draft:%s", w->draft_id);
    const char *to = arena_print(t->arena, "doc:%s:%lld", w->subject, (long long)w->version);
    TRY(db_run(t->db, t->arena, SQL_DRAFT_MOVE_USES, NULL, DB_ARGS(db_text(from), db_text(to))));
    return spend_draft(t, w);
}

static problem *save_application(act *t, const submission *w, const life_row *row, application_row *app) {
    bool again = app->id != NULL; // 退回补正: the next version of the same application
    app->state = row->next;
    app->name = w->name;
    app->unit = w->unit.code;
    app->version = w->version;
    app->confirmed = w->confirmed;
    app->updated = t->now;
    app->ends = 0;
    if (again)
        return application_save(t->db, t->arena, app);
    app->id = text_id(t->arena);
    app->entity = w->entity;
    app->subject = w->subject;
    app->kind = w->draft.form->kind;
    app->action = w->draft.row.action;
    app->open = true;
    app->awaits = w->draft.form->is_entity;
    app->submitted = app->created = t->now;
    app->counted = app->awaits ? 0 : t->now;
    return db_run(t->db, t->arena, SQL_APPLICATION_ADD, NULL,
                  DB_ARGS(db_text(app->entity), db_text(app->id), db_text(app->subject), db_text(app->kind),
                          db_text(app->action), db_text(app->state), db_flag(app->awaits), db_text(app->name),
                          db_text(app->unit), db_int(app->version), db_int(t->now), db_time(app->counted),
                          db_text(app->confirmed)));
}

static problem *tell(act *t, const submission *w, const application_row *app, bool again) {
    json *body = json_object(t->arena);
    json_set_number(t->arena, body, "version", (double)w->version);
    json_set_text(t->arena, body, "document", w->hash);
    json_set_text(t->arena, body, "mobile", json_text(t->session->facts, "mobile")); // who is told of the outcome
    const char *name = again ? "resubmit" : life_event_name(LIFE_SUBMIT);
    TRY(act_event(t, name, app->id, body));
    return notice_of_act(t, app, name, NULL);
}

// The application that the draft mends; or none, when it begins a new one.
static problem *find_application(request *r, act *t, const submission *w, const record *about, application_row *out) {
    application_row *open = NULL;
    *out = (application_row){.state = ""};
    if (is_new(about))
        return NULL;
    TRY(application_open_of(t->db, t->arena, w->subject, &open));
    if (open && text_same(open->id, w->draft.row.application) && text_same(open->state, "returned")) {
        *out = *open;
        return NULL;
    }
    return open ? already_open(r, open) : NULL;
}

// 退回补正 asks for a change: handed in as it was, it would only come back. A business that came back with its entity
// has nothing of its own to change.
static problem *check_mended(request *r, act *t, const submission *w, const application_row *app) {
    arena *a = r->arena;
    json *reasons;
    document last;
    TRY(reasons_load(r->server, a, app, &reasons));
    const char *first = reasons_first(a, w->draft.form, reasons);
    if (!first)
        return NULL;
    TRY(document_load(r->server, t->db, a, app->entity, app->subject, app->version, &last));
    if (!json_same(last.values, w->values))
        return NULL;
    problem *p = problem_new(a, 422, "unchanged", "没有修改", "请先修改被退回的内容，再重新提交。");
    problem_add(a, p, first, "unchanged", "请先修改被退回的内容");
    return p;
}

// The rows of the life cycle that allow it.
static problem *find_rows(act *t, const application_row *app, const record *about, const char *action,
                          const life_row **own, const life_row **its) {
    life_facts facts;
    TRY(act_facts(t, app, about, NULL, &facts));
    TRY(life_find(t->arena, LIFE_APPLICATION, action, app->state, LIFE_SUBMIT, t->who, &facts, own));
    return life_find(t->arena, about->is_entity ? LIFE_ENTITY : LIFE_FILING, action, about->state, LIFE_SUBMIT, t->who,
                     &facts, its);
}

static problem *reserve(act *t, const submission *w, const record *about) {
    if (!is_new(about))
        TRY(unique_free(t->db, t->arena, w->subject, about->approved));
    return unique_take(t->db, t->arena, t->session, &w->unique, w->subject, w->version);
}

problem *submit_run(request *r, db *d) {
    submission *w = r->prepared;
    act t = act_of(r, d, LIFE_OWNER);
    application_row app;
    record about;
    const life_row *own, *its;
    json *answer;
    if (w->gone)
        return no_draft(r, d, w);
    TRY(guessed(r, w->entity, lock(&t, w)));
    TRY(find_subject(&t, w, &about));
    TRY(freshen(r, &t, w, &about));
    if (w->gone)
        return no_draft(r, d, w);
    TRY(find_application(r, &t, w, &about, &app));
    bool again = app.id != NULL;
    if (again)
        TRY(check_mended(r, &t, w, &app));
    TRY(find_rows(&t, &app, &about, w->draft.row.action, &own, &its));
    if (its->effects & FX_TAKE)
        TRY(reserve(&t, w, &about));
    about.state = its->next;
    TRY(about.is_entity ? save_entity(&t, w, &about) : save_filing(&t, w, &about));
    TRY(save_application(&t, w, own, &app));
    TRY(save_document(&t, w));
    TRY(act_effects(&t, &app, &about, its->effects, NULL));
    TRY(tell(&t, w, &app, again));
    TRY(application_item(&t, &app, &answer));
    reply_json(r, 201, answer);
    reply_header(r, "Location", arena_print(r->arena, "/api/v1/applications/%s", app.id));
    return NULL;
}
