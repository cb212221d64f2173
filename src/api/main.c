#include "api/commands.h"
#include "form/command.h"
#include "guard/chain.h"
#include <stdio.h>
#include <string.h>

static int command_version(int argc, char **argv) {
    (void)argc, (void)argv;
    puts("beian " BEIAN_VERSION);
    return 0;
}

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *summary;
} COMMANDS[] = {
    {"serve", command_serve, "run the platform"},
    {"init", command_migrate, "make the data directory, the master key and the store"},
    {"migrate", command_migrate, "bring the store up to this version"},
    {"seed", command_seed, "seed --register N: made-up entries for trials and the benchmark"},
    {"audit", audit_command, "audit verify: check the event chains"},
    {"check", command_check, "check FORMAT VALUE: exit 0 right, 1 wrong, 3 doubtful"},
    {"version", command_version, "print the version"},
};
enum { COMMAND_COUNT = sizeof COMMANDS / sizeof *COMMANDS };

static int usage(FILE *to, int code) {
    fputs("usage: beian COMMAND [--option value]…\n", to);
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        fprintf(to, "  %-10s %s\n", COMMANDS[i].name, COMMANDS[i].summary);
    return code;
}

int command_result(const problem *p) {
    if (!p)
        return 0;
    fprintf(stderr, "beian: %s\n", p->detail ? p->detail : p->title);
    if (p->log && p->log != p->detail)
        fprintf(stderr, "beian: %s\n", p->log);
    return 1;
}

int main(int argc, char **argv) {
    if (argc < 2)
        return usage(stderr, 2);
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0)
        return usage(stdout, 0);
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(argv[1], COMMANDS[i].name) == 0)
            return COMMANDS[i].run(argc - 2, argv + 2);
    return usage(stderr, 2);
}
