#include "guard/decoder/decode.h"
#include <string.h>

static uint32_t number(const uint8_t *at, int bytes, bool big) {
    uint32_t value = 0;
    for (int i = 0; i < bytes; i++)
        value |= (uint32_t)at[i] << (8 * (big ? bytes - 1 - i : i));
    return value;
}

int exif_orientation(const uint8_t *tiff, size_t size) {
    if (size < 14)
        return 1;
    bool big = memcmp(tiff, "MM\0*", 4) == 0;
    if (!big && memcmp(tiff, "II*\0", 4) != 0)
        return 1;
    size_t at = number(tiff + 4, 4, big);
    if (at > size - 2)
        return 1;
    size_t count = number(tiff + at, 2, big);
    for (at += 2; count-- && at <= size - 12 && size >= 12; at += 12) {
        if (number(tiff + at, 2, big) != 0x0112)
            continue;
        uint32_t value = number(tiff + at + 8, 2, big);
        return value >= 1 && value <= 8 ? (int)value : 1;
    }
    return 1;
}
