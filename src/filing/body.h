// The members that a JSON body may have. Everything else is refused with its pointer.
#pragma once
#include "http/request.h"

typedef struct body_member {
    const char *name;
    json_type type;
    bool required;
} body_member;

// `members` is ended by one without a name. 422 names every unknown, missing or wrongly typed member; null counts as
// absent.
problem *body_check(const request *r, const body_member *members);
