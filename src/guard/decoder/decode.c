#include "guard/decoder/decode.h"
#include <stdlib.h>
#include <string.h>

enum { SMALL_SIDE = 480, DARK_MEAN = 45 }; // an identity card's print cannot be read below this

static decoder_status decode(const uint8_t *data, size_t size, canvas *c, int *orientation) {
    if (size >= 8 && memcmp(data, "\x89PNG\r\n\x1a\n", 8) == 0)
        return decode_png(data, size, c, orientation);
    if (size >= 3 && memcmp(data, "\xff\xd8\xff", 3) == 0)
        return decode_jpeg(data, size, c, orientation);
    return DECODER_KIND;
}

decoded decode_picture(const uint8_t *data, size_t size) {
    decoded out = {0};
    canvas c = {0};
    int orientation = 1;
    out.status = decode(data, size, &c, &orientation);
    if (out.status == DECODER_FINE && c.row != c.from_height)
        out.status = DECODER_BROKEN;
    if (out.status == DECODER_FINE && (!canvas_turn(&c, orientation) || !encode_jpeg(&c, &out.jpeg, &out.size)))
        out.status = DECODER_MEMORY;
    if (out.status == DECODER_FINE) {
        uint64_t pixels = (uint64_t)c.width * (uint64_t)c.height;
        int longer = c.width > c.height ? c.width : c.height;
        out.width = c.width;
        out.height = c.height;
        out.hints = (longer < SMALL_SIDE ? HINT_SMALL : 0u) | (c.luma / pixels < DARK_MEAN ? HINT_DARK : 0u);
    }
    canvas_close(&c);
    return out;
}
