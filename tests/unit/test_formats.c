// Every format against its vectors: value, verdict, normal form.
#include "base/text.h"
#include "check.h"
#include "form/formats.h"

typedef struct vector {
    const char *format, *kind, *value;
    format_verdict verdict;
    const char *normal; // NULL: as typed, when it is not wrong
} vector;

#define R FORMAT_RIGHT
#define W FORMAT_WRONG
#define D FORMAT_DOUBTFUL

static const vector id_cards[] = {
    {"id-card", NULL, "11010519491231002X", R, NULL},
    {"id-card", NULL, "11010519491231002x", R, "11010519491231002X"},
    {"id-card", NULL, "１１０１０５１９４９１２３１００２Ｘ", R, "11010519491231002X"},
    {"id-card", NULL, " 110105 19491231 002X ", R, "11010519491231002X"},
    {"id-card", NULL, "440524188001010014", R, NULL},
    {"id-card", NULL, "810000199408230021", R, NULL},
    {"id-card", NULL, "830000199201300022", R, NULL},
    {"id-card", NULL, "110101198801010000", R, NULL},
    {"id-card", NULL, "110105194912310021", W, NULL},
    {"id-card", NULL, "440524188001010015", W, NULL},
    {"id-card", NULL, "11010519491331002X", W, NULL},
    {"id-card", NULL, "110101197001011111", W, NULL},
    {"id-card", NULL, "990105194912310029", W, NULL},
    {"id-card", NULL, "110105491231002", W, NULL},
    {"id-card", NULL, "11010520991231001X", W, NULL},
    {"id-card", NULL, "1101051949123100２", W, NULL},
    {"id-card", NULL, "", W, NULL},
};

static const vector persons[] = {
    {"person-document", "resident-id", "11010519491231002x", R, "11010519491231002X"},
    {"person-document", "resident-id", "810000199408230021", W, NULL},
    {"person-document", "temporary-resident-id", "440524188001010014", R, NULL},
    {"person-document", "hk-macao-residence", "810000199408230021", R, NULL},
    {"person-document", "hk-macao-residence", "830000199201300022", W, NULL},
    {"person-document", "taiwan-residence", "830000199201300022", R, NULL},
    {"person-document", "foreign-permanent", "KAZ110090123105", R, NULL},
    {"person-document", "foreign-permanent", "KAZ11009012310", W, NULL},
    {"person-document", "hk-macao-pass", "h12345678", R, "H12345678"},
    {"person-document", "hk-macao-pass", "M1234567801", R, NULL},
    {"person-document", "hk-macao-pass", "A12345678", W, NULL},
    {"person-document", "taiwan-pass", "12345678", R, NULL},
    {"person-document", "taiwan-pass", "1234567890B", R, NULL},
    {"person-document", "taiwan-pass", "1234567", W, NULL},
    {"person-document", "passport", "E12345678", R, NULL},
    {"person-document", "passport", "EA1234567", R, NULL},
    {"person-document", "passport", "EI1234567", W, NULL},
    {"person-document", "passport", "G12345678", R, NULL},
    {"person-document", "passport", "141234567", R, NULL},
    {"person-document", "passport", "P<AB", W, NULL},
    {"person-document", "diplomatic-passport", "DE1234567", R, NULL},
    {"person-document", "diplomatic-passport", "DEA234567", W, NULL},
    {"person-document", "service-passport", "S1234567", R, NULL},
    {"person-document", "public-affairs-passport", "PE12345678", R, NULL},
    {"person-document", "hk-passport", "KJ1234567", R, NULL},
    {"person-document", "macao-passport", "MA1234567", R, NULL},
    {"person-document", "macao-passport", "MB1234567", W, NULL},
    {"person-document", "officer-id", "南字第12345678号", R, NULL},
    {"person-document", "officer-id", "南字第12345678", R, "南字第12345678号"},
    {"person-document", "officer-id", "12345678", W, NULL},
    {"person-document", "other", "AB-1234", R, NULL},
    {"person-document", "other", "<b>1234", W, NULL},
    {"person-document", "no-such", "AB-1234", W, NULL},
};

