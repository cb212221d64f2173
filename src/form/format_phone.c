// Telephones and mail.
#include "form/format.h"
#include <string.h>

static bool one_of(const char *text, const char *const *prefixes) {
    for (; *prefixes; prefixes++)
        if (text_starts(text, *prefixes))
            return true;
    return false;
}

format_result format_mobile(arena *a, const char *kind, const char *raw) {
    // Not assigned, or of data cards: a text message may not arrive.
    static const char *const rare[] = {"140", "141", "142", "143", "144", "146", "148",
                                       "154", "161", "164", "179", "194", NULL};
    (void)kind;
    char *value = format_compact(a, raw), *out = value;
    for (const char *in = value; *in; in++)
        if (*in != '-')
            *out++ = *in;
    *out = '\0';
    if (text_starts(value, "+86"))
        value += 3;
    else if (strlen(value) == 15 && text_starts(value, "0086"))
        value += 4;
    else if (strlen(value) == 13 && text_starts(value, "86"))
        value += 2;
    size_t length = text_length(value);
    if (length != 11)
        return format_wrong(arena_print(a, "应为 11 位手机号码，您填写了 %zu 位，例如 186xxxxxxxx", length));
    if (format_run(value) != 11 || *value != '1' || value[1] < '3')
        return format_wrong("应为以 13 至 19 开头的 11 位手机号码，例如 186xxxxxxxx");
    if (one_of(value, rare))
        return format_doubtful(value, "该号段一般不能接收短信，请核对，确认无误后再提交");
    return format_right(value);
}

// Digits and hyphens only; (010)8888 9999 becomes 010-88889999.
static char *plain_phone(arena *a, const char *raw) {
    char *value = format_half_width(a, raw), *out = value;
    if (text_starts(value, "+86"))
        value += 3, out = value;
    for (const char *in = value; *in; in++) {
        if (*in == '(' || *in == ' ')
            continue;
        char c = *in == ')' ? '-' : *in;
        if (c == '-' && (out == value || out[-1] == '-'))
            continue;
        *out++ = c;
    }
    *out = '\0';
    return value;
}

static bool is_area(const char *text, size_t size) {
    if (*text != '0' || size < 3 || size > 4)
        return false;
    bool big = text[1] == '1' || text[1] == '2'; // 010, 020-029
    return big ? size == 3 : size == 4;
}

// 010-88889999, 0371-8888999-12
static bool is_landline(const char *value) {
    size_t area = format_run(value);
    if (!is_area(value, area) || value[area] != '-')
        return false;
    const char *local = value + area + 1;
    size_t run = format_run(local);
    if ((run != 7 && run != 8) || *local < '2')
        return false;
    if (!local[run])
        return true;
    size_t extension = local[run] == '-' ? format_run(local + run + 1) : 0;
    return extension >= 1 && extension <= 6 && !local[run + 1 + extension];
}

format_result format_phone(arena *a, const char *kind, const char *raw) {
    (void)kind;
    const char *value = plain_phone(a, raw);
    size_t run = format_run(value);
    if (run && run == strlen(value)) {
        if ((run == 5 || run == 6) &&
            (text_starts(value, "95") || text_starts(value, "96") || text_starts(value, "10")))
            return format_right(value);
        if (run == 10 && (text_starts(value, "400") || text_starts(value, "800")))
            return format_right(value);
        if (run == 11 && *value == '1')
            return format_wrong("请填写固定电话，格式为 区号-固定电话号码，例如 010-88889999");
        size_t area = value[1] == '1' || value[1] == '2' ? 3 : 4;
        if (run > area)
            value = arena_print(a, "%.*s-%s", (int)area, value, value + area);
    } else if ((text_starts(value, "400-") || text_starts(value, "800-"))) {
        char digits[16] = "";
        size_t count = 0;
        for (const char *c = value; *c && count < 15; c++)
            if (*c != '-')
                digits[count++] = *c;
        if (count == 10 && format_run(digits) == 10)
            return format_right(arena_text(a, digits));
    }
    if (is_landline(value))
        return format_right(value);
    return format_wrong("应为 区号-固定电话号码，例如 010-88889999、0371-88889999");
}

format_result format_email(arena *a, const char *kind, const char *raw) {
    static const char wrong[] = "应为电子邮件地址，例如 zhangsan@test.com";
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.!#$%&'+/=?^_`{|}~-";
    (void)kind;
    const char *value = format_half_width(a, raw), *at = strchr(value, '@'), *detail;
    size_t local = at ? (size_t)(at - value) : 0;
    if (local < 1 || local > 64 || strchr(at + 1, '@') || strspn(value, allowed) != local)
        return format_wrong(wrong);
    if (*value == '.' || at[-1] == '.' || strstr(arena_slice(a, value, local), ".."))
        return format_wrong(wrong);
    const char *host = format_host(a, at + 1, &detail);
    if (!host || !strchr(host, '.') || strlen(host) + local > 253)
        return format_wrong(wrong);
    return format_right(arena_print(a, "%.*s@%s", (int)local, value, host));
}
