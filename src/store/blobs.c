#include "store/blobs.h"
#include "base/text.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAME_SIZE = 64 };
struct blobs {
    arena *arena;
    const char *place;
};

static problem *failed(arena *a, const char *what) {
    int code = errno;
    return problem_unavailable(a, arena_print(a, "blobs: %s: %s", what, strerror(code)));
}

static bool good_name(const char *name) {
    return strlen(name) == NAME_SIZE && strspn(name, "0123456789abcdef") == NAME_SIZE;
}

static char *folder_of(const blobs *b, arena *a, const char *name, int levels) {
    return levels == 1 ? arena_print(a, "%s/%.2s", b->place, name)
                       : arena_print(a, "%s/%.2s/%.2s", b->place, name, name + 2);
}

static char *path_of(const blobs *b, arena *a, const char *name) {
    return arena_print(a, "%s/%.2s/%.2s/%s", b->place, name, name + 2, name);
}

// What a folder holds survives a loss of power only after the folder itself was synced.
static problem *sync_folder(arena *a, const char *path) {
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return failed(a, "open folder");
    int code = fsync(fd);
    close(fd);
    return code == 0 ? NULL : failed(a, "sync folder");
}

static problem *make_folder(arena *a, const char *path, const char *parent) {
    if (mkdir(path, 0700) == 0)
        return sync_folder(a, parent);
    return errno == EEXIST ? NULL : failed(a, "make folder");
}

problem *blobs_open(arena *a, const char *place, blobs **out) {
    if (mkdir(place, 0700) < 0 && errno != EEXIST)
        return problem_printf(a, 503, "unavailable", "无法打开附件目录", "无法创建目录：%s（%s）", place,
                              strerror(errno));
    arena *own = arena_new(512);
    blobs *b = arena_new_of(own, blobs);
    b->arena = own;
    b->place = arena_text(own, place);
    *out = b;
    return NULL;
}

void blobs_close(blobs *b) {
    if (b)
        arena_free(b->arena);
}

static problem *write_file(arena *a, const char *path, const void *data, size_t size) {
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return failed(a, "create");
    const char *at = data;
    while (size) {
        ssize_t done = write(fd, at, size);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            break;
        at += done;
        size -= (size_t)done;
    }
    problem *p = size || fsync(fd) < 0 ? failed(a, "write") : NULL;
    close(fd);
    return p;
}

problem *blobs_put(blobs *b, arena *a, const char *name, const void *data, size_t size) {
    if (!good_name(name))
        return problem_internal(a, "blobs: a name is 64 hex digits");
    char *path = path_of(b, a, name), *outer = folder_of(b, a, name, 1), *inner = folder_of(b, a, name, 2);
    if (access(path, F_OK) == 0)
        return NULL;
    TRY(make_folder(a, outer, b->place));
    TRY(make_folder(a, inner, outer));
    char *temporary = arena_print(a, "%s/.%s", inner, text_id(a));
    problem *p = write_file(a, temporary, data, size);
    if (!p && rename(temporary, path) < 0)
        p = failed(a, "rename");
    if (p) {
        unlink(temporary);
        return p;
    }
    return sync_folder(a, inner);
}

static problem *read_file(arena *a, int fd, void **data, size_t *size) {
    struct stat facts;
    if (fstat(fd, &facts) < 0)
        return failed(a, "stat");
    size_t wanted = (size_t)facts.st_size, have = 0;
    char *bytes = arena_alloc(a, wanted + 1);
    while (have < wanted) {
        ssize_t done = read(fd, bytes + have, wanted - have);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return failed(a, "read");
        have += (size_t)done;
    }
    *data = bytes;
    *size = have;
    return NULL;
}

problem *blobs_get(blobs *b, arena *a, const char *name, void **data, size_t *size) {
    if (!good_name(name))
        return problem_internal(a, "blobs: a name is 64 hex digits");
    int fd = open(path_of(b, a, name), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT ? problem_not_found(a) : failed(a, "open");
    problem *p = read_file(a, fd, data, size);
    close(fd);
    return p;
}

problem *blobs_remove(blobs *b, arena *a, const char *name) {
    if (!good_name(name))
        return problem_internal(a, "blobs: a name is 64 hex digits");
    if (unlink(path_of(b, a, name)) < 0 && errno != ENOENT)
        return failed(a, "remove");
    return NULL;
}

bool blobs_healthy(blobs *b) {
    arena *a = arena_new(512);
    char *path = arena_print(a, "%s/.probe-%s", b->place, text_id(a));
    problem *p = write_file(a, path, "1", 1);
    unlink(path);
    arena_free(a);
    return !p;
}