static const vector organisations[] = {
    {"uscc", NULL, "91330106673959654P", R, NULL},
    {"uscc", NULL, "914403001922038216", R, NULL},
    {"uscc", NULL, "91110108551385082q", R, "91110108551385082Q"},
    {"uscc", NULL, "911101085636549482", R, NULL},
    {"uscc", NULL, "12100000400000624D", R, NULL},
    {"uscc", NULL, "1210000042500615X0", R, NULL},
    {"uscc", NULL, "91110000101623741K", R, NULL},
    {"uscc", NULL, "91350100M000100Y43", R, NULL},
    {"uscc", NULL, "91110000802100433B", R, NULL},
    {"uscc", NULL, "91330100799655058B", R, NULL},
    {"uscc", NULL, "911100007109250324", R, NULL},
    {"uscc", NULL, "911100001000044477", R, NULL},
    {"uscc", NULL, "9144030010001686XA", R, NULL},
    {"uscc", NULL, "91440300192317458F", R, NULL},
    {"uscc", NULL, "91440400192548256N", R, NULL},
    {"uscc", NULL, "91440606722473344C", R, NULL},
    {"uscc", NULL, "914403001922038217", D, NULL},
    {"uscc", NULL, "12100000400000624E", D, NULL},
    {"uscc", NULL, "91330106673959654Q", D, NULL},
    {"uscc", NULL, "91310115MA1H8R7C6D", D, NULL},
    {"uscc", NULL, "91350211M0000XUF46", D, NULL},
    {"uscc", NULL, "91440300192203821O", W, NULL},
    {"uscc", NULL, "9133010667395965", W, NULL},
    {"organisation-document", "uscc", "91330106673959654P", R, NULL},
    {"organisation-document", "business-licence", "440301103097413", R, NULL},
    {"organisation-document", "business-licence", "440301103097414", D, NULL},
    {"organisation-document", "business-licence", "4403011030974", W, NULL},
    {"organisation-document", "organisation-code", "56365494-8", R, NULL},
    {"organisation-document", "organisation-code", "673959654", R, "67395965-4"},
    {"organisation-document", "organisation-code", "673959655", D, "67395965-5"},
    {"organisation-document", "organisation-code", "6739596", W, NULL},
    {"organisation-document", "other", "事证第1号", W, NULL},
    {"organisation-document", "other", "A-2026-11", R, NULL},
};

static const vector numbers[] = {
    {"icp", NULL, "鲁ICP备2026031639号", R, NULL},
    {"icp", NULL, "京ICP备11018762号", R, NULL},
    {"icp", NULL, "京ICP备2026031728号-1", R, NULL},
    {"icp", NULL, "京icp备 2026031728 号－１", R, "京ICP备2026031728号-1"},
    {"icp", NULL, "京ICP备2026031728-1", R, "京ICP备2026031728号-1"},
    {"icp", NULL, "京ICP备11018762", R, "京ICP备11018762号"},
    {"icp", NULL, "京ICP备2026031528号-2A", R, NULL},
    {"icp", NULL, "赣ICP备2024031528号-4A", R, NULL},
    {"icp", NULL, "粤B2-20090059-1626X", R, NULL},
    {"icp", NULL, "京ICP证030173号-1", R, NULL},
    {"icp", NULL, "京ICP证150476号", R, NULL},
    {"icp", NULL, "浙B2-20080101", R, NULL},
    {"icp", NULL, "B2-20080101", R, NULL},
    {"icp", NULL, "A2.B1.B2-20070004", R, NULL},
    {"icp", NULL, "川ICP备2026031728号-1", W, NULL},
    {"icp", NULL, "京ICP备202603172号-1", W, NULL},
    {"icp", NULL, "京ICP备2026031728号-0", W, NULL},
    {"icp", NULL, "京ICP备2026031728号-1B", W, NULL},
    {"icp", NULL, "ICP备2026031728号-1", W, NULL},
    {"icp-site", NULL, "京ICP备2026031728号-1", R, NULL},
    {"icp-site", NULL, "京ICP备2026031728号", D, NULL},
    {"icp-site", NULL, "京ICP备2026031728号-2A", W, NULL},
    {"filing-number", NULL, "京公网安备11010602202723号", R, NULL},
    {"filing-number", NULL, "京公网安备 11010802017518号", R, "京公网安备11010802017518号"},
    {"filing-number", NULL, "11000002000001", R, "京公网安备11000002000001号"},
    {"filing-number", NULL, "滇公网安备53062802000020号", R, NULL},
    {"filing-number", NULL, "浙公网安备33028302000652", R, "浙公网安备33028302000652号"},
    {"filing-number", NULL, "陕公网安备61040202000893号", R, NULL},
    {"filing-number", NULL, "沪公网安备11010602202723号", W, NULL},
    {"filing-number", NULL, "京公网安备1101060220272号", W, NULL},
    {"filing-number", NULL, "公网安备11010602202723号", W, NULL},
};

