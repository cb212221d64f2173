#include "http/static.h"
#include "base/text.h"
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LARGEST = 8 << 20 };

static const struct {
    const char *ending, *media;
} MEDIA[] = {
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json; charset=utf-8"},
    {".webmanifest", "application/manifest+json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".txt", "text/plain; charset=utf-8"},
};

static const char *media_of(const char *path) {
    for (size_t i = 0; i < sizeof MEDIA / sizeof *MEDIA; i++)
        if (text_ends(path, MEDIA[i].ending))
            return MEDIA[i].media;
    return NULL; // what is not in the table is not served
}

// No segment may begin with a dot (.., hidden files) or be empty; a backslash or a decoded slash has no business here.
static bool is_safe(const char *path) {
    if (*path != '/' || strchr(path, '\\'))
        return false;
    for (const char *c = path; *c; c++)
        if (*c == '/' && (c[1] == '.' || c[1] == '/' || !c[1]))
            return false;
    return true;
}

static bool takes_gzip(const request *r) {
    const char *list = request_header(r, "Accept-Encoding");
    const char *at = list ? strstr(list, "gzip") : NULL;
    return at && strncmp(at + 4, ";q=0", 4) != 0;
}

static int open_file(const char *path, struct stat *info) {
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd >= 0 && fstat(fd, info) == 0 && S_ISREG(info->st_mode) && info->st_size <= LARGEST)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

static void reply_file(request *r, const char *media, int fd, const struct stat *info) {
    size_t size = (size_t)info->st_size, got = 0;
    char *data = arena_alloc(r->arena, size + 1);
    while (got < size) {
        ssize_t n = read(fd, data + got, size - got);
        if (n <= 0)
            break;
        got += (size_t)n;
    }
    reply_bytes(r, 200, media, data, got);
}

bool static_serve(request *r, const char *folder, const char *path) {
    struct stat info;
    const char *media = media_of(path);
    if (!media || !is_safe(path))
        return false;
    const char *plain = arena_print(r->arena, "%s%s", folder, path);
    bool packed = takes_gzip(r);
    int fd = packed ? open_file(arena_print(r->arena, "%s.gz", plain), &info) : -1;
    packed = fd >= 0;
    if (!packed)
        fd = open_file(plain, &info);
    if (fd < 0)
        return false;
    const char *tag =
        arena_print(r->arena, "\"%llx-%llx%s\"",
                    (unsigned long long)info.st_mtim.tv_sec * 1000000000ULL + (unsigned long long)info.st_mtim.tv_nsec,
                    (unsigned long long)info.st_size, packed ? "-gz" : "");
    if (text_same(request_header(r, "If-None-Match"), tag)) {
        reply_bytes(r, 304, media, "", 0);
    } else {
        reply_file(r, media, fd, &info);
        if (packed)
            reply_header(r, "Content-Encoding", "gzip");
    }
    close(fd);
    reply_header(r, "ETag", tag);
    reply_header(r, "Vary", "Accept-Encoding");
    reply_header(r, "Cache-Control",
                 text_starts(path, "/assets/") ? "public, max-age=31536000, immutable" : "no-cache");
    return true;
}
