#include "base/config.h"
#include "base/text.h"
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

extern char **environ;

typedef enum setting_kind { TEXT, COUNT, SWITCH } setting_kind;
typedef struct setting {
    const char *name; // --name, BEIAN_NAME, `name = value`
    setting_kind kind;
    size_t offset;
} setting;

#define AT(member) offsetof(config, member)
static const setting SETTINGS[] = {
    {"data", TEXT, AT(data)},
    {"listen", TEXT, AT(listen)},
    {"public-url", TEXT, AT(public_url)},
    {"store", TEXT, AT(store)},
    {"blobs", TEXT, AT(blobs)},
    {"forms", TEXT, AT(forms)},
    {"web", TEXT, AT(web)},
    {"decoder", TEXT, AT(decoder)},
    {"issuer", TEXT, AT(issuer)},
    {"officer-issuer", TEXT, AT(officer_issuer)},
    {"client-id", TEXT, AT(client_id)},
    {"oidc-secret-file", TEXT, AT(oidc_secret_file)},
    {"oidc-alg", TEXT, AT(oidc_alg)},
    {"session-idle", COUNT, AT(session_idle)},
    {"sms-url", TEXT, AT(sms_url)},
    {"sms-secret-file", TEXT, AT(sms_secret_file)},
    {"clock-secret-file", TEXT, AT(clock_secret_file)},
    {"resolver", TEXT, AT(resolver)},
    {"egress-proxy", TEXT, AT(egress_proxy)},
    {"loops", COUNT, AT(loops)},
    {"pool", COUNT, AT(pool)},
    {"log", TEXT, AT(log)},
    {"quiet", SWITCH, AT(quiet)},
};
enum { SETTING_COUNT = sizeof SETTINGS / sizeof *SETTINGS };

static problem *config_wrong(arena *a, const char *format, const char *what) {
    problem *p = problem_new(a, 500, "configuration", "配置有误", NULL);
    text_buffer b = text_buffer_new(a, 128);
    for (; *format; format++) { // one %, the offending word
        if (*format == '%')
            text_add(&b, what);
        else
            text_add_char(&b, *format);
    }
    p->detail = p->log = b.data;
    return p;
}

static const setting *setting_find(const char *name, size_t size) {
    for (size_t i = 0; i < SETTING_COUNT; i++)
        if (strlen(SETTINGS[i].name) == size && memcmp(SETTINGS[i].name, name, size) == 0)
            return &SETTINGS[i];
    return NULL;
}

static problem *setting_put(arena *a, config *c, const setting *s, const char *value) {
    char *place = (char *)c + s->offset;
    if (s->kind == TEXT) {
        const char *text = *value ? arena_text(a, value) : NULL;
        memcpy(place, &text, sizeof text);
        return NULL;
    }
    if (s->kind == SWITCH) {
        bool on = strcmp(value, "0") != 0 && strcmp(value, "no") != 0;
        memcpy(place, &on, sizeof on);
        return NULL;
    }
    char *end = NULL;
    long number = strtol(value, &end, 10);
    if (!*value || *end || number < 1 || number > 256)
        return config_wrong(a, "% 应为 1 到 256 的整数", s->name);
    int count = (int)number;
    memcpy(place, &count, sizeof count);
    return NULL;
}

static problem *read_file(arena *a, const char *path, config *c) {
    FILE *f = fopen(path, "re");
    if (!f)
        return config_wrong(a, "无法读取配置文件 %", path);
    char line[4096];
    problem *p = NULL;
    while (!p && fgets(line, sizeof line, f)) {
        char *text = text_trim(a, line), *equals = strchr(text, '=');
        if (!*text || *text == '#')
            continue;
        if (!equals) {
            p = config_wrong(a, "配置文件里的这一行不是“名称 = 值”：%", text);
            continue;
        }
        *equals = '\0';
        const char *name = text_trim(a, text);
        const setting *s = setting_find(name, strlen(name));
        p = s ? setting_put(a, c, s, text_trim(a, equals + 1)) : config_wrong(a, "配置文件里有未知的名称：%", name);
    }
    fclose(f);
    return p;
}

static problem *read_environment(arena *a, config *c) {
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        char *name = arena_print(a, "BEIAN_%s", SETTINGS[i].name);
        for (char *p = name; *p; p++)
            *p = *p == '-' ? '_' : *p >= 'a' && *p <= 'z' ? (char)(*p - 32) : *p;
        const char *value = getenv(name);
        if (value)
            TRY(setting_put(a, c, &SETTINGS[i], value));
    }
    return NULL;
}

