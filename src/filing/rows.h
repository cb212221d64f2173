// Rows of the store as structures. Texts belong to the arena. A time of 0 is "none".
#pragma once
#include "api/server.h"
#include "form/form.h"
#include "guard/keys.h"
#include "http/route.h"
#include "identity/session.h"
#include "store/db.h"

typedef struct entity_row {
    const char *id, *account, *state, *name, *kind_label, *region, *unit;
    int64_t rev, version, created, updated;
} entity_row;

typedef struct filing_row {
    const char *entity, *id, *kind, *state, *name, *unit, *number, *listed;
    int64_t version, approved, created, updated;
} filing_row;

typedef struct application_row {
    const char *entity, *id, *subject, *kind, *action, *state, *name, *unit, *confirmed, *claimed_by;
    bool open, awaits;
    int64_t version, submitted, counted, decided, ends, claimed_at, created, updated, rev;
    const void *claimed_name, *reasons; // sealed
    size_t claimed_name_size, reasons_size;
} application_row;

typedef struct draft_row {
    const char *account, *id, *kind, *action, *subject, *entity, *application, *name;
    int64_t rev, form_version, created, saved, ends;
    const void *sealed;
    size_t sealed_size;
} draft_row;

// The reviewing unit; its code is a division code.
typedef struct unit_row {
    const char *code, *name, *region_name, *province; // province: short name, 京
} unit_row;

// Each: 404 when there is no such row.
problem *entity_lock(db *d, arena *a, const char *id, entity_row *out); // the first statement of every act on an entity
problem *entity_get(db *d, arena *a, const char *id, entity_row *out);
problem *entity_owned(db *d, arena *a, const char *id, const char *account, entity_row *out);
problem *filing_get(db *d, arena *a, const char *id, filing_row *out);
problem *application_get(db *d, arena *a, const char *id, application_row *out);
problem *draft_get(db *d, arena *a, const char *account, const char *id, draft_row *out);

// The unit that reviews what lies in `region` (6 digits), by the definition's level. 422 when there is none.
problem *unit_for(const server *s, arena *a, const char *region, const char *level, unit_row *out);
unit_row unit_of(const server *s, const char *code);                 // fields are NULL when it is unknown
const char *unit_shown(const server *s, arena *a, const char *code); // 东城社区大队(北京市市辖区东城区)

// NULL in *out when there is none.
problem *application_open_of(db *d, arena *a, const char *subject, application_row **out);
// Open applications of the entity's filings, oldest first.
problem *application_businesses(db *d, arena *a, const char *entity, application_row **out, size_t *count);

problem *entity_save(db *d, arena *a, const entity_row *e);
problem *filing_save(db *d, arena *a, const filing_row *f);
problem *application_save(db *d, arena *a, const application_row *r);

db_value db_time(int64_t ms); // 0 as NULL
