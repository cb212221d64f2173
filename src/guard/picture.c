#include "guard/picture.h"
#include "base/clock.h"
#include "base/log.h"
#include "guard/decoder/frame.h"
#include "guard/tail.h"
#include <errno.h>
#include <poll.h>
#include <semaphore.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { AT_ONCE = 2, PATIENCE = 10 * 1000 };
static const char RULE[] = "支持png,jpeg,jpg格式，文件大小不超过5MB";

struct decoder {
    char *path;
    sem_t slots; // a picture of 60 megapixels needs hundreds of MB in its process
};

problem *decoder_open(arena *a, const char *path, decoder **out) {
    if (!path || access(path, X_OK) != 0)
        return problem_printf(a, 500, "decoder", "图片处理程序不可用", "%s：%s", path ? path : "BEIAN_DECODER",
                              path ? strerror(errno) : "没有设置");
    decoder *d = arena_new_of(a, decoder);
    d->path = arena_text(a, path);
    sem_init(&d->slots, 0, AT_ONCE);
    *out = d;
    return NULL;
}

void decoder_close(decoder *d) {
    if (d)
        sem_destroy(&d->slots);
}

// ---- what was sent, by its first bytes

typedef struct kind {
    const char *media; // NULL: not taken
    size_t at, size;
    const char *magic;
    const char *name;
} kind;

static const kind KINDS[] = {
    {"image/png", 0, 8, "\x89PNG\r\n\x1a\n", "PNG"},
    {"image/jpeg", 0, 3, "\xff\xd8\xff", "JPEG"},
    {NULL, 4, 8, "ftypheic", "HEIC"},
    {NULL, 4, 8, "ftypheix", "HEIC"},
    {NULL, 4, 8, "ftypmif1", "HEIC"},
    {NULL, 4, 8, "ftypavif", "AVIF"},
    {NULL, 0, 5, "%PDF-", "PDF"},
    {NULL, 0, 4, "GIF8", "GIF"},
    {NULL, 8, 4, "WEBP", "WebP"},
    {NULL, 0, 2, "BM", "BMP"},
    {NULL, 0, 4, "II*\0", "TIFF"},
    {NULL, 0, 4, "MM\0*", "TIFF"},
    {NULL, 0, 4, "PK\3\4", "压缩包或办公文档"},
};

static const kind *kind_of(const void *data, size_t size) {
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++)
        if (size >= KINDS[i].at + KINDS[i].size &&
            memcmp((const char *)data + KINDS[i].at, KINDS[i].magic, KINDS[i].size) == 0)
            return &KINDS[i];
    return NULL;
}

const char *picture_media(const void *data, size_t size) {
    const kind *k = kind_of(data, size);
    return k ? k->media : NULL;
}

static problem *refuse_kind(arena *a, const kind *k) {
    if (!k)
        return problem_printf(a, 415, "picture-kind", "文件不是图片或格式不支持", "%s。请换一张图片。", RULE);
    if (strcmp(k->name, "HEIC") == 0)
        return problem_printf(a, 415, "picture-kind", "不支持HEIC格式的照片",
                              "%s。请在手机的相机设置里选择“兼容性最佳”后重新拍照，或对照片截屏后上传截图。", RULE);
    return problem_printf(a, 415, "picture-kind", "文件格式不支持", "%s。您选择的是%s文件，请另存为JPEG图片后上传。",
                          RULE, k->name);
}

// ---- one run of the decoder

