#include "register/fold.h"
#include "base/text.h"
#include <idn2.h>
#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>

enum { NUMBER_DIGITS = 14, TEXT_MOST = 1024 };

char *fold_text(arena *a, const char *text) {
    size_t size = strlen(text), folded_size = 0;
    if (size > TEXT_MOST || !text_valid(text, size))
        return NULL;
    uint8_t *folded = u8_casefold((const uint8_t *)text, size, NULL, UNINORM_NFKC, NULL, &folded_size);
    if (!folded)
        return NULL;
    text_buffer b = text_buffer_new(a, folded_size + 1);
    const char *at = arena_slice(a, (const char *)folded, folded_size);
    free(folded);
    for (const char *start = at; *at; start = at) {
        uint32_t c = text_next(&at);
        if (!uc_is_property_white_space(c))
            text_add_bytes(&b, start, (size_t)(at - start));
    }
    return b.data;
}

// What nearly everybody sends; folding takes ten times as long.
static char *plain_number(arena *a, const char *text) {
    static const char words[] = "公网安备";
    size_t before = strcspn(text, "0123456789"), digits = strspn(text + before, "0123456789"), size = sizeof words - 1;
    const char *after = text + before + digits;
    if (digits != NUMBER_DIGITS || (*after && strcmp(after, "号") != 0))
        return NULL;
    if (before && (before < size || memcmp(text + before - size, words, size) != 0))
        return NULL;
    return arena_slice(a, text + before, digits);
}

char *fold_number(arena *a, const char *text) {
    char *plain = plain_number(a, text);
    if (plain)
        return plain;
    const char *folded = fold_text(a, text);
    if (!folded)
        return NULL;
    size_t before = strcspn(folded, "0123456789"), digits = strspn(folded + before, "0123456789");
    bool words = before == 0 || strstr(folded, "公网安备");
    const char *after = folded + before + digits;
    if (!words || digits != NUMBER_DIGITS || (*after && strcmp(after, "号") != 0))
        return NULL;
    return arena_slice(a, folded + before, digits);
}

static const char *without_scheme(const char *text) {
    const char *scheme = strstr(text, "://");
    return scheme ? scheme + 3 : text_starts(text, "//") ? text + 2 : text;
}

char *fold_host(arena *a, const char *text) {
    const char *folded = fold_text(a, text);
    if (!folded)
        return NULL;
    const char *start = without_scheme(folded);
    char *host = arena_slice(a, start, strcspn(start, "/?#:")), *ascii = NULL;
    if (text_starts(host, "www."))
        host += 4;
    size_t size = strlen(host);
    if (size && host[size - 1] == '.')
        host[size - 1] = '\0';
    if (idn2_to_ascii_8z(host, &ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) != IDN2_OK)
        return NULL;
    char *out = strchr(ascii, '.') ? arena_text(a, ascii) : NULL;
    idn2_free(ascii);
    return out;
}
