// The decoder's work without its jail: a PNG or JPEG in memory becomes a small clean picture. Also what the fuzzer
// calls.
#pragma once
#include "guard/decoder/frame.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SIDE_MOST = 12000,                 // pixels a side of what is sent
    AREA_MOST = 60 * 1000 * 1000,      // pixels
    INTERLACED_MOST = 24 * 1000 * 1000 // an interlaced PNG must be held as a whole
};

// RGB rows that arrive one by one and leave smaller: the mean of the area under each new pixel.
typedef struct canvas {
    int from_width, from_height; // of the rows that come
    int width, height;           // of `pixels`
    uint8_t *pixels;             // RGB, width * height * 3
    uint64_t *sums;              // of the new row under way, with weights
    uint32_t *column;            // for each old column: its first new column
    int row;                     // old rows taken so far
    uint64_t luma;               // of all pixels, for "dark"
} canvas;

bool canvas_open(canvas *c, int from_width, int from_height);
void canvas_row(canvas *c, const uint8_t *rgb);
bool canvas_turn(canvas *c, int orientation); // EXIF 1..8
void canvas_close(canvas *c);

// EXIF orientation in a TIFF block; 1 when there is none.
int exif_orientation(const uint8_t *tiff, size_t size);

decoder_status decode_png(const uint8_t *data, size_t size, canvas *out, int *orientation);
decoder_status decode_jpeg(const uint8_t *data, size_t size, canvas *out, int *orientation);
// JPEG, quality 85, no metadata. free() the result.
bool encode_jpeg(const canvas *c, uint8_t **out, size_t *size);

typedef struct decoded {
    decoder_status status;
    uint8_t *jpeg; // free()
    size_t size;
    int width, height;
    uint32_t hints;
} decoded;
decoded decode_picture(const uint8_t *data, size_t size);
