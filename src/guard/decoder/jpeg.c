#include "guard/decoder/decode.h"
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
// jpeglib.h needs FILE and size_t first.
// clang-format off
#include <jpeglib.h>
#include <jerror.h>
// clang-format on

enum { SCANS_MOST = 200, QUALITY = 85 };

typedef struct failure {
    struct jpeg_error_mgr manager; // first: libjpeg gives it back
    jmp_buf back;
    bool memory;
} failure;

static _Noreturn void leave(j_common_ptr info) {
    failure *f = (failure *)info->err;
    f->memory = info->err->msg_code == JERR_OUT_OF_MEMORY;
    longjmp(f->back, 1);
}

// Damage in the coded picture: what was cut off would else be shown as grey. Oddities of cameras (stray bytes between
// markers, unknown versions) are no damage.
static void warn(j_common_ptr info, int level) {
    static const int damage[] = {JWRN_JPEG_EOF,    JWRN_HIT_MARKER,        JWRN_HUFF_BAD_CODE,
                                 JWRN_MUST_RESYNC, JWRN_BOGUS_PROGRESSION, JWRN_ARITH_BAD_CODE};
    if (level >= 0)
        return;
    for (size_t i = 0; i < sizeof damage / sizeof *damage; i++)
        if (info->err->msg_code == damage[i])
            leave(info);
}

static void silent(j_common_ptr info) {
    (void)info;
}

static struct jpeg_error_mgr *failure_open(failure *f) {
    jpeg_std_error(&f->manager);
    f->manager.error_exit = leave;
    f->manager.emit_message = warn;
    f->manager.output_message = silent;
    return &f->manager;
}

// A progressive picture may repeat its scans thousands of times.
static void count_scans(j_common_ptr info) {
    if (info->is_decompressor && ((j_decompress_ptr)info)->input_scan_number > SCANS_MOST)
        leave(info);
}

static int orientation_of(const struct jpeg_decompress_struct *jpeg) {
    for (jpeg_saved_marker_ptr m = jpeg->marker_list; m; m = m->next)
        if (m->marker == JPEG_APP0 + 1 && m->data_length > 6 && memcmp(m->data, "Exif\0\0", 6) == 0)
            return exif_orientation(m->data + 6, m->data_length - 6);
    return 1;
}

// Adobe's CMYK is stored inverted, which is what makes this product right.
static void cmyk_row(uint8_t *row, int width) {
    const uint8_t *from = row;
    for (int x = 0; x < width; x++, from += 4)
        for (int i = 0; i < 3; i++)
            *row++ = (uint8_t)(from[i] * from[3] / 255);
}

// libjpeg scales by eighths for next to nothing; the canvas does the rest.
static void scale(struct jpeg_decompress_struct *jpeg) {
    unsigned longer = jpeg->image_width > jpeg->image_height ? jpeg->image_width : jpeg->image_height;
    jpeg->scale_num = 1;
    jpeg->scale_denom = 1;
    while (jpeg->scale_denom < 8 && longer / (jpeg->scale_denom * 2) >= DECODER_SIDE_MOST)
        jpeg->scale_denom *= 2;
}

typedef struct work {
    struct jpeg_decompress_struct jpeg;
    struct jpeg_progress_mgr progress;
    failure failure;
    uint8_t *row;
} work;

static decoder_status read_all(work *w, canvas *out, int *orientation) {
    struct jpeg_decompress_struct *jpeg = &w->jpeg;
    jpeg_save_markers(jpeg, JPEG_APP0 + 1, 0xffff);
    jpeg_read_header(jpeg, TRUE);
    int64_t width = jpeg->image_width, height = jpeg->image_height;
    if (width > SIDE_MOST || height > SIDE_MOST || width * height > AREA_MOST)
        return DECODER_LARGE;
    *orientation = orientation_of(jpeg);
    bool cmyk = jpeg->num_components == 4;
    jpeg->out_color_space = cmyk ? JCS_CMYK : JCS_RGB;
    scale(jpeg);
    jpeg_start_decompress(jpeg);
    w->row = malloc((size_t)jpeg->output_width * 4);
    if (!w->row || !canvas_open(out, (int)jpeg->output_width, (int)jpeg->output_height))
        return DECODER_MEMORY;
    while (jpeg->output_scanline < jpeg->output_height) {
        jpeg_read_scanlines(jpeg, &w->row, 1);
        if (cmyk)
            cmyk_row(w->row, (int)jpeg->output_width);
        canvas_row(out, w->row);
    }
    jpeg_finish_decompress(jpeg);
    return DECODER_FINE;
}

decoder_status decode_jpeg(const uint8_t *data, size_t size, canvas *out, int *orientation) {
    work w = {.progress.progress_monitor = count_scans};
    w.jpeg.err = failure_open(&w.failure);
    volatile decoder_status status = DECODER_BROKEN;
    if (setjmp(w.failure.back) == 0) {
        jpeg_create_decompress(&w.jpeg);
        w.jpeg.progress = &w.progress;
        jpeg_mem_src(&w.jpeg, data, (unsigned long)size);
        status = read_all(&w, out, orientation);
    } else if (w.failure.memory) {
        status = DECODER_MEMORY;
    }
    free(w.row);
    jpeg_destroy_decompress(&w.jpeg);
    return status;
}

bool encode_jpeg(const canvas *c, uint8_t **out, size_t *size) {
    struct jpeg_compress_struct jpeg = {0};
    failure f = {0};
    unsigned long length = 0;
    volatile bool good = false;
    jpeg.err = failure_open(&f);
    *out = NULL;
    if (setjmp(f.back) == 0) {
        jpeg_create_compress(&jpeg);
        jpeg_mem_dest(&jpeg, out, &length);
        jpeg.image_width = (JDIMENSION)c->width;
        jpeg.image_height = (JDIMENSION)c->height;
        jpeg.input_components = 3;
        jpeg.in_color_space = JCS_RGB;
        jpeg_set_defaults(&jpeg);
        jpeg_set_quality(&jpeg, QUALITY, TRUE);
        jpeg_start_compress(&jpeg, TRUE);
        while (jpeg.next_scanline < jpeg.image_height) {
            JSAMPROW row = c->pixels + (size_t)jpeg.next_scanline * (size_t)c->width * 3;
            jpeg_write_scanlines(&jpeg, &row, 1);
        }
        jpeg_finish_compress(&jpeg);
        good = true;
    }
    jpeg_destroy_compress(&jpeg);
    *size = length;
    return good;
}
