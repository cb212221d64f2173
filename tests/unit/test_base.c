// Arena, text, clock, configuration, problems.
#include "base/arena.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/problem.h"
#include "base/text.h"
#include "check.h"
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

static arena *a;

static void arenas(void) {
    arena *own = arena_new(64);
    char *first = arena_alloc(own, 10);
    for (int i = 0; i < 10; i++)
        CHECK(first[i] == 0);
    for (size_t size = 0; size < 5000; size += 7) {
        unsigned char *block = arena_alloc(own, size);
        CHECK((uintptr_t)block % 16 == 0);
        memset(block, 0xAB, size);
    }
    char *large = arena_alloc(own, 3 << 20);
    CHECK(large[(3 << 20) - 1] == 0);
    CHECK(arena_used(own) > (3 << 20));
    arena_reset(own);
    CHECK(arena_used(own) == 0);
    char *again = arena_alloc(own, 32);
    for (int i = 0; i < 32; i++)
        CHECK(again[i] == 0);
    CHECK(arena_text(own, NULL) == NULL);
    CHECK_TEXT(arena_print(own, "%s-%d", "x", 7), "x-7");
    CHECK(strlen(arena_print(own, "%01000d", 1)) == 1000);
    arena_free(own);
    arena_free(NULL);
}

static void utf8(void) {
    CHECK(text_valid("汉字𠀀", strlen("汉字𠀀")) && text_length("汉字𠀀") == 3);
    CHECK(!text_valid("a\0b", 3));
    static const char *const wrong[] = {"\x80",         "\xc1\xbf",         "\xe0\x9f\xbf",
                                        "\xed\xa0\x80", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80",
                                        "\xf5",         "\xe4\xb8",         "a\xff"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        CHECK(!text_valid(wrong[i], strlen(wrong[i])));
    const char *text = "é\xff汉";
    CHECK(text_next(&text) == 0xE9 && text_next(&text) == UINT32_MAX && text_next(&text) == 0x6C49 &&
          text_next(&text) == 0);
    CHECK_TEXT(text_head(a, "汉字𠀀x", 3), "汉字𠀀");
    CHECK_TEXT(text_head(a, "ab", 9), "ab");
    CHECK_TEXT(text_trim(a, " \t\n　 汉 字　\xc2\xa0"), "汉 字");
    CHECK_TEXT(text_trim(a, " 　 "), "");
}

static void codecs(void) {
    static const char *const vectors[][2] = {
        {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},         {"foo", "Zm9v"},
        {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}}; // RFC 4648
    size_t size = 0;
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        CHECK_TEXT(text_base64url(a, vectors[i][0], strlen(vectors[i][0])), vectors[i][1]);
        const char *back = (const char *)text_unbase64url(a, vectors[i][1], &size);
        CHECK(back && size == strlen(vectors[i][0]) && memcmp(back, vectors[i][0], size) == 0);
    }
    static const char *const wrong[] = {"Zg==", "Zh", "Zm9", "A", "Zm9v+", "Zm 9v", "Zm9v\n", "Zm8="};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        CHECK(!text_unbase64url(a, wrong[i], &size));
    unsigned char bytes[3];
    CHECK_TEXT(text_hex(a, "\x00\xab\xff", 3), "00abff");
    CHECK(text_unhex("00ABff", bytes, 3) && bytes[1] == 0xAB);
    CHECK(!text_unhex("00abf", bytes, 3) && !text_unhex("00abfg", bytes, 3) && !text_unhex("00abff00", bytes, 3) &&
          !text_unhex(NULL, bytes, 3));
    CHECK(text_equal_secret("abc", "abc", 3) && !text_equal_secret("abc", "abd", 3));
}

static void ids(void) {
    char *one = text_id(a), *two = text_id(a);
    CHECK(text_is_id(one) && text_is_id(two) && strcmp(one, two) != 0);
    CHECK(strncmp(one, two, 6) == 0); // the time comes first
    CHECK(!text_is_id("short") && !text_is_id(NULL) && !text_is_id("abcdefghijklmnopqrst/v"));
}

static void buffers(void) {
    text_buffer b = text_buffer_new(a, 1);
    for (int i = 0; i < 1000; i++)
        text_addf(&b, "%d,", i);
    CHECK(b.size == strlen(b.data) && text_ends(b.data, "998,999,"));
    text_buffer h = text_buffer_new(a, 0);
    text_add_html(&h, "<a href=\"x\">'&'</a>");
    CHECK_TEXT(h.data, "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;");
    size_t count = 0;
    char **parts = text_split(a, "a,,b,", ',', &count);
    CHECK(count == 4);
    CHECK_TEXT(parts[2], "b");
    CHECK_TEXT(parts[3], "");
}

