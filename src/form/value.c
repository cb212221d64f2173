// One value: its structure and its content.
#include "base/clock.h"
#include "form/check.h"
#include "form/formats.h"
#include <math.h>
#include <string.h>

// A draft may hold more than is right, but not without end.
static size_t length_limit(const checker *c, const field *f) {
    size_t most = f->has_max && (f->type == TYPE_TEXT || f->type == TYPE_NOTE) ? (size_t)f->max : 100;
    return c->mode == CHECK_DRAFT ? most * 4 + 100 : most;
}

static bool wrong_type(checker *c, const spot *at) {
    check_tell(c, at, "type", "格式有误");
    return false;
}

static bool text_structure(checker *c, const spot *at, const field *f, const json *value) {
    if (value->type == JSON_NULL)
        return true;
    if (value->type != JSON_STRING)
        return wrong_type(c, at);
    size_t most = length_limit(c, f);
    if (strlen(value->text) <= most || text_length(value->text) <= most)
        return true;
    check_tell(c, at, "limit", arena_print(c->arena, "不能超过 %zu 个字", most));
    return false;
}

static bool period_structure(checker *c, const spot *at, const json *value) {
    if (value->type != JSON_OBJECT)
        return wrong_type(c, at);
    json_each(member, value) {
        bool known = strcmp(member->key, "from") == 0 || strcmp(member->key, "to") == 0;
        if (!known || (member->type != JSON_STRING && member->type != JSON_NULL))
            return wrong_type(c, at);
        if (member->type == JSON_STRING && strlen(member->text) > 100)
            return wrong_type(c, at);
    }
    return true;
}

static bool choices_structure(checker *c, const spot *at, const json *value) {
    if (value->type != JSON_ARRAY || value->count > 200)
        return wrong_type(c, at);
    json_each(item, value) {
        if (item->type != JSON_STRING || strlen(item->text) > 100)
            return wrong_type(c, at);
        for (const json *before = value->first; before != item; before = before->next)
            if (strcmp(before->text, item->text) == 0)
                return wrong_type(c, at);
    }
    return true;
}

bool check_structure(checker *c, const spot *at, const field *f, const json *value) {
    switch (f->type) {
    case TYPE_NUMBER:
        return value->type == JSON_NUMBER || wrong_type(c, at);
    case TYPE_PERIOD:
        return period_structure(c, at, value);
    case TYPE_CHOICES:
        return choices_structure(c, at, value);
    default:
        return text_structure(c, at, f, value);
    }
}

const char *check_missing(checker *c, const field *f, const json *siblings) {
    switch (f->type) {
    case TYPE_PICTURE:
    case TYPE_DOCUMENT:
        return arena_print(c->arena, "请上传%s", field_label(f, siblings));
    case TYPE_CHOICE:
    case TYPE_CHOICES:
    case TYPE_REGION:
    case TYPE_DATE:
    case TYPE_TERM:
    case TYPE_PERIOD:
        return arena_print(c->arena, "请选择%s", field_label(f, siblings));
    case TYPE_GROUP:
        return arena_print(c->arena, "请填写%s", f->label);
    default:
        return "请输入";
    }
}

static bool has_control(const char *text, bool lines) {
    for (; *text; text++)
        if (((unsigned char)*text < ' ' && !(lines && *text == '\n')) || *text == 0x7f)
            return true;
    return false;
}

static void check_text(checker *c, const spot *at, const field *f, json *value, const json *siblings) {
    value->text = text_trim(c->arena, value->text);
    if (has_control(value->text, f->type == TYPE_NOTE)) {
        check_tell(c, at, "format", "格式有误, 不能输入特殊字符");
        return;
    }
    if (f->has_min && text_length(value->text) < (size_t)f->min) {
        check_tell(c, at, "short", arena_print(c->arena, "至少填写 %zu 个字", (size_t)f->min));
        return;
    }
    if (!f->format)
        return;
    const char *kind = f->format_of ? json_text(siblings, f->format_of->key) : NULL;
    if (f->format_of && !kind) // its own field tells that the kind is missing
        return;
    format_result result = format_check(c->arena, f->format, kind, value->text);
    if (result.verdict == FORMAT_WRONG)
        check_tell(c, at, "format", result.detail);
    else if (result.verdict == FORMAT_DOUBTFUL)
        check_tell(c, at, "doubtful", result.detail);
    if (result.verdict != FORMAT_WRONG && result.value)
        value->text = result.value;
}

