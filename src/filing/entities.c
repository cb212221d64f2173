// Routes of entities and filings, and 首页 in one request.
#include "base/clock.h"
#include "filing/applications.h"
#include "filing/filing.h"
#include "filing/guess.h"
#include "filing/notice.h"
#include "register/register.h"
#include <string.h>

enum { HOME_ROWS = 5 };

static problem *add_document(request *r, db *d, const char *entity, const char *subject, int64_t version, json *out) {
    document w;
    json *files;
    TRY(document_load(r->server, d, r->arena, entity, subject, version, &w));
    TRY(content_files(r->server, d, r->arena, r->session->account, entity, w.values, &files));
    json_set_text(r->arena, out, "kind", w.form->kind);
    json_set_number(r->arena, out, "form_version", w.form->version);
    json_set(r->arena, out, "values", form_masked(w.form, r->arena, w.values));
    json_set(r->arena, out, "files", files);
    return NULL;
}

// The id of the application that is under way, so that a page can lead there.
static problem *add_open(request *r, db *d, const char *subject, json *out) {
    application_row *open = NULL;
    TRY(application_open_of(d, r->arena, subject, &open));
    json_set(r->arena, out, "application", json_string(r->arena, open ? open->id : NULL));
    return NULL;
}

static json *entity_summary(request *r, const entity_row *e) {
    arena *a = r->arena;
    json *one = json_object(a);
    json_set_text(a, one, "id", e->id);
    json_set_text(a, one, "name", e->name);
    json_set_text(a, one, "type", e->kind_label);
    json_set_text(a, one, "state", e->state);
    json_set_text(a, one, "state_label", life_record_word(e->state));
    json_set_text(a, one, "region", e->region);
    json_set_text(a, one, "unit", unit_shown(r->server, a, e->unit));
    json_set_text(a, one, "created", clock_iso(a, e->created));
    return one;
}

static problem *show_entity(request *r, db *d) {
    entity_row e;
    TRY(guessed(r, r->params[0], entity_owned(d, r->arena, r->params[0], r->session->account, &e)));
    json *answer = entity_summary(r, &e);
    TRY(add_document(r, d, e.id, e.id, e.version, answer));
    TRY(add_open(r, d, e.id, answer));
    reply_json(r, 200, answer);
    return NULL;
}

// ---- filings

static void add_number(request *r, const char *number, json *out) {
    const char *url = r->server->config->public_url;
    json_set(r->arena, out, "number", json_string(r->arena, number));
    if (!number)
        return;
    json_set_text(r->arena, out, "snippet", register_snippet(r->arena, url, number));
    json_set_text(r->arena, out, "register_url", register_url(r->arena, url, number));
}

static json *listed_of(arena *a, const char *text) {
    json *listed = text ? json_parse(a, text, strlen(text), NULL) : NULL;
    return listed ? listed : json_object(a);
}

static problem *filings_of(request *r, db *d, const char *entity, const char *kind, const page *p, json **out) {
    db_rows rows, total;
    arena *a = r->arena;
    TRY(db_query(d, a, SQL_FILING_LIST, &rows,
                 DB_ARGS(db_text(entity), db_text(kind), db_int(p->size), db_int(p->offset))));
    TRY(db_query(d, a, SQL_FILING_COUNT, &total, DB_ARGS(db_text(entity), db_text(kind))));
    json *items = json_array(a);
    for (size_t i = 0; i < rows.count; i++) {
        json *one = json_add(a, items, json_object(a));
        int64_t approved = db_number(&rows, i, 7);
        json_set_text(a, one, "id", db_cell(&rows, i, 0));
        json_set_text(a, one, "kind", db_cell(&rows, i, 1));
        json_set_text(a, one, "state", db_cell(&rows, i, 2));
        json_set_text(a, one, "state_label", life_record_word(db_cell(&rows, i, 2)));
        json_set_text(a, one, "name", db_cell(&rows, i, 3));
        json_set_text(a, one, "unit", unit_shown(r->server, a, db_cell(&rows, i, 4)));
        json_set(a, one, "number", json_string(a, db_cell(&rows, i, 5)));
        json_set(a, one, "listed", listed_of(a, db_cell(&rows, i, 6)));
        json_set(a, one, "approved", json_string(a, approved ? clock_iso(a, approved) : NULL));
        json_set_text(a, one, "created", clock_iso(a, db_number(&rows, i, 8)));
    }
    *out = page_json(a, p, items, db_number(&total, 0, 0));
    return NULL;
}

