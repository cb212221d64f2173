// Form definitions: one JSON file per business, compiled at start to checked structures. The only place that knows what
// a website or an entity has; code asks the definition. Language: docs/contract.md, "Form language".
#pragma once
#include "base/json.h"
#include "base/problem.h"
#include <stdbool.h>

typedef struct forms forms; // the registry: immutable after loading, shared by all threads

typedef struct form {
    const char *kind, *title;
    int version;
    const json *definition;   // expanded: blocks inlined; what the UI gets (choice lists by name beside it)
    const json *lists;        // {name: [{value,label,...}]} of the lists it uses
    bool is_entity;           // "subject": "entity"
    bool may_be_first;        // may be an entity's first business (default true)
    const char *review_level; // district | city
    const char *number_class; // "02"; NULL: approval gives no number
    const json *texts;        // {name: {title, paragraphs: [[{text, href?}]]}} of the texts it uses
} form;

// Loads the compiled-in definitions, then those of `directory` (may be NULL). Refuses a wrong one with file, path and
// reason.
problem *forms_load(arena *a, const char *directory, forms **out);
const form *form_find(const forms *f, const char *kind);                 // newest version; NULL when unknown
const form *form_version(const forms *f, const char *kind, int version); // archive too
const form *form_at(const forms *f, size_t index);                       // all newest, in menu order; NULL at the end
// A choice list's items, or "regions" (nested as the API gives them), "units" [{value, label, region, region_name,
// short, level}], "providers" [{id, role, name, region, …}], or the text of that name. NULL when unknown.
const json *form_list(const forms *f, const char *name);
// 北京市市辖区东城区 with `between` "" (" / " on forms); NULL for an unknown code.
const char *form_region_name(const forms *f, arena *a, const char *code, const char *between);
// {value, label, region, region_name, short, level} of the unit that reviews a region at that level; NULL when there is
// none.
const json *form_unit(const forms *f, const char *region, const char *level);
const char *form_action_title(const form *f, const char *action); // create -> 新办网站

// A document is {section: {field: value}}; pointers are "/section/field", "/section/group/0/field".
typedef enum check_mode { CHECK_DRAFT, CHECK_SUBMIT } check_mode; // draft: structure only (types, unknown keys, limits)

typedef struct check_context {
    const json *confirmed; // pointers whose doubtful value the person confirmed
    int64_t now;           // for dates
    const char *step;      // only this step (下一步); NULL = all
    // File facts of a picture field: NULL when `id` is no attachment of this person. May be NULL in tests: any id is
    // fine.
    const json *(*file)(void *context, const char *id);
    void *file_context;
} check_context;

// Normalises `document` in place (trim, full-width, IDN, ICP …), drops what is hidden by conditions when submitting,
// and reports every broken field at once: 422 "invalid" with errors {pointer, code, detail}; code "doubtful" when it
// may be confirmed.
problem *form_check(const form *f, arena *a, json *document, check_mode mode, const check_context *context);

// Structure only: keeps known fields of the right type, and tells about the rest (unknown, wrong type) with 422.
// Fields that the server owns are removed.
typedef enum field_visit_flags {
    FIELD_SENSITIVE = 1,
    FIELD_PUBLIC = 2,
    FIELD_LISTED = 4,
    FIELD_FILE = 8,
    FIELD_HIDDEN = 16
} field_visit_flags;
typedef struct field_visit {
    const char *pointer, *label, *type, *sensitive; // sensitive: mask name or NULL
    const json *field;                              // its definition
    json *value;                                    // in the document; NULL when absent
    unsigned flags;
} field_visit;
// Every field of the document that its conditions show, in order: groups row by row, repeats value by value. A hidden
// field that still has a value (a draft's) comes with FIELD_HIDDEN.
void form_each(const form *f, arena *a, json *document, void (*visit)(void *context, const field_visit *field),
               void *context);

// Whether a pointer names a section, a field, a row of a group or a field of one; whether it is shown does not matter.
bool form_has(const form *f, arena *a, const char *pointer);

// What may be shown: a copy with masks for sensitive fields (form/mask.h); file ids stay.
json *form_masked(const form *f, arena *a, const json *document);
// The same for the fields of `pointers` only: a draft shows its owner what was typed and masks what was filled in.
json *form_masked_at(const form *f, arena *a, const json *document, const json *pointers);
// Puts stored values back where `incoming` holds the unchanged mask; a half-changed mask is 422 "masked".
problem *form_unmask(const form *f, arena *a, json *incoming, const json *stored);

// Values filled from elsewhere: for each section whose chosen way (`fill` value) has "from", copies the mapped values
// of `sources` ({account: {...}, entity: {...document}}) into the document, and lists the pointers in `filled`.
problem *form_fill(const form *f, arena *a, json *document, const json *sources, json *filled);

// Rows {label, pointer, type, before, after} of every changed field; masked, pictures by id; labels from the form.
json *form_compare(const form *f, arena *a, const json *before, const json *after);

const char *form_name_of(const form *f, arena *a,
                         const json *document); // title of the record: site or unit name; persons masked? no: plain
const char *form_region_of(const form *f, arena *a, const json *document); // 6-digit code that decides the unit; NULL
json *form_listed(const form *f, arena *a, const json *document);          // {key: shown text} of `list` fields
json *form_public(const form *f, arena *a, const json *document);          // [{label, value}] of `public` fields
// [{rule, value}] of unique values (normalised), e.g. domains; sorted
json *form_unique(const form *f, arena *a, const json *document);
json *form_search_values(const form *f, arena *a, const json *document); // [{field, value}] for the register look-up
char *form_show(const form *f, arena *a, const json *field,
                const json *value); // a value as text (labels of choices, regions)

json *form_schema(const form *f, arena *a); // JSON Schema 2020-12 of a complete document; structure + x-rule
// A draft of an older version: values whose key and type still exist stay. `changes`: [{pointer, what, old}] to tell
// the person.
json *form_carry_over(const form *from, const form *to, arena *a, const json *document, json *changes);
