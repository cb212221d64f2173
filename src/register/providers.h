// Access providers and registrars.
#pragma once
#include "http/request.h"

// Puts the providers of the definitions into the store; rows that came from a filing stay.
problem *providers_seed(server *s, arena *a);
// GET /api/v1/providers?role=&region=&name=&page=
problem *providers_route(request *r, db *d);
