#include "guard/keys_file.h"
#include "base/text.h"
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char HEAD[] = "beian-master-key-1 ";
enum { HEAD_SIZE = sizeof HEAD - 1, LINE = HEAD_SIZE + 2 * MASTER_KEY };

static problem *unusable(arena *a, const char *path, const char *why) {
    return problem_printf(a, 500, "key-file", "密钥文件不可用", "%s：%s", path, why);
}

static bool write_all(int fd, const char *data, size_t size) {
    while (size) {
        ssize_t done = write(fd, data, size);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        data += done;
        size -= (size_t)done;
    }
    return true;
}

static bool sync_folder(arena *a, const char *path) {
    int fd = open(dirname(arena_text(a, path)), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return good;
}

// Written beside and linked into place: a half-written key never stands at `path`, and of two programs that start at
// once one key wins.
static problem *make(arena *a, const char *path) {
    uint8_t key[MASTER_KEY];
    char line[LINE + 2];
    random_bytes(key, sizeof key);
    memcpy(line, HEAD, HEAD_SIZE);
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < MASTER_KEY; i++) {
        line[HEAD_SIZE + 2 * i] = digits[key[i] >> 4];
        line[HEAD_SIZE + 2 * i + 1] = digits[key[i] & 15];
    }
    line[LINE] = '\n';
    const char *beside = arena_print(a, "%s.%s", path, text_id(a));
    int fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool good = fd >= 0 && write_all(fd, line, LINE + 1) && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    explicit_bzero(key, sizeof key);
    explicit_bzero(line, sizeof line);
    if (good && link(beside, path) != 0 && errno != EEXIST)
        good = false;
    int error = errno;
    if (fd >= 0)
        unlink(beside);
    if (!good || !sync_folder(a, path))
        return unusable(a, path, arena_print(a, "无法写入（%s）", strerror(error)));
    return NULL;
}

static problem *parse(arena *a, const char *path, int fd, uint8_t key[MASTER_KEY]) {
    char line[LINE + 2] = {0};
    ssize_t size = read(fd, line, sizeof line - 1);
    bool good = size >= LINE && memcmp(line, HEAD, HEAD_SIZE) == 0 && (size == LINE || line[LINE] == '\n');
    line[LINE] = 0;
    good = good && text_unhex(line + HEAD_SIZE, key, MASTER_KEY);
    explicit_bzero(line, sizeof line);
    return good ? NULL : unusable(a, path, "内容不是平台的主密钥");
}

problem *keys_file_read(arena *a, const char *path, uint8_t key[MASTER_KEY]) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT) {
        TRY(make(a, path));
        fd = open(path, O_RDONLY | O_CLOEXEC);
    }
    if (fd < 0)
        return unusable(a, path, arena_print(a, "无法读取（%s）", strerror(errno)));
    struct stat about;
    problem *p = NULL;
    if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode))
        p = unusable(a, path, "不是普通文件");
    else if (about.st_mode & 077)
        p = unusable(a, path, "其他用户可以读取它，请执行 chmod 600");
    else
        p = parse(a, path, fd, key);
    close(fd);
    return p;
}
