// The claims of a verified ID token, typed: who logged in, and for whom.
#pragma once
#include "base/json.h"

typedef struct person_claims {
    const char *kind;    // person | legal | officer
    const char *subject; // sub
    const char *key;     // what the account is found by, before hashing
    const char *name;    // of the acting person
    const char *unit;    // officers: code, six digits; else NULL
    json *facts;         // kept with the account
    json *actor;         // kept with the session: {sub, name, id_type, id_no, mobile}
} person_claims;

// `officer`: which audience is expected. NULL, or in English which claim is missing or has the wrong type.
const char *claims_read(arena *a, const json *claims, bool officer, const char *issuer, person_claims *out);
