// Domains by the public suffix list, addresses, URLs.
#include "form/format.h"
#include <arpa/inet.h>
#include <idn2.h>
#include <libpsl.h>
#include <stdlib.h>
#include <string.h>

static const char example_domain[] = "应为域名，例如 test.com，不带 http:// 和 www";

static bool label_right(const char *label, size_t size) {
    if (size < 1 || size > 63 || label[0] == '-' || label[size - 1] == '-')
        return false;
    return strspn(label, "abcdefghijklmnopqrstuvwxyz0123456789-") >= size;
}

// NULL when IDNA refuses the name. Most names are plain ASCII and stay what they are.
static const char *ascii_host(arena *a, const char *value) {
    bool plain = !strstr(value, "--"); // an A-label has to be looked into
    for (const char *c = value; *c && plain; c++)
        plain = (unsigned char)*c < 0x80;
    if (plain)
        return text_lower(a, value);
    char *ascii = NULL;
    if (idn2_to_ascii_8z(value, &ascii, IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT) != IDN2_OK)
        return NULL;
    const char *host = text_lower(a, ascii);
    idn2_free(ascii);
    return host;
}

const char *format_host(arena *a, const char *value, const char **detail) {
    *detail = example_domain;
    const char *host = ascii_host(a, value);
    if (!host)
        return NULL;
    size_t size = strlen(host);
    if (size < 1 || size > 253)
        return NULL;
    for (const char *label = host;;) {
        size_t length = strcspn(label, ".");
        if (!label_right(label, length))
            return NULL;
        if (!label[length])
            return host;
        label += length + 1;
    }
}

// Without scheme, path, port and the dot at the end; 。 as a dot.
static char *bare_host(arena *a, const char *raw, bool *stripped) {
    char *value = format_compact(a, raw);
    char *scheme = strstr(value, "://");
    if (scheme && scheme - value < 10)
        value = scheme + 3, *stripped = true;
    size_t end = strcspn(value, "/?#");
    if (value[end])
        *stripped = true;
    value[end] = '\0';
    char *colon = strrchr(value, ':');
    if (colon && colon[1] && !colon[1 + format_run(colon + 1)])
        *colon = '\0', *stripped = true;
    text_buffer b = text_buffer_new(a, strlen(value) + 1);
    while (*value) {
        const char *start = value, *in = value;
        uint32_t c = text_next(&in);
        if (c == 0x3002 || c == 0xFF61)
            text_add_char(&b, '.');
        else
            text_add_bytes(&b, start, (size_t)(in - start));
        value += in - start;
    }
    if (b.size > 1 && b.data[b.size - 1] == '.')
        b.data[--b.size] = '\0';
    return b.data;
}

// The registrable part of a host by the registries' section of the list; NULL for a public suffix. *known: its top is
// listed.
static const char *registrable(const char *host, bool *known) {
    const psl_ctx_t *list = psl_builtin();
    const char *before = NULL, *top = strrchr(host, '.');
    top = top ? top + 1 : host;
    *known = psl_is_public_suffix2(list, top, PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE) != 0;
    for (const char *at = host; at; at = strchr(at, '.') ? strchr(at, '.') + 1 : NULL) {
        if (psl_is_public_suffix2(list, at, PSL_TYPE_ICANN))
            return before;
        before = at;
    }
    return before;
}

static bool is_address(const char *value) {
    struct in6_addr room;
    return inet_pton(AF_INET, value, &room) == 1 || strchr(value, ':') || value[strspn(value, "0123456789.")] == '\0';
}

// Reserved tops stay usable for trials; any other top that is not listed is probably mistyped.
static bool reserved_top(const char *host) {
    return text_ends(host, ".example") || text_ends(host, ".test");
}

static format_result judge_top(const char *host, bool known) {
    if (known || reserved_top(host))
        return format_right(host);
    return format_doubtful(host, "域名的后缀不常见，请核对拼写，确认无误后再提交");
}

format_result format_domain(arena *a, const char *kind, const char *raw) {
    (void)kind;
    bool stripped = false, known;
    const char *detail, *value = bare_host(a, raw, &stripped);
    if (is_address(value))
        return format_wrong("应为域名，不是 IP，例如 test.com");
    const char *host = format_host(a, value, &detail);
    if (!host)
        return format_wrong(detail);
    const char *note = stripped ? "已去掉域名以外的部分" : NULL;
    const char *main_part = strchr(host, '.') ? registrable(host, &known) : NULL;
    if (!main_part)
        return format_wrong("这是公共后缀，不是注册的域名，例如 test.com");
    if (text_starts(host, "www.") && main_part == host + 4) {
        host = main_part;
        note = "已去掉 www";
    }
    if (main_part != host)
        return format_wrong(arena_print(a, "主域名应为在域名注册服务商处注册的域名，请填写 %s", main_part));
    format_result result = judge_top(host, known);
    result.note = note;
    return result;
}

format_result format_any_host(arena *a, const char *kind, const char *raw) {
    (void)kind;
    bool stripped = false, known;
    const char *detail, *value = bare_host(a, raw, &stripped);
    if (is_address(value))
        return format_wrong("应为域名，不是 IP，例如 www.test.com");
    const char *host = format_host(a, value, &detail);
    if (!host)
        return format_wrong("应为域名，例如 www.test.com");
    if (!strchr(host, '.') || !registrable(host, &known))
        return format_wrong("这是公共后缀，不是域名，例如 www.test.com");
    format_result result = judge_top(host, known);
    result.note = stripped ? "已去掉域名以外的部分" : NULL;
    return result;
}

typedef struct range {
    unsigned char bytes[16];
    int bits;
    const char *what;
} range;

