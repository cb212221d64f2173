#include "guard/papers.h"
#include <string.h>

enum { TAIL = 1024 };
static const char *const ACTIVE[] = {"/JavaScript", "/JS",         "/Launch",    "/EmbeddedFile", "/OpenAction",
                                     "/AA",         "/SubmitForm", "/RichMedia", "/XFA",          "/ImportData"};

bool papers_is_pdf(const void *data, size_t size) {
    return size >= 8 && memcmp(data, "%PDF-", 5) == 0;
}

static bool ends_name(char c) {
    return !c || strchr(" \t\r\n\f/<>[](){}%", c);
}

// The name as a whole word: /JS, and not /JSomething.
static bool holds_name(const char *data, size_t size, const char *name) {
    size_t length = strlen(name);
    for (const char *at = data; (at = memmem(at, size - (size_t)(at - data), name, length)); at += length)
        if (at + length == data + size || ends_name(at[length]))
            return true;
    return false;
}

// Nothing but line ends behind the last %%EOF.
static bool ends_well(const char *data, size_t size) {
    size_t from = size > TAIL ? size - TAIL : 0, last = 0;
    for (size_t i = from; i + 5 <= size; i++)
        if (memcmp(data + i, "%%EOF", 5) == 0)
            last = i + 5;
    for (size_t i = last; last && i < size; i++)
        if (!memchr(" \r\n\t", data[i], 5) || !data[i])
            return false;
    return last != 0;
}

problem *papers_check(arena *a, const void *data, size_t size) {
    if (!papers_is_pdf(data, size) || !ends_well(data, size) || !memmem(data, size, "startxref", 9))
        return problem_new(a, 422, "papers-broken", "PDF 文件不完整",
                           "文件损坏，或末尾带有其他内容。请重新导出或扫描为 PDF 后上传。");
    for (size_t i = 0; i < sizeof ACTIVE / sizeof *ACTIVE; i++)
        if (holds_name(data, size, ACTIVE[i]))
            return problem_new(a, 422, "papers-active", "PDF 文件带有脚本、程序或附件",
                               "请去掉其中的脚本、表单动作和附件，例如用“打印为 PDF”另存后上传。");
    return NULL;
}
