#include "base/clock.h"
#include "base/text.h"
#include "check.h"
#include "guard/decoder/decode.h"
#include "guard/picture.h"
#include <dirent.h>
#include <png.h>
#include <unistd.h>

typedef struct bytes {
    const uint8_t *data;
    size_t size;
} bytes;

// Left half red, right half blue, or one colour when `plain`.
static uint8_t *pixels(arena *a, int width, int height, bool plain, uint8_t level) {
    uint8_t *out = arena_alloc(a, (size_t)width * (size_t)height * 3), *at = out;
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++, at += 3)
            if (plain)
                memset(at, level, 3);
            else
                at[x < width / 2 ? 0 : 2] = 255;
    return out;
}

static bytes jpeg(arena *a, int width, int height, bool plain, uint8_t level) {
    canvas c = {.width = width, .height = height, .pixels = pixels(a, width, height, plain, level)};
    uint8_t *out = NULL;
    size_t size = 0;
    CHECK(encode_jpeg(&c, &out, &size));
    bytes b = {arena_copy(a, out, size), size};
    free(out);
    return b;
}

static bytes png(arena *a, int width, int height, uint32_t format, const uint8_t *data) {
    png_image image = {
        .version = PNG_IMAGE_VERSION, .width = (png_uint_32)width, .height = (png_uint_32)height, .format = format};
    png_alloc_size_t size = 0;
    CHECK(png_image_write_to_memory(&image, NULL, &size, 0, data, 0, NULL));
    uint8_t *out = arena_alloc(a, size);
    CHECK(png_image_write_to_memory(&image, out, &size, 0, data, 0, NULL));
    return (bytes){out, size};
}

static bytes joined(arena *a, bytes one, size_t at, bytes more) {
    uint8_t *out = arena_alloc(a, one.size + more.size);
    memcpy(out, one.data, at);
    memcpy(out + at, more.data, more.size);
    memcpy(out + at + more.size, one.data + at, one.size - at);
    return (bytes){out, one.size + more.size};
}

static bytes with_orientation(arena *a, bytes whole, uint8_t orientation) {
    uint8_t app1[] = {0xff, 0xe1, 0, 34,   'E', 'x', 'i', 'f', 0, 0, 'M', 'M',         0, '*', 0, 0, 0, 8,
                      0,    1,    1, 0x12, 0,   3,   0,   0,   0, 1, 0,   orientation, 0, 0,   0, 0, 0, 0};
    return joined(a, whole, 2, (bytes){app1, sizeof app1});
}

static const char *verdict(decoder *d, arena *a, bytes b, picture *out) {
    problem *p = decoder_picture(d, a, b.data, b.size, out);
    return p ? p->type : "fine";
}

static bool pixel(const picture *p, int x, int y, uint8_t rgb[3]) {
    canvas c = {0};
    int orientation = 1;
    bool good = decode_jpeg(p->shown, p->shown_size, &c, &orientation) == DECODER_FINE;
    if (good)
        memcpy(rgb, c.pixels + 3 * ((size_t)y * (size_t)c.width + (size_t)x), 3);
    canvas_close(&c);
    return good;
}

static void good_pictures(decoder *d, arena *a) {
    picture p;
    uint8_t rgb[3];
    CASE("a JPEG comes back as a JPEG of the same size")
    CHECK_TEXT(verdict(d, a, jpeg(a, 800, 600, false, 0), &p), "fine");
    CHECK(p.width == 800 && p.height == 600);
    CHECK_TEXT(p.media, "image/jpeg");
    CHECK_TEXT(p.hints, "[]");
    CHECK(pixel(&p, 10, 10, rgb) && rgb[0] > 240 && rgb[2] < 15);

    CASE("a PNG, with and without alpha, comes back as a JPEG on white")
    CHECK_TEXT(verdict(d, a, png(a, 700, 500, PNG_FORMAT_RGB, pixels(a, 700, 500, false, 0)), &p), "fine");
    CHECK(pixel(&p, 600, 10, rgb) && rgb[2] > 240 && rgb[0] < 15);
    uint8_t *clear = arena_alloc(a, 500 * 500 * 4);
    CHECK_TEXT(verdict(d, a, png(a, 500, 500, PNG_FORMAT_RGBA, clear), &p), "fine");
    CHECK(pixel(&p, 250, 250, rgb) && rgb[0] > 250 && rgb[1] > 250 && rgb[2] > 250);
    uint8_t *grey = arena_alloc(a, 500 * 500);
    memset(grey, 128, 500 * 500);
    CHECK_TEXT(verdict(d, a, png(a, 500, 500, PNG_FORMAT_GRAY, grey), &p), "fine");

    CASE("a large picture is shown with at most 2400 pixels a side")
    CHECK_TEXT(verdict(d, a, jpeg(a, 6001, 4003, false, 0), &p), "fine");
    CHECK(p.width == 2400 && p.height > 1590 && p.height < 1610);
    CHECK(pixel(&p, 1100, 700, rgb) && rgb[0] > 240);
    CHECK_TEXT(verdict(d, a, png(a, 2500, 3001, PNG_FORMAT_RGB, pixels(a, 2500, 3001, true, 200)), &p), "fine");
    CHECK(p.height == 2400 && pixel(&p, 1000, 2399, rgb) && rgb[1] > 195 && rgb[1] < 205);

    CASE("the camera's orientation is applied and forgotten")
    CHECK_TEXT(verdict(d, a, with_orientation(a, jpeg(a, 800, 600, false, 0), 6), &p), "fine");
    CHECK(p.width == 600 && p.height == 800);
    CHECK(pixel(&p, 300, 10, rgb) && rgb[0] > 240);
    CHECK(!memmem(p.shown, p.shown_size, "Exif", 4));

    CASE("small and dark pictures are told")
    CHECK_TEXT(verdict(d, a, jpeg(a, 200, 100, true, 20), &p), "fine");
    CHECK_TEXT(p.hints, "[\"small\",\"dark\"]");
}

