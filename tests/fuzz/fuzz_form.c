// Any document under any definition: a verdict with places, a mask that can be taken back, a right document that stays
// right.
#include "form/form.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void visit(void *context, const field_visit *v) {
    (void)context;
    if (!v->pointer || !v->label || !v->type)
        abort();
}

static void expect(bool holds) {
    if (!holds)
        abort();
}

static void try_form(const form *f, arena *a, const json *given) {
    check_context context = {.now = 1795492800000};
    json *draft = json_copy(a, given), *sent = json_copy(a, given);
    problem *drafted = form_check(f, a, draft, CHECK_DRAFT, &context);
    problem *p = form_check(f, a, sent, CHECK_SUBMIT, &context);
    json_each(e, p ? p->errors : NULL)
        expect(json_text(e, "pointer") && json_text(e, "code") && json_text(e, "detail"));
    if (!drafted) { // what a draft may hold goes through everything else too
        json *filled = json_object(a), *shown = form_masked(f, a, draft), *back = json_copy(a, shown);
        form_each(f, a, draft, visit, NULL);
        if (!form_unmask(f, a, back, draft))
            expect(json_same(back, draft));
        expect(form_compare(f, a, draft, draft)->count == 0);
        form_fill(f, a, draft, json_object(a), filled);
        form_public(f, a, draft);
        form_listed(f, a, draft);
        form_unique(f, a, draft);
        expect(form_name_of(f, a, draft) != NULL);
    }
    if (!p) {
        json *again = json_copy(a, sent);
        expect(!form_check(f, a, again, CHECK_SUBMIT, &context));
        expect(json_same(again, sent));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static forms *all;
    if (!all) {
        // The canary stands in the folder that the runner starts in; without it the platform's own kinds are tried.
        arena *kept = arena_new(0);
        if (forms_load(kept, "tests/forms", &all) && forms_load(kept, NULL, &all))
            abort();
    }
    arena *a = arena_new(64 << 10);
    json_error error;
    const json *given = json_parse(a, (const char *)data, size, &error);
    for (size_t i = 0; given && form_at(all, i); i++)
        try_form(form_at(all, i), a, given);
    arena_free(a);
    return 0;
}
