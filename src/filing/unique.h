// Values that only one filing may hold (domains): reserved at submit, in hash order, freed when the submission ends.
#pragma once
#include "filing/content.h"

typedef struct unique_value {
    const char *rule, *value, *hash, *pointer;
} unique_value;
typedef struct unique_set {
    unique_value *values; // by hash
    size_t count;
} unique_set;

unique_set unique_of(server *s, arena *a, const form *f, const json *values);
// Looks only (a check before submitting): 422 at the fields when somebody else holds a value.
problem *unique_look(server *s, db *d, arena *a, const session *who, const form *f, const json *values,
                     const char *subject, const char *step);
// Reserves all or 422.
problem *unique_take(db *d, arena *a, const session *who, const unique_set *set, const char *subject, int64_t version);
// Frees what the subject holds since after version `approved` (0: all).
problem *unique_free(db *d, arena *a, const char *subject, int64_t approved);