static problem *list_filings(request *r, db *d) {
    entity_row e;
    page p;
    json *answer;
    const char *kind = request_query(r, "kind");
    const form *f = kind ? form_find(r->server->forms, kind) : NULL;
    TRY(page_of(r, &p));
    TRY(guessed(r, r->params[0], entity_owned(d, r->arena, r->params[0], r->session->account, &e)));
    if (!f || f->is_entity) {
        problem *wrong = problem_invalid(r->arena);
        problem_add(r->arena, wrong, "/kind", "unknown", "请指明业务类型，可用的类型见 /api/v1/forms。");
        return wrong;
    }
    TRY(filings_of(r, d, e.id, kind, &p, &answer));
    reply_json(r, 200, answer);
    return NULL;
}

static problem *show_filing(request *r, db *d) {
    filing_row f;
    entity_row e;
    arena *a = r->arena;
    problem *p = filing_get(d, a, r->params[0], &f);
    if (!p)
        p = entity_owned(d, a, f.entity, r->session->account, &e);
    TRY(guessed(r, r->params[0], p));
    json *answer = json_object(a);
    json_set_text(a, answer, "id", f.id);
    json_set_text(a, answer, "entity", f.entity);
    json_set_text(a, answer, "name", f.name);
    json_set_text(a, answer, "state", f.state);
    json_set_text(a, answer, "state_label", life_record_word(f.state));
    json_set_text(a, answer, "unit", unit_shown(r->server, a, f.unit));
    json_set(a, answer, "listed", listed_of(a, f.listed));
    json_set(a, answer, "approved", json_string(a, f.approved ? clock_iso(a, f.approved) : NULL));
    json_set_text(a, answer, "created", clock_iso(a, f.created));
    add_number(r, f.number, answer);
    TRY(add_document(r, d, f.entity, f.id, f.version, answer));
    TRY(add_open(r, d, f.id, answer));
    reply_json(r, 200, answer);
    return NULL;
}

// ---- 首页

static problem *home_notices(request *r, db *d, const page *p, json *answer) {
    db_rows rows, total;
    json *items = json_array(r->arena);
    TRY(db_query(d, r->arena, SQL_NOTICE_LIST, &rows,
                 DB_ARGS(db_text(r->session->account), db_flag(false), db_int(p->size), db_int(0))));
    TRY(db_query(d, r->arena, SQL_NOTICE_COUNT, &total, DB_ARGS(db_text(r->session->account), db_flag(false))));
    for (size_t i = 0; i < rows.count; i++)
        json_add(r->arena, items, notice_json(r->arena, &rows, i));
    json_set(r->arena, answer, "notices", page_json(r->arena, p, items, db_number(&total, 0, 0)));
    return NULL;
}

static problem *home_filings(request *r, db *d, const char *entity, const page *p, json *answer) {
    json *all = json_set(r->arena, answer, "filings", json_object(r->arena));
    const form *f;
    for (size_t i = 0; (f = form_at(r->server->forms, i)); i++) {
        json *one = page_json(r->arena, p, json_array(r->arena), 0);
        if (f->is_entity)
            continue;
        if (entity)
            TRY(filings_of(r, d, entity, f->kind, p, &one));
        json_set(r->arena, all, f->kind, one);
    }
    return NULL;
}

static problem *home(request *r, db *d) {
    const page p = {1, HOME_ROWS, 0};
    const char *id = request_query(r, "entity");
    json *answer = json_object(r->arena), *applications, *shown = json_null(r->arena);
    bool one = id && *id;
    if (one) {
        entity_row e;
        TRY(guessed(r, id, entity_owned(d, r->arena, id, r->session->account, &e)));
        shown = entity_summary(r, &e);
        TRY(add_document(r, d, e.id, e.id, e.version, shown));
    }
    TRY(application_list(r, d, &p, NULL, NULL, &applications));
    json_set(r->arena, answer, "applications", applications);
    TRY(home_notices(r, d, &p, answer));
    json_set(r->arena, answer, "entity", shown);
    TRY(home_filings(r, d, one ? id : NULL, &p, answer));
    reply_json(r, 200, answer);
    return NULL;
}

const route ROUTES_ENTITIES[] = {
    {"GET", "/api/v1/home", WHO_APPLICANT, ROUTE_READ, 0, 0, NULL, "All panels of the first page", home, NULL},
    {"GET", "/api/v1/entities/{eid}", WHO_APPLICANT, ROUTE_READ, 0, 0, NULL, "An entity, masked", show_entity, NULL},
    {"GET", "/api/v1/entities/{eid}/filings", WHO_APPLICANT, ROUTE_READ, 0, 0, NULL, "Filings of an entity by kind",
     list_filings, NULL},
    {"GET", "/api/v1/filings/{id}", WHO_APPLICANT, ROUTE_READ, 0, 0, NULL, "A filing with its number, masked",
     show_filing, NULL},
    {0}};
