// The addresses of a domain, offered beside the IP field.
#pragma once
#include "http/request.h"

// GET /api/v1/dns?domain=
problem *dns_route(request *r, db *d);
