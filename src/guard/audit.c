// `beian audit verify`.
#include "base/config.h"
#include "guard/chain.h"
#include <stdio.h>
#include <string.h>

static int tell_problem(const problem *p) {
    fprintf(stderr, "%s %s\n", p->title, p->detail ? p->detail : "");
    if (p->log)
        fprintf(stderr, "%s\n", p->log);
    return 2;
}

static problem *verify(arena *a, const config *c, chain_report *report) {
    store *s;
    TRY(store_open(a, c->store, 0, &s));
    problem *p = chain_verify(s, a, report);
    store_close(s);
    return p;
}

int audit_command(int argc, char **argv) {
    if (argc < 1 || strcmp(argv[0], "verify") != 0) {
        fprintf(stderr, "用法：beian audit verify [--data 目录]\n");
        return 2;
    }
    arena *a = arena_new(0);
    config c;
    chain_report r;
    problem *p = config_read(a, argc - 1, argv + 1, &c);
    if (!p)
        p = verify(a, &c, &r);
    int code = p ? tell_problem(p) : r.broken ? 1 : 0;
    if (!p) {
        printf("%lld chains, %lld events, %lld broken\n", (long long)r.chains, (long long)r.events,
               (long long)r.broken);
        if (r.first_chain)
            printf("first: chain %s, event %lld: %s\n", r.first_chain, (long long)r.first_seq, r.first_what);
    }
    arena_free(a);
    return code;
}
