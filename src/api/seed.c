// `beian seed --register N`: fills the public register with made-up entries, for trials and for the benchmark.
#include "api/commands.h"
#include "base/clock.h"
#include "base/config.h"
#include "form/form.h"
#include "register/register.h"
#include "store/writer.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STEP = 2000, PER_UNIT = 999000 };

typedef struct seeding {
    const char *kind, *kind_label, *field; // field: the one that is looked up
    long from, to;
} seeding;

// Numbers of made-up units 990001, 990002, … that no office issues.
static problem *publish(db *d, arena *a, const seeding *s, long i) {
    char *number = arena_print(a, "京公网安备%06ld02%06ld号", 990001 + i / PER_UNIT, 1 + i % PER_UNIT);
    json *values = json_array(a), *value = json_add(a, values, json_object(a));
    json_set_text(a, value, "field", s->field);
    json_set_text(a, value, "value", arena_print(a, "seed-%ld.example", i));
    json *facts = json_array(a), *fact = json_add(a, facts, json_object(a));
    json_set_text(a, fact, "label", "网站名称");
    json_set_text(a, fact, "value", arena_print(a, "示例网站%ld", i));
    register_entry e = {.filing = text_id(a),
                        .kind = s->kind,
                        .kind_label = s->kind_label,
                        .state = "valid",
                        .number = number,
                        .name = arena_print(a, "示例网站%ld", i),
                        .unit_name = "示例单位",
                        .holder_type = "单位 · 企业",
                        .holder = arena_print(a, "示例公司%ld", i),
                        .approved = clock_now(),
                        .facts = facts,
                        .values = values};
    return register_publish(d, a, &e);
}

static problem *publish_step(void *context, db *d, arena *a) {
    const seeding *s = context;
    for (long i = s->from; i < s->to; i++) {
        arena *own = arena_new(0);
        problem *p = publish(d, own, s, i);
        if (p) {
            problem *kept = problem_internal(a, p->log);
            arena_free(own);
            return kept;
        }
        arena_free(own);
    }
    return NULL;
}

// The first business that gets a number and can be looked up.
static problem *choose_form(arena *a, const config *c, seeding *s) {
    forms *all;
    TRY(forms_load(a, c->forms, &all));
    const form *f = NULL;
    for (size_t i = 0; (f = form_at(all, i)) != NULL; i++)
        if (f->number_class && json_at(json_get(f->definition, "search"), 0))
            break;
    if (!f)
        return problem_new(a, 500, "configuration", "没有可以公示的业务", "没有一种业务会得到备案号。");
    s->kind = f->kind;
    s->kind_label = f->title;
    s->field = json_text(json_at(json_get(f->definition, "search"), 0), "field");
    return NULL;
}

static problem *seed(arena *a, const config *c, long count) {
    seeding s = {0};
    store *into;
    TRY(choose_form(a, c, &s));
    TRY(store_open(a, c->store, 0, &into));
    problem *p = store_migrate(into, a);
    for (; !p && s.from < count; s.from = s.to) {
        s.to = s.from + STEP < count ? s.from + STEP : count;
        arena *own = arena_new(0);
        p = writer_run(into, own, publish_step, &s);
        if (p)
            p = problem_internal(a, p->log);
        arena_free(own);
    }
    store_close(into);
    return p;
}

int command_seed(int argc, char **argv) {
    char *end = NULL;
    long count = argc >= 2 && strcmp(argv[0], "--register") == 0 ? strtol(argv[1], &end, 10) : 0;
    if (count <= 0 || *end) {
        fputs("usage: beian seed --register N [--data FOLDER]\n", stderr);
        return 2;
    }
    arena *a = arena_new(0);
    config c;
    problem *p = config_read(a, argc - 2, argv + 2, &c);
    if (!p)
        p = seed(a, &c, count);
    int code = command_result(p);
    arena_free(a);
    return code;
}
