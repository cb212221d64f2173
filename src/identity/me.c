// Who am I: what the frame of the UI shows.
#include "base/clock.h"
#include "form/mask.h"
#include "identity/state.h"
#include <string.h>

static const struct state_word {
    const char *code, *word;
} STATES[] = {
    {"reviewing", "审核中"},    {"valid", "有效"},       {"changing", "变更中"}, {"cancelling", "注销中"},
    {"transferring", "移交中"}, {"cancelled", "已注销"}, {"void", "未成立"},
};

static const char *state_word(const char *code) {
    for (size_t i = 0; code && i < sizeof STATES / sizeof *STATES; i++)
        if (strcmp(STATES[i].code, code) == 0)
            return STATES[i].word;
    return code;
}

// An organisation's name is public; everything that tells of a person is masked.
static json *masked_account(arena *a, const json *facts) {
    static const struct {
        const char *name, *mask;
    } SHOWN[] = {{"name", "name"},   {"id_type", NULL},     {"id_no", "id"},       {"mobile", "mobile"},
                 {"org_name", NULL}, {"org_id_type", NULL}, {"org_id_no", "code"}, {"legal_rep_name", "name"}};
    json *account = json_object(a);
    for (size_t i = 0; i < sizeof SHOWN / sizeof *SHOWN; i++) {
        const char *value = json_text(facts, SHOWN[i].name);
        if (value)
            json_set_text(a, account, SHOWN[i].name, SHOWN[i].mask ? mask_value(a, SHOWN[i].mask, value) : value);
    }
    return account;
}

static problem *entities_of(request *r, db *d, json *list) {
    arena *a = r->arena;
    db_rows rows;
    TRY(db_query(d, a, SQL_ME_ENTITIES, &rows, DB_ARGS(db_text(r->session->account))));
    for (size_t i = 0; i < rows.count; i++) {
        json *one = json_add(a, list, json_object(a));
        json_set_text(a, one, "id", db_cell(&rows, i, 0));
        json_set_text(a, one, "name", db_cell(&rows, i, 1));
        json_set_text(a, one, "type", db_cell(&rows, i, 2));
        json_set_text(a, one, "state", db_cell(&rows, i, 3));
        json_set_text(a, one, "state_label", state_word(db_cell(&rows, i, 3)));
        json_set_text(a, one, "created", clock_iso(a, db_number(&rows, i, 4)));
    }
    return NULL;
}

problem *me_applicant(request *r, db *d) {
    arena *a = r->arena;
    const session *s = r->session;
    json *me = json_object(a), *entities = json_array(a);
    db_rows unread;
    TRY(entities_of(r, d, entities));
    TRY(db_query(d, a, SQL_ME_UNREAD, &unread, DB_ARGS(db_text(s->account))));
    json_set_text(a, me, "kind", s->kind);
    json_set_text(a, me, "name", s->name);
    json_set_text(a, me, "actor", s->actor_name);
    json_set(a, me, "account", masked_account(a, s->facts));
    json_set_text(a, me, "offline_key", s->offline_key);
    json_set_text(a, me, "tag", session_tag(r, s));
    json_set(a, me, "entities", entities);
    json_set_number(a, me, "unread", (double)db_number(&unread, 0, 0));
    json_set_text(a, me, "now", clock_iso(a, clock_now()));
    reply_json(r, 200, me);
    return NULL;
}

problem *me_officer(request *r, db *d) {
    (void)d;
    arena *a = r->arena;
    const session *s = r->session;
    json *me = json_object(a);
    json_set_text(a, me, "name", s->name);
    json_set_text(a, me, "unit", s->unit);
    json_set_text(a, me, "unit_name", s->unit_name);
    json_set_text(a, me, "region", s->region);
    json_set(a, me, "roles", s->roles ? json_copy(a, s->roles) : json_array(a));
    json_set_text(a, me, "now", clock_iso(a, clock_now()));
    reply_json(r, 200, me);
    return NULL;
}
