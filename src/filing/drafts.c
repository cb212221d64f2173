// Routes of drafts: what is typed is kept from the first key on; autosave and 保存草稿 are the same row.
#include "base/clock.h"
#include "filing/body.h"
#include "filing/draft.h"
#include "filing/filing.h"
#include "filing/guess.h"
#include "filing/lifecycle.h"
#include "filing/page.h"
#include "guard/files.h"
#include <stdlib.h>

enum { BODY_LIMIT = 256 * 1024 };

static problem *broken(arena *a, const char *pointer, const char *code, const char *detail) {
    problem *p = problem_invalid(a);
    problem_add(a, p, pointer, code, detail);
    return p;
}

static void reply_etag(request *r, int64_t rev) {
    reply_header(r, "ETag", arena_print(r->arena, "\"%lld\"", (long long)rev));
}

// ---- POST /drafts

typedef struct fresh {
    const form *form;
    const char *action, *entity, *name, *id;
    json *values;
    const void *sealed;
    size_t size;
} fresh;

static problem *take_values(request *r, const form *f, json **out) {
    json *values = json_get(r->body, "values");
    *out = values && values->type != JSON_NULL ? json_copy(r->arena, values) : json_object(r->arena);
    if ((*out)->type != JSON_OBJECT)
        return broken(r->arena, "/values", "type", "应为对象，如 {\"site\": {\"name\": \"…\"}}。");
    check_context context = {.now = clock_now()};
    return form_check(f, r->arena, *out, CHECK_DRAFT, &context);
}

static problem *seal_draft(request *r, db *d, const char *id, const form *f, const char *entity, json *values,
                           const char **name, const void **sealed, size_t *size) {
    TRY(draft_strip(r->server, d, r->arena, r->session, f, entity, values, name));
    *sealed = content_seal(r->server, r->arena, arena_print(r->arena, "draft/%s", id), values, size);
    return NULL;
}

static const body_member CREATE[] = {{"kind", JSON_STRING, true},    {"action", JSON_STRING, true},
                                     {"entity", JSON_STRING, false}, {"subject", JSON_STRING, false},
                                     {"values", JSON_OBJECT, false}, {0}};

static problem *own_files(request *r, db *d, const form *f, const char *entity, json *values) {
    const char *id;
    TRY(content_foreign(r->server, d, r->arena, r->session->account, entity, f, values, &id));
    return id ? guessed(r, id, problem_not_found(r->arena)) : NULL;
}

static problem *create_prepare(request *r, db *d) {
    TRY(body_check(r, CREATE));
    fresh *w = arena_new_of(r->arena, fresh);
    const char *kind = json_text(r->body, "kind");
    r->prepared = w;
    w->form = kind ? form_find(r->server->forms, kind) : NULL;
    w->action = json_text(r->body, "action");
    w->entity = json_text(r->body, "entity");
    w->id = text_id(r->arena);
    if (!w->form)
        return broken(r->arena, "/kind", "unknown", "没有这种业务类型，可用的类型见 /api/v1/forms。");
    if (!w->action || !json_get(json_get(w->form->definition, "actions"), w->action) || !life_knows(w->action))
        return broken(r->arena, "/action", "unknown", "这种业务没有此项操作，如 create。");
    if (!w->form->is_entity && !w->entity)
        return broken(r->arena, "/entity", "required", "请先选择开办主体。");
    if (w->form->is_entity)
        w->entity = NULL;
    TRY(take_values(r, w->form, &w->values));
    TRY(own_files(r, d, w->form, w->entity, w->values));
    problem *p = seal_draft(r, d, w->id, w->form, w->entity, w->values, &w->name, &w->sealed, &w->size);
    return guessed(r, w->entity, p);
}

static problem *may_begin(request *r, db *d, const fresh *w) {
    entity_row entity;
    application_row *open = NULL;
    db_rows count;
    TRY(db_query(d, r->arena, SQL_DRAFT_COUNT, &count, DB_ARGS(db_text(r->session->account), db_int(clock_now()))));
    if (db_number(&count, 0, 0) >= DRAFTS_MOST)
        return problem_new(r->arena, 409, "too-many-drafts", "草稿已满", "最多保留1000条草稿，请先删除不需要的草稿。");
    if (w->form->is_entity)
        return NULL;
    TRY(entity_owned(d, r->arena, w->entity, r->session->account, &entity));
    TRY(application_open_of(d, r->arena, entity.id, &open));
    life_facts facts = {.entity_state = entity.state, .entity_open = open != NULL, .may_be_first = true};
    const life_row *row;
    return life_find(r->arena, LIFE_APPLICATION, w->action, "", LIFE_SUBMIT, LIFE_OWNER, &facts, &row);
}

