// Log in by the identity platform (OpenID Connect, code flow + PKCE), sessions, log out.
#pragma once
#include "http/route.h"
#include "identity/session.h"

typedef struct identity identity;
extern const route ROUTES_IDENTITY[];
problem *identity_open(arena *a, server *s,
                       identity **out); // reads the configuration; the provider is asked at the first login
void identity_close(identity *i);
// Fills r->session from the cookie of the audience that the route wants; no session: r->session stays NULL.
problem *identity_load(request *r, db *d);
// For a request without a session: whether it comes from somebody who is logged in on the other side alone.
problem *identity_other(request *r, db *d, bool *out);
