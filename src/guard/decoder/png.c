#include "guard/decoder/decode.h"
#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

typedef struct source {
    const uint8_t *data;
    size_t size, at;
} source;

static void take(png_structp png, png_bytep out, size_t size) {
    source *s = png_get_io_ptr(png);
    if (size > s->size - s->at)
        png_error(png, "end");
    memcpy(out, s->data + s->at, size);
    s->at += size;
}

static _Noreturn void broken(png_structp png, png_const_charp what) {
    (void)what;
    png_longjmp(png, 1);
}

static void quiet(png_structp png, png_const_charp what) {
    (void)png;
    (void)what;
}

// Everything becomes 8-bit RGB on white.
static void transform(png_structp png, png_infop info) {
    png_color_16 white = {.red = 0xffff, .green = 0xffff, .blue = 0xffff, .gray = 0xffff};
    if (png_get_bit_depth(png, info) < 16)
        white = (png_color_16){.red = 255, .green = 255, .blue = 255, .gray = 255};
    png_set_expand(png);
    png_set_gray_to_rgb(png);
    if (png_get_color_type(png, info) & PNG_COLOR_MASK_ALPHA || png_get_valid(png, info, PNG_INFO_tRNS))
        png_set_background(png, &white, PNG_BACKGROUND_GAMMA_SCREEN, 0, 1.0);
    png_set_scale_16(png);
    png_set_strip_alpha(png);
}

static decoder_status size_status(int64_t width, int64_t height, bool interlaced) {
    if (width < 1 || height < 1)
        return DECODER_BROKEN;
    if (width > SIDE_MOST || height > SIDE_MOST || width * height > (interlaced ? INTERLACED_MOST : AREA_MOST))
        return DECODER_LARGE;
    return DECODER_FINE;
}

// Kept outside the frame that longjmp comes back to.
typedef struct work {
    png_structp png;
    png_infop info;
    uint8_t *rows;
    decoder_status status;
} work;

static decoder_status read_all(work *w, canvas *out, int *orientation) {
    png_read_info(w->png, w->info);
    int width = (int)png_get_image_width(w->png, w->info), height = (int)png_get_image_height(w->png, w->info);
    bool interlaced = png_get_interlace_type(w->png, w->info) != PNG_INTERLACE_NONE;
    decoder_status status = size_status(width, height, interlaced);
    if (status != DECODER_FINE)
        return status;
    transform(w->png, w->info);
    int passes = png_set_interlace_handling(w->png);
    png_read_update_info(w->png, w->info);
    size_t stride = (size_t)width * 3;
    if (png_get_rowbytes(w->png, w->info) != stride)
        return DECODER_BROKEN;
    w->rows = calloc(passes > 1 ? (size_t)height : 1, stride);
    if (!w->rows || !canvas_open(out, width, height))
        return DECODER_MEMORY;
    for (int pass = 0; pass < passes; pass++)
        for (int y = 0; y < height; y++) {
            uint8_t *row = passes > 1 ? w->rows + (size_t)y * stride : w->rows;
            png_read_row(w->png, row, NULL);
            if (pass == passes - 1)
                canvas_row(out, row);
        }
    png_read_end(w->png, w->info);
    png_bytep exif = NULL;
    png_uint_32 exif_size = 0;
    if (png_get_eXIf_1(w->png, w->info, &exif_size, &exif))
        *orientation = exif_orientation(exif, exif_size);
    return DECODER_FINE;
}

decoder_status decode_png(const uint8_t *data, size_t size, canvas *out, int *orientation) {
    source s = {data, size, 0};
    work w = {.status = DECODER_MEMORY};
    w.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, broken, quiet);
    w.info = w.png ? png_create_info_struct(w.png) : NULL;
    if (w.info) {
        png_set_user_limits(w.png, SIDE_MOST * 8, SIDE_MOST * 8); // ours are told apart from "broken"
        png_set_chunk_malloc_max(w.png, 1 << 20);
        png_set_chunk_cache_max(w.png, 64);
        png_set_read_fn(w.png, &s, take);
        if (setjmp(png_jmpbuf(w.png)) == 0)
            w.status = read_all(&w, out, orientation);
        else
            w.status = DECODER_BROKEN;
    }
    free(w.rows);
    png_destroy_read_struct(&w.png, &w.info, NULL);
    return w.status;
}