static problem *create_run(request *r, db *d) {
    fresh *w = r->prepared;
    arena *a = r->arena;
    db_rows locked;
    int64_t now = clock_now();
    TRY(db_query(d, a, SQL_ACCOUNT_LOCK, &locked, DB_ARGS(db_text(r->session->account))));
    TRY(may_begin(r, d, w));
    TRY(db_run(d, a, SQL_DRAFT_ADD, NULL,
               DB_ARGS(db_text(r->session->account), db_text(w->id), db_text(w->form->kind), db_text(w->action),
                       db_null(), db_text(w->entity), db_null(), db_int(w->form->version), db_bytes(w->sealed, w->size),
                       db_text(w->name), db_int(now), db_int(now + DRAFT_DAYS * DAY))));
    TRY(content_use(r->server, d, a, r->session->account, w->entity, w->values, arena_print(a, "draft:%s", w->id)));
    json *answer = json_object(a);
    json_set_text(a, answer, "id", w->id);
    json_set_number(a, answer, "rev", 1);
    reply_json(r, 201, answer);
    reply_etag(r, 1);
    reply_header(r, "Location", arena_print(a, "/api/v1/drafts/%s", w->id));
    return NULL;
}

// ---- GET

static problem *list(request *r, db *d) {
    page p;
    db_rows rows, total;
    arena *a = r->arena;
    const char *kind = request_query(r, "kind"), *account = r->session->account;
    int64_t now = clock_now();
    bool all = !kind || !*kind;
    TRY(page_of(r, &p));
    if (all) {
        TRY(db_query(d, a, SQL_DRAFT_LIST, &rows,
                     DB_ARGS(db_text(account), db_int(now), db_int(p.size), db_int(p.offset))));
        TRY(db_query(d, a, SQL_DRAFT_COUNT, &total, DB_ARGS(db_text(account), db_int(now))));
    } else {
        TRY(db_query(d, a, SQL_DRAFT_LIST_KIND, &rows,
                     DB_ARGS(db_text(account), db_int(now), db_int(p.size), db_int(p.offset), db_text(kind))));
        TRY(db_query(d, a, SQL_DRAFT_COUNT_KIND, &total, DB_ARGS(db_text(account), db_int(now), db_text(kind))));
    }
    json *items = json_array(a);
    for (size_t i = 0; i < rows.count; i++) {
        json *one = json_add(a, items, json_object(a));
        const form *f = form_find(r->server->forms, db_cell(&rows, i, 1));
        int64_t ends = db_number(&rows, i, 6);
        json_set_text(a, one, "id", db_cell(&rows, i, 0));
        json_set_text(a, one, "kind", db_cell(&rows, i, 1));
        json_set_text(a, one, "action", db_cell(&rows, i, 2));
        json_set_text(a, one, "title", f ? form_action_title(f, db_cell(&rows, i, 2)) : db_cell(&rows, i, 1));
        json_set_text(a, one, "name", db_cell(&rows, i, 3));
        json_set_text(a, one, "saved", clock_iso(a, db_number(&rows, i, 4)));
        json_set_text(a, one, "created", clock_iso(a, db_number(&rows, i, 5)));
        json_set_text(a, one, "ends", clock_iso(a, ends));
        json_set_number(a, one, "days_left", (double)((ends - now + DAY - 1) / DAY));
        json_set(a, one, "entity", json_string(a, db_cell(&rows, i, 7)));
        json_set(a, one, "application", json_string(a, db_cell(&rows, i, 9)));
    }
    page_reply(r, &p, items, db_number(&total, 0, 0));
    return NULL;
}

static problem *show(request *r, db *d) {
    draft w;
    json *view;
    TRY(guessed(r, r->params[0], draft_load(r->server, d, r->arena, r->session, r->params[0], &w)));
    TRY(draft_view(r->server, d, r->arena, r->session, &w, &view));
    reply_json(r, 200, view);
    reply_etag(r, w.row.rev);
    return NULL;
}

// ---- PUT

typedef struct saving {
    draft_row row;
    const form *form;
    const char *name;
    json *values;
    int64_t rev; // that the client saw
    const void *sealed;
    size_t size;
} saving;

static bool etag_of(const request *r, int64_t *rev) {
    const char *tag = request_header(r, "If-Match");
    char *end = NULL;
    if (!tag || *tag != '"')
        return false;
    *rev = strtoll(tag + 1, &end, 10);
    return end != tag + 1 && text_same(end, "\"");
}

static const body_member SAVE[] = {{"values", JSON_OBJECT, true}, {0}};

