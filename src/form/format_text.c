// Titles and dates.
#include "base/clock.h"
#include "form/format.h"
#include <stdlib.h>
#include <string.h>

// Names of sites and organisations: any script and the usual punctuation, but nothing of markup, no control or
// invisible character and no pictures.
static bool title_character(uint32_t c) {
    if (c < 0x80)
        return c >= ' ' && c != 0x7f && !strchr("<>\"\\`{}|^~;=*$%", (int)c);
    if (c < 0xA0 || c == 0xAD || c == 0xFEFF)
        return false;
    if ((c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F))
        return false; // zero width, line ends, direction marks
    if ((c >= 0x2190 && c < 0x2C00) || (c >= 0xE000 && c < 0xF900) || (c >= 0xFE00 && c <= 0xFE0F))
        return false; // arrows and pictures, private use, variation
    if (c >= 0xFFF0)
        return c >= 0x20000 && c < 0x40000; // beyond the first plane: ideographs only
    return true;
}

format_result format_title(arena *a, const char *kind, const char *raw) {
    (void)kind;
    const char *value = text_trim(a, raw);
    bool wording = false;
    for (const char *in = value; *in;) {
        uint32_t c = text_next(&in);
        if (!title_character(c))
            return format_wrong("格式有误, 不能输入特殊字符");
        bool word = c > 0xBF ? !(c >= 0x2000 && c < 0x2C00) && !(c >= 0x3000 && c < 0x3005)
                             : (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
        wording = wording || word;
    }
    return wording ? format_right(value) : format_wrong("请填写文字或字母，不能只有符号");
}

// 2026-11-24, 2026/1/4, 2026.1.4, 2026年1月4日
format_result format_date(arena *a, const char *kind, const char *raw) {
    static const char wrong[] = "应为日期，例如 2026-11-24";
    (void)kind;
    const char *at = format_compact(a, raw);
    static const char *const marks[][4] = {{"-", "/", ".", "年"}, {"-", "/", ".", "月"}};
    int parts[3] = {0};
    for (size_t i = 0; i < 3; i++) {
        size_t run = format_run(at), most = i ? 2 : 4;
        if (run < 1 || run > most || (i == 0 && run != 4))
            return format_wrong(wrong);
        parts[i] = (int)strtol(arena_slice(a, at, run), NULL, 10);
        at += run;
        bool found = i == 2;
        for (size_t k = 0; i < 2 && k < 4 && !found; k++)
            if ((found = text_starts(at, marks[i][k])))
                at += strlen(marks[i][k]);
        if (!found)
            return format_wrong(wrong);
    }
    if (*at && strcmp(at, "日") != 0)
        return format_wrong(wrong);
    const char *value = arena_print(a, "%04d-%02d-%02d", parts[0], parts[1], parts[2]);
    int64_t ms;
    return clock_parse_date(value, &ms) ? format_right(value) : format_wrong("没有这一天，请核对");
}
