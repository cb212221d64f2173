// Pictures: decoded and re-encoded by the jailed decoder (own binary). Nobody sees what was sent, only what was
// re-encoded.
#pragma once
#include "base/problem.h"
#include <stddef.h>

typedef struct decoder decoder;
typedef struct picture {
    const char *media; // image/png | image/jpeg, of the re-encoded copy
    const void *shown;
    size_t shown_size;
    int width, height;
    const char *hints; // JSON array: "small" "dark"
} picture;
problem *decoder_open(arena *a, const char *path, decoder **out);
void decoder_close(decoder *d);
// image/png or image/jpeg by the first bytes; NULL for anything else.
const char *picture_media(const void *data, size_t size);
// Blocks (pool threads only). 415 / 422 with a sentence that helps.
problem *decoder_picture(decoder *d, arena *a, const void *data, size_t size, picture *out);
