// Composes the program from its parts, serves until SIGTERM, takes it apart in the opposite order.
#include "api/api.h"
#include "api/chores.h"
#include "api/commands.h"
#include "api/notify.h"
#include "base/log.h"
#include "base/text.h"
#include "form/form.h"
#include "guard/keys.h"
#include "guard/picture.h"
#include "guard/resolver.h"
#include "identity/identity.h"
#include "register/register.h"
#include "store/blobs.h"
#include "store/db.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { STORE_WAIT_MS = 10000, FAR_POOL = 4 }; // FAR_POOL: as many times the threads when look-ups run there

static problem *make_folder(arena *a, const char *path) {
    if (mkdir(path, 0700) == 0 || errno == EEXIST)
        return NULL;
    return problem_printf(a, 500, "data", "无法使用数据目录", "目录 %s 不能创建：%s", path, strerror(errno));
}

static bool is_loopback(const char *listen_on) {
    return text_starts(listen_on, "127.") || text_starts(listen_on, "localhost:") || text_starts(listen_on, "[::1]:");
}

static problem *check_exposure(arena *a, const config *c) {
    if (is_loopback(c->listen) || text_starts(c->public_url, "https://"))
        return NULL;
    return problem_printf(
        a, 500, "configuration", "配置有误",
        "要在 %s 上对外监听，必须设置 https 的公开地址（BEIAN_PUBLIC_URL=https://…），并在前面放置 TLS 代理。",
        c->listen);
}

// One process alone serves a file: two would hand out numbers and write chains past each other. The lock is the
// process's: it ends with it, however it ends.
static problem *lock_store(arena *a, const config *c) {
    static const char file[] = "sqlite:";
    if (!text_starts(c->store, file))
        return NULL;
    const char *path = arena_print(a, "%s.lock", c->store + strlen(file));
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return problem_printf(a, 500, "data", "无法使用数据目录", "文件 %s 不能创建：%s", path, strerror(errno));
    if (flock(fd, LOCK_EX | LOCK_NB) == 0)
        return NULL;
    close(fd);
    return problem_printf(a, 500, "data", "数据正在使用",
                          "另一个 beian serve 正在使用 %s，请先停止它，或用 BEIAN_DATA 另设数据目录。",
                          c->store + strlen(file));
}

static problem *compose_base(arena *a, const config *c, server *s) {
    s->config = c;
    TRY(make_folder(a, c->data));
    TRY(keys_open(a, arena_print(a, "%s/master.key", c->data), &s->keys));
    TRY(blobs_open(a, c->blobs, &s->blobs));
    TRY(store_open(a, c->store, STORE_WAIT_MS, &s->store));
    return store_migrate(s->store, a);
}

static problem *compose(arena *a, const config *c, server *s) {
    TRY(check_exposure(a, c));
    TRY(make_folder(a, c->data));
    TRY(lock_store(a, c));
    TRY(compose_base(a, c, s));
    forms *f = NULL;
    TRY(forms_load(a, c->forms, &f));
    s->forms = f;
    TRY(decoder_open(a, c->decoder, &s->decoder));
    TRY(resolver_open(a, c->resolver, &s->resolver));
    api *p = s->api = arena_new_of(a, api);
    p->started = text_id(a);
    if (c->clock_secret_file)
        TRY(config_secret(a, c->clock_secret_file, &p->clock_secret));
    router *routes = NULL;
    TRY(router_build(a, ROUTE_TABLES, &routes));
    p->router = routes;
    p->figures = arena_array(a, route_figures, router_count(p->router) + 1);
    TRY(identity_open(a, s, &s->identity));
    TRY(register_open(s, a));
    p->openapi = openapi_build(a, s, p->router);
    return chores_start(a, s, CHORES, &p->chores);
}

static void take_apart(server *s) {
    if (s->api)
        chores_stop(s->api->chores);
    if (s->identity)
        identity_close(s->identity);
    if (s->store)
        store_close(s->store);
    if (s->resolver)
        resolver_close(s->resolver);
    if (s->decoder)
        decoder_close(s->decoder);
    if (s->blobs)
        blobs_close(s->blobs);
    if (s->keys)
        keys_close(s->keys);
}

static problem *serve(arena *a, const config *c, server *s, const sigset_t *signals) {
    TRY(compose(a, c, s));
    http_options options = {.server = s,
                            .store = s->store,
                            .router = s->api->router,
                            .hooks = DISPATCH,
                            .listen = c->listen,
                            .loops = c->loops,
                            .pool = store_blocking(s->store) ? c->pool * FAR_POOL : c->pool,
                            .secure = text_starts(c->public_url, "https:")};
    problem *p = http_start(a, &options, &s->api->http);
    if (!p) {
        int caught = 0;
        log_event(LOG_INFO, "serving", "address", http_address(s->api->http), "version", BEIAN_VERSION, NULL);
        notify("READY=1");
        sigwait(signals, &caught);
        notify("STOPPING=1");
    }
    if (s->api->http)
        http_stop(s->api->http);
    log_event(LOG_INFO, "stopped", NULL);
    return p;
}

// Before any thread: all of them leave the signals to sigwait.
static void block_signals(sigset_t *set) {
    sigemptyset(set);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGINT);
    pthread_sigmask(SIG_BLOCK, set, NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
}

static void set_level(const config *c) {
    log_set_level(text_same(c->log, "debug") ? LOG_DEBUG : c->quiet ? LOG_WARN : LOG_INFO);
}

int command_serve(int argc, char **argv) {
    arena *a = arena_new(0);
    config c;
    server s = {0};
    sigset_t signals;
    block_signals(&signals);
    problem *p = config_read(a, argc, argv, &c);
    if (!p) {
        set_level(&c);
        p = serve(a, &c, &s, &signals);
        take_apart(&s);
    }
    int code = command_result(p);
    arena_free(a);
    return code;
}

int command_migrate(int argc, char **argv) {
    arena *a = arena_new(0);
    config c;
    server s = {0};
    problem *p = config_read(a, argc, argv, &c);
    if (!p) {
        p = compose_base(a, &c, &s);
        take_apart(&s);
    }
    int code = command_result(p);
    arena_free(a);
    return code;
}