static void wrong_kinds(decoder *d, arena *a) {
    static const struct {
        const char *name, *data;
        size_t size;
    } wrong[] = {{"HEIC",
                  "\0\0\0\x18"
                  "ftypheic\0\0\0\0",
                  16},
                 {"PDF", "%PDF-1.7\n", 9},
                 {"GIF", "GIF89a\1\0", 8},
                 {"WebP", "RIFF\0\0\0\0WEBP", 12},
                 {"text", "hello", 5},
                 {"nothing", "", 0},
                 {"HTML", "<html><script>", 14},
                 {"ZIP", "PK\3\4abcd", 8},
                 {"SVG", "<svg xmlns=", 11}};
    picture p;
    CASE("what is no PNG or JPEG is refused with the manual's words")
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        problem *bad = decoder_picture(d, a, wrong[i].data, wrong[i].size, &p);
        CHECK(bad && bad->status == 415 && strstr(bad->detail, "支持png,jpeg,jpg格式，文件大小不超过5MB"));
    }
}

static uint32_t crc(const uint8_t *data, size_t size) {
    uint32_t value = ~0u;
    for (size_t i = 0; i < size; i++) {
        value ^= data[i];
        for (int bit = 0; bit < 8; bit++)
            value = value >> 1 ^ (value & 1 ? 0xedb88320u : 0);
    }
    return ~value;
}

static void put(uint8_t *at, uint32_t value) {
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(value >> (24 - 8 * i));
}

// The size that the header declares is changed, the rest stays.
static bytes declared(arena *a, bytes whole, uint32_t width, uint32_t height) {
    uint8_t *out = arena_copy(a, whole.data, whole.size);
    put(out + 16, width);
    put(out + 20, height);
    put(out + 29, crc(out + 12, 17));
    return (bytes){out, whole.size};
}

static void bad_pictures(decoder *d, arena *a) {
    picture p;
    bytes good = jpeg(a, 800, 600, false, 0), flat = png(a, 64, 64, PNG_FORMAT_RGB, pixels(a, 64, 64, false, 0));
    CASE("40,000 x 40,000 pixels are refused before they are decoded")
    int64_t before = clock_steady();
    CHECK_TEXT(verdict(d, a, declared(a, flat, 40000, 40000), &p), "picture-large");
    CHECK_TEXT(verdict(d, a, declared(a, flat, 10000, 10000), &p), "picture-large");
    CHECK_TEXT(verdict(d, a, declared(a, flat, 0, 10), &p), "picture-broken");
    CHECK(clock_steady() - before < 3000);

    CASE("a picture broken off anywhere is refused")
    for (size_t size = 12; size < good.size; size += good.size / 9)
        CHECK_TEXT(verdict(d, a, (bytes){good.data, size}, &p), "picture-broken");
    for (size_t size = 12; size < flat.size - 12; size += flat.size / 5)
        CHECK_TEXT(verdict(d, a, (bytes){flat.data, size}, &p), "picture-broken");

    CASE("a polyglot is refused, and nothing of a comment is left")
    static const char script[] = "<script>alert(1)</script>PK\3\4";
    bytes tail = {(const uint8_t *)script, sizeof script - 1};
    CHECK_TEXT(verdict(d, a, joined(a, good, good.size, tail), &p), "picture-tail");
    uint8_t comment[40] = {0xff, 0xfe, 0, 38, '<', 's', 'c', 'r', 'i', 'p', 't', '>'};
    CHECK_TEXT(verdict(d, a, joined(a, good, 2, (bytes){comment, sizeof comment}), &p), "fine");
    CHECK(!memmem(p.shown, p.shown_size, "script", 6));
    CHECK_TEXT(verdict(d, a, joined(a, flat, flat.size, tail), &p), "picture-tail");

    CASE("changed bytes never bring the decoder down")
    for (int i = 0; i < 60; i++) {
        uint8_t *bad = arena_copy(a, good.data, good.size);
        uint32_t at;
        random_bytes(&at, sizeof at);
        bad[3 + at % (good.size - 3)] ^= (uint8_t)(1 + at % 255);
        problem *answer = decoder_picture(d, a, bad, good.size, &p);
        CHECK(!answer || answer->status == 422);
    }
}

static int open_files(void) {
    int count = 0;
    DIR *folder = opendir("/proc/self/fd");
    while (folder && readdir(folder))
        count++;
    if (folder)
        closedir(folder);
    return count;
}

int main(void) {
    arena *a = arena_new(1 << 20);
    char self[4096] = {0};
    ssize_t size = readlink("/proc/self/exe", self, sizeof self - 1);
    const char *path =
        size > 0 ? arena_print(a, "%.*s/../../beian-decoder", (int)(strrchr(self, '/') - self), self) : "";
    decoder *d = NULL;
    CASE("a decoder that is not there is told at the start")
    CHECK(decoder_open(a, "/no/such/decoder", &d) != NULL && !d);
    CASE("the decoder is beside the program")
    CHECK(decoder_open(a, path, &d) == NULL);
    if (!d)
        return check_end();
    int before = open_files();
    good_pictures(d, a);
    wrong_kinds(d, a);
    bad_pictures(d, a);
    CASE("no descriptor stays open")
    CHECK(open_files() == before);
    decoder_close(d);
    arena_free(a);
    return check_end();
}
