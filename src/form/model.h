// What a definition becomes at load: structures that a check walks without looking at JSON. Private to src/form.
#pragma once
#include "form/form.h"

typedef enum field_type {
    TYPE_TEXT,
    TYPE_NOTE,
    TYPE_NUMBER,
    TYPE_DATE,
    TYPE_TERM,
    TYPE_PERIOD,
    TYPE_CHOICE,
    TYPE_CHOICES,
    TYPE_REGION,
    TYPE_PICTURE,
    TYPE_DOCUMENT,
    TYPE_GROUP,
    TYPE_COUNT
} field_type;

typedef struct field field;
typedef struct section section;
typedef struct condition condition;

// One line of a `when`: the field's value is (or contains) one of `values`. section NULL: a field of the same row.
typedef struct test {
    const section *section;
    const field *field;
    const char **values; // ended by NULL
} test;

struct condition {
    const test *tests;
    size_t count;
    const condition *any; // at least one of these too, when any_count > 0
    size_t any_count;
};

struct field {
    const char *key, *label;
    field_type type;
    bool required, whole, repeats, min_today, max_today, has_min, has_max, listed, shared_label;
    double min, max;
    size_t order; // over the whole definition: a condition may look back only
    size_t repeat_min, repeat_max;
    const condition *when, *enabled;
    const char *format, *mask;
    const field *format_of, *labels_by; // in the same section or row
    const json *labels, *definition;
    const json *choices; // the list's items
    const field *fields; // of a group's row
    size_t count;
};

typedef struct way {
    const char *value, *from, *account_kind, *disabled;
    const condition *when;
    const field **sets; // ended by NULL
    const char **keys;  // of the source, beside `sets`
} way;

struct section {
    const char *key, *title, *step;
    const condition *when;
    const char *fill_key, *fill_default; // NULL: the section has no ways
    const way *ways;
    size_t way_count;
    const field *fields;
    size_t count;
};

// A place of the document named by a definition: unit.name
typedef struct place {
    const condition *when;
    const section *section;
    const field *field;
} place;

typedef struct rule { // unique values, search values
    const char *name;
    const place *places;
    size_t count;
} rule;

typedef struct region {
    const char *code, *name;
    int parent; // index; -1
    bool leaf;
    const json *unit; // the reviewing unit of its own level; NULL = none
} region;

typedef struct model {
    form shown; // first: a form is its model
    const forms *all;
    const char *path; // where it came from
    int order;
    bool archived;
    const section *sections;
    size_t count;
    const json *steps;
    const place *name_of, *region_of;
    size_t name_count, region_count;
    const rule *unique, *search;
    size_t unique_count, search_count;
} model;

typedef struct source {
    const char *path; // website.json, blocks/person.json
    json *value;
} source;

struct forms {
    arena *arena;
    source *sources;
    size_t source_count, source_room;
    json *lists;     // name -> what form_list gives
    region *regions; // sorted by code
    size_t region_count;
    model **models; // newest of each kind in menu order, then older versions
    size_t newest, count;
};

static inline const model *form_model(const form *f) {
    return (const model *)(const void *)f;
}

// The files that were compiled in (made by forms/forms.py).
typedef struct form_file {
    const char *path, *text;
    size_t size;
} form_file;
extern const form_file form_files[]; // ended by path NULL

// "definition" problem: FILE: PATH: REASON
problem *form_wrong(arena *a, const char *file, const char *path, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

problem *forms_expand(forms *all, const char *path, json *definition); // use, omit, with
problem *forms_compile(forms *all, const char *path, json *definition, model **out);
problem *forms_regions(forms *all);                             // regions and units
const region *forms_region(const forms *all, const char *code); // NULL when unknown
const char *forms_region_text(const forms *all, arena *a, const char *code, const char *between);

// condition NULL holds. `row` is the row a field of a group stands in.
bool condition_holds(const condition *c, const json *document, const json *row);
bool section_shown(const section *s, const json *document);
bool field_shown(const field *f, const json *document, const json *row); // and enabled
const char *field_label(const field *f, const json *siblings);
bool value_empty(const json *value);
const way *section_way(const section *s, const json *document); // the chosen one, else the default; NULL without ways
const json *choice_item(const json *items, const char *value);
const field *section_field(const section *s, const char *key);
const section *model_section(const model *m, const char *key);

// Walks shown fields; repeats as one value. Row fields come with the row's index.
typedef struct step_at {
    const section *section;
    const field *field, *group; // group NULL outside of rows
    size_t row;
    json *siblings; // object the value is a member of; may be NULL
    json *value;
    bool shown;
} step_at;
void model_walk(const model *m, const json *document, void (*visit)(void *context, const step_at *at), void *context);
char *step_pointer(arena *a, const step_at *at);
char *show_value(const forms *all, arena *a, const field *f, const json *value, bool masked);
