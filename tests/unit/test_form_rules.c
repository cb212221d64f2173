// Filling, masks, comparison, facts, the schema and newer versions.
#include "form/mask.h"
#include "form_docs.h"

static const char SOURCES[] =
    "{\"account\":{\"kind\":\"legal\",\"org_name\":\"青禾科技有限公司\",\"org_id_type\":\"uscc\",\"org_id_no\":"
    "\"91350100M000100Y43\","
    "\"legal_rep_name\":\"苏晚\"},\"entity\":{\"responsible\":{\"name\":\"林知远\",\"id_type\":\"resident-id\",\"id_"
    "no\":"
    "\"11010519491231002X\",\"id_until\":\"9999-12-31\",\"mobile\":\"18612345678\",\"email\":\"\"}}}";

static void masks(arena *a) {
    static const char *const cases[][3] = {
        {"name", "张三", "张**"},
        {"name", "欧阳娜娜", "欧**"},
        {"id", "320102199001011215", "320*****15"},
        {"mobile", "13712342945", "137****2945"},
        {"code", "913301066739596501", "913*****01"},
        {"mail", "zhang@example.com", "z***@example.com"},
        {"text", "长安街110号", "长安街110号"},
        {"file", "f1", "f1"},
        {"id", "A12", "A*****"},
        {"mobile", "1", "1****"},
        {"mail", "x", "x***"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CHECK_TEXT(mask_value(a, cases[i][0], cases[i][1]), cases[i][2]);
    CHECK(!mask_value(a, "name", NULL));
}

static void filling(const forms *all, arena *a) {
    const json *sources = docs_json(a, SOURCES);
    CASE("同当前账号信息 fills four fields of the unit and no other") {
        json *d = docs_json(
            a,
            "{\"subject\":{\"nature\":\"unit\"},\"unit\":{\"fill\":\"account\",\"name\":\"别的\",\"licence\":\"f1\"}}");
        json *filled = json_object(a);
        CHECK(!form_fill(form_find(all, "entity"), a, d, sources, filled));
        CHECK_TEXT(json_print(a, filled), "{\"/unit/name\":\"account\",\"/unit/id_type\":\"account\",\"/unit/"
                                          "id_no\":\"account\",\"/unit/legal_rep\":\"account\"}");
        CHECK_TEXT(json_print(a, json_get(d, "unit")),
                   "{\"fill\":\"account\",\"name\":\"青禾科技有限公司\",\"licence\":\"f1\",\"id_type\":\"uscc\",\"id_"
                   "no\":\"91350100M000100Y43\",\"legal_rep\":\"苏晚\"}");
    }
    CASE("the other kind of account is refused") {
        json *d = docs_json(a, "{\"responsible\":{\"fill\":\"account\"}}");
        CHECK_TEXT(docs_error(form_fill(form_find(all, "entity"), a, d, sources, NULL), "/responsible/fill"), "choice");
        CHECK(!json_pointer(d, "/responsible/name"));
    }
    CASE("同主体负责人信息 fills the person; what the entity lacks stays typed") {
        json *d = docs_json(a, "{\"security_officer\":{\"fill\":\"responsible\",\"email\":\"own@test.com\",\"mobile\":"
                               "\"1\"},\"emergency_contact\":{\"fill\":\"self\"}}");
        json *filled = json_array(a);
        CHECK(!form_fill(form_find(all, "website"), a, d, sources, filled));
        CHECK_TEXT(json_text(json_get(d, "security_officer"), "mobile"), "18612345678");
        CHECK_TEXT(json_text(json_get(d, "security_officer"), "email"), "own@test.com");
        CHECK(filled->count == 5);
        CHECK(json_get(d, "emergency_contact")->count == 1);
        CHECK(form_fill(form_find(all, "website"), a, d, docs_json(a, "{}"), filled));
    }
    CASE("masked fields of a draft are those that were filled in") {
        json *d = docs_json(a, DOC_UNIT);
        json *shown = form_masked_at(form_find(all, "entity"), a, d, docs_json(a, "{\"/unit/id_no\":\"account\"}"));
        CHECK_TEXT(json_text(json_get(shown, "unit"), "id_no"), "913*****43");
        CHECK_TEXT(json_text(json_get(shown, "responsible"), "id_no"), "11010519491231002X");
        CHECK_TEXT(json_text(json_get(d, "unit"), "id_no"), "91350100M000100Y43");
    }
}

static void round_trip(const forms *all, arena *a) {
    const form *f = form_find(all, "entity");
    json *stored = docs_json(a, DOC_UNIT), *shown = form_masked(f, a, stored);
    CASE("a masked copy hides persons and numbers only") {
        CHECK_TEXT(json_text(json_get(shown, "responsible"), "name"), "林**");
        CHECK_TEXT(json_text(json_get(shown, "responsible"), "id_no"), "110*****2X");
        CHECK_TEXT(json_text(json_get(shown, "responsible"), "mobile"), "186****5678");
        CHECK_TEXT(json_text(json_get(shown, "unit"), "name"), "青禾科技有限公司");
        CHECK_TEXT(json_text(json_get(shown, "unit"), "licence"), "f1");
    }
    CASE("unchanged masks become the stored values again") {
        json *back = json_copy(a, shown);
        docs_put(a, back, "responsible", "mobile", "\"18699998888\"");
        CHECK(!form_unmask(f, a, back, stored));
        CHECK_TEXT(json_text(json_get(back, "responsible"), "name"), "林知远");
        CHECK_TEXT(json_text(json_get(back, "responsible"), "mobile"), "18699998888");
    }
    CASE("a half-changed mask is refused") {
        json *back = json_copy(a, shown);
        docs_put(a, back, "responsible", "mobile", "\"187****5678\"");
        problem *p = form_unmask(f, a, back, stored);
        CHECK_TEXT(docs_error(p, "/responsible/mobile"), "masked");
        CHECK_TEXT(docs_error(p, "/responsible/name"), "");
        CHECK(form_unmask(f, a, json_copy(a, shown), json_object(a)));
    }
}

static const char *row_text(arena *a, const json *rows, const char *pointer) {
    json_each(row, rows) if (text_same(json_text(row, "pointer"), pointer)) return arena_print(
        a, "%s: %s -> %s", json_text(row, "label"), json_print(a, json_get(row, "before")),
        json_print(a, json_get(row, "after")));
    return "";
}

static void comparing(const forms *all, arena *a) {
    CASE("a comparison names every changed field, masked") {
        json *before = docs_json(a, DOC_UNIT), *after = docs_json(a, DOC_UNIT);
        docs_put(a, after, "unit", "office_region", "\"330110\"");
        docs_put(a, after, "unit", "generative_ai", "\"yes\"");
        docs_put(a, after, "unit", "licence", "\"f9\"");
        docs_put(a, after, "responsible", "name", "\"林知遥\"");
        docs_put(a, after, "responsible", "phone", "\"010-88889999\"");
        json_remove(json_get(after, "responsible"), "email");
        json *rows = form_compare(form_find(all, "entity"), a, before, after);
        CHECK(rows->count == 6);
        CHECK_TEXT(row_text(a, rows, "/unit/office_region"),
                   "单位办公地址: \"北京市 / 市辖区 / 东城区\" -> \"浙江省 / 杭州市 / 余杭区\"");
        CHECK_TEXT(row_text(a, rows, "/unit/generative_ai"),
                   "本企业是否利用生成式人工智能技术向境内公众提供服务: \"否\" -> \"是\"");
        CHECK_TEXT(row_text(a, rows, "/unit/licence"), "主办单位有效证件: \"f1\" -> \"f9\"");
        CHECK_TEXT(row_text(a, rows, "/responsible/name"), "负责人姓名: \"林**\" -> \"林**\"");
        CHECK_TEXT(row_text(a, rows, "/responsible/phone"), "办公室电话: null -> \"010-88889999\"");
        CHECK_TEXT(row_text(a, rows, "/responsible/email"), "电子邮件地址: \"l***@test.com\" -> null");
        CHECK(form_compare(form_find(all, "entity"), a, before, before)->count == 0);
    }
    CASE("labels that stand twice carry their section; rows carry their number") {
        json *before = docs_json(a, DOC_SITE), *after = docs_json(a, DOC_SITE);
        docs_put(a, after, "registrar", "name", "\"另一家\"");
        docs_put(a, after, "site", "addresses", "[\"114.114.114.114\",\"2400:3200::1\"]");
        json *rows = form_compare(form_find(all, "website"), a, before, after);
        CHECK_TEXT(row_text(a, rows, "/registrar/name"),
                   "域名注册服务商 名称: \"Example Registrar Inc.\" -> \"另一家\"");
        CHECK_TEXT(row_text(a, rows, "/site/addresses"),
                   "IP: \"114.114.114.114\" -> \"114.114.114.114、2400:3200::1\"");
        before = docs_json(a, DOC_CANARY), after = docs_json(a, DOC_CANARY);
        docs_put(a, after, "basics", "colour", "\"red\"");
        docs_put(a, after, "basics", "cages", "[{\"kind\":\"domestic\",\"keeper\":\"张三\"}]");
        rows = form_compare(form_find(all, "canary"), a, before, after);
        CHECK_TEXT(row_text(a, rows, "/basics/cages/0/keeper"), "笼舍 1 看护人: null -> \"张**\"");
    }
}

typedef struct counting {
    int files, hidden, all;
} counting;
static void count_field(void *context, const field_visit *v) {
    counting *c = context;
    c->all++;
    c->files += (v->flags & FIELD_FILE) && v->value;
    c->hidden += (v->flags & FIELD_HIDDEN) != 0;
}

static void facts(const forms *all, arena *a) {
    const form *entity = form_find(all, "entity"), *site = form_find(all, "website");
    json *unit = docs_json(a, DOC_UNIT), *person = docs_json(a, DOC_PERSON), *d = docs_json(a, DOC_SITE);
    docs_check(site, a, d, CHECK_SUBMIT);
    CASE("name and region follow the nature") {
        CHECK_TEXT(form_name_of(entity, a, unit), "青禾科技有限公司");
        CHECK_TEXT(form_name_of(entity, a, person), "林知远");
        CHECK_TEXT(form_region_of(entity, a, unit), "110101");
        CHECK_TEXT(form_region_of(entity, a, person), "330110");
        CHECK_TEXT(form_name_of(site, a, d), "青禾小站");
        CHECK(!form_region_of(site, a, d));
        CHECK_TEXT(form_name_of(site, a, json_object(a)), "");
    }
    CASE("columns, public facts, unique and search values") {
        CHECK_TEXT(json_print(a, form_listed(site, a, d)),
                   "{\"name\":\"青禾小站\",\"icp\":\"京ICP备2026031728号-1\",\"domain\":\"qinghe.com\"}");
        const char *open = json_print(a, form_public(site, a, d));
        CHECK(strstr(open, "{\"key\":\"interactive\",\"label\":\"网站类别\",\"value\":\"非交互式\"}"));
        CHECK(strstr(open, "例子.中国"));
        CHECK(!strstr(open, "186") && !strstr(open, "林知远"));
        CHECK_TEXT(json_print(a, form_unique(site, a, d)), "[{\"rule\":\"domain\",\"value\":\"qinghe.com\"},{\"rule\":"
                                                           "\"domain\",\"value\":\"xn--fsqu00a.xn--fiqs8s\"}]");
        CHECK(form_search_values(site, a, d)->count == 2);
    }
    CASE("values as a person reads them") {
        const form *canary = form_find(all, "canary");
        const json *definition = NULL;
        json_each(one, json_pointer(canary->definition,
                                    "/steps/0/sections/0/fields")) if (text_same(json_text(one, "key"), "amount"))
            definition = one;
        CHECK_TEXT(form_show(canary, a, definition, json_number(a, 3)), "3 只");
        CHECK_TEXT(form_show(canary, a, definition, NULL), "");
    }
    CASE("a walk tells files and what is hidden") {
        counting c = {0};
        form_each(site, a, d, count_field, &c);
        CHECK(c.files == 7 && c.hidden == 0);
        json *draft = docs_json(a, "{\"subject\":{\"nature\":\"person\"},\"unit\":{\"licence\":\"f1\"}}");
        c = (counting){0};
        form_each(entity, a, draft, count_field, &c);
        CHECK(c.files == 1 && c.hidden == 1);
    }
}

static void newer(arena *a) {
    forms *all = docs_forms(a, "tests/forms/v2");
    const form *old = form_version(all, "canary", 1), *new = form_find(all, "canary");
    CASE("an archived version stays beside the newest") {
        CHECK(old && new &&old != new &&new->version == 2);
        CHECK(!docs_check(old, a, docs_json(a, DOC_CANARY), CHECK_SUBMIT));
        CHECK(strstr(json_print(a, old->lists), "灰色") && !strstr(json_print(a, new->lists), "灰色"));
    }
    CASE("an old draft is carried over and the person is told") {
        json *d = docs_json(a, DOC_CANARY), *changes = json_array(a);
        docs_put(a, d, "basics", "colour", "\"blue\"");
        docs_put(a, d, "basics", "weight", "12");
        docs_put(a, d, "basics", "papers", "\"f7\"");
        json *carried = form_carry_over(old, new, a, d, changes);
        CHECK_TEXT(json_pointer(carried, "/basics/title")->text, "小黄");
        CHECK_TEXT(json_pointer(carried, "/keeper/fill")->text, "self");
        CHECK(!json_pointer(carried, "/basics/colour") && !json_pointer(carried, "/basics/weight") &&
              !json_pointer(carried, "/basics/papers"));
        const char *told = json_print(a, changes);
        CHECK(strstr(told, "{\"pointer\":\"/basics/weight\",\"what\":\"“重量”已取消\",\"old\":12}"));
        CHECK(strstr(told, "{\"pointer\":\"/basics/colour\""));
        CHECK(strstr(told, "\"/basics/papers\",\"what\":\"“附件说明”的填写方式有变化，请重新填写\",\"old\":\"f7\""));
        CHECK(strstr(told, "{\"pointer\":\"/basics/wingspan\",\"what\":\"新增必填项“翼展”\"}"));
        CHECK(changes->count == 4);
        CHECK(!docs_check(new, a, carried, CHECK_DRAFT));
        CHECK(json_same(form_carry_over(new, new, a, d, changes), d));
    }
}

int main(void) {
    arena *a = arena_new(0);
    forms *all = docs_forms(a, "tests/forms");
    CASE("masks")
    masks(a);
    filling(all, a);
    round_trip(all, a);
    comparing(all, a);
    facts(all, a);
    newer(a);
    arena_free(a);
    return check_end();
}
