// PDF papers (附件说明): checked structurally, kept as sent, given out only as a download.
#pragma once
#include "base/problem.h"
#include <stdbool.h>
#include <stddef.h>

bool papers_is_pdf(const void *data, size_t size); // begins like one
// 422 "papers-broken" when it does not end like a PDF or something stands behind its end; 422 "papers-active" when it
// holds scripts, programs to start, or files within. The bytes are searched as they are: what hides in a compressed
// object is not seen, which is why nobody is ever shown a PDF inside a page.
problem *papers_check(arena *a, const void *data, size_t size);