static uint32_t number(const uint8_t *at) {
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static bool start(const char *path, int fd, pid_t *pid) {
    char *argv[] = {(char *)"beian-decoder", NULL}, *env[] = {NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, normal;
    sigemptyset(&none);
    sigfillset(&normal);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_adddup2(&actions, fd, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, fd, STDOUT_FILENO);
    posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &normal);
    int failed = posix_spawn(pid, path, &actions, &attributes, argv, env);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return failed == 0;
}

static bool wait_for(int fd, short events, int64_t deadline) {
    for (;;) {
        int64_t left = deadline - clock_steady();
        struct pollfd p = {.fd = fd, .events = events};
        int ready = left > 0 ? poll(&p, 1, (int)left) : 0;
        if (ready > 0)
            return true;
        if (ready == 0 || errno != EINTR)
            return false;
    }
}

static bool send_all(int fd, const void *data, size_t size, int64_t deadline) {
    for (const char *at = data; size;) {
        ssize_t done = send(fd, at, size, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (done < 0 && (errno == EAGAIN || errno == EINTR)) {
            if (!wait_for(fd, POLLOUT, deadline))
                return false;
            continue;
        }
        if (done <= 0)
            return false;
        at += done;
        size -= (size_t)done;
    }
    return true;
}

static bool receive_all(int fd, void *data, size_t size, int64_t deadline) {
    for (char *at = data; size;) {
        if (!wait_for(fd, POLLIN, deadline))
            return false;
        ssize_t got = recv(fd, at, size, MSG_DONTWAIT);
        if (got < 0 && (errno == EAGAIN || errno == EINTR))
            continue;
        if (got <= 0)
            return false;
        at += got;
        size -= (size_t)got;
    }
    return true;
}

typedef struct answer {
    uint32_t numbers[DECODER_ANSWER];
    const void *data;
} answer;

// Nothing that comes out of the jail is believed: sizes are bounded, the magic is looked at.
static bool converse(arena *a, int fd, const void *data, size_t size, int64_t deadline, answer *out) {
    uint8_t head[4] = {(uint8_t)(size >> 24), (uint8_t)(size >> 16), (uint8_t)(size >> 8), (uint8_t)size};
    uint8_t raw[4 * DECODER_ANSWER];
    if (!send_all(fd, head, sizeof head, deadline) || !send_all(fd, data, size, deadline) ||
        !receive_all(fd, raw, sizeof raw, deadline))
        return false;
    for (int i = 0; i < DECODER_ANSWER; i++)
        out->numbers[i] = number(raw + 4 * i);
    size_t back = out->numbers[ANSWER_SIZE];
    if (out->numbers[ANSWER_STATUS] != 0)
        return true;
    if (back < 4 || back > DECODER_OUTPUT_MOST || out->numbers[ANSWER_WIDTH] - 1 >= DECODER_SIDE_MOST ||
        out->numbers[ANSWER_HEIGHT] - 1 >= DECODER_SIDE_MOST)
        return false;
    uint8_t *shown = arena_alloc(a, back);
    out->data = shown;
    return receive_all(fd, shown, back, deadline) && memcmp(shown, "\xff\xd8\xff", 3) == 0;
}

static problem *run(decoder *d, arena *a, const void *data, size_t size, answer *out) {
    int ends[2], state = 0;
    pid_t pid;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return problem_unavailable(a, "no socket for the decoder");
    bool started = start(d->path, ends[1], &pid);
    close(ends[1]);
    if (!started) {
        close(ends[0]);
        return problem_unavailable(a, "the decoder cannot be started");
    }
    int64_t deadline = clock_steady() + PATIENCE;
    bool good = converse(a, ends[0], data, size, deadline, out);
    close(ends[0]);
    if (!good)
        kill(pid, SIGKILL);
    while (waitpid(pid, &state, 0) < 0 && errno == EINTR)
        ;
    if (good)
        return NULL;
    log_event(LOG_WARN, "picture.decoder", "end", WIFSIGNALED(state) ? strsignal(WTERMSIG(state)) : "exit", "in time",
              clock_steady() < deadline ? "yes" : "no", NULL);
    return problem_new(a, 422, "picture-broken", "图片无法处理",
                       "图片可能已损坏或过于复杂，请重新拍照或另存为JPEG图片后上传。");
}

static const char *hints_text(uint32_t hints) {
    static const char *const texts[] = {"[]", "[\"small\"]", "[\"dark\"]", "[\"small\",\"dark\"]"};
    return texts[hints & 3];
}

static problem *refuse_status(arena *a, uint32_t status) {
    static const struct {
        int status;
        const char *type, *title, *detail;
    } answers[] = {
        [DECODER_KIND] = {415, "picture-kind", "文件不是图片或格式不支持", RULE},
        [DECODER_LARGE] = {422, "picture-large", "图片的像素太多",
                           "单边不超过12000像素、总数不超过6000万像素，请缩小后上传，例如上传截图。"},
        [DECODER_BROKEN] = {422, "picture-broken", "图片已损坏或不完整",
                            "请在设备上打开确认能正常显示，重新拍照或另存为JPEG图片后上传。"},
        [DECODER_MEMORY] = {422, "picture-large", "图片过于复杂", "请另存为普通的JPEG图片后上传，例如上传截图。"},
    };
    if (status >= sizeof answers / sizeof *answers || !answers[status].type)
        return problem_internal(a, "the decoder gave an unknown answer");
    return problem_new(a, answers[status].status, answers[status].type, answers[status].title, answers[status].detail);
}

problem *decoder_picture(decoder *d, arena *a, const void *data, size_t size, picture *out) {
    const kind *k = kind_of(data, size);
    if (!k || !k->media)
        return refuse_kind(a, k);
    if (size > DECODER_INPUT_MOST)
        return problem_new(a, 413, "too-large", "文件太大", RULE);
    while (sem_wait(&d->slots) != 0)
        ;
    answer got = {0};
    problem *p = run(d, a, data, size, &got);
    sem_post(&d->slots);
    TRY(p);
    if (got.numbers[ANSWER_STATUS] != 0)
        return refuse_status(a, got.numbers[ANSWER_STATUS]);
    if (!picture_ends(data, size))
        return problem_new(a, 422, "picture-tail", "图片不是单纯的图片文件",
                           "图片文件末尾带有其他内容，请重新导出图片后上传，例如上传截图。");
    *out = (picture){.media = "image/jpeg",
                     .shown = got.data,
                     .shown_size = got.numbers[ANSWER_SIZE],
                     .width = (int)got.numbers[ANSWER_WIDTH],
                     .height = (int)got.numbers[ANSWER_HEIGHT],
                     .hints = hints_text(got.numbers[ANSWER_HINTS])};
    return NULL;
}
