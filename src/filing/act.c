#include "filing/act.h"
#include "base/clock.h"
#include "filing/notice.h"
#include "filing/number.h"
#include "filing/reasons.h"
#include "filing/unique.h"
#include "guard/chain.h"
#include <string.h>

act act_of(request *r, db *d, life_who who) {
    return (act){.server = r->server,
                 .db = d,
                 .arena = r->arena,
                 .now = clock_now(),
                 .who = who,
                 .session = r->session,
                 .place = r->peer};
}

act act_system(server *s, db *d, arena *a) {
    return (act){.server = s, .db = d, .arena = a, .now = clock_now(), .who = LIFE_SYSTEM};
}

problem *act_lock(act *t, const char *entity) {
    return entity_lock(t->db, t->arena, entity, &t->entity);
}

problem *subject_load(act *t, const application_row *app, record *out) {
    *out = (record){.form = form_find(t->server->forms, app->kind), .is_entity = text_same(app->subject, app->entity)};
    if (!out->form)
        return problem_internal(t->arena, "an application of an unknown kind");
    if (!out->is_entity)
        TRY(filing_get(t->db, t->arena, app->subject, &out->filing));
    out->state = out->is_entity ? t->entity.state : out->filing.state;
    bool stands = !text_same(out->state, "reviewing") && !text_same(out->state, "void");
    if (stands)
        out->approved = out->is_entity ? t->entity.version : out->filing.version;
    return NULL;
}

// ---- what guards look at

static char *claim_bound(arena *a, const application_row *app) {
    return arena_print(a, "claim/%s", app->id);
}

const char *claim_name(server *s, arena *a, const application_row *app) {
    json *name = NULL;
    if (!app->claimed_name ||
        content_unseal(s, a, claim_bound(a, app), app->claimed_name, app->claimed_name_size, &name))
        return NULL;
    return name->text;
}

static void claim(act *t, application_row *app) {
    app->claimed_by = t->session->account;
    app->claimed_at = t->now;
    app->claimed_name = content_seal(t->server, t->arena, claim_bound(t->arena, app),
                                     json_string(t->arena, t->session->name), &app->claimed_name_size);
}

static void unclaim(application_row *app) {
    app->claimed_by = NULL;
    app->claimed_at = 0;
    app->claimed_name = NULL;
}

static problem *facts_of_entity(act *t, life_facts *out) {
    db_rows counts;
    TRY(db_query(t->db, t->arena, SQL_BUSINESS_COUNTS, &counts, DB_ARGS(db_text(t->entity.id))));
    out->businesses_reviewing = (size_t)db_number(&counts, 0, 1);
    t->own = NULL; // the act changes it
    return NULL;
}

// Only what the guards can ask for: this runs for every submission.
static problem *facts_of_business(act *t, life_facts *out) {
    db_rows valid;
    out->entity_state = t->entity.state;
    t->own = NULL;
    if (text_same(t->entity.state, "reviewing"))
        TRY(application_open_of(t->db, t->arena, t->entity.id, &t->own));
    out->entity_open = t->own != NULL;
    if (out->may_be_first)
        return NULL;
    TRY(db_query(t->db, t->arena, SQL_BUSINESS_VALID, &valid, DB_ARGS(db_text(t->entity.id))));
    out->has_businesses = db_number(&valid, 0, 0) > 0;
    return NULL;
}

problem *act_facts(act *t, const application_row *app, const record *about, const act_more *more, life_facts *out) {
    *out = (life_facts){.now = t->now,
                        .updated = app->updated,
                        .counted = app->counted,
                        .awaits = app->awaits,
                        .claimed_at = app->claimed_at,
                        .force = more && more->force && more->reason,
                        .reasons = more && more->reasons ? more->reasons->count : 0,
                        .is_entity = about->is_entity,
                        .may_be_first = about->form->may_be_first};
    out->mine = t->session && app->claimed_by && text_same(app->claimed_by, t->session->account);
    if (t->who == LIFE_OFFICER)
        out->claimed_name = claim_name(t->server, t->arena, app);
    if (!t->entity.id)
        return NULL;
    return about->is_entity ? facts_of_entity(t, out) : facts_of_business(t, out);
}