static const char private_detail[] = "这是内网地址，应为域名实际解析到的公网 IP，例如 114.114.114.114";
static const char special_detail[] = "这是保留地址，应为域名实际解析到的公网 IP，例如 114.114.114.114";

static const range ranges4[] = {
    {{0}, 8, special_detail},
    {{10}, 8, private_detail},
    {{100, 64}, 10, private_detail},
    {{127}, 8, private_detail},
    {{169, 254}, 16, private_detail},
    {{172, 16}, 12, private_detail},
    {{192, 0, 0}, 24, special_detail},
    {{192, 0, 2}, 24, special_detail},
    {{192, 168}, 16, private_detail},
    {{198, 18}, 15, special_detail},
    {{198, 51, 100}, 24, special_detail},
    {{203, 0, 113}, 24, special_detail},
    {{224}, 4, special_detail},
    {{240}, 4, special_detail},
};

static const range ranges6[] = {
    {{0xfc}, 7, private_detail},
    {{0xfe, 0x80}, 10, private_detail},
    {{0x20, 0x01, 0x0d, 0xb8}, 32, special_detail},
    {{0x20, 0x01, 0x00, 0x00}, 32, special_detail},
    {{0x20, 0x01, 0x00, 0x10}, 28, special_detail},
    {{0x20, 0x01, 0x00, 0x20}, 28, special_detail},
    {{0x3f, 0xff, 0x00}, 20, special_detail},
};

static bool in_range(const unsigned char *address, const range *r) {
    int whole = r->bits / 8, rest = r->bits % 8;
    if (memcmp(address, r->bytes, (size_t)whole) != 0)
        return false;
    return !rest || (address[whole] >> (8 - rest)) == (r->bytes[whole] >> (8 - rest));
}

static const char *refused(const unsigned char *address, const range *ranges, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (in_range(address, &ranges[i]))
            return ranges[i].what;
    return NULL;
}

format_result format_ip(arena *a, const char *kind, const char *raw) {
    (void)kind;
    const char *value = format_compact(a, raw), *why;
    unsigned char address[16];
    char shown[INET6_ADDRSTRLEN];
    int family = inet_pton(AF_INET, value, address) == 1 ? AF_INET : AF_INET6;
    if (family == AF_INET6 && inet_pton(AF_INET6, value, address) != 1)
        return format_wrong("应为 IPv4 或 IPv6 地址，例如 114.114.114.114");
    if (family == AF_INET)
        why = refused(address, ranges4, sizeof ranges4 / sizeof *ranges4);
    else
        why = refused(address, ranges6, sizeof ranges6 / sizeof *ranges6);
    if (!why && family == AF_INET6 && (address[0] & 0xe0) != 0x20) // only 2000::/3 is given out
        why = special_detail;
    if (why)
        return format_wrong(why);
    return format_right(arena_text(a, inet_ntop(family, address, shown, sizeof shown)));
}

// Of a name or an address in canonical form. What ends with a number is an address to every browser ("127.1").
static bool is_public(arena *a, const char *name) {
    const char *last = strrchr(name, '.');
    if (*name == '[')
        return format_ip(a, NULL, arena_slice(a, name + 1, strcspn(name + 1, "]"))).verdict == FORMAT_RIGHT;
    last = last ? last + 1 : name;
    if (!last[strspn(last, "0123456789")] || text_starts(last, "0x"))
        return format_ip(a, NULL, name).verdict == FORMAT_RIGHT;
    return strcmp(last, "localhost") != 0;
}

// Host of an authority: a name, an address, or [an IPv6 address]; with its port.
static const char *url_host(arena *a, const char *authority, const char **detail) {
    const char *port = strrchr(authority, ':');
    if (*authority == '[') {
        const char *end = strchr(authority, ']');
        struct in6_addr room;
        if (!end || inet_pton(AF_INET6, arena_slice(a, authority + 1, (size_t)(end - authority - 1)), &room) != 1)
            return NULL;
        port = end[1] ? end + 1 : NULL;
        if (port && *port != ':')
            return NULL;
    }
    const char *ignored, *name = port ? arena_slice(a, authority, (size_t)(port - authority)) : authority;
    if (port) {
        size_t run = format_run(port + 1);
        long number = strtol(port + 1, NULL, 10);
        if (run < 1 || run > 5 || port[1 + run] || number < 1 || number > 65535)
            return NULL;
    }
    if (*name != '[' && !(name = format_host(a, name, &ignored)))
        return NULL;
    if (!is_public(a, name)) {
        *detail = "应为公网可以访问的网址，请填写域名或公网 IP，例如 https://www.test.com";
        return NULL;
    }
    if (*name != '[' && !strchr(name, '.'))
        return NULL;
    return arena_print(a, "%s%s", name, port ? port : "");
}

format_result format_url(arena *a, const char *kind, const char *raw) {
    static const char wrong[] = "应为以 http:// 或 https:// 开头的网址，例如 https://www.test.com";
    (void)kind;
    const char *value = format_half_width(a, raw), *scheme = NULL, *rest = NULL;
    const char *lower = text_lower(a, value);
    if (text_starts(lower, "https://"))
        scheme = "https", rest = value + 8;
    else if (text_starts(lower, "http://"))
        scheme = "http", rest = value + 7;
    else
        return format_wrong(wrong);
    size_t size = strcspn(rest, "/?#");
    const char *detail = wrong, *tail = rest + size, *host = url_host(a, arena_slice(a, rest, size), &detail);
    if (!host)
        return format_wrong(detail);
    if (strpbrk(tail, " <>\"\\^`{}|\t\n\r"))
        return format_wrong(wrong);
    for (const char *c = tail; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            return format_wrong(wrong);
    return format_right(arena_print(a, "%s://%s%s", scheme, host, tail));
}
