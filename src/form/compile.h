// The state of compiling one definition. Private to src/form.
#pragma once
#include "form/formats.h"
#include "form/model.h"

typedef struct compiler {
    arena *arena;
    forms *all;
    const char *path;
    model *model;
    const json *definition, *file_lists, *file_texts;
    json *lists, *texts; // that the definition uses
    size_t order;
} compiler;

// Refuses members that are not among `known` (names between blanks).
problem *compile_members(compiler *c, const char *at, const json *object, const char *known);
problem *compile_fields(compiler *c, const char *at, const json *list, bool in_row, const field **out, size_t *count);
const json *compile_list(compiler *c, const char *name);
problem *compile_links(compiler *c); // conditions, ways, places: what names other fields
