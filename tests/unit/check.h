// The unit tests' frame: CASE(name) { ... CHECK(condition); CHECK_TEXT(got, wanted); } inside main, then `return
// check_end();`. Prints one `ok NAME` or `not ok NAME: why` line per case; the exit code is 1 when any failed.
#pragma once
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *check_name;
static char check_why[1024];
static int check_failures;

static inline void check_finish(void) {
    if (!check_name)
        return;
    if (check_why[0])
        printf("not ok %s: %s\n", check_name, check_why);
    else
        printf("ok %s\n", check_name);
    fflush(stdout);
    check_failures += check_why[0] != '\0';
    check_name = NULL;
    check_why[0] = '\0';
}

static inline void check_begin(const char *name) {
    check_finish();
    check_name = name;
}

// The first failure of a case is the one that is told.
static inline void check_fail(const char *file, int line, const char *what, const char *got, const char *wanted) {
    if (check_why[0])
        return;
    const char *slash = strrchr(file, '/');
    if (wanted)
        snprintf(check_why, sizeof check_why, "%s:%d %s is \"%s\", wanted \"%s\"", slash ? slash + 1 : file, line, what,
                 got ? got : "(null)", wanted);
    else
        snprintf(check_why, sizeof check_why, "%s:%d %s", slash ? slash + 1 : file, line, what);
}

static inline int check_end(void) {
    check_finish();
    return check_failures ? EXIT_FAILURE : EXIT_SUCCESS;
}

static inline void check_text_at(const char *file, int line, const char *what, const char *got, const char *wanted) {
    if (!got || !wanted || strcmp(got, wanted) != 0)
        check_fail(file, line, what, got, wanted ? wanted : "(null)");
}

#define CASE(name) check_begin(name);
#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition))                                                                                              \
            check_fail(__FILE__, __LINE__, #condition, NULL, NULL);                                                    \
    } while (0)
#define CHECK_TEXT(got, wanted) check_text_at(__FILE__, __LINE__, #got, (got), (wanted))