static const vector phones[] = {
    {"mobile", NULL, "18612345678", R, NULL},
    {"mobile", NULL, "+86 186-1234-5678", R, "18612345678"},
    {"mobile", NULL, "8618612345678", R, "18612345678"},
    {"mobile", NULL, "１８６１２３４５６７８", R, "18612345678"},
    {"mobile", NULL, "14412345678", D, NULL},
    {"mobile", NULL, "12612345678", W, NULL},
    {"mobile", NULL, "1861234567", W, NULL},
    {"mobile", NULL, "1861234567a", W, NULL},
    {"phone", NULL, "010-12345678", W, NULL},
    {"phone", NULL, "010-88889999", R, NULL},
    {"phone", NULL, "(021)88889999", R, "021-88889999"},
    {"phone", NULL, "037188889999", R, "0371-88889999"},
    {"phone", NULL, "0371－8888999-12", R, "0371-8888999-12"},
    {"phone", NULL, "400-910-0100", R, "4009100100"},
    {"phone", NULL, "95187", R, NULL},
    {"phone", NULL, "18612345678", W, NULL},
    {"phone", NULL, "0371-88", W, NULL},
    {"email", NULL, "zhangsan@test.com", R, NULL},
    {"email", NULL, "Zhang.San+1@TEST.com", R, "Zhang.San+1@test.com"},
    {"email", NULL, "zhang@公司.cn", R, "zhang@xn--55qx5d.cn"},
    {"email", NULL, "zhang..san@test.com", W, NULL},
    {"email", NULL, "z***@test.com", W, NULL},
    {"email", NULL, "zhangsan@test", W, NULL},
    {"email", NULL, "zhangsan.test.com", W, NULL},
};

static const vector nets[] = {
    {"domain", NULL, "test.com", R, NULL},
    {"domain", NULL, "https://WWW.Test.com:443/a?b", R, "test.com"},
    {"domain", NULL, "test。com", R, "test.com"},
    {"domain", NULL, "test.com.cn", R, NULL},
    {"domain", NULL, "www.com.cn", R, NULL},
    {"domain", NULL, "www.com", R, NULL},
    {"domain", NULL, "例子.中国", R, "xn--fsqu00a.xn--fiqs8s"},
    {"domain", NULL, "例子.公司", R, "xn--fsqu00a.xn--55qx5d"},
    {"domain", NULL, "xn--fsqu00a.xn--fiqs8s", R, NULL},
    {"domain", NULL, "qinghe.example", R, NULL},
    {"domain", NULL, "blog.test.com", W, NULL},
    {"domain", NULL, "com.cn", W, NULL},
    {"domain", NULL, "gov.cn", W, NULL},
    {"domain", NULL, "com", W, NULL},
    {"domain", NULL, "1.2.3.4", W, NULL},
    {"domain", NULL, "-a.com", W, NULL},
    {"domain", NULL, "a_b.com", W, NULL},
    {"domain", NULL, "te st.com", R, "test.com"},
    {"domain", NULL, "test.cmo", D, NULL},
    {"host", NULL, "www.test.com", R, NULL},
    {"host", NULL, "http://a.b.test.com/x", R, "a.b.test.com"},
    {"host", NULL, "co.uk", W, NULL},
    {"ip", NULL, "114.114.114.114", R, NULL},
    {"ip", NULL, "2400:3200::1", R, NULL},
    {"ip", NULL, "2400:3200:0:0:0:0:0:1", R, "2400:3200::1"},
    {"ip", NULL, "10.0.0.1", W, NULL},
    {"ip", NULL, "192.168.1.1", W, NULL},
    {"ip", NULL, "172.31.0.1", W, NULL},
    {"ip", NULL, "172.32.0.1", R, NULL},
    {"ip", NULL, "127.0.0.1", W, NULL},
    {"ip", NULL, "169.254.1.1", W, NULL},
    {"ip", NULL, "100.64.0.1", W, NULL},
    {"ip", NULL, "203.0.113.18", W, NULL},
    {"ip", NULL, "198.51.100.1", W, NULL},
    {"ip", NULL, "192.0.2.1", W, NULL},
    {"ip", NULL, "224.0.0.1", W, NULL},
    {"ip", NULL, "::1", W, NULL},
    {"ip", NULL, "fe80::1", W, NULL},
    {"ip", NULL, "fd00::1", W, NULL},
    {"ip", NULL, "2001:db8::1", W, NULL},
    {"ip", NULL, "::ffff:10.0.0.1", W, NULL},
    {"ip", NULL, "1.2.3", W, NULL},
    {"ip", NULL, "256.1.1.1", W, NULL},
    {"url", NULL, "https://www.test.com", R, NULL},
    {"url", NULL, "HTTPS://WWW.Test.com/Path?q=1#x", R, "https://www.test.com/Path?q=1#x"},
    {"url", NULL, "http://例子.中国:8080/", R, "http://xn--fsqu00a.xn--fiqs8s:8080/"},
    {"url", NULL, "http://[2400:3200::1]:80/", R, NULL},
    {"url", NULL, "http://114.114.114.114/", R, NULL},
    {"url", NULL, "https://127.0.0.1", W, NULL},
    {"url", NULL, "https://127.1/", W, NULL},
    {"url", NULL, "http://192.168.1.1:8080/", W, NULL},
    {"url", NULL, "http://test.0x7f/", W, NULL},
    {"url", NULL, "http://[::1]/", W, NULL},
    {"url", NULL, "http://localhost:8080/", W, NULL},
    {"url", NULL, "http://a.localhost/", W, NULL},
    {"url", NULL, "www.test.com", W, NULL},
    {"url", NULL, "javascript:alert(1)", W, NULL},
    {"url", NULL, "https://a@test.com/", W, NULL},
    {"url", NULL, "https://test.com/<b>", W, NULL},
    {"url", NULL, "https://test.com:99999/", W, NULL},
    {"date", NULL, "2026-11-24", R, NULL},
    {"date", NULL, "2026年1月4日", R, "2026-01-04"},
    {"date", NULL, "2026/1/4", R, "2026-01-04"},
    {"date", NULL, "2026-02-30", W, NULL},
    {"date", NULL, "24-11-2026", W, NULL},
};

