// Deciding: 审核通过, 退回补正, 审核不通过. Only who holds the claim, and only on what he saw (rev).
#include "filing/body.h"
#include "filing/reasons.h"
#include "review/review.h"

static const struct verdict {
    const char *code;
    life_event event;
} VERDICTS[] = {{"pass", LIFE_PASS}, {"return", LIFE_RETURN}, {"refuse", LIFE_REFUSE}};

static problem *broken(arena *a, const char *pointer, const char *code, const char *detail) {
    problem *p = problem_invalid(a);
    problem_add(a, p, pointer, code, detail);
    return p;
}

static const body_member DECISION[] = {{"verdict", JSON_STRING, true},
                                       {"reasons", JSON_ARRAY, false},
                                       {"rev", JSON_NUMBER, true},
                                       {"with_entity", JSON_BOOL, false},
                                       {0}};

static problem *read_body(request *r, life_event *event, json **reasons, int64_t *rev) {
    const char *verdict = json_text(r->body, "verdict");
    TRY(body_check(r, DECISION));
    *event = LIFE_EVENTS;
    for (size_t i = 0; i < sizeof VERDICTS / sizeof *VERDICTS; i++)
        if (text_same(VERDICTS[i].code, verdict))
            *event = VERDICTS[i].event;
    if (*event == LIFE_EVENTS)
        return broken(r->arena, "/verdict", "choice", "应为 pass、return 或 refuse。");
    double seen = json_num(r->body, "rev", -1);
    *rev = seen >= 0 && seen < 1e15 ? (int64_t)seen : -1;
    return reasons_check(r->arena, json_get(r->body, "reasons"), reasons);
}

// The entity is passed in the same act, if it is open and held by the same officer.
static problem *pass_entity(act *t, const application_row *app) {
    application_row *own = NULL;
    act_more more = {0};
    TRY(application_open_of(t->db, t->arena, app->entity, &own));
    if (!own || text_same(own->id, app->id))
        return NULL;
    return act_do(t, own, LIFE_PASS, &more);
}

static problem *check_rev(request *r, const application_row *app, int64_t rev) {
    bool mine = app->claimed_by && text_same(app->claimed_by, r->session->account);
    if (app->rev == rev || !mine) // not mine: the life cycle says who holds it
        return NULL;
    problem *p =
        problem_new(r->arena, 409, "changed", "申请已变化", "您查看之后该申请已有变化，请重新查看后再作决定。");
    p->extra = json_object(r->arena);
    json_set_number(r->arena, p->extra, "rev", (double)app->rev);
    return p;
}

// The reasons point into the form that the applicant filled in.
static problem *check_reasons(request *r, db *d, const application_row *app, const json *reasons, bool returning) {
    document w;
    if (!reasons->count || !app->claimed_by || !text_same(app->claimed_by, r->session->account))
        return NULL; // the life cycle says what is wrong
    TRY(document_load(r->server, d, r->arena, app->entity, app->subject, app->version, &w));
    return reasons_point(r->arena, w.form, reasons, returning);
}

problem *decision_run(request *r, db *d) {
    act t;
    application_row app;
    life_event event = LIFE_RETURN;
    json *reasons = json_array(r->arena), *near, *answer = json_object(r->arena);
    int64_t rev = 0;
    TRY(read_body(r, &event, &reasons, &rev));
    TRY(review_lock(r, d, &t, &app));
    TRY(check_rev(r, &app, rev));
    TRY(check_reasons(r, d, &app, reasons, event == LIFE_RETURN));
    act_more more = {.reasons = reasons};
    if (event == LIFE_PASS && json_flag(r->body, "with_entity"))
        TRY(pass_entity(&t, &app));
    TRY(act_do(&t, &app, event, &more));
    TRY(queue_neighbours(r, d, &app, &near));
    json_set_text(r->arena, answer, "state", app.state);
    json_set_text(r->arena, answer, "state_label", life_application_word(app.state));
    json_set_text(r->arena, answer, "number", more.number);
    json_set_text(r->arena, answer, "entity_state", t.entity.state);
    json_set(r->arena, answer, "neighbours", near);
    reply_json(r, 200, answer);
    return NULL;
}
