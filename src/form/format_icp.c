// Numbers of 工信部 and of this platform.
#include "form/format.h"
#include <string.h>

static const char example[] = "应为网站的工信部备案号，例如 京ICP备2026031728号-1";

// One of the characters (each of three bytes) at the start of the text.
static bool starts_with_one(const char *text, const char *characters) {
    if (strlen(text) < 3)
        return false;
    for (; *characters; characters += 3)
        if (memcmp(text, characters, 3) == 0)
            return true;
    return false;
}

static const char provinces[] = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝蜀黔滇藏陕陇青宁新";

typedef struct icp {
    const char *number; // normalised, without the suffix
    const char *rest;   // what follows it
} icp;

// 京ICP备2026031728号, 京ICP证030173号; 号 may be missing.
static bool read_record(arena *a, const char *value, icp *out) {
    if (!starts_with_one(value, provinces) || !text_starts(value + 3, "ICP"))
        return false;
    const char *kind = value + 6;
    bool record = text_starts(kind, "备"), permit = text_starts(kind, "证");
    if (!record && !permit)
        return false;
    const char *digits = kind + 3;
    size_t run = format_run(digits);
    if (record ? run != 8 && run != 10 : run != 6)
        return false;
    if (run == 10 && !text_starts(digits, "20"))
        return false;
    const char *rest = digits + run;
    out->number = arena_print(a, "%.*s号", (int)(rest - value), value);
    out->rest = text_starts(rest, "号") ? rest + 3 : rest;
    return true;
}

// 粤B2-20090059, B2-20080101, A2.B1.B2-20070004
static bool read_licence(arena *a, const char *value, icp *out) {
    const char *at = starts_with_one(value, provinces) ? value + 3 : value;
    for (;;) {
        if ((*at != 'A' && *at != 'B') || (at[1] != '1' && at[1] != '2'))
            return false;
        at += 2;
        if (*at != '.')
            break;
        at++;
    }
    if (*at != '-' || format_run(at + 1) != 8)
        return false;
    out->number = arena_slice(a, value, (size_t)(at + 9 - value));
    out->rest = text_starts(at + 9, "号") ? at + 12 : at + 9;
    return true;
}

// -1, -2A (APP), -3X (小程序), -4K (快应用): the letter, '-' for a site, '\0' for none, '?' for something else.
static char suffix_kind(const char *rest) {
    if (!*rest)
        return '\0';
    size_t run = *rest == '-' ? format_run(rest + 1) : 0;
    if (run < 1 || run > 6 || rest[1] == '0')
        return '?';
    const char *after = rest + 1 + run;
    if (!*after)
        return '-';
    return strchr("AXK", *after) && !after[1] ? *after : '?';
}

static bool read_icp(arena *a, const char *raw, icp *out) {
    const char *value = format_upper(a, format_compact(a, raw));
    return (read_record(a, value, out) || read_licence(a, value, out)) && suffix_kind(out->rest) != '?';
}

format_result format_icp(arena *a, const char *kind, const char *raw) {
    (void)kind;
    icp found;
    if (!read_icp(a, raw, &found))
        return format_wrong(example);
    return format_right(arena_print(a, "%s%s", found.number, found.rest));
}

format_result format_icp_site(arena *a, const char *kind, const char *raw) {
    (void)kind;
    icp found;
    if (!read_icp(a, raw, &found))
        return format_wrong(example);
    switch (suffix_kind(found.rest)) {
    case 'A':
        return format_wrong("这是 APP 的备案号，请填写网站的备案号，例如 京ICP备2026031728号-1");
    case 'X':
        return format_wrong("这是小程序的备案号，请填写网站的备案号，例如 京ICP备2026031728号-1");
    case 'K':
        return format_wrong("这是快应用的备案号，请填写网站的备案号，例如 京ICP备2026031728号-1");
    case '\0':
        return format_doubtful(found.number,
                               "网站备案号一般带序号，例如 京ICP备2026031728号-1，请核对，确认没有序号后再提交");
    default:
        return format_right(arena_print(a, "%s%s", found.number, found.rest));
    }
}

// Characters of this platform's numbers by the first two digits; older ones follow the ICP numbers.
static const struct {
    const char digits[3], *names;
} shorts[] = {{"11", "京"}, {"12", "津"},   {"13", "冀"},   {"14", "晋"},   {"15", "蒙"}, {"21", "辽"}, {"22", "吉"},
              {"23", "黑"}, {"31", "沪"},   {"32", "苏"},   {"33", "浙"},   {"34", "皖"}, {"35", "闽"}, {"36", "赣"},
              {"37", "鲁"}, {"41", "豫"},   {"42", "鄂"},   {"43", "湘"},   {"44", "粤"}, {"45", "桂"}, {"46", "琼"},
              {"50", "渝"}, {"51", "川蜀"}, {"52", "贵黔"}, {"53", "云滇"}, {"54", "藏"}, {"61", "陕"}, {"62", "甘陇"},
              {"63", "青"}, {"64", "宁"},   {"65", "新"}};

format_result format_filing_number(arena *a, const char *kind, const char *raw) {
    static const char wrong[] = "应为省简称、“公网安备”、14 位数字和“号”，例如 京公网安备11010802017518号";
    (void)kind;
    const char *value = format_compact(a, raw), *digits = value, *name = NULL;
    const char *words = strstr(value, "公网安备");
    if (words == value + 3) {
        name = value;
        digits = words + strlen("公网安备");
    }
    size_t run = format_run(digits);
    if (run != 14 || (digits[run] && strcmp(digits + run, "号") != 0))
        return format_wrong(wrong);
    for (size_t i = 0; i < sizeof shorts / sizeof *shorts; i++) {
        if (!text_starts(digits, shorts[i].digits))
            continue;
        if (name && !starts_with_one(name, shorts[i].names))
            return format_wrong("省简称与数字的前两位不符，请核对");
        return format_right(arena_print(a, "%.3s公网安备%.14s号", name ? name : shorts[i].names, digits));
    }
    return format_wrong("数字的前两位不是省级地区代码，请核对");
}
