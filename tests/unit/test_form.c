// Definitions and verdicts.
#include "form_docs.h"
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

// Loads the definition as DIR/x.json and gives what the loader says.
static const char *verdict_on(arena *a, const char *definition) {
    char directory[] = "/tmp/form-test-XXXXXX";
    if (!mkdtemp(directory))
        return "no directory";
    const char *path = arena_print(a, "%s/x.json", directory);
    FILE *file = fopen(path, "w");
    fputs(definition, file);
    fclose(file);
    forms *all;
    problem *p = forms_load(a, directory, &all);
    unlink(path);
    rmdir(directory);
    return p ? p->detail : "loaded";
}

// A small right definition with the fields of its one section replaced.
static const char *with_fields(arena *a, const char *fields) {
    return arena_print(
        a,
        "{\"kind\":\"x\",\"version\":1,\"title\":\"试\",\"subject\":\"filing\",\"level\":\"district\","
        "\"actions\":{\"create\":\"新办\"},\"name_of\":[{\"field\":\"s.a\"}],\"steps\":[{\"key\":\"one\","
        "\"title\":\"一\",\"sections\":[{\"key\":\"s\",\"title\":\"节\",\"fields\":[%s]}]}]}",
        fields);
}

static void refusals(arena *a) {
    static const char a_field[] = "{\"key\":\"a\",\"label\":\"甲\",\"type\":\"text\"}";
    static const struct {
        const char *more, *wanted;
    } cases[] = {
        {"", "loaded"},
        {",{\"key\":\"a\",\"label\":\"乙\",\"type\":\"text\"}",
         "x.json: /steps/0/sections/0/fields/1: \"a\" stands twice"},
        {",{\"key\":\"B\",\"label\":\"乙\",\"type\":\"text\"}",
         "x.json: /steps/0/sections/0/fields/1: \"key\" is missing or not like other_domains"},
        {",{\"key\":\"b\",\"label\":\"乙\",\"type\":\"txt\"}", "x.json: /steps/0/sections/0/fields/1: no type \"txt\""},
        {",{\"key\":\"b\",\"label\":\"乙\",\"type\":\"text\",\"colour\":1}",
         "x.json: /steps/0/sections/0/fields/1: unknown member \"colour\""},
        {",{\"key\":\"b\",\"label\":\"乙\",\"type\":\"choice\",\"choices\":\"none\"}",
         "x.json: /steps/0/sections/0/fields/1: no list \"none\""},
        {",{\"key\":\"b\",\"label\":\"乙\",\"type\":\"text\",\"format\":\"none\"}",
         "x.json: /steps/0/sections/0/fields/1: no format \"none\""},
        {",{\"key\":\"b\",\"label\":\"乙\",\"type\":\"text\",\"when\":{\"c\":\"yes\"}},{\"key\":\"c\",\"label\":\"丙\","
         "\"type\":"
         "\"choice\",\"choices\":\"yes-no\"}",
         "x.json: /steps/0/sections/0/fields/1/when: \"c\" does not stand before what depends on it"},
        {",{\"key\":\"c\",\"label\":\"丙\",\"type\":\"choice\",\"choices\":\"yes-no\"},{\"key\":\"b\",\"label\":\"乙\","
         "\"type\":"
         "\"text\",\"when\":{\"c\":\"maybe\"}}",
         "x.json: /steps/0/sections/0/fields/2/when: a condition on \"c\" needs values of its list"},
        {",{\"key\":\"b\",\"label\":\"乙\",\"type\":\"group\",\"repeat\":{\"max\":2},\"fields\":[{\"key\":\"r\","
         "\"label\":\"丁\","
         "\"type\":\"text\",\"format_of\":\"q\"}]}",
         "x.json: /steps/0/sections/0/fields/1/fields/0: format_of names no choice beside it: \"q\""},
        {",{\"key\":\"b\",\"label\":\"乙\",\"type\":\"date\",\"min\":3}",
         "x.json: /steps/0/sections/0/fields/1: min of a date is \"today\""},
        {",{\"key\":\"b\",\"label\":\"乙\",\"type\":\"text\",\"sensitive\":\"soul\"}",
         "x.json: /steps/0/sections/0/fields/1: no mask \"soul\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CHECK_TEXT(verdict_on(a, with_fields(a, arena_print(a, "%s%s", a_field, cases[i].more))), cases[i].wanted);
    CHECK(strstr(verdict_on(a, "{\"kind\":\"x\","), "x.json: "));
    CHECK(strstr(verdict_on(a, "{\"kind\":\"website\",\"version\":1}"), "x.json: /: \"title\" is missing"));
    CHECK(strstr(
        verdict_on(a, "{\"kind\":\"x\",\"version\":0,\"title\":\"t\",\"subject\":\"filing\",\"level\":\"district\"}"),
        "version counts from 1"));
}

static void website(const forms *all, arena *a) {
    const form *f = form_find(all, "website");
    CASE("a complete website passes and is normalised") {
        json *d = docs_json(a, DOC_SITE);
        docs_put(a, d, "site", "domain", "\" https://WWW.QingHe.com/ \"");
        docs_put(a, d, "site", "icp", "\"京icp备2026031728-1\"");
        problem *p = docs_check(f, a, d, CHECK_SUBMIT);
        CHECK(!p);
        CHECK_TEXT(json_text(json_get(d, "site"), "domain"), "qinghe.com");
        CHECK_TEXT(json_text(json_get(d, "site"), "icp"), "京ICP备2026031728号-1");
        CHECK_TEXT(json_pointer(d, "/site/other_domains/0")->text, "xn--fsqu00a.xn--fiqs8s");
    }
    CASE("an empty website names every required field") {
        json *d = json_object(a);
        problem *p = docs_check(f, a, d, CHECK_SUBMIT);
        CHECK(p && p->status == 422);
        CHECK_TEXT(docs_error(p, "/site/name"), "required");
        CHECK_TEXT(docs_detail(p, "/site/name"), "请输入");
        CHECK_TEXT(docs_detail(p, "/site/type"), "请选择网站类型");
        CHECK_TEXT(docs_detail(p, "/site/domain_certificate"), "请上传域名证书");
        CHECK_TEXT(docs_error(p, "/site/addresses"), "required");
        CHECK_TEXT(docs_error(p, "/access/name"), "required");
        CHECK_TEXT(docs_error(p, "/access/region"), "");
        CHECK_TEXT(docs_error(p, "/emergency_contact/mobile"), "required");
        CHECK_TEXT(docs_error(p, "/emergency_contact/id_front"), ""); // no way of proof is chosen yet
        CHECK_TEXT(docs_error(p, "/site/value"), "");
    }
    CASE("one step is checked alone") {
        check_context context = {.now = DOCS_NOW, .step = "people"};
        problem *p = form_check(f, a, json_object(a), CHECK_SUBMIT, &context);
        CHECK_TEXT(docs_error(p, "/site/name"), "");
        CHECK_TEXT(docs_error(p, "/security_officer/name"), "required");
        context.step = "entity";
        CHECK(!form_check(f, a, json_object(a), CHECK_SUBMIT, &context));
        context.step = "nowhere";
        CHECK(form_check(f, a, json_object(a), CHECK_SUBMIT, &context));
    }
    CASE("a choice that opens others makes them required, and closes them") {
        json *d = docs_json(a, DOC_SITE);
        docs_put(a, d, "controlled", "goods", "\"yes\"");
        docs_put(a, d, "service", "interactive_kinds", "[\"03\"]");
        problem *p = docs_check(f, a, d, CHECK_SUBMIT);
        CHECK_TEXT(docs_error(p, "/controlled/goods_kinds"), "required");
        CHECK_TEXT(docs_error(p, "/controlled/proofs"), "required");
        CHECK_TEXT(docs_error(p, "/controlled/permit_kinds"), "");
        CHECK(!json_pointer(d, "/service/interactive_kinds")); // hidden: dropped
        d = docs_json(a, DOC_SITE);
        docs_put(a, d, "controlled", "permit", "\"yes\"");
        docs_put(a, d, "controlled", "permit_kinds", "[\"news\"]");
        docs_put(a, d, "controlled", "proofs",
                 "[{\"title\":\"许可证\",\"number\":\"1\",\"issuer\":\"某局\",\"until\":\"2020-01-01\"}]");
        p = docs_check(f, a, d, CHECK_SUBMIT);
        CHECK_TEXT(docs_error(p, "/controlled/proofs/0/until"), "date");
        CHECK_TEXT(docs_error(p, "/controlled/proofs/0/scan"), "required");
    }
    CASE("repeats tell the place and drop what is blank") {
        json *d = docs_json(a, DOC_SITE);
        docs_put(a, d, "site", "addresses", "[\"\",\"10.0.0.1\",\"114.114.114.114\",\"114.114.114.114\"]");
        problem *p = docs_check(f, a, d, CHECK_SUBMIT);
        CHECK_TEXT(docs_error(p, "/site/addresses/1"), "format");
        CHECK_TEXT(docs_error(p, "/site/addresses/3"), "doubled");
        CHECK(json_pointer(d, "/site/addresses")->count == 3);
    }
    CASE("a doubtful value passes when it is confirmed") {
        json *d = docs_json(a, DOC_SITE);
        docs_put(a, d, "site", "icp", "\"京ICP备2026031728号\"");
        problem *p = docs_check(f, a, d, CHECK_SUBMIT);
        CHECK_TEXT(docs_error(p, "/site/icp"), "doubtful");
        check_context context = {.now = DOCS_NOW, .confirmed = docs_json(a, "[\"/site/icp\"]")};
        CHECK(!form_check(f, a, d, CHECK_SUBMIT, &context));
    }
    CASE("dates keep their order and their side of today") {
        json *d = docs_json(a, DOC_SITE);
        docs_put(a, d, "site", "opened", "\"2026-11-25\"");
        docs_put(a, d, "site", "certificate_period", "{\"from\":\"2026-03-01\",\"to\":\"2026-03-01\"}");
        docs_put(a, d, "security_officer", "id_until", "\"2026-11-23\"");
        docs_put(a, d, "emergency_contact", "id_until", "\"2026-02-30\"");
        problem *p = docs_check(f, a, d, CHECK_SUBMIT);
        CHECK_TEXT(docs_error(p, "/site/opened"), "date");
        CHECK_TEXT(docs_detail(p, "/site/certificate_period"), "结束日期应晚于开始日期");
        CHECK_TEXT(docs_error(p, "/security_officer/id_until"), "date");
        CHECK_TEXT(docs_error(p, "/emergency_contact/id_until"), "format");
        d = docs_json(a, DOC_SITE);
        docs_put(a, d, "site", "opened", "\"2026-11-24\"");
        CHECK(!docs_check(f, a, d, CHECK_SUBMIT));
    }
    CASE("a draft keeps what is not right yet, but not what is no field") {
        json *d = docs_json(
            a, "{\"site\":{\"name\":\"<b>\",\"domain\":null,\"addresses\":[\"\"]},\"access\":{\"region\":\"\"}}");
        CHECK(!docs_check(f, a, d, CHECK_DRAFT));
        CHECK_TEXT(json_text(json_get(d, "site"), "name"), "<b>");
        d = docs_json(a, "{\"site\":{\"nam\":\"x\",\"name\":3,\"addresses\":\"x\",\"value\":\"3\",\"certificate_"
                         "period\":{\"a\":1}},\"sites\":{},\"access\":[]}");
        problem *p = docs_check(f, a, d, CHECK_DRAFT);
        CHECK_TEXT(docs_error(p, "/site/nam"), "unknown");
        CHECK_TEXT(docs_error(p, "/sites"), "unknown");
        CHECK_TEXT(docs_error(p, "/access"), "type");
        CHECK_TEXT(docs_error(p, "/site/name"), "type");
        CHECK_TEXT(docs_error(p, "/site/addresses"), "type");
        CHECK_TEXT(docs_error(p, "/site/value"), "type");
        CHECK_TEXT(docs_error(p, "/site/certificate_period"), "type");
        CHECK(docs_check(f, a, json_array(a), CHECK_DRAFT));
    }
}

static const json *no_file(void *context, const char *id) {
    return text_same(id, context) ? NULL : json_get(NULL, "");
}

static void entity(const forms *all, arena *a) {
    const form *f = form_find(all, "entity");
    CASE("a unit and a person pass; a person has no unit") {
        CHECK(!docs_check(f, a, docs_json(a, DOC_UNIT), CHECK_SUBMIT));
        json *d = docs_json(a, DOC_PERSON);
        json_set(a, d, "unit", docs_json(a, "{\"name\":\"x\"}"));
        CHECK(!docs_check(f, a, d, CHECK_SUBMIT));
        CHECK(!json_get(d, "unit"));
        CHECK_TEXT(json_text(json_get(d, "responsible"), "fill"), "self");
    }
    CASE("what is empty is told in the manual's words") {
        problem *p = docs_check(f, a, docs_json(a, "{\"subject\":{\"nature\":\"unit\"}}"), CHECK_SUBMIT);
        CHECK_TEXT(docs_detail(p, "/unit/name"), "请输入");
        CHECK_TEXT(docs_detail(p, "/unit/id_type"), "请选择主办单位证件类型");
        CHECK_TEXT(docs_detail(p, "/subject/subtype"), "请选择子类型");
        CHECK_TEXT(docs_error(p, "/unit/registered_address"), "");
        CHECK_TEXT(docs_error(p, "/responsible/phone"), "");
        CHECK_TEXT(docs_error(p, "/responsible/email"), "");
        p = docs_check(f, a, json_object(a), CHECK_SUBMIT);
        CHECK_TEXT(docs_error(p, "/subject/nature"), "required");
        CHECK_TEXT(docs_error(p, "/unit/name"), "");
    }
    CASE("labels of the pictures follow the document") {
        json *d = docs_json(a, DOC_PERSON);
        json_remove(json_get(d, "responsible"), "id_front");
        CHECK_TEXT(docs_detail(docs_check(f, a, d, CHECK_SUBMIT), "/responsible/id_front"), "请上传身份证人像面");
        docs_put(a, d, "responsible", "id_type", "\"passport\"");
        docs_put(a, d, "responsible", "id_no", "\"E12345678\"");
        CHECK_TEXT(docs_detail(docs_check(f, a, d, CHECK_SUBMIT), "/responsible/id_front"), "请上传证件正面");
    }
    CASE("a number is checked by its kind of document") {
        json *d = docs_json(a, DOC_UNIT);
        docs_put(a, d, "responsible", "id_no", "\"11010519491231002Y\"");
        docs_put(a, d, "unit", "id_no", "\"914403001922038217\"");
        problem *p = docs_check(f, a, d, CHECK_SUBMIT);
        CHECK_TEXT(docs_error(p, "/responsible/id_no"), "format");
        CHECK_TEXT(docs_error(p, "/unit/id_no"), "doubtful");
    }
    CASE("ways that are closed or not for this are refused") {
        json *d = docs_json(a, DOC_UNIT);
        docs_put(a, d, "unit", "fill", "\"credential\"");
        docs_put(a, d, "responsible", "proof", "\"eid\"");
        problem *p = docs_check(f, a, d, CHECK_SUBMIT);
        CHECK_TEXT(docs_error(p, "/unit/fill"), "choice");
        CHECK_TEXT(docs_error(p, "/responsible/proof"), "choice");
        docs_put(a, d, "subject", "subtype", "\"university\"");
        docs_put(a, d, "unit", "fill", "\"credential\"");
        CHECK(strstr(docs_detail(docs_check(f, a, d, CHECK_SUBMIT), "/unit/fill"), "暂未开通"));
    }
    CASE("a region is chosen down to its last level") {
        json *d = docs_json(a, DOC_UNIT);
        docs_put(a, d, "unit", "office_region", "\"110100\"");
        CHECK_TEXT(docs_error(docs_check(f, a, d, CHECK_SUBMIT), "/unit/office_region"), "region");
        docs_put(a, d, "unit", "office_region", "\"441900\"");
        CHECK(!docs_check(f, a, d, CHECK_SUBMIT));
    }
    CASE("a picture that is not there is asked for again") {
        check_context context = {.now = DOCS_NOW, .file = no_file, .file_context = "f1"};
        problem *p = form_check(f, a, docs_json(a, DOC_UNIT), CHECK_SUBMIT, &context);
        CHECK_TEXT(docs_detail(p, "/unit/licence"), "请重新上传主办单位有效证件");
    }
}

static void canary(const forms *all, arena *a) {
    const form *f = form_find(all, "canary");
    CASE("a kind that the code has never seen") {
        json *d = docs_json(a, DOC_CANARY);
        problem *p = docs_check(f, a, d, CHECK_SUBMIT);
        CHECK(!p);
        docs_put(a, d, "basics", "colour", "\"grey\"");
        CHECK_TEXT(docs_error(docs_check(f, a, d, CHECK_SUBMIT), "/basics/colour"), "choice");
        docs_put(a, d, "basics", "colour", "\"red\"");
        p = docs_check(f, a, d, CHECK_SUBMIT);
        CHECK_TEXT(docs_error(p, "/basics/nickname"), "required");
        CHECK_TEXT(docs_error(p, "/basics/cages"), "required");
        docs_put(a, d, "basics", "nickname", "\"红\"");
        docs_put(a, d, "basics", "cages",
                 "[{\"kind\":\"foreign\",\"keeper\":\"张三\"},{\"kind\":\"domestic\",\"permit\":\"1\"}]");
        p = docs_check(f, a, d, CHECK_SUBMIT);
        CHECK_TEXT(docs_error(p, "/basics/nickname"), "short");
        CHECK_TEXT(docs_error(p, "/basics/cages/0/permit"), "required");
        CHECK(!json_pointer(d, "/basics/cages/1/permit"));
        docs_put(a, d, "basics", "songs", "[\"night\",\"night\"]");
        CHECK_TEXT(docs_error(docs_check(f, a, d, CHECK_SUBMIT), "/basics/songs"), "type");
        docs_put(a, d, "basics", "songs", "[\"night\"]");
        p = docs_check(f, a, d, CHECK_SUBMIT);
        CHECK_TEXT(docs_error(p, "/basics/night"), "required");
        CHECK_TEXT(docs_error(p, "/night_watch/phone"), "");
        docs_put(a, d, "basics", "night", "\"yes\"");
        docs_put(a, d, "basics", "amount", "1.5");
        docs_put(a, d, "basics", "addresses", "[\"114.114.114.114\"]");
        p = docs_check(f, a, d, CHECK_SUBMIT);
        CHECK_TEXT(docs_error(p, "/night_watch/phone"), "required");
        CHECK_TEXT(docs_error(p, "/basics/amount"), "limit");
        CHECK_TEXT(docs_error(p, "/basics/addresses"), "limit");
    }
}

int main(void) {
    arena *a = arena_new(0);
    forms *all = docs_forms(a, "tests/forms");
    CASE("definitions of the platform and of a directory") {
        CHECK(form_find(all, "entity") && form_find(all, "website") && form_find(all, "canary"));
        CHECK(!form_find(all, "no-such") && !form_find(docs_forms(a, NULL), "canary"));
        CHECK_TEXT(form_at(all, 0)->kind, "entity");
        CHECK(form_at(all, 0)->is_entity && !form_at(all, 1)->is_entity);
        CHECK_TEXT(form_action_title(form_find(all, "website"), "create"), "新办网站");
        CHECK_TEXT(form_find(all, "website")->number_class, "02");
        CHECK(json_get(form_find(all, "website")->texts, "liability-notice"));
        CHECK(json_get(form_find(all, "entity")->lists, "subtypes"));
        CHECK(form_version(all, "canary", 1) && !form_version(all, "canary", 2));
    }
    CASE("a wrong definition is refused with file, path and reason")
    refusals(a);
    CASE("regions and units") {
        CHECK_TEXT(form_region_name(all, a, "110101", " / "), "北京市 / 市辖区 / 东城区");
        CHECK(!form_region_name(all, a, "999999", ""));
        CHECK_TEXT(json_text(form_unit(all, "110101", "district"), "label"), "东城社区大队");
        CHECK_TEXT(json_text(form_unit(all, "330110", "district"), "label"), "余杭区网安大队");
        CHECK_TEXT(json_text(form_unit(all, "330110", "city"), "label"), "杭州市网安支队");
        CHECK_TEXT(json_text(form_unit(all, "110101", "city"), "label"), "北京市网安支队");
        CHECK_TEXT(json_text(form_unit(all, "441900", "district"), "label"), "东莞市网安支队");
        CHECK_TEXT(json_text(form_unit(all, "330110", "district"), "short"), "浙");
        CHECK(!form_unit(all, "810000", "district") && !form_unit(all, "", "district"));
    }
    website(all, a);
    entity(all, a);
    canary(all, a);
    CASE("a check takes tens of microseconds") {
        const form *f = form_find(all, "website");
        arena *b = arena_new(256 << 10);
        struct timespec from, to;
        enum { TURNS = 2000 };
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
        for (int i = 0; i < TURNS; i++) {
            arena_reset(b);
            CHECK(!docs_check(f, b, docs_json(b, DOC_SITE), CHECK_SUBMIT));
        }
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
        double us = ((double)(to.tv_sec - from.tv_sec) * 1e9 + (double)(to.tv_nsec - from.tv_nsec)) / 1e3 / TURNS;
        fprintf(stderr, "parse and check of a website: %.1f us\n", us);
        arena_free(b);
        CHECK(us < 1000); // with sanitizers too
    }
    arena_free(a);
    return check_end();
}
