// Every format on any text: what it takes has a normal form that stays as it is; what it does not take has a sentence.
#include "base/text.h"
#include "form/formats.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const kinds[] = {NULL,
                                    "resident-id",
                                    "temporary-resident-id",
                                    "officer-id",
                                    "passport",
                                    "diplomatic-passport",
                                    "hk-passport",
                                    "macao-passport",
                                    "hk-macao-pass",
                                    "taiwan-pass",
                                    "hk-macao-residence",
                                    "taiwan-residence",
                                    "foreign-permanent",
                                    "other",
                                    "uscc",
                                    "business-licence",
                                    "organisation-code"};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 2)
        return 0;
    size_t count = 0;
    while (format_names()[count])
        count++;
    const char *format = format_names()[data[0] % count], *kind = kinds[data[1] % (sizeof kinds / sizeof *kinds)];
    arena *a = arena_new(0);
    char *value = arena_slice(a, (const char *)data + 2, size - 2);
    format_result first = format_check(a, format, kind, value);
    if (first.verdict != FORMAT_RIGHT && (!first.detail || !*first.detail))
        abort();
    if (first.verdict != FORMAT_WRONG) {
        if (!first.value || !text_valid(first.value, strlen(first.value)))
            abort();
        format_result again = format_check(a, format, kind, first.value);
        if (again.verdict != first.verdict || strcmp(again.value, first.value) != 0)
            abort();
    }
    arena_free(a);
    return 0;
}