static void dates(void) {
    int64_t ms = 0;
    CHECK(clock_parse_date("2026-11-24", &ms));
    CHECK_TEXT(clock_iso(a, ms), "2026-11-24T00:00:00+08:00");
    CHECK_TEXT(clock_date(a, ms - 1), "2026-11-23");
    CHECK_TEXT(clock_show(a, ms + 10 * HOUR + 32 * MINUTE), "2026-11-24 10:32");
    CHECK_TEXT(clock_iso(a, 0), "1970-01-01T08:00:00+08:00");
    static const char *const right[] = {"1970-01-01", "2000-02-29", "2024-02-29", "9999-12-31",
                                        "1900-03-01", "1969-12-31", "0001-01-01"};
    for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
        CHECK(clock_parse_date(right[i], &ms));
        CHECK_TEXT(clock_date(a, ms), right[i]);
    }
    static const char *const wrong[] = {"1900-02-29", "2023-02-29", "2024-04-31",  "2024-13-01",
                                        "2024-00-10", "2024-1-01",  "2024-01-01 ", "24-01-01",
                                        "2024/01/01", "",           "0000-01-01"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        CHECK(!clock_parse_date(wrong[i], &ms));
    CHECK(!clock_parse_date(NULL, &ms));
}

// The zone of the machine must not matter.
static void zones(void) {
    setenv("TZ", "America/New_York", 1);
    CHECK_TEXT(clock_show(a, 1700000000000), "2023-11-15 06:13");
    setenv("TZ", "Pacific/Kiritimati", 1);
    CHECK_TEXT(clock_show(a, 1700000000000), "2023-11-15 06:13");
    clock_set_offset(3 * DAY);
    CHECK(clock_now() - clock_real() > 2 * DAY);
    clock_set_offset(0);
}

static void configuration(void) {
    config c;
    setenv("BEIAN_LISTEN", "127.0.0.1:1", 1);
    setenv("BEIAN_POOL", "7", 1);
    char *flags[] = {"--listen", "127.0.0.1:2", "--public-url=https://x.example/", "--quiet"};
    CHECK(!config_read(a, 4, flags, &c));
    CHECK_TEXT(c.listen, "127.0.0.1:2");
    CHECK_TEXT(c.public_url, "https://x.example");
    CHECK_TEXT(c.store, "sqlite:./data/beian.db");
    CHECK(c.pool == 7 && c.loops == 2 && c.quiet);
    char *unknown[] = {"--colour", "red"}, *missing[] = {"--listen"}, *word[] = {"word"}, *number[] = {"--pool=x"};
    CHECK(config_read(a, 2, unknown, &c) && config_read(a, 1, missing, &c) && config_read(a, 1, word, &c) &&
          config_read(a, 1, number, &c));
    char path[] = "/tmp/beian-test-XXXXXX";
    int fd = mkstemp(path);
    CHECK(write(fd, "# a file\nlisten = 127.0.0.1:3\n loops=3\n", 39) == 39);
    char *file[] = {"--config", path};
    CHECK(!config_read(a, 2, file, &c));
    CHECK_TEXT(c.listen, "127.0.0.1:1"); // the environment is above the file
    CHECK(c.loops == 3);
    const char *secret = NULL;
    CHECK(!config_secret(a, path, &secret) && text_starts(secret, "# a file"));
    CHECK(fchmod(fd, 0644) == 0 && config_secret(a, path, &secret));
    CHECK(config_secret(a, "/nonexistent/secret", &secret));
    close(fd);
    unlink(path);
}

static void problems(void) {
    problem *p = problem_invalid(a);
    problem_add(a, p, "/site/name", "required", "请填写网站名称，例如 某某网");
    p->extra = json_object(a);
    json_set_text(a, p->extra, "application", "X");
    CHECK(problem_is(p, "invalid") && !problem_is(NULL, "invalid"));
    json *o = problem_json(a, p);
    CHECK_TEXT(json_text(o, "type"), "/problems/invalid");
    CHECK_TEXT(json_text(json_pointer(o, "/errors/0"), "pointer"), "/site/name");
    CHECK_TEXT(json_text(o, "application"), "X");
}

int main(void) {
    a = arena_new(0);
    CASE("arena: zeroed, aligned, grows, resets") arenas();
    CASE("text: UTF-8") utf8();
    CASE("text: base64url (RFC 4648) and hex are strict") codecs();
    CASE("text: ids") ids();
    CASE("text: buffers, HTML, splitting") buffers();
    CASE("clock: dates") dates();
    CASE("clock: Shanghai whatever the zone") zones();
    CASE("config: flags, environment, file, secrets") configuration();
    CASE("problem: members") problems();
    arena_free(a);
    return check_end();
}
