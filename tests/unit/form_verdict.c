// For schema.test.mjs: `form_verdict KIND DIR` prints {definition, lists, schema} as one line, then answers each line
// of input (a document) with the codes of its errors, one line each.
#include "base/clock.h"
#include "form/form.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv) {
    arena *a = arena_new(0), *each = arena_new(64 << 10);
    forms *all;
    problem *p = forms_load(a, argc > 2 ? argv[2] : NULL, &all);
    const form *f = !p && argc > 1 ? form_find(all, argv[1]) : NULL;
    if (!f) {
        fprintf(stderr, "%s\n", p ? p->detail : "no such kind");
        return 1;
    }
    json *head = json_object(a);
    json_set(a, head, "definition", json_copy(a, f->definition));
    json_set(a, head, "lists", json_copy(a, f->lists));
    json_set(a, head, "schema", form_schema(f, a));
    puts(json_print(a, head));
    char *line = NULL;
    size_t room = 0;
    for (ssize_t size; (size = getline(&line, &room, stdin)) > 0;) {
        arena_reset(each);
        json_error error;
        json *document = json_parse(each, line, (size_t)size, &error);
        check_context context = {.now = clock_real()};
        problem *verdict = document ? form_check(f, each, document, CHECK_SUBMIT, &context) : NULL;
        if (!document)
            printf("unread %s", error.what);
        json_each(e, verdict ? verdict->errors : NULL) printf("%s:%s ", json_text(e, "code"), json_text(e, "pointer"));
        if (verdict && !verdict->errors)
            printf("type:/ ");
        putchar('\n');
    }
    free(line);
    arena_free(each);
    arena_free(a);
    return 0;
}
