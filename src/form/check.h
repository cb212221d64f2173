// The state of checking one document. Private to src/form.
#pragma once
#include "form/model.h"

typedef struct checker {
    const model *model;
    arena *arena;
    json *document;
    check_mode mode;
    const check_context *context;
    const char *today; // YYYY-MM-DD
    problem *problem;  // NULL so far
} checker;

// Where a value stands, as parts: a pointer is made only when it is told.
typedef struct spot {
    const char *section, *field, *sub; // sub: field of a row
    int row, item;                     // -1: none
} spot;

void check_tell(checker *c, const spot *at, const char *code, const char *detail);
// Types, unknown members and limits of one value; what a draft must keep too. false: something was told.
bool check_structure(checker *c, const spot *at, const field *f, const json *value);
// Content of a shown value that is not empty. May replace it with its normal form.
void check_content(checker *c, const spot *at, const field *f, json *value, const json *siblings);
const char *check_missing(checker *c, const field *f, const json *siblings);
