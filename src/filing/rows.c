#include "filing/rows.h"
#include "base/clock.h"
#include <string.h>

db_value db_time(int64_t ms) {
    return ms ? db_int(ms) : db_null();
}

// ---- entities

static entity_row entity_from(const db_rows *r) {
    return (entity_row){.id = db_cell(r, 0, 0),
                        .account = db_cell(r, 0, 1),
                        .rev = db_number(r, 0, 2),
                        .state = db_cell(r, 0, 3),
                        .name = db_cell(r, 0, 4),
                        .kind_label = db_cell(r, 0, 5),
                        .region = db_cell(r, 0, 6),
                        .unit = db_cell(r, 0, 7),
                        .version = db_number(r, 0, 8),
                        .created = db_number(r, 0, 9),
                        .updated = db_number(r, 0, 10)};
}

static problem *entity_by(db *d, arena *a, sql_id id, entity_row *out, const db_value *args, size_t count) {
    db_rows rows;
    TRY(db_query(d, a, id, &rows, args, count));
    if (!rows.count)
        return problem_not_found(a);
    *out = entity_from(&rows);
    return NULL;
}

problem *entity_lock(db *d, arena *a, const char *id, entity_row *out) {
    return entity_by(d, a, SQL_ENTITY_LOCK, out, DB_ARGS(db_text(id)));
}

problem *entity_get(db *d, arena *a, const char *id, entity_row *out) {
    return entity_by(d, a, SQL_ENTITY_GET, out, DB_ARGS(db_text(id)));
}

problem *entity_owned(db *d, arena *a, const char *id, const char *account, entity_row *out) {
    return entity_by(d, a, SQL_ENTITY_OF_ACCOUNT, out, DB_ARGS(db_text(id), db_text(account)));
}

problem *entity_save(db *d, arena *a, const entity_row *e) {
    return db_run(d, a, SQL_ENTITY_SAVE, NULL,
                  DB_ARGS(db_text(e->id), db_text(e->state), db_text(e->name), db_text(e->kind_label),
                          db_text(e->region), db_text(e->unit), db_int(e->version), db_int(e->updated)));
}

// ---- filings

problem *filing_get(db *d, arena *a, const char *id, filing_row *out) {
    db_rows r;
    TRY(db_query(d, a, SQL_FILING_GET, &r, DB_ARGS(db_text(id))));
    if (!r.count)
        return problem_not_found(a);
    *out = (filing_row){.entity = db_cell(&r, 0, 0),
                        .id = db_cell(&r, 0, 1),
                        .kind = db_cell(&r, 0, 2),
                        .state = db_cell(&r, 0, 3),
                        .name = db_cell(&r, 0, 4),
                        .unit = db_cell(&r, 0, 5),
                        .number = db_cell(&r, 0, 6),
                        .listed = db_cell(&r, 0, 7),
                        .version = db_number(&r, 0, 8),
                        .approved = db_number(&r, 0, 9),
                        .created = db_number(&r, 0, 10),
                        .updated = db_number(&r, 0, 11)};
    return NULL;
}

problem *filing_save(db *d, arena *a, const filing_row *f) {
    return db_run(d, a, SQL_FILING_SAVE, NULL,
                  DB_ARGS(db_text(f->id), db_text(f->state), db_text(f->name), db_text(f->unit), db_text(f->number),
                          db_text(f->listed), db_int(f->version), db_time(f->approved), db_int(f->updated)));
}

// ---- applications

static application_row application_from(const db_rows *r, size_t i) {
    const db_value *name = db_at(r, i, 17), *reasons = db_at(r, i, 18);
    return (application_row){.entity = db_cell(r, i, 0),
                             .id = db_cell(r, i, 1),
                             .subject = db_cell(r, i, 2),
                             .kind = db_cell(r, i, 3),
                             .action = db_cell(r, i, 4),
                             .state = db_cell(r, i, 5),
                             .open = db_true(r, i, 6),
                             .awaits = db_true(r, i, 7),
                             .name = db_cell(r, i, 8),
                             .unit = db_cell(r, i, 9),
                             .version = db_number(r, i, 10),
                             .submitted = db_number(r, i, 11),
                             .counted = db_number(r, i, 12),
                             .decided = db_number(r, i, 13),
                             .ends = db_number(r, i, 14),
                             .claimed_by = db_cell(r, i, 15),
                             .claimed_at = db_number(r, i, 16),
                             .claimed_name = name->bytes,
                             .claimed_name_size = name->size,
                             .reasons = reasons->bytes,
                             .reasons_size = reasons->size,
                             .confirmed = db_cell(r, i, 19),
                             .created = db_number(r, i, 20),
                             .updated = db_number(r, i, 21),
                             .rev = db_number(r, i, 22)};
}

