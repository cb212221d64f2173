// Formats of values: identity cards, organisation codes, ICP numbers, phones, domains … The same code serves forms, API
// and `beian check FORMAT VALUE`. Rules and vectors: GB 11643, GB 32100, GB 11714; see docs/formats.md.
#pragma once
#include "base/arena.h"

typedef enum format_verdict { FORMAT_RIGHT = 0, FORMAT_WRONG = 1, FORMAT_DOUBTFUL = 3 } format_verdict;
typedef struct format_result {
    format_verdict verdict;
    const char *value; // normalised
    const char
        *detail; // Chinese: what is wrong, what was typed is NOT repeated for identity numbers; with a right example
    const char *note; // Chinese, what was normalised (去掉了 www …); NULL
} format_result;

// `kind` narrows a document format ("resident-id", "uscc" …; NULL = any). NULL name or unknown: verdict WRONG, detail
// says so.
format_result format_check(arena *a, const char *format, const char *kind, const char *value);
const char *const *format_names(void); // ended by NULL
