// The strict reader (RFC 8259, I-JSON) against right and hostile input, and the tree.
#include "base/json.h"
#include "check.h"

static arena *a;

static json *parse(const char *text) {
    return json_parse(a, text, strlen(text), NULL);
}

static bool refused(const char *text, size_t size) {
    json_error error = {0};
    return !json_parse(a, text, size, &error) && error.what && error.pointer;
}

static void right_texts(void) {
    // From RFC 8259 section 13 and the JSON test suite's y_ cases: what comes out when it is printed again.
    static const char *const texts[][2] = {
        {"null", "null"},
        {" \t\r\n[ ] ", "[]"},
        {"{}", "{}"},
        {"-0", "0"},
        {"1E400000000000000000000e", NULL},
        {"0.5e1", "5"},
        {"123e-10000000", "0"},
        {"9007199254740991", "9007199254740991"},
        {"-123123e-5", "-1.23123"},
        {"0.1", "0.1"},
        {"1e22", "1e+22"},
        {"\"\\u0060\\u012a\\u12AB\"", "\"`Īካ\""},
        {"\"\\ud834\\udd1e\"", "\"𝄞\""},
        {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\\"\\\\/\\u0008\\u000c\\n\\u000d\\u0009\""},
        {"\"\x7f\"", "\"\\u007f\""},
        {"\"\xef\xbf\xbf\"", "\"\xef\xbf\xbf\""},
        {"[116, 943, 234, 38793]", "[116,943,234,38793]"},
        {"{\"Image\":{\"Width\":800,\"IDs\":[116],\"Animated\":false}}",
         "{\"Image\":{\"Width\":800,\"IDs\":[116],\"Animated\":false}}"},
        {"{\"\":0}", "{\"\":0}"},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        json *value = parse(texts[i][0]);
        if (texts[i][1])
            CHECK_TEXT(value ? json_print(a, value) : NULL, texts[i][1]);
        else
            CHECK(!value);
    }
}

