#include "guard/decoder/decode.h"
#include <stdlib.h>
#include <string.h>

static void fit(canvas *c) {
    int longer = c->from_width > c->from_height ? c->from_width : c->from_height;
    c->width = c->from_width;
    c->height = c->from_height;
    if (longer <= DECODER_SIDE_MOST)
        return;
    c->width = (int)((int64_t)c->from_width * DECODER_SIDE_MOST / longer);
    c->height = (int)((int64_t)c->from_height * DECODER_SIDE_MOST / longer);
    c->width = c->width ? c->width : 1;
    c->height = c->height ? c->height : 1;
}

bool canvas_open(canvas *c, int from_width, int from_height) {
    *c = (canvas){.from_width = from_width, .from_height = from_height};
    fit(c);
    size_t width = (size_t)c->width;
    c->pixels = calloc(width * (size_t)c->height, 3);
    c->sums = calloc(width, 3 * sizeof *c->sums);
    c->column = calloc((size_t)from_width, sizeof *c->column);
    if (!c->pixels || !c->sums || !c->column) {
        canvas_close(c);
        return false;
    }
    for (int x = 0; x < from_width; x++)
        c->column[x] = (uint32_t)((int64_t)x * c->width / from_width);
    return true;
}

void canvas_close(canvas *c) {
    free(c->pixels);
    free(c->sums);
    free(c->column);
    *c = (canvas){0};
}

// An old pixel covers width/from_width of a new one; where it lies across an edge, both get their part. Counted in
// units of 1/from_width (and 1/from_height) of a new pixel, so that the sums are exact.
static void add_row(canvas *c, const uint8_t *rgb, uint64_t weight) {
    uint64_t from = (uint64_t)c->from_width, to = (uint64_t)c->width;
    for (uint64_t x = 0; x < from; x++, rgb += 3) {
        uint64_t *at = c->sums + 3 * (uint64_t)c->column[x];
        uint64_t edge = ((uint64_t)c->column[x] + 1) * from, end = (x + 1) * to;
        uint64_t second = end > edge ? end - edge : 0, first = (to - second) * weight;
        for (int i = 0; i < 3; i++)
            at[i] += first * rgb[i];
        if (second)
            for (int i = 0; i < 3; i++)
                at[3 + i] += second * weight * rgb[i];
    }
}

static void finish_row(canvas *c, int y) {
    uint64_t area = (uint64_t)c->from_width * (uint64_t)c->from_height;
    size_t count = (size_t)c->width * 3;
    uint8_t *out = c->pixels + (size_t)y * count;
    for (size_t i = 0; i < count; i++) {
        uint64_t value = (c->sums[i] + area / 2) / area;
        out[i] = (uint8_t)(value > 255 ? 255 : value);
    }
    memset(c->sums, 0, count * sizeof *c->sums);
}

static void measure(canvas *c, const uint8_t *row) {
    for (int x = 0; x < c->width; x++, row += 3)
        c->luma += (uint64_t)(row[0] * 299 + row[1] * 587 + row[2] * 114) / 1000;
}

void canvas_row(canvas *c, const uint8_t *rgb) {
    if (c->row >= c->from_height)
        return;
    int y = (int)((int64_t)c->row * c->height / c->from_height);
    if (c->width == c->from_width && c->height == c->from_height) {
        memcpy(c->pixels + (size_t)y * (size_t)c->width * 3, rgb, (size_t)c->width * 3);
        measure(c, rgb);
        c->row++;
        return;
    }
    uint64_t from = (uint64_t)c->from_height, to = (uint64_t)c->height;
    uint64_t edge = ((uint64_t)y + 1) * from, end = ((uint64_t)c->row + 1) * to;
    uint64_t second = end > edge ? end - edge : 0;
    add_row(c, rgb, to - second);
    c->row++;
    if (end < edge)
        return;
    finish_row(c, y);
    measure(c, c->pixels + (size_t)y * (size_t)c->width * 3);
    if (second)
        add_row(c, rgb, second);
}

// Where the pixel (x, y) of the turned picture comes from.
static size_t source(const canvas *c, int orientation, int x, int y) {
    int right = c->width - 1, bottom = c->height - 1, sx = x, sy = y;
    switch (orientation) {
    case 2:
        sx = right - x;
        break;
    case 3:
        sx = right - x;
        sy = bottom - y;
        break;
    case 4:
        sy = bottom - y;
        break;
    case 5:
        sx = y;
        sy = x;
        break;
    case 6:
        sx = y;
        sy = bottom - x;
        break;
    case 7:
        sx = right - y;
        sy = bottom - x;
        break;
    case 8:
        sx = right - y;
        sy = x;
        break;
    default:
        break;
    }
    return 3 * ((size_t)sy * (size_t)c->width + (size_t)sx);
}

bool canvas_turn(canvas *c, int orientation) {
    if (orientation <= 1 || orientation > 8)
        return true;
    bool across = orientation >= 5;
    int width = across ? c->height : c->width, height = across ? c->width : c->height;
    uint8_t *turned = malloc((size_t)width * (size_t)height * 3);
    if (!turned)
        return false;
    uint8_t *at = turned;
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++, at += 3)
            memcpy(at, c->pixels + source(c, orientation, x, y), 3);
    free(c->pixels);
    c->pixels = turned;
    c->width = width;
    c->height = height;
    return true;
}