problem *application_get(db *d, arena *a, const char *id, application_row *out) {
    db_rows rows;
    TRY(db_query(d, a, SQL_APPLICATION_GET, &rows, DB_ARGS(db_text(id))));
    if (!rows.count)
        return problem_not_found(a);
    *out = application_from(&rows, 0);
    return NULL;
}

static problem *application_many(db *d, arena *a, sql_id id, const char *key, application_row **out, size_t *count) {
    db_rows rows;
    TRY(db_query(d, a, id, &rows, DB_ARGS(db_text(key))));
    application_row *list = arena_array(a, application_row, rows.count + 1);
    for (size_t i = 0; i < rows.count; i++)
        list[i] = application_from(&rows, i);
    *out = list;
    *count = rows.count;
    return NULL;
}

problem *application_open_of(db *d, arena *a, const char *subject, application_row **out) {
    size_t count = 0;
    TRY(application_many(d, a, SQL_APPLICATION_OPEN_OF, subject, out, &count));
    if (!count)
        *out = NULL;
    return NULL;
}

problem *application_businesses(db *d, arena *a, const char *entity, application_row **out, size_t *count) {
    return application_many(d, a, SQL_APPLICATION_BUSINESSES, entity, out, count);
}

static db_value sealed(const void *bytes, size_t size) {
    return bytes ? db_bytes(bytes, size) : db_null();
}

problem *application_save(db *d, arena *a, const application_row *r) {
    return db_run(d, a, SQL_APPLICATION_SAVE, NULL,
                  DB_ARGS(db_text(r->id), db_text(r->state), db_flag(r->open), db_flag(r->awaits), db_text(r->name),
                          db_text(r->unit), db_int(r->version), db_time(r->counted), db_time(r->decided),
                          db_time(r->ends), db_text(r->claimed_by), db_time(r->claimed_at),
                          sealed(r->claimed_name, r->claimed_name_size), sealed(r->reasons, r->reasons_size),
                          db_text(r->confirmed), db_int(r->updated)));
}

// ---- drafts

problem *draft_get(db *d, arena *a, const char *account, const char *id, draft_row *out) {
    db_rows r;
    TRY(db_query(d, a, SQL_DRAFT_GET, &r, DB_ARGS(db_text(account), db_text(id), db_int(clock_now()))));
    if (!r.count)
        return problem_not_found(a);
    const db_value *content = db_at(&r, 0, 9);
    *out = (draft_row){.account = db_cell(&r, 0, 0),
                       .id = db_cell(&r, 0, 1),
                       .kind = db_cell(&r, 0, 2),
                       .action = db_cell(&r, 0, 3),
                       .subject = db_cell(&r, 0, 4),
                       .entity = db_cell(&r, 0, 5),
                       .application = db_cell(&r, 0, 6),
                       .rev = db_number(&r, 0, 7),
                       .form_version = db_number(&r, 0, 8),
                       .sealed = content->bytes,
                       .sealed_size = content->size,
                       .name = db_cell(&r, 0, 10),
                       .created = db_number(&r, 0, 11),
                       .saved = db_number(&r, 0, 12),
                       .ends = db_number(&r, 0, 13)};
    return NULL;
}

// ---- units

static unit_row unit_from(const json *unit) {
    return (unit_row){json_text(unit, "value"), json_text(unit, "label"), json_text(unit, "region_name"),
                      json_text(unit, "short")};
}

problem *unit_for(const server *s, arena *a, const char *region, const char *level, unit_row *out) {
    const json *unit = region ? form_unit(s->forms, region, level) : NULL;
    if (!unit)
        return problem_new(a, 422, "no-unit", "该地区没有审核单位",
                           "请检查填写的地区；如无误，请联系当地公安机关网安部门。");
    *out = unit_from(unit);
    return NULL;
}

unit_row unit_of(const server *s, const char *code) {
    const char *level = text_ends(code, "0000") ? "province" : text_ends(code, "00") ? "city" : "district";
    return unit_from(form_unit(s->forms, code, level));
}

const char *unit_shown(const server *s, arena *a, const char *code) {
    unit_row unit = unit_of(s, code);
    return unit.name ? arena_print(a, "%s(%s)", unit.name, unit.region_name) : "";
}