static void wrong_texts(void) {
    static const char *const texts[] = {
        "",
        " ",
        "nul",
        "True",
        "tru",
        "[1,]",
        "[,1]",
        "[1 2]",
        "[1",
        "]",
        "{",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{a:1}",
        "{'a':1}",
        "{\"a\":1 \"b\":2}",
        "1 1",
        "[]x",
        "01",
        "-",
        "-01",
        "+1",
        ".5",
        "1.",
        "1.e1",
        "1e",
        "1e+",
        "0x1",
        "NaN",
        "Infinity",
        "1e999",
        "-1e999",
        "\"",
        "\"\\",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\u12g4\"",
        "\"\\u0000\"",
        "\"\\ud800\"",
        "\"\\udc00\"",
        "\"\\ud800\\u0041\"",
        "\"\\ud800\\ud800\"",
        "\"\n\"",
        "\"\t\"",
        "\"\x01\"",
        "\"\xff\"",
        "\"\xc0\xaf\"",
        "\"\xe0\x80\x80\"",
        "\"\xed\xa0\x80\"",
        "\"\xf4\x90\x80\x80\"",
        "\"\xf8\x88\x80\x80\x80\"",
        "\"\xe4\xb8\"",
        "\xef\xbb\xbf{}",
        "/**/1",
        "[1]//",
        "\"a\"\"b\"",
        "\x0c[]",
        "{\"a\":1,\"a\":2}",
        "{\"a\":1,\"\\u0061\":2}",
        "{\"b\":{\"a\":[],\"c\":0,\"a\":[]}}",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (!refused(texts[i], strlen(texts[i])))
            check_fail(__FILE__, __LINE__, texts[i], NULL, NULL);
    CHECK(refused("\"a\0b\"", 5));
    CHECK(refused("1\0", 2));
    CHECK(refused("\0", 1));
}

static void many_keys(void) {
    text_buffer b = text_buffer_new(a, 1 << 20);
    text_add_char(&b, '{');
    for (int i = 0; i < 60000; i++)
        text_addf(&b, "\"k%d\":%d,", i, i);
    size_t size = b.size;
    text_add(&b, "\"k59999\":1}");
    json_error error = {0};
    CHECK(!json_parse(a, b.data, b.size, &error));
    CHECK_TEXT(error.pointer, "/k59999");
    b.size = size;
    b.data[b.size] = '\0';
    text_add(&b, "\"k\":1}");
    json *value = json_parse(a, b.data, b.size, &error);
    CHECK(value && value->count == 60001);
}

static void depth(void) {
    char text[200000];
    json_error error = {0};
    memset(text, '[', 32);
    memset(text + 32, ']', 32);
    CHECK(json_parse(a, text, 64, &error));
    memset(text, '[', 33);
    memset(text + 33, ']', 33);
    CHECK(!json_parse(a, text, 66, &error) && error.too_deep);
    memset(text, '[', sizeof text);
    CHECK(!json_parse(a, text, sizeof text, &error) && error.too_deep);
    for (size_t i = 0; i + 5 <= sizeof text; i += 5)
        memcpy(text + i, "{\"a\":", 5);
    CHECK(!json_parse(a, text, sizeof text, &error) && error.too_deep);
}

static void pointers(void) {
    json_error error = {0};
    const char *text = "{\"site\":{\"other\":[{\"a/b~c\":1},{\"a/b~c\":tru}]}}";
    CHECK(!json_parse(a, text, strlen(text), &error));
    CHECK_TEXT(error.pointer, "/site/other/1/a~1b~0c");
    json *root = parse("{\"foo\":[\"bar\",\"baz\"],\"\":0,\"a/b\":1,\"m~n\":8,\"k\":{\"l\":[[7]]}}"); // RFC 6901
    CHECK(json_pointer(root, "") == root);
    CHECK_TEXT(json_pointer(root, "/foo/0")->text, "bar");
    CHECK(json_pointer(root, "/")->number < 1);
    CHECK(json_pointer(root, "/a~1b") && json_pointer(root, "/m~0n") && json_pointer(root, "/k/l/0/0"));
    CHECK(!json_pointer(root, "/foo/2") && !json_pointer(root, "/foo/00") && !json_pointer(root, "/foo/-") &&
          !json_pointer(root, "foo"));
}

static void tree(void) {
    json *o = json_object(a);
    json_set_text(a, o, "x", "1");
    json_set_number(a, o, "y", 2);
    json_set_text(a, o, "absent", NULL);
    json_set_bool(a, o, "x", true);
    CHECK_TEXT(json_print(a, o), "{\"x\":true,\"y\":2}");
    json_remove(o, "y");
    json_set_text(a, o, "z", "末");
    CHECK_TEXT(json_print(a, o), "{\"x\":true,\"z\":\"末\"}");
    json_remove(o, "x");
    json_remove(o, "z");
    CHECK(o->count == 0 && !o->first && !o->last);
    CHECK(json_same(parse("{\"a\":[1,{\"b\":null}],\"c\":\"x\"}"), parse("{\"c\":\"x\",\"a\":[1,{\"b\":null}]}")));
    CHECK(!json_same(parse("{\"a\":1}"), parse("{\"b\":1}")) && !json_same(parse("[1,2]"), parse("[2,1]")));
    CHECK(!json_same(parse("{\"a\":1,\"b\":2}"), parse("{\"a\":1,\"c\":2}")));
    json *from = parse("{\"a\":[1,{\"b\":\"c\"}]}"), *copy = json_copy(a, from);
    CHECK(json_same(from, copy) && copy->first->first != from->first->first);
    CHECK(json_num(o, "nothing", 7) > 6 && !json_text(NULL, "x") && !json_flag(NULL, "x"));
}

int main(void) {
    a = arena_new(0);
    CASE("json: right texts are read and printed") right_texts();
    CASE("json: wrong texts are refused") wrong_texts();
    CASE("json: doubled keys among many are found quickly") many_keys();
    CASE("json: nesting ends at 32") depth();
    CASE("json: pointers name the place (RFC 6901)") pointers();
    CASE("json: the tree") tree();
    arena_free(a);
    return check_end();
}
