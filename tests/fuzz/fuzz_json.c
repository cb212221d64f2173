// What the reader takes must print to text that it reads to the same tree again; what it refuses names a place.
#include "base/json.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    arena *a = arena_new(0);
    // Exactly `size` bytes of their own: reading one further is seen.
    char *text = malloc(size ? size : 1);
    if (!text)
        return 0;
    if (size)
        memcpy(text, data, size);
    json_error error = {0};
    json *value = json_parse(a, text, size, &error);
    if (!value && (!error.what || !error.pointer || error.offset > size))
        abort();
    if (value) {
        char *printed = json_print(a, value);
        json *again = json_parse(a, printed, strlen(printed), &error);
        if (!again || !json_same(value, again) || !json_same(json_copy(a, again), value) ||
            strcmp(json_print(a, again), printed) != 0)
            abort();
    }
    free(text);
    arena_free(a);
    return 0;
}
