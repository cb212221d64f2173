#include "identity/claims.h"
#include <string.h>

enum { LONGEST = 200, MOST_ROLES = 16, UNIT = 6 };
enum { PERSON = 1, LEGAL = 2, OFFICER = 4 };

// Which claims there are, for whom, who must have them, and where they are kept. An organisation's account holds only
// the organisation: several persons act for it, and each session holds its own person.
static const struct claim {
    const char *name;
    unsigned kinds, must;
    bool actor; // of the person who acts, not of the organisation
} CLAIMS[] = {
    {"name", PERSON | LEGAL | OFFICER, PERSON | LEGAL | OFFICER, true},
    {"id_type", PERSON | LEGAL, PERSON, true},
    {"id_no", PERSON | LEGAL, PERSON, true},
    {"mobile", PERSON | LEGAL, 0, true},
    {"org_name", LEGAL, LEGAL, false},
    {"org_id_type", LEGAL, LEGAL, false},
    {"org_id_no", LEGAL, LEGAL, false},
    {"legal_rep_name", LEGAL, 0, false},
    {"unit_code", OFFICER, OFFICER, false},
    {"unit_name", OFFICER, OFFICER, false},
    {"region", OFFICER, OFFICER, false},
};

static bool is_clean(const json *value) {
    if (value->type != JSON_STRING || !*value->text || strlen(value->text) > LONGEST)
        return false;
    for (const char *c = value->text; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7F)
            return false;
    return true;
}

static unsigned read_kind(const char *kind, bool officer) {
    if (!kind)
        return 0;
    if (officer)
        return strcmp(kind, "officer") == 0 ? OFFICER : 0;
    return strcmp(kind, "person") == 0 ? PERSON : strcmp(kind, "legal") == 0 ? LEGAL : 0;
}

static const char *take_claims(arena *a, const json *claims, unsigned kind, person_claims *out) {
    for (size_t i = 0; i < sizeof CLAIMS / sizeof *CLAIMS; i++) {
        const struct claim *c = &CLAIMS[i];
        const json *value = json_get(claims, c->name);
        if (!(c->kinds & kind))
            continue;
        if (!value && (c->must & kind))
            return arena_print(a, "claim %s is missing", c->name);
        if (!value)
            continue;
        if (!is_clean(value))
            return arena_print(a, "claim %s is empty, too long or no text", c->name);
        if (c->actor)
            json_set_text(a, out->actor, c->name, value->text);
        if (kind != LEGAL || !c->actor)
            json_set_text(a, out->facts, c->name, value->text);
    }
    return NULL;
}

static const char *take_roles(arena *a, const json *claims, person_claims *out) {
    const json *roles = json_get(claims, "roles");
    if (!roles || roles->type != JSON_ARRAY || !roles->count || roles->count > MOST_ROLES)
        return "claim roles is missing or no list";
    json_each(role, roles) {
        if (!is_clean(role))
            return "claim roles has an element that is no text";
    }
    json_set(a, out->facts, "roles", json_copy(a, roles));
    out->unit = json_text(out->facts, "unit_code");
    return strlen(out->unit) == UNIT && strspn(out->unit, "0123456789") == UNIT
               ? NULL
               : "claim unit_code is not of six digits";
}

const char *claims_read(arena *a, const json *claims, bool officer, const char *issuer, person_claims *out) {
    *out = (person_claims){.facts = json_object(a), .actor = json_object(a), .subject = json_text(claims, "sub")};
    unsigned kind = read_kind(json_text(claims, "kind"), officer);
    if (!kind)
        return "claim kind is missing or not for this log-in";
    out->kind = arena_text(a, json_text(claims, "kind"));
    json_set_text(a, out->actor, "sub", out->subject);
    const char *why = take_claims(a, claims, kind, out);
    if (!why && officer)
        why = take_roles(a, claims, out);
    if (why)
        return why;
    out->name = json_text(out->actor, "name");
    const json *facts = out->facts;
    // An organisation stays the same whoever vouches for it; a person is one per identity platform and document.
    if (kind == LEGAL)
        out->key = arena_print(a, "legal\n%s", json_text(facts, "org_id_no"));
    else if (kind == PERSON)
        out->key = arena_print(a, "person\n%s\n%s\n%s", issuer, json_text(facts, "id_type"), json_text(facts, "id_no"));
    else
        out->key = arena_print(a, "officer\n%s\n%s", issuer, out->subject);
    return NULL;
}
