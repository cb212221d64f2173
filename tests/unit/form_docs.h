// Complete documents for the tests of forms. Dates are checked on 2026-11-24.
#pragma once
#include "base/text.h"
#include "check.h"
#include "form/form.h"

static const int64_t DOCS_NOW = 1795492800000; // 2026-11-24T12:00 Shanghai

static const char DOC_UNIT[] = "{\"subject\":{\"nature\":\"unit\",\"subtype\":\"enterprise\"},"
                               "\"unit\":{\"fill\":\"self\",\"name\":\"青禾科技有限公司\",\"id_type\":\"uscc\",\"id_"
                               "no\":\"91350100M000100Y43\",\"licence\":\"f1\","
                               "\"legal_rep\":\"苏晚\",\"office_region\":\"110101\",\"office_address\":\"长安街110号\","
                               "\"face_recognition\":\"no\",\"generative_ai\":\"no\"},"
                               "\"responsible\":{\"fill\":\"self\",\"name\":\"林知远\",\"id_type\":\"resident-id\","
                               "\"id_no\":\"11010519491231002X\",\"id_until\":\"9999-12-31\","
                               "\"region\":\"110101\",\"address\":\"东华门街道1号\",\"mobile\":\"18612345678\","
                               "\"email\":\"lin@test.com\",\"proof\":\"file\",\"id_front\":\"f2\","
                               "\"id_back\":\"f3\",\"id_held\":\"f4\"}}";

static const char DOC_PERSON[] = "{\"subject\":{\"nature\":\"person\"},"
                                 "\"responsible\":{\"name\":\"林知远\",\"id_type\":\"resident-id\",\"id_no\":"
                                 "\"11010519491231002X\",\"id_until\":\"2030-01-01\","
                                 "\"region\":\"330110\",\"address\":\"文一西路1号\",\"mobile\":\"18612345678\","
                                 "\"proof\":\"file\",\"id_front\":\"f2\","
                                 "\"id_back\":\"f3\",\"id_held\":\"f4\"}}";

#define DOC_KEEPER                                                                                                     \
    "{\"fill\":\"self\",\"name\":\"林知远\",\"id_type\":\"resident-id\",\"id_no\":\"11010519491231002X\",\"id_"     \
    "until\":\"9999-12-31\","                                                                                          \
    "\"mobile\":\"18612345678\",\"proof\":\"file\",\"id_front\":\"f2\",\"id_back\":\"f3\",\"id_held\":\"f4\"}"

static const char DOC_SITE[] = "{\"site\":{\"name\":\"青禾小站\",\"icp\":\"京ICP备2026031728号-1\",\"opened\":\"2026-"
                               "11-18\",\"type\":\"C\",\"domain\":\"qinghe.com\","
                               "\"url\":\"https://"
                               "www.qinghe.com\",\"other_domains\":[\"例子.中国\"],\"addresses\":[\"114.114.114.114\"],"
                               "\"domain_certificate\":\"f5\","
                               "\"certificate_period\":{\"from\":\"2026-03-01\",\"to\":\"2029-03-01\"}},"
                               "\"access\":{\"scope\":\"domestic\",\"region\":\"330110\",\"name\":"
                               "\"阿里云计算有限公司\",\"mode\":\"virtual-space\"},"
                               "\"registrar\":{\"scope\":\"foreign\",\"name\":\"Example Registrar Inc.\"},"
                               "\"service\":{\"interactive\":\"no\"},\"controlled\":{\"goods\":\"no\",\"permit\":"
                               "\"no\"},\"language\":{\"languages\":[\"zh-hans\"]},"
                               "\"security_officer\":" DOC_KEEPER ",\"emergency_contact\":" DOC_KEEPER "}";

static const char DOC_CANARY[] =
    "{\"basics\":{\"title\":\"小黄\",\"colour\":\"yellow\",\"amount\":3,\"born\":\"2026-01-01\",\"until\":\"2027-01-"
    "01\",\"songs\":[\"dawn\"],"
    "\"place\":\"110101\",\"domain\":\"canary.com\",\"more_domains\":[\"www.canary.com\"],\"addresses\":[\"114.114.114."
    "114\",\"2400:3200::1\"],"
    "\"portrait\":\"f1\"},\"supplier\":{\"scope\":\"foreign\",\"name\":\"Bird Ltd.\"},\"keeper\":" DOC_KEEPER "}";

static inline json *docs_json(arena *a, const char *text) {
    json_error error;
    json *value = json_parse(a, text, strlen(text), &error);
    if (!value)
        printf("not ok test document: %s at %zu\n", error.what, error.offset);
    return value;
}

static inline forms *docs_forms(arena *a, const char *below) {
    const char *root = getenv("BEIAN_SOURCE");
    forms *all = NULL;
    problem *p = forms_load(a, below ? arena_print(a, "%s/%s", root ? root : ".", below) : NULL, &all);
    if (p) {
        printf("not ok loading: %s\n", p->detail);
        exit(1);
    }
    return all;
}

// "code" of the error at a pointer; "" when there is none.
static inline const char *docs_error(const problem *p, const char *pointer) {
    json_each(e, p ? p->errors : NULL) if (text_same(json_text(e, "pointer"), pointer)) return json_text(e, "code");
    return "";
}

static inline const char *docs_detail(const problem *p, const char *pointer) {
    json_each(e, p ? p->errors : NULL) if (text_same(json_text(e, "pointer"), pointer)) return json_text(e, "detail");
    return "";
}

static inline problem *docs_check(const form *f, arena *a, json *document, check_mode mode) {
    check_context context = {.now = DOCS_NOW};
    return form_check(f, a, document, mode, &context);
}

static inline void docs_put(arena *a, json *document, const char *section, const char *field, const char *value) {
    json_set(a, json_get(document, section), field, docs_json(a, value));
}
