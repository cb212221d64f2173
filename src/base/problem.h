// The one error type. A function that can fail returns `problem *`: NULL is success. It becomes one problem+json answer
// (RFC 9457) or, on the command line, one sentence.
#pragma once
#include "base/arena.h"
#include "base/json.h"

typedef struct problem {
    int status;         // HTTP
    const char *type;   // stable short name; "https://beian.invalid/problems/<type>" is never dereferenced, sent as
                        // "/problems/<type>"
    const char *title;  // Chinese, what happened
    const char *detail; // Chinese, what to do; may be NULL
    const char *log;    // English, for the log only; may be NULL. Never personal data
    json *errors;       // array of {pointer, code, detail}; may be NULL
    json *extra;        // further members of the answer; may be NULL
    int retry_after;    // seconds; 0 = none
    bool constraint;    // a unique rule of the store was hit; the caller knows which
    bool again;         // a failure of the store that a repeat of the whole transaction may cure
} problem;

problem *problem_new(arena *a, int status, const char *type, const char *title, const char *detail);
problem *problem_printf(arena *a, int status, const char *type, const char *title, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
// Adds one broken field; creates the array.
void problem_add(arena *a, problem *p, const char *pointer, const char *code, const char *detail);
bool problem_is(const problem *p, const char *type);
json *problem_json(arena *a, const problem *p);

problem *problem_not_found(arena *a);                    // 404 "not-found": the same for "not there" and "not yours"
problem *problem_invalid(arena *a);                      // 422 "invalid", errors to be added
problem *problem_unavailable(arena *a, const char *log); // 503 "unavailable", Retry-After 5
problem *problem_internal(arena *a, const char *log);    // 500

// Leaves the function with the problem of `expression`, if there is one.
#define TRY(expression)                                                                                                \
    do {                                                                                                               \
        problem *try_problem = (expression);                                                                           \
        if (try_problem)                                                                                               \
            return try_problem;                                                                                        \
    } while (0)
