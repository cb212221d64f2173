// Identity documents of persons: GB 11643 and the forms of the others.
#include "base/clock.h"
#include "form/format.h"
#include <stdlib.h>
#include <string.h>

static const char example_id[] = "应为 18 位居民身份证号码，例如 11010519491231002X";

static int number_of(const char *text, size_t count) {
    int number = 0;
    for (size_t i = 0; i < count; i++)
        number = number * 10 + (text[i] - '0');
    return number;
}

static bool known_province(int code) {
    static const unsigned char codes[] = {11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43,
                                          44, 45, 46, 50, 51, 52, 53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83};
    return memchr(codes, code, sizeof codes) != NULL;
}

static bool born_rightly(const char *eight) {
    char date[11] = {eight[0], eight[1], eight[2], eight[3], '-', eight[4], eight[5], '-', eight[6], eight[7], '\0'};
    int64_t born, now = clock_now();
    if (!clock_parse_date(date, &born))
        return false;
    return born <= now && now - born <= (int64_t)150 * 366 * DAY;
}

// ISO 7064 MOD 11-2
static char check_11_2(const char *value) {
    static const int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (size_t i = 0; i < 17; i++)
        sum += (value[i] - '0') * weights[i];
    return "10X98765432"[sum % 11];
}

bool format_id18(const char *value, bool any_place, const char **detail) {
    size_t length = strlen(value);
    if (length != 18)
        *detail = length == 15 ? "应为 18 位号码，15 位的旧号码不能使用" : "应为 18 位号码，例如 11010519491231002X";
    else if (format_run(value) < 17 || !strchr("0123456789X", value[17]))
        *detail = "应为 17 位数字加 1 位数字或 X，例如 11010519491231002X";
    else if (!any_place && !known_province(number_of(value, 2)))
        *detail = "前两位不是省级地区代码，请核对";
    else if (!born_rightly(value + 6))
        *detail = "第 7 至 14 位不是正确的出生日期，请核对";
    else if (value[17] != check_11_2(value))
        *detail = "号码有误（校验位不符），请对照证件逐位核对";
    else
        return true;
    return false;
}

static format_result id18(const char *value, bool any_place) {
    const char *detail = example_id;
    return format_id18(value, any_place, &detail) ? format_right(value) : format_wrong(detail);
}

format_result format_id_card(arena *a, const char *kind, const char *value) {
    (void)kind;
    return id18(format_upper(a, format_compact(a, value)), false);
}

static bool starts_with_residence(const char *value) {
    return text_starts(value, "81") || text_starts(value, "82") || text_starts(value, "83");
}

static format_result resident(arena *a, const char *value) {
    (void)a;
    format_result result = id18(value, false);
    if (result.verdict == FORMAT_RIGHT && starts_with_residence(value))
        return format_wrong("这是港澳台居民居住证号码，请把证件类型改为居住证");
    return result;
}

static format_result hk_macao_residence(arena *a, const char *value) {
    (void)a;
    if (!text_starts(value, "810000") && !text_starts(value, "820000"))
        return format_wrong("港澳居民居住证号码以 810000 或 820000 开头，共 18 位，例如 810000199408230021");
    return id18(value, false);
}

static format_result taiwan_residence(arena *a, const char *value) {
    (void)a;
    if (!text_starts(value, "830000"))
        return format_wrong("台湾居民居住证号码以 830000 开头，共 18 位，例如 830000199201300022");
    return id18(value, false);
}

static format_result foreign_permanent(arena *a, const char *value) {
    (void)a;
    if (format_like(value, "llldddddddddddd"))
        return format_right(value);
    if (*value == '9' && strlen(value) == 18)
        return id18(value, true);
    return format_wrong("应为以 9 开头的 18 位号码，或 3 个字母加 12 位数字，例如 KAZ110090123105");
}

