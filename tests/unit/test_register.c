// The public register: how queries are read, what is found, and that a cached answer ends with the commit that changes
// it.
#include "register/cache.h"
#include "register/fold.h"
#include "register/lookup.h"
#include "register/register.h"
#include "store_kit.h"

static void folding(arena *a) {
    CASE("register: a number is read in every spelling")
    static const char *const numbers[] = {"京公网安备11010102000001号", "京公网安备 11010102000001号", "11010102000001",
                                          " 京公网安备１１０１０１０２０００００１号 ", "京公网安备 11010102000001"};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        CHECK_TEXT(fold_number(a, numbers[i]), "11010102000001");
    CASE("register: what is no number is none")
    static const char *const others[] = {
        "", "1101010200000", "110101020000011", "京ICP备11010102000001号", "公网安备", "11010102000001x", "\xff"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        CHECK(!fold_number(a, others[i]));

    CASE("register: a domain is read from an address, in both spellings")
    CHECK_TEXT(fold_host(a, "HTTPS://www.Example.com:8443/a?b#c"), "example.com");
    CHECK_TEXT(fold_host(a, "example.com."), "example.com");
    CHECK_TEXT(fold_host(a, "青禾。中国"), "xn--2lzs91d.xn--fiqs8s");
    CHECK_TEXT(fold_host(a, "XN--2LZS91D.xn--fiqs8s"), "xn--2lzs91d.xn--fiqs8s");
    CHECK(!fold_host(a, "青禾政务公开网") && !fold_host(a, "") && !fold_host(a, "https://"));

    CASE("register: names are compared without case, width and white space")
    CHECK_TEXT(fold_text(a, "ＡＢＣ　数据 Portal"), "abc数据portal");
    CHECK(!fold_text(a, "\xc3"));
}

typedef struct publication {
    const char *filing, *number, *name, *domain, *other;
} publication;

static problem *publish(void *context, db *d, arena *a) {
    const publication *p = context;
    json *facts = json_array(a), *values = json_array(a), *row = json_add(a, facts, json_object(a));
    json_set_text(a, row, "key", "domain");
    json_set_text(a, row, "label", "主域名");
    json_set_text(a, row, "value", p->domain);
    for (int i = 0; i < 2; i++) {
        json *value = json_add(a, values, json_object(a));
        json_set_text(a, value, "field", "domain");
        json_set_text(a, value, "value", i ? p->other : p->domain);
    }
    register_entry e = {.filing = p->filing,
                        .kind = "canary",
                        .kind_label = "网站",
                        .state = "valid",
                        .number = p->number,
                        .name = p->name,
                        .unit_name = "北京市公安局东城分局",
                        .holder_type = "单位 · 企业",
                        .holder = "青禾有限公司",
                        .approved = 1800000000000,
                        .facts = facts,
                        .values = values};
    return register_publish(d, a, &e);
}

static problem *cancel(void *context, db *d, arena *a) {
    return register_set_state(d, a, context, "cancelled");
}

static size_t count_of(db *d, arena *a, lookup_by by, const char *text, const json **first) {
    json *found = NULL;
    CHECK(!lookup_find(d, a, by, text, &found));
    if (first)
        *first = json_at(json_get(found, "items"), 0);
    return json_get(found, "items")->count;
}

static void looking(store *s, arena *a) {
    db *d = NULL;
    const json *one;
    publication first = {"f1", "京公网安备11010102000001号", "青禾 Data 平台", "qinghe.example", "青禾.中国"};
    publication second = {"f2", "京公网安备11010102000002号", "青禾data平台二期", "two.example", "three.example"};
    CHECK(!store_reader(s, a, &d));
    CASE("register: an entry is found by number, domain and name")
    CHECK(!writer_run(s, a, publish, &first) && !writer_run(s, a, publish, &second));
    CHECK(count_of(d, a, LOOKUP_ANY, "京公网安备 11010102000001号", &one) == 1);
    CHECK_TEXT(json_text(one, "name"), "青禾 Data 平台");
    CHECK_TEXT(json_text(one, "domain"), "qinghe.example");
    CHECK_TEXT(json_text(one, "state_label"), "有效");
    CHECK_TEXT(json_text(one, "holder"), "青禾有限公司");
    CHECK(count_of(d, a, LOOKUP_ANY, "https://www.qinghe.example/x", NULL) == 1);
    CHECK(count_of(d, a, LOOKUP_ANY, "shop.qinghe.example", NULL) == 1);
    CHECK(count_of(d, a, LOOKUP_DOMAIN, "青禾.中国", NULL) == 1);
    CHECK(count_of(d, a, LOOKUP_DOMAIN, "xn--2lzs91d.xn--fiqs8s", NULL) == 1);
    CHECK(count_of(d, a, LOOKUP_ANY, "青禾DATA", NULL) == 2);
    CHECK(count_of(d, a, LOOKUP_NAME, "青禾ｄａｔａ平台二期", NULL) == 1);
    CASE("register: what is not there is not found")
    CHECK(count_of(d, a, LOOKUP_ANY, "11010102000009", NULL) == 0);
    CHECK(count_of(d, a, LOOKUP_ANY, "禾", NULL) == 0);
    CHECK(count_of(d, a, LOOKUP_ANY, "%", NULL) == 0);
    CHECK(count_of(d, a, LOOKUP_ANY, "", NULL) == 0);
    CHECK(count_of(d, a, LOOKUP_ANY, "\xff\xfe", NULL) == 0);

    CASE("register: an address is compared with the entry's domains")
    bool owns = false;
    CHECK(!lookup_owns(d, a, "11010102000001", "https://a.qinghe.example/", &owns) && owns);
    CHECK(!lookup_owns(d, a, "11010102000001", "evilqinghe.example", &owns) && !owns);
    CHECK(!lookup_owns(d, a, "11010102000002", "qinghe.example", &owns) && !owns);

    CASE("register: publishing again replaces the domains, a state can change")
    first.other = "new.example";
    CHECK(!writer_run(s, a, publish, &first) && !writer_run(s, a, cancel, (void *)(uintptr_t) "f1"));
    CHECK(count_of(d, a, LOOKUP_ANY, "青禾.中国", NULL) == 0);
    CHECK(count_of(d, a, LOOKUP_ANY, "new.example", &one) == 1);
    CHECK_TEXT(json_text(one, "state_label"), "已注销");
    db_close(d);
}

static void caching(store *s, arena *a) {
    size_t size = 0;
    CASE("register: a cached answer is good until the commit of a change")
    uint64_t before = cache_generation();
    cache_put("11010102000001", before, "answer", 6);
    CHECK(!cache_get(a, "11010102000001", &size)); // asked for once
    cache_put("11010102000001", before, "answer", 6);
    CHECK_TEXT(cache_get(a, "11010102000001", &size), "answer");
    CHECK(size == 6 && !cache_get(a, "11010102000002", &size));
    CHECK(!kit_set(s, "anything", "1"));
    CHECK(cache_get(a, "11010102000001", &size));
    CHECK(!writer_run(s, a, cancel, (void *)(uintptr_t) "f2"));
    for (int i = 0; i < 100 && cache_generation() == before; i++)
        usleep(1000);
    CHECK(!cache_get(a, "11010102000001", &size));
    CASE("register: an answer read before a change is not kept after it")
    cache_put("11010102000001", before, "stale", 5);
    CHECK(!cache_get(a, "11010102000001", &size));
    CASE("register: many numbers crowd each other out and nothing else")
    for (int i = 0; i < 20000; i++) {
        const char *digits = arena_print(a, "110101020%05d", i);
        cache_put(digits, cache_generation(), digits, 14);
        cache_put(digits, cache_generation(), digits, 14);
        CHECK_TEXT(cache_get(a, digits, &size), digits);
    }
}

static void snippet(arena *a) {
    CASE("register: the snippet links to the entry")
    CHECK_TEXT(register_snippet(a, "https://beian.example", "京公网安备11010102000001号"),
               "<a href=\"https://beian.example/register?code=11010102000001\" rel=\"noreferrer\" target=\"_blank\">"
               "<img src=\"beian.svg\" alt=\"\" width=\"20\" height=\"20\">京公网安备11010102000001号</a>");
}

int main(void) {
    kit_start();
    arena *a = arena_new(1 << 20);
    folding(a);
    store *s = kit_open("register.db");
    writer_on_commit(s, cache_committed, NULL);
    looking(s, a);
    caching(s, a);
    snippet(a);
    store_close(s);
    arena_free(a);
    kit_end();
    return check_end();
}
