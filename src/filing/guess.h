// Who asks for what is not his gets 404; the attempt is on record in the account's chain, at most one event a minute.
#pragma once
#include "http/request.h"

// Returns the 404 of `p` after noting the attempt; any other problem (or NULL) passes unchanged.
problem *guessed(request *r, const char *id, problem *p);