// ---- events

problem *act_event(act *t, const char *name, const char *about, const json *body) {
    json *all = body ? json_copy(t->arena, body) : json_object(t->arena);
    size_t size;
    if (t->session)
        json_set_text(t->arena, all, "name", t->session->actor_name ? t->session->actor_name : t->session->name);
    json_set_text(t->arena, all, "by", t->who == LIFE_OWNER ? "owner" : t->who == LIFE_OFFICER ? "officer" : "system");
    if (t->session && t->who == LIFE_OFFICER)
        json_set_text(t->arena, all, "unit", t->session->unit);
    json_set_text(t->arena, all, "place", t->place);
    void *sealed = content_seal(t->server, t->arena, arena_print(t->arena, "event/%s", t->entity.id), all, &size);
    return chain_append(t->db, t->arena, "entity", t->entity.id, name, about, t->session ? t->session->actor : "system",
                        sealed, size);
}

// ---- effects

static problem *any_business(act *t, bool *out) {
    db_rows counts;
    TRY(db_query(t->db, t->arena, SQL_BUSINESS_COUNTS, &counts, DB_ARGS(db_text(t->entity.id))));
    *out = db_number(&counts, 0, 0) > 0;
    return NULL;
}

// The entity's open application waits for a business, or not any more. `came`: one was just submitted, no need to
// count.
static problem *entity_waits(act *t, bool came) {
    application_row *own = t->own;
    bool any = came;
    if (!text_same(t->entity.state, "reviewing"))
        return NULL;
    if (!own)
        TRY(application_open_of(t->db, t->arena, t->entity.id, &own));
    if (!own)
        return NULL;
    if (!came)
        TRY(any_business(t, &any));
    bool awaits = text_same(own->state, "waiting") && !any;
    int64_t counted = awaits ? 0 : own->counted ? own->counted : t->now;
    if (awaits == own->awaits && counted == own->counted)
        return NULL;
    return db_run(t->db, t->arena, SQL_APPLICATION_WAIT, NULL,
                  DB_ARGS(db_text(own->id), db_flag(awaits), db_time(counted)));
}

static problem *businesses_follow(act *t, life_event event, act_more *more) {
    application_row *list;
    size_t count;
    act follow = *t;
    follow.who = LIFE_SYSTEM;
    TRY(application_businesses(t->db, t->arena, t->entity.id, &list, &count));
    for (size_t i = 0; i < count; i++) {
        act_more own = {.reasons = more ? more->reasons : NULL};
        if (!text_same(list[i].state, "returned")) // that one waits for its owner already
            TRY(act_do(&follow, &list[i], event, &own));
    }
    return NULL;
}

// The values of the last version as a draft: bound to the application while it may be mended, else an ordinary one.
problem *act_draft(act *t, const application_row *app, const record *about, const char **id) {
    document last;
    TRY(document_load(t->server, t->db, t->arena, app->entity, app->subject, app->version, &last));
    bool mending = text_same(app->state, "returned");
    draft_seed seed = {.account = t->entity.account,
                       .id = mending || !text_same(app->action, "create") ? app->id : app->subject,
                       .kind = app->kind,
                       .action = app->action,
                       .subject = app->subject,
                       .entity = about->is_entity ? NULL : app->entity,
                       .application = mending ? app->id : NULL,
                       .name = app->name,
                       .ends = mending ? app->ends : t->now + DRAFT_DAYS * DAY,
                       .values = last.values};
    // The draft in which it was being mended goes on as an ordinary one.
    if (!mending)
        TRY(db_run(t->db, t->arena, SQL_DRAFT_UNBIND, NULL,
                   DB_ARGS(db_text(seed.account), db_text(app->id), db_int(seed.ends))));
    return draft_put_back(t->server, t->db, t->arena, &seed, id);
}

