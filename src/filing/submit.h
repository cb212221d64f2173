// Submitting a draft: checked and sealed before the writer, then one transaction that leaves an application or nothing.
#pragma once
#include "filing/act.h"

problem *submit_prepare(request *r, db *d);
problem *submit_run(request *r, db *d);