// The value of the flag at argv[*i], moving *i when it is the next word.
static const char *flag_value(int argc, char **argv, int *i, const setting *s) {
    const char *equals = strchr(argv[*i], '=');
    if (equals)
        return equals + 1;
    if (s && s->kind == SWITCH)
        return "yes";
    return *i + 1 < argc ? argv[++*i] : NULL;
}

static problem *read_flags(arena *a, int argc, char **argv, config *c, const char **file) {
    for (int i = 0; i < argc; i++) {
        const char *word = argv[i];
        if (strncmp(word, "--", 2) != 0)
            return config_wrong(a, "无法识别的参数：%", word);
        size_t size = strcspn(word + 2, "=");
        bool is_file = size == 6 && memcmp(word + 2, "config", 6) == 0;
        const setting *s = setting_find(word + 2, size);
        if (!s && !is_file)
            return config_wrong(a, "没有这个选项：%", word);
        const char *value = flag_value(argc, argv, &i, s);
        if (!value)
            return config_wrong(a, "选项 % 后面缺少值", word);
        if (is_file)
            *file = value;
        else if (c)
            TRY(setting_put(a, c, s, value));
    }
    return NULL;
}

static const char *program_folder(arena *a) {
    char path[PATH_MAX];
    ssize_t size = readlink("/proc/self/exe", path, sizeof path - 1);
    if (size <= 0)
        return ".";
    path[size] = '\0';
    return arena_text(a, dirname(path));
}

static void set_defaults(arena *a, config *c) {
    const char *folder = program_folder(a), *built = arena_print(a, "%s/../web/dist", folder);
    if (!c->data)
        c->data = "./data";
    if (!c->listen)
        c->listen = "127.0.0.1:8080";
    if (!c->public_url)
        c->public_url = arena_print(a, "http://%s", c->listen);
    if (!c->store)
        c->store = arena_print(a, "sqlite:%s/beian.db", c->data);
    if (!c->blobs)
        c->blobs = arena_print(a, "%s/blobs", c->data);
    if (!c->web)
        c->web = access(built, X_OK) == 0 ? built : "/usr/share/beian/web";
    if (!c->decoder)
        c->decoder = arena_print(a, "%s/beian-decoder", folder);
    if (!c->client_id)
        c->client_id = "beian";
    if (!c->oidc_alg)
        c->oidc_alg = "ES256";
    if (!c->session_idle)
        c->session_idle = 120;
    if (!c->loops)
        c->loops = 2;
    if (!c->pool)
        c->pool = 4;
}

// Address and port as they are written: "127.0.0.1:8080", "[::1]:8080". Port 0 lets the system choose one.
static problem *check_listen(arena *a, const char *listen) {
    const char *colon = strrchr(listen, ':'), *port = colon ? colon + 1 : "";
    size_t digits = strspn(port, "0123456789");
    if (digits > 0 && digits <= 5 && !port[digits] && strtol(port, NULL, 10) <= 65535)
        return NULL;
    return config_wrong(a, "监听地址（BEIAN_LISTEN）应写成 地址:端口，例如 127.0.0.1:8080，端口不超过 65535；现在是“%”",
                        listen);
}

problem *config_read(arena *a, int argc, char **argv, config *out) {
    const char *file = getenv("BEIAN_CONFIG");
    *out = (config){0};
    TRY(read_flags(a, argc, argv, NULL, &file));
    if (file && *file)
        TRY(read_file(a, file, out));
    TRY(read_environment(a, out));
    TRY(read_flags(a, argc, argv, out, &file));
    set_defaults(a, out);
    TRY(check_listen(a, out->listen));
    if (text_ends(out->public_url, "/"))
        out->public_url = arena_slice(a, out->public_url, strlen(out->public_url) - 1);
    return NULL;
}

problem *config_secret(arena *a, const char *path, const char **out) {
    char buffer[4097];
    struct stat info;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &info) != 0) {
        if (fd >= 0)
            close(fd);
        return config_wrong(a, "无法读取密钥文件 %", path);
    }
    ssize_t size = (info.st_mode & (S_IROTH | S_IWOTH)) ? -2 : read(fd, buffer, sizeof buffer - 1);
    close(fd);
    if (size == -2)
        return config_wrong(a, "密钥文件 % 可以被其他用户读取，请执行 chmod 600", path);
    while (size > 0 && (buffer[size - 1] == '\n' || buffer[size - 1] == '\r'))
        size--;
    if (size <= 0 || memchr(buffer, 0, (size_t)size))
        return config_wrong(a, "密钥文件 % 是空的或者不是文本", path);
    *out = arena_slice(a, buffer, (size_t)size);
    explicit_bzero(buffer, sizeof buffer);
    return NULL;
}