problem *act_effects(act *t, application_row *app, record *about, unsigned effects, act_more *more) {
    const char *kept;
    if (effects & FX_FREE)
        TRY(unique_free(t->db, t->arena, app->subject, about->approved));
    if (effects & (FX_DRAFT_BACK | FX_LIMIT))
        TRY(act_draft(t, app, about, more ? &more->draft : &kept));
    if (effects & FX_WITHDRAW_BUSINESSES)
        TRY(businesses_follow(t, LIFE_WITHDRAW, more));
    if (effects & FX_RETURN_BUSINESSES)
        TRY(businesses_follow(t, LIFE_RETURN, more));
    if (effects & FX_ENTITY_WAITS)
        TRY(entity_waits(t, !about->is_entity && (effects & FX_TAKE)));
    return NULL;
}

static void change_application(act *t, application_row *app, const life_row *row, const act_more *more) {
    app->state = row->next;
    app->updated = t->now;
    if (row->effects & FX_CLAIM)
        claim(t, app);
    if (row->effects & FX_UNCLAIM)
        unclaim(app);
    if (row->effects & FX_CLOSE) {
        app->open = false;
        app->awaits = false;
        app->decided = t->now;
    }
    app->ends = row->effects & FX_LIMIT ? t->now + MEND_DAYS * DAY : 0;
    if (row->effects & FX_REASONS)
        reasons_keep(t->server, t->arena, app, more && more->reasons ? more->reasons : json_array(t->arena));
}

static problem *change_subject(act *t, application_row *app, record *about, const life_row *row) {
    if (text_same(about->state, row->next))
        return NULL;
    about->state = row->next;
    if (about->is_entity) {
        t->entity.state = row->next;
        t->entity.updated = t->now;
        t->entity.version = app->version;
        return entity_save(t->db, t->arena, &t->entity);
    }
    about->filing.state = row->next;
    about->filing.updated = t->now;
    about->filing.version = app->version;
    if (text_same(row->next, "valid") && !about->filing.approved)
        about->filing.approved = t->now;
    return filing_save(t->db, t->arena, &about->filing);
}

static problem *tell(act *t, const application_row *app, life_event event, const act_more *more) {
    json *body = json_object(t->arena);
    json_set_number(t->arena, body, "version", (double)app->version);
    json_set_text(t->arena, body, "state", app->state);
    if (more && more->reasons && more->reasons->count)
        json_set(t->arena, body, "reasons", json_copy(t->arena, more->reasons));
    if (more) {
        json_set_text(t->arena, body, "reason", more->reason);
        json_set_text(t->arena, body, "number", more->number);
    }
    TRY(act_event(t, life_event_name(event), app->id, body));
    return notice_of_act(t, app, life_event_name(event), more ? more->number : NULL);
}

problem *act_do(act *t, application_row *app, life_event event, act_more *more) {
    record about;
    life_facts facts;
    const life_row *own, *its;
    TRY(subject_load(t, app, &about));
    TRY(act_facts(t, app, &about, more, &facts));
    TRY(life_find(t->arena, LIFE_APPLICATION, app->action, app->state, event, t->who, &facts, &own));
    TRY(life_find(t->arena, about.is_entity ? LIFE_ENTITY : LIFE_FILING, app->action, about.state, event, t->who,
                  &facts, &its));
    change_application(t, app, own, more);
    TRY(application_save(t->db, t->arena, app));
    TRY(change_subject(t, app, &about, its));
    TRY(act_effects(t, app, &about, own->effects | its->effects, more));
    // The counter's row comes last of all locks.
    if (its->effects & FX_NUMBER)
        TRY(number_give(t, app, &about, more));
    return tell(t, app, event, more);
}
