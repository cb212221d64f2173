// What waits at the officer's unit, oldest first.
#include "base/clock.h"
#include "filing/page.h"
#include "review/review.h"

static json *row_json(request *r, const db_rows *rows, size_t i) {
    arena *a = r->arena;
    const db_value *sealed = db_at(rows, i, 8);
    application_row app = {.id = db_cell(rows, i, 0), .claimed_name = sealed->bytes, .claimed_name_size = sealed->size};
    const form *f = form_find(r->server->forms, db_cell(rows, i, 1));
    const char *claimed_by = db_cell(rows, i, 6);
    int64_t submitted = db_number(rows, i, 4), claimed_at = db_number(rows, i, 7);
    json *one = json_object(a);
    json_set_text(a, one, "id", app.id);
    json_set_text(a, one, "kind", db_cell(rows, i, 1));
    json_set_text(a, one, "action", db_cell(rows, i, 2));
    json_set_text(a, one, "title", f ? form_action_title(f, db_cell(rows, i, 2)) : db_cell(rows, i, 1));
    json_set_text(a, one, "name", db_cell(rows, i, 3));
    json_set_text(a, one, "submitted", clock_iso(a, submitted));
    json_set_number(a, one, "age_days", (double)((clock_now() - submitted) / DAY));
    json_set_text(a, one, "state", db_cell(rows, i, 5));
    json_set_text(a, one, "state_label", life_application_word(db_cell(rows, i, 5)));
    json_set(a, one, "claimed_by", json_string(a, claim_name(r->server, a, &app)));
    json_set(a, one, "claimed_at", json_string(a, claimed_at ? clock_iso(a, claimed_at) : NULL));
    json_set_bool(a, one, "mine", claimed_by && text_same(claimed_by, r->session->account));
    json_set_text(a, one, "entity_name", db_cell(rows, i, 9));
    json_set_text(a, one, "entity", db_cell(rows, i, 11));
    return one;
}

problem *queue_list(request *r, db *d) {
    page p;
    db_rows rows, total;
    const char *state = request_query(r, "state"), *kind = request_query(r, "kind");
    db_value unit = db_text(r->session->unit ? r->session->unit : ""), s = db_text(state ? state : ""),
             k = db_text(kind ? kind : "");
    TRY(page_of(r, &p));
    TRY(db_query(d, r->arena, SQL_REVIEW_QUEUE, &rows, DB_ARGS(unit, s, k, db_int(p.size), db_int(p.offset))));
    TRY(db_query(d, r->arena, SQL_REVIEW_QUEUE_COUNT, &total, DB_ARGS(unit, s, k)));
    json *items = json_array(r->arena);
    for (size_t i = 0; i < rows.count; i++)
        json_add(r->arena, items, row_json(r, &rows, i));
    page_reply(r, &p, items, db_number(&total, 0, 0));
    return NULL;
}

problem *queue_neighbours(request *r, db *d, const application_row *app, json **out) {
    static const struct {
        const char *name;
        sql_id id;
    } SIDES[] = {{"previous", SQL_REVIEW_BEFORE}, {"next", SQL_REVIEW_AFTER}};
    *out = json_object(r->arena);
    for (size_t i = 0; i < 2; i++) {
        db_rows rows;
        TRY(db_query(d, r->arena, SIDES[i].id, &rows,
                     DB_ARGS(db_text(app->unit), db_int(app->submitted), db_text(app->id))));
        json_set(r->arena, *out, SIDES[i].name, json_string(r->arena, rows.count ? db_cell(&rows, 0, 0) : NULL));
    }
    return NULL;
}