static bool plain_document(const char *value, size_t least, size_t most) {
    size_t length = strlen(value);
    return length >= least && length <= most && strspn(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == length &&
           strpbrk(value, "0123456789");
}

static format_result passport(arena *a, const char *value) {
    (void)a;
    // A Chinese one: E12345678, EA1234567 (no I, O), G12345678, 141234567. A foreign one has no common form.
    if (text_starts(value, "EI") || text_starts(value, "EO"))
        return format_wrong("护照号码第二位不会是字母 I 或 O，请核对是否为数字 1 或 0");
    if (plain_document(value, 5, 20))
        return format_right(value);
    return format_wrong("应为 5 至 20 位字母和数字，例如 E12345678");
}

// Forms of documents that are letters and digits only; the first that fits.
static const struct {
    const char *kind, *patterns[6], *detail;
} documents[] = {
    {"hk-macao-pass",
     {"Hdddddddd", "Mdddddddd", "Hdddddddddd", "Mdddddddddd"},
     "应为 H 或 M 加 8 位数字，例如 H12345678"},
    {"taiwan-pass", {"dddddddd", "ddddddddddl"}, "应为 8 位数字，例如 12345678"},
    {"diplomatic-passport",
     {"Dddddddd", "Ddddddddd", "DEddddddd", "DEdddddddd"},
     "应为 D 或 DE 加 7 至 8 位数字，例如 DE1234567"},
    {"service-passport",
     {"Sddddddd", "Sdddddddd", "SEddddddd", "SEdddddddd"},
     "应为 S 或 SE 加 7 至 8 位数字，例如 SE1234567"},
    {"public-affairs-passport",
     {"Pddddddd", "Pdddddddd", "PEddddddd", "PEdddddddd"},
     "应为 P 或 PE 加 7 至 8 位数字，例如 PE1234567"},
    {"hk-passport",
     {"Kddddddd", "Kdddddddd", "KJddddddd", "KJdddddddd", "Hddddddd", "Hdddddddd"},
     "应为 K、KJ 或 H 加 7 至 8 位数字，例如 K12345678"},
    {"macao-passport", {"MAddddddd"}, "应为 MA 加 7 位数字，例如 MA1234567"},
};

// 南字第12345678号
static format_result officer(arena *a, const char *value) {
    static const char wrong[] = "应为“某字第”加 4 至 8 位字母或数字加“号”，例如 南字第12345678号";
    const char *middle = strstr(value, "字第");
    if (!middle || middle == value)
        return format_wrong(wrong);
    const char *number = middle + strlen("字第");
    size_t length = strspn(number, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
    size_t before = text_length(arena_slice(a, value, (size_t)(middle - value)));
    if (before > 6 || length < 4 || length > 8 || (number[length] && strcmp(number + length, "号") != 0))
        return format_wrong(wrong);
    return format_right(number[length] ? value : arena_print(a, "%s号", value));
}

static format_result other_document(arena *a, const char *value) {
    (void)a;
    return plain_document(value, 4, 30) ? format_right(value)
                                        : format_wrong("应为 4 至 30 位字母、数字或连字符，其中有数字");
}

static const struct {
    const char *kind;
    format_result (*check)(arena *, const char *);
} checked[] = {
    {"resident-id", resident},
    {"temporary-resident-id", resident},
    {"hk-macao-residence", hk_macao_residence},
    {"taiwan-residence", taiwan_residence},
    {"foreign-permanent", foreign_permanent},
    {"passport", passport},
    {"officer-id", officer},
    {"exit-entry-permit", other_document},
    {"other", other_document},
};

format_result format_person_document(arena *a, const char *kind, const char *raw) {
    const char *value = format_upper(a, format_compact(a, raw));
    if (!kind) { // any: what looks like an identity number is checked as one
        return strlen(value) == 18 && format_run(value) >= 17 ? id18(value, false) : other_document(a, value);
    }
    for (size_t i = 0; i < sizeof checked / sizeof *checked; i++)
        if (strcmp(checked[i].kind, kind) == 0)
            return checked[i].check(a, value);
    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
        if (strcmp(documents[i].kind, kind) != 0)
            continue;
        for (size_t k = 0; k < 6 && documents[i].patterns[k]; k++)
            if (format_like(value, documents[i].patterns[k]))
                return format_right(value);
        return format_wrong(documents[i].detail);
    }
    return format_wrong("请先选择证件类型");
}

// 间隔号 of names is typed in many ways; U+00B7 is the one kept.
static bool is_interpunct(uint32_t c) {
    static const uint32_t dots[] = {0x00B7, 0x2022, 0x2027, 0x2219, 0x22C5, 0x30FB,
                                    0xFF65, 0x2024, 0xFF0E, 0x25CF, 0x0387};
    for (size_t i = 0; i < sizeof dots / sizeof *dots; i++)
        if (dots[i] == c)
            return true;
    return false;
}

static bool name_character(uint32_t c) {
    if (c < 0x80)
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == ' ' || c == '-' || c == '\'' || c == '.';
    if (c == 0x00B7 || c == 0x3005 || c == 0x3007 || c == 0x2019) // · 々 〇 ’
        return true;
    if (c < 0xC0 || c == 0xD7 || c == 0xF7)
        return false;
    if ((c >= 0x2000 && c < 0x2C00) || (c >= 0x3000 && c < 0x3041) || (c >= 0xE000 && c < 0xF900))
        return false; // punctuation and symbols, CJK punctuation, private use
    if ((c >= 0xFE00 && c < 0xFE70) || c >= 0xFF00)
        return c >= 0x20000 && c < 0x40000; // beyond the first plane: ideographs only
    return true;
}

format_result format_name(arena *a, const char *kind, const char *raw) {
    (void)kind;
    text_buffer b = text_buffer_new(a, strlen(raw) + 1);
    for (const char *in = text_trim(a, raw); *in;) {
        const char *start = in;
        uint32_t c = text_next(&in);
        if (is_interpunct(c))
            text_add(&b, "·");
        else if (c == 0x3000 || c == 0xA0)
            text_add_char(&b, ' ');
        else
            text_add_bytes(&b, start, (size_t)(in - start));
    }
    size_t letters = 0;
    for (const char *in = b.data; *in;) {
        uint32_t c = text_next(&in);
        if (!name_character(c))
            return format_wrong("格式有误, 不能输入特殊字符");
        letters += c > 0x7F ? c != 0xB7 : (c | 32) >= 'a' && (c | 32) <= 'z';
    }
    if (!letters)
        return format_wrong("请填写证件上的姓名，例如 张三");
    return format_right(b.data);
}
