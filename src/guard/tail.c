#include "guard/tail.h"
#include <stdint.h>
#include <string.h>

static const uint8_t PNG[] = "\x89PNG\r\n\x1a\n";
enum { PNG_HEAD = 8, CHUNK = 12 }; // of a chunk: length, type, checksum
enum { SOI = 0xd8, EOI = 0xd9, SOS = 0xda, RST0 = 0xd0, RST7 = 0xd7, TEM = 0x01 };

static bool png_ends(const uint8_t *data, size_t size) {
    for (size_t at = PNG_HEAD; size - at >= CHUNK;) {
        size_t length = (size_t)data[at] << 24 | (size_t)data[at + 1] << 16 | (size_t)data[at + 2] << 8 | data[at + 3];
        if (length > size - at - CHUNK)
            return false;
        bool last = memcmp(data + at + 4, "IEND", 4) == 0;
        at += CHUNK + length;
        if (last)
            return at == size;
    }
    return false;
}

static bool stands_alone(uint8_t mark) {
    return mark == SOI || mark == TEM || (mark >= RST0 && mark <= RST7);
}

// Behind the compressed data that begins at `at`: where the next mark stands.
static size_t skip_scan(const uint8_t *data, size_t at, size_t size) {
    while (at + 1 < size && (data[at] != 0xff || data[at + 1] == 0 || data[at + 1] == 0xff ||
                             (data[at + 1] >= RST0 && data[at + 1] <= RST7)))
        at++;
    return at;
}

// Behind the JPEG that begins at `at`; 0 when it does not end.
static size_t jpeg_end(const uint8_t *data, size_t at, size_t size) {
    while (at + 2 <= size && data[at] == 0xff) {
        uint8_t mark = data[at + 1];
        at += mark == 0xff ? 1 : 2; // 0xff may fill
        if (mark == EOI)
            return at;
        if (mark == 0xff || stands_alone(mark))
            continue;
        size_t length = size - at >= 2 ? (size_t)data[at] << 8 | data[at + 1] : 0;
        if (length < 2 || length > size - at)
            return 0;
        at += length;
        if (mark == SOS)
            at = skip_scan(data, at, size);
    }
    return 0;
}

static bool jpeg_ends(const uint8_t *data, size_t size) {
    for (size_t at = 0; at < size;) {
        if (size - at < 2 || data[at] != 0xff || data[at + 1] != SOI || !(at = jpeg_end(data, at, size)))
            return false;
        while (at < size && !data[at])
            at++;
    }
    return size > 0;
}

bool picture_ends(const void *data, size_t size) {
    return size >= PNG_HEAD && memcmp(data, PNG, PNG_HEAD) == 0 ? png_ends(data, size) : jpeg_ends(data, size);
}
