// beian check FORMAT VALUE [--json]
#include "base/json.h"
#include "form/command.h"
#include "form/formats.h"
#include <stdio.h>
#include <string.h>

static int usage(void) {
    fputs("用法: beian check 格式 值 [--json]    证件类的格式写 类型:值，例如 person-document resident-id:…\n格式:",
          stderr);
    for (const char *const *name = format_names(); *name; name++)
        fprintf(stderr, " %s", *name);
    fputs("\n", stderr);
    return 2;
}

static bool known(const char *format) {
    for (const char *const *name = format_names(); *name; name++)
        if (strcmp(*name, format) == 0)
            return true;
    return false;
}

static void print_json(arena *a, const format_result *result) {
    static const char *const words[] = {
        [FORMAT_RIGHT] = "right", [FORMAT_WRONG] = "wrong", [FORMAT_DOUBTFUL] = "doubtful"};
    json *out = json_object(a);
    json_set_text(a, out, "verdict", words[result->verdict]);
    json_set_text(a, out, "value", result->value);
    json_set_text(a, out, "detail", result->detail);
    json_set_text(a, out, "note", result->note);
    puts(json_print(a, out));
}

int command_check(int argc, char **argv) {
    const char *words[2] = {NULL, NULL};
    size_t count = 0;
    bool as_json = false;
    for (int i = 0; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0)
            as_json = true;
        else if (count < 2)
            words[count++] = argv[i];
        else
            return usage();
    }
    if (count != 2 || !known(words[0]))
        return usage();
    arena *a = arena_new(0);
    const char *kind = NULL, *value = words[1], *colon = strchr(value, ':');
    if (text_ends(words[0], "-document") && colon) {
        kind = arena_slice(a, value, (size_t)(colon - value));
        value = colon + 1;
    }
    format_result result = format_check(a, words[0], kind, value);
    if (as_json)
        print_json(a, &result);
    else if (result.verdict == FORMAT_RIGHT)
        printf("%s\n", result.value);
    else
        printf("%s\n", result.detail);
    if (!as_json && result.note)
        printf("%s\n", result.note);
    int code = (int)result.verdict;
    arena_free(a);
    return code;
}