static problem *save_prepare(request *r, db *d) {
    saving *w = arena_new_of(r->arena, saving);
    r->prepared = w;
    if (!etag_of(r, &w->rev))
        return problem_new(r->arena, 428, "precondition-required", "缺少版本标识",
                           "保存草稿须带请求头 If-Match，值为上次读取时的 ETag。");
    TRY(body_check(r, SAVE));
    TRY(guessed(r, r->params[0], draft_get(d, r->arena, r->session->account, r->params[0], &w->row)));
    w->form = form_find(r->server->forms, w->row.kind);
    if (!w->form)
        return problem_not_found(r->arena);
    TRY(take_values(r, w->form, &w->values));
    TRY(own_files(r, d, w->form, w->row.entity, w->values));
    return seal_draft(r, d, w->row.id, w->form, w->row.entity, w->values, &w->name, &w->sealed, &w->size);
}

static problem *stale(request *r, db *d) {
    draft w;
    json *current;
    TRY(draft_load(r->server, d, r->arena, r->session, r->params[0], &w));
    TRY(draft_view(r->server, d, r->arena, r->session, &w, &current));
    problem *p = problem_printf(r->arena, 412, "stale-draft", "草稿已在别处修改",
                                "这份草稿已于%s在别处保存，请选择保留哪一份内容。", clock_show(r->arena, w.row.saved));
    p->extra = json_object(r->arena);
    json_set(r->arena, p->extra, "current", current);
    return p;
}

static problem *save_run(request *r, db *d) {
    saving *w = r->prepared;
    arena *a = r->arena;
    int64_t now = clock_now(), ends = w->row.application ? w->row.ends : now + DRAFT_DAYS * DAY;
    db_rows saved;
    draft after;
    json *view;
    TRY(db_query(d, a, SQL_DRAFT_SAVE, &saved,
                 DB_ARGS(db_text(r->session->account), db_text(w->row.id), db_int(w->rev), db_int(w->form->version),
                         db_bytes(w->sealed, w->size), db_text(w->name), db_int(now), db_int(ends))));
    if (!saved.count)
        return stale(r, d);
    TRY(content_use(r->server, d, a, r->session->account, w->row.entity, w->values,
                    arena_print(a, "draft:%s", w->row.id)));
    TRY(draft_load(r->server, d, a, r->session, w->row.id, &after));
    TRY(draft_view(r->server, d, a, r->session, &after, &view));
    reply_json(r, 200, view);
    reply_etag(r, after.row.rev);
    return NULL;
}

// ---- DELETE, check

static problem *remove_run(request *r, db *d) {
    draft_row row;
    TRY(guessed(r, r->params[0], draft_get(d, r->arena, r->session->account, r->params[0], &row)));
    TRY(draft_remove(d, r->arena, r->session->account, row.id));
    reply_text(r, 204, "text/plain", "");
    return NULL;
}

static const body_member CHECK[] = {{"step", JSON_STRING, false}, {"confirm", JSON_ARRAY, false}, {0}};

static problem *check(request *r, db *d) {
    TRY(body_check(r, CHECK));
    draft w;
    const char *step = json_text(r->body, "step");
    TRY(guessed(r, r->params[0], draft_load(r->server, d, r->arena, r->session, r->params[0], &w)));
    TRY(draft_check(r->server, d, r->arena, r->session, &w, step, json_get(r->body, "confirm")));
    reply_json(r, 200, json_object(r->arena));
    return NULL;
}

const route ROUTES_DRAFTS[] = {
    {"POST", "/api/v1/drafts", WHO_APPLICANT, ROUTE_WRITE, ROUTE_KEYED, BODY_LIMIT, "draft-new", "Begin a draft",
     create_run, create_prepare},
    {"GET", "/api/v1/drafts", WHO_APPLICANT, ROUTE_READ, 0, 0, NULL, "Drafts of the account, last saved first", list,
     NULL},
    {"GET", "/api/v1/drafts/{id}", WHO_APPLICANT, ROUTE_READ, 0, 0, NULL, "A draft with its values", show, NULL},
    {"PUT", "/api/v1/drafts/{id}", WHO_APPLICANT, ROUTE_WRITE, 0, BODY_LIMIT, "draft-save", "Save a draft (If-Match)",
     save_run, save_prepare},
    {"DELETE", "/api/v1/drafts/{id}", WHO_APPLICANT, ROUTE_WRITE, ROUTE_BODYLESS, 0, NULL, "Throw a draft away",
     remove_run, NULL},
    {"POST", "/api/v1/drafts/{id}/check", WHO_APPLICANT, ROUTE_READ, 0, 0, "draft-check",
     "Check a draft, or one step of it", check, NULL},
    {0}};
