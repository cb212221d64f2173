// Documents of organisations: GB 32100, GB 11714, the old licence number.
#include "form/format.h"
#include <string.h>

static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY"; // no I O S V Z

bool format_code11714(const char *nine) {
    static const int weights[] = {3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (size_t i = 0; i < 8; i++)
        sum += (nine[i] <= '9' ? nine[i] - '0' : nine[i] - 'A' + 10) * weights[i];
    int check = 11 - sum % 11;
    return nine[8] == (check == 10 ? 'X' : check == 11 ? '0' : (char)('0' + check));
}

static char check_32100(const char *value) {
    static const int weights[] = {1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28};
    int sum = 0;
    for (size_t i = 0; i < 17; i++)
        sum += (int)(strchr(alphabet, value[i]) - alphabet) * weights[i];
    return alphabet[(31 - sum % 31) % 31];
}

static bool known_class(const char *value) {
    static const char *const classes[] = {"11", "12", "13", "19", "21", "29", "31", "32", "33", "34", "35", "39", "41",
                                          "49", "51", "52", "53", "54", "55", "59", "61", "62", "69", "71", "72", "79",
                                          "81", "89", "91", "92", "93", "A1", "A9", "N1", "N2", "N3", "N9", "Y1"};
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        if (text_starts(value, classes[i]))
            return true;
    return false;
}

// A failed check is doubtful only: some issued codes fail it.
static format_result uscc(arena *a, const char *value) {
    size_t length = text_length(value);
    if (length != 18)
        return format_wrong(
            arena_print(a, "应为 18 位统一社会信用代码，您填写了 %zu 位，例如 91350100M000100Y43", length));
    if (strspn(value, alphabet) != 18)
        return format_wrong("统一社会信用代码由数字和大写字母组成，没有 I、O、S、V、Z，例如 91350100M000100Y43");
    if (!format_digits(value + 2, 6))
        return format_wrong("第 3 至 8 位应为数字（登记机关的地区代码），例如 91350100M000100Y43");
    if (!known_class(value))
        return format_doubtful(value, "前两位不是常见的登记类别，请对照证件核对，确认无误后再提交");
    if (value[17] != check_32100(value) || !format_code11714(value + 8))
        return format_doubtful(value, "校验位不符，可能填写有误，请对照证件逐位核对，确认无误后再提交");
    return format_right(value);
}

format_result format_uscc(arena *a, const char *kind, const char *value) {
    (void)kind;
    return uscc(a, format_upper(a, format_compact(a, value)));
}

// ISO 7064 MOD 11,10
static bool check_11_10(const char *digits) {
    int product = 10;
    for (size_t i = 0; i < 14; i++) {
        int sum = (product + digits[i] - '0') % 10;
        product = (sum ? sum : 10) * 2 % 11;
    }
    return (product + digits[14] - '0') % 10 == 1;
}

static format_result licence(arena *a, const char *value) {
    if (strlen(value) == 18)
        return uscc(a, value);
    if (strlen(value) != 15 || format_run(value) != 15)
        return format_wrong("应为 15 位注册号或 18 位统一社会信用代码，例如 440301103097413");
    if (!check_11_10(value))
        return format_doubtful(value, "校验位不符，可能填写有误，请对照证件逐位核对，确认无误后再提交");
    return format_right(value);
}

static format_result organisation_code(arena *a, const char *value) {
    char nine[10] = "";
    size_t count = 0;
    for (const char *c = value; *c && count < 10; c++)
        if (*c != '-' || c != value + 8)
            nine[count < 9 ? count : 8] = *c, count++;
    if (count != 9 || strspn(nine, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != 9)
        return format_wrong("应为 8 位数字或字母、连字符和 1 位校验码，例如 56365494-8");
    const char *normal = arena_print(a, "%.8s-%c", nine, nine[8]);
    if (!format_code11714(nine))
        return format_doubtful(normal, "校验码不符，可能填写有误，请对照证件逐位核对，确认无误后再提交");
    return format_right(normal);
}

static format_result other(arena *a, const char *value) {
    (void)a;
    size_t length = strlen(value);
    if (length < 4 || length > 30 || strspn(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") != length)
        return format_wrong("应为 4 至 30 位字母、数字或连字符");
    return format_right(value);
}

format_result format_organisation_document(arena *a, const char *kind, const char *raw) {
    static const struct {
        const char *kind;
        format_result (*check)(arena *, const char *);
    } kinds[] = {
        {"uscc", uscc}, {"business-licence", licence}, {"organisation-code", organisation_code}, {"other", other}};
    const char *value = format_upper(a, format_compact(a, raw));
    if (!kind) {
        size_t length = strlen(value);
        kind = length == 18                  ? "uscc"
               : length == 15                ? "business-licence"
               : length == 9 || length == 10 ? "organisation-code"
                                             : "other";
    }
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].kind, kind) == 0)
            return kinds[i].check(a, value);
    return format_wrong("请先选择证件类型");
}