static void check_number(checker *c, const spot *at, const field *f, const json *value) {
    if (f->whole && (value->number != floor(value->number) || fabs(value->number) > 9007199254740991.0))
        check_tell(c, at, "limit", "请填写整数");
    else if (f->has_min && value->number < f->min)
        check_tell(c, at, "limit", arena_print(c->arena, "不能小于 %.15g", f->min));
    else if (f->has_max && value->number > f->max)
        check_tell(c, at, "limit", arena_print(c->arena, "不能大于 %.15g", f->max));
}

static bool real_date(checker *c, const spot *at, const char *date) {
    int64_t ms;
    if (date && clock_parse_date(date, &ms))
        return true;
    check_tell(c, at, "format", "请选择日期，如 2026-11-24");
    return false;
}

// Dates of this form compare as text.
static void check_date(checker *c, const spot *at, const field *f, const json *value) {
    if (!real_date(c, at, value->text))
        return;
    if (f->max_today && strcmp(value->text, c->today) > 0)
        check_tell(c, at, "date", "不能晚于今天");
    else if (f->min_today && strcmp(value->text, c->today) < 0)
        check_tell(c, at, "date", f->type == TYPE_TERM ? "证件已过有效期，请更换有效证件" : "不能早于今天");
}

static void check_period(checker *c, const spot *at, const field *f, const json *value) {
    const char *from = json_text(value, "from"), *to = json_text(value, "to");
    if (value_empty(json_get(value, "from")) || value_empty(json_get(value, "to"))) {
        check_tell(c, at, "required", "请选择开始和结束日期");
        return;
    }
    if (!real_date(c, at, from) || !real_date(c, at, to))
        return;
    if (strcmp(from, to) >= 0)
        check_tell(c, at, "date", "结束日期应晚于开始日期");
    else if (f->min_today && strcmp(to, c->today) < 0)
        check_tell(c, at, "date", "已过有效期，请续期后填写");
    else if (f->max_today && strcmp(to, c->today) > 0)
        check_tell(c, at, "date", "不能晚于今天");
}

static void check_choice(checker *c, const spot *at, const field *f, const char *value, const json *siblings) {
    const json *item = choice_item(f->choices, value);
    if (!item)
        check_tell(c, at, "choice", arena_print(c->arena, "请选择%s", field_label(f, siblings)));
    else if (json_text(item, "disabled"))
        check_tell(c, at, "choice", json_text(item, "disabled"));
}

static void check_file(checker *c, const spot *at, const field *f, const json *value, const json *siblings) {
    if (!c->context || !c->context->file)
        return;
    const json *facts = c->context->file(c->context->file_context, value->text);
    const char *media = json_text(facts, "media");
    if (!facts) {
        check_tell(c, at, "file", arena_print(c->arena, "请重新上传%s", field_label(f, siblings)));
        return;
    }
    const json *accept = json_get(f->definition, "accept");
    bool right = !media || !accept;
    json_each(one, accept) right = right || text_same(one->text, media);
    double most = json_num(f->definition, "limit_mb", 0) * 1024 * 1024;
    if (!right)
        check_tell(c, at, "file", f->type == TYPE_PICTURE ? "仅支持png,jpeg,jpg格式" : "仅支持pdf格式");
    else if (most > 0 && json_num(facts, "size", 0) > most)
        check_tell(c, at, "file",
                   arena_print(c->arena, "文件大小不能超过%.0fMB", json_num(f->definition, "limit_mb", 0)));
}

void check_content(checker *c, const spot *at, const field *f, json *value, const json *siblings) {
    switch (f->type) {
    case TYPE_TEXT:
    case TYPE_NOTE:
        check_text(c, at, f, value, siblings);
        break;
    case TYPE_NUMBER:
        check_number(c, at, f, value);
        break;
    case TYPE_DATE:
    case TYPE_TERM:
        check_date(c, at, f, value);
        break;
    case TYPE_PERIOD:
        check_period(c, at, f, value);
        break;
    case TYPE_CHOICE:
        check_choice(c, at, f, value->text, siblings);
        break;
    case TYPE_CHOICES:
        json_each(item, value) check_choice(c, at, f, item->text, siblings);
        break;
    case TYPE_REGION: {
        const region *r = forms_region(c->model->all, value->text);
        if (!r || !r->leaf)
            check_tell(c, at, "region", arena_print(c->arena, "请选择%s，选到区县一级", field_label(f, siblings)));
        break;
    }
    case TYPE_PICTURE:
    case TYPE_DOCUMENT:
        check_file(c, at, f, value, siblings);
        break;
    case TYPE_GROUP:
    case TYPE_COUNT:
        break;
    }
}
