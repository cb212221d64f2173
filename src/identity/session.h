// Who is acting. Sessions live in the store, hashed; the cookie is __Host-beian (applicants) / __Host-beian-review
// (officers); over plain http on loopback the names are without the prefix.
#pragma once
#include "http/request.h"
#include <stdint.h>

struct session {
    const char *hash;                      // of the session id
    const char *account;                   // account id
    const char *kind;                      // person | legal | officer
    const char *name;                      // shown name: person's or organisation's, plain
    const char *actor;                     // keyed hash of the acting person's sub
    const char *actor_name;                // plain
    const char *unit, *unit_name, *region; // officers
    const json *roles;                     // officers
    const char *offline_key;               // base64url, for the browser's offline copy
    const json *facts; // unsealed claims: name id_type id_no mobile org_name org_id_type org_id_no legal_rep_name
};

// What a page sends as X-Beian-For: it stands for the account and the acting person, and tells nothing about them.
// Allocated in the request's arena.
char *session_tag(const request *r, const session *s);