static const vector names[] = {
    {"name", NULL, "张三", R, NULL},
    {"name", NULL, "　张三 ", R, "张三"},
    {"name", NULL, "买买提•吐尔逊", R, "买买提·吐尔逊"},
    {"name", NULL, "买买提・吐尔逊", R, "买买提·吐尔逊"},
    {"name", NULL, "买买提．吐尔逊", R, "买买提·吐尔逊"},
    {"name", NULL, "𠮷田", R, NULL},
    {"name", NULL, "𬎆", R, NULL},
    {"name", NULL, "𱁬", R, NULL},
    {"name", NULL, "José O'Neill-Smith Jr.", R, NULL},
    {"name", NULL, "张<b>三", W, NULL},
    {"name", NULL, "张三1", W, NULL},
    {"name", NULL, "张三😀", W, NULL},
    {"name", NULL, "张三&", W, NULL},
    {"name", NULL, "张，三", W, NULL},
    {"name", NULL, "·", W, NULL},
    {"name", NULL, "张**", W, NULL},
    {"title", NULL, "青禾政务公开网", R, NULL},
    {"title", NULL, "腾讯云计算（北京）有限责任公司", R, NULL},
    {"title", NULL, "C++ 与 R&D 小站", R, NULL},
    {"title", NULL, "<script>", W, NULL},
    {"title", NULL, "小站😀", W, NULL},
    {"title", NULL, "a\u202Eb", W, NULL},
    {"title", NULL, "…", W, NULL},
};

static void run(const vector *list, size_t count) {
    arena *a = arena_new(0);
    for (size_t i = 0; i < count; i++) {
        const vector *v = &list[i];
        format_result r = format_check(a, v->format, v->kind, v->value);
        char got[300], wanted[300];
        const char *normal = v->verdict == W ? "" : v->normal ? v->normal : v->value;
        snprintf(got, sizeof got, "%s %s %d %s", v->format, v->value, (int)r.verdict, r.value ? r.value : "");
        snprintf(wanted, sizeof wanted, "%s %s %d %s", v->format, v->value, (int)v->verdict, normal);
        CHECK_TEXT(got, wanted);
        CHECK(r.verdict == FORMAT_RIGHT || (r.detail && *r.detail));
        if (r.verdict != W) { // a normal form is its own normal form
            format_result again = format_check(a, v->format, v->kind, r.value);
            CHECK_TEXT(again.value, r.value);
        }
    }
    arena_free(a);
}
#define RUN(list) run(list, sizeof list / sizeof *list)

int main(void) {
    CASE("identity cards")
    RUN(id_cards);
    CASE("documents of persons")
    RUN(persons);
    CASE("documents of organisations")
    RUN(organisations);
    CASE("numbers of the two ministries")
    RUN(numbers);
    CASE("telephones and mail")
    RUN(phones);
    CASE("domains, addresses, dates")
    RUN(nets);
    CASE("names and titles")
    RUN(names);
    CASE("an identity number is never repeated in the detail") {
        arena *a = arena_new(0);
        CHECK(!strstr(format_check(a, "id-card", NULL, "110101197001011111").detail, "110101197001011111"));
        CHECK(!strstr(format_check(a, "uscc", NULL, "914403001922038217").detail, "914403001922038217"));
        CHECK_TEXT(format_check(a, "name", NULL, "<b>").detail, "格式有误, 不能输入特殊字符");
        CHECK_TEXT(format_check(a, "domain", NULL, "www.test.com").note, "已去掉 www");
        CHECK(format_check(a, "no-such", NULL, "x").verdict == FORMAT_WRONG);
        CHECK(format_check(a, NULL, NULL, "x").verdict == FORMAT_WRONG);
        arena_free(a);
    }
    return check_end();
}
