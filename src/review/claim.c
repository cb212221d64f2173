// Taking an application, and giving it back. Taking one of a new entity takes the entity and all its open businesses.
#include "filing/body.h"
#include "review/review.h"

static bool can_follow(const application_row *app, const session *who) {
    return text_same(app->state, "waiting") && !app->awaits && text_same(app->unit, who->unit);
}

static problem *claim_one(act *t, application_row *app, json *claimed) {
    act_more more = {0};
    TRY(act_do(t, app, LIFE_CLAIM, &more));
    json_add(t->arena, claimed, json_string(t->arena, app->id));
    return NULL;
}

static problem *claim_together(act *t, json *claimed) {
    application_row *own = NULL, *list;
    size_t count;
    TRY(application_open_of(t->db, t->arena, t->entity.id, &own));
    if (!own || !text_same(t->entity.state, "reviewing"))
        return NULL;
    if (can_follow(own, t->session))
        TRY(claim_one(t, own, claimed));
    TRY(application_businesses(t->db, t->arena, t->entity.id, &list, &count));
    for (size_t i = 0; i < count; i++)
        if (can_follow(&list[i], t->session))
            TRY(claim_one(t, &list[i], claimed));
    return NULL;
}

static problem *reply_state(request *r, db *d, const char *id, json *answer) {
    application_row now;
    TRY(application_get(d, r->arena, id, &now));
    json_set_text(r->arena, answer, "state", now.state);
    json_set_text(r->arena, answer, "state_label", life_application_word(now.state));
    json_set_number(r->arena, answer, "rev", (double)now.rev);
    reply_json(r, 200, answer);
    return NULL;
}

problem *claim_run(request *r, db *d) {
    act t;
    application_row app;
    json *answer = json_object(r->arena), *claimed = json_set(r->arena, answer, "claimed", json_array(r->arena));
    TRY(review_lock(r, d, &t, &app));
    // Taking it twice (double click, repeat after a lost answer) changes nothing.
    if (!(text_same(app.state, "reviewing") && app.claimed_by && text_same(app.claimed_by, r->session->account))) {
        TRY(claim_one(&t, &app, claimed));
        TRY(claim_together(&t, claimed));
    }
    return reply_state(r, d, app.id, answer);
}

static const body_member RELEASE[] = {{"force", JSON_BOOL, false}, {"reason", JSON_STRING, false}, {0}};

problem *release_run(request *r, db *d) {
    TRY(body_check(r, RELEASE));
    act t;
    application_row app;
    const char *reason = json_text(r->body, "reason");
    act_more more = {.force = json_flag(r->body, "force"),
                     .reason = reason ? text_head(r->arena, text_trim(r->arena, reason), 500) : NULL};
    if (more.reason && !*more.reason)
        more.reason = NULL;
    TRY(review_lock(r, d, &t, &app));
    TRY(act_do(&t, &app, LIFE_RELEASE, &more));
    return reply_state(r, d, app.id, json_object(r->arena));
}
