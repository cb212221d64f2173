// The table of formats and the normal forms they share.
#include "form/format.h"
#include <string.h>

static const struct {
    const char *name;
    format_function *check;
} formats[] = {
    {"id-card", format_id_card},
    {"person-document", format_person_document},
    {"uscc", format_uscc},
    {"organisation-document", format_organisation_document},
    {"icp", format_icp},
    {"icp-site", format_icp_site},
    {"mobile", format_mobile},
    {"phone", format_phone},
    {"email", format_email},
    {"domain", format_domain},
    {"host", format_any_host},
    {"ip", format_ip},
    {"url", format_url},
    {"date", format_date},
    {"name", format_name},
    {"title", format_title},
    {"filing-number", format_filing_number},
};
enum { FORMAT_COUNT = sizeof formats / sizeof *formats };

static const char *const names[FORMAT_COUNT + 1] = {"id-card",       "person-document",
                                                    "uscc",          "organisation-document",
                                                    "icp",           "icp-site",
                                                    "mobile",        "phone",
                                                    "email",         "domain",
                                                    "host",          "ip",
                                                    "url",           "date",
                                                    "name",          "title",
                                                    "filing-number", NULL};

const char *const *format_names(void) {
    return names;
}

format_result format_check(arena *a, const char *format, const char *kind, const char *value) {
    for (size_t i = 0; format && i < FORMAT_COUNT; i++) {
        if (strcmp(formats[i].name, format) != 0)
            continue;
        if (!value || text_blank(value))
            return format_wrong("请输入");
        if (!text_valid(value, strlen(value)) || strlen(value) > 2048)
            return format_wrong("格式有误, 不能输入特殊字符");
        return formats[i].check(a, kind, value);
    }
    return format_wrong(arena_print(a, "没有“%s”这种格式", format ? format : ""));
}

static uint32_t half(uint32_t c) {
    if (c >= 0xFF01 && c <= 0xFF5E)
        return c - 0xFF01 + '!';
    if (c == 0x3000 || c == 0xA0)
        return ' ';
    if ((c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0xFE63)
        return '-';
    return c;
}

char *format_half_width(arena *a, const char *value) {
    const char *plain = value;
    while (*plain && (unsigned char)*plain < 0x80)
        plain++;
    if (!*plain) // nothing is wider than it need be
        return text_trim(a, value);
    text_buffer b = text_buffer_new(a, strlen(value) + 1);
    while (*value) {
        const char *start = value;
        uint32_t c = text_next(&value), narrow = half(c);
        if (narrow != c)
            text_add_char(&b, (char)narrow);
        else
            text_add_bytes(&b, start, (size_t)(value - start));
    }
    return text_trim(a, b.data);
}

char *format_compact(arena *a, const char *value) {
    char *text = format_half_width(a, value), *out = text;
    for (const char *in = text; *in; in++)
        if (*in != ' ' && *in != '\t')
            *out++ = *in;
    *out = '\0';
    return text;
}

char *format_upper(arena *a, const char *value) {
    char *text = arena_text(a, value);
    for (char *c = text; *c; c++)
        if (*c >= 'a' && *c <= 'z')
            *c = (char)(*c - 'a' + 'A');
    return text;
}

size_t format_run(const char *text) {
    return strspn(text, "0123456789");
}

bool format_digits(const char *text, size_t count) {
    return format_run(text) >= count;
}

bool format_like(const char *value, const char *pattern) {
    for (; *pattern; pattern++, value++) {
        bool fits = *pattern == 'd'   ? *value >= '0' && *value <= '9'
                    : *pattern == 'l' ? *value >= 'A' && *value <= 'Z'
                                      : *value == *pattern;
        if (!fits)
            return false;
    }
    return *value == '\0';
}
