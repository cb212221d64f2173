// The gate against smuggled framing, and the router.
#include "base/text.h"
#include "check.h"
#include "http/gate.h"
#include "http/router.h"

static arena *a;

// Header lines "Name: value", ended by NULL.
static const char *gate(const char *version, const char *target, const char *const *lines) {
    gate_header headers[200];
    size_t count = 0;
    for (; lines[count]; count++) {
        const char *colon = strchr(lines[count], ':');
        headers[count] = (gate_header){arena_slice(a, lines[count], (size_t)(colon - lines[count])), colon + 2,
                                       (size_t)(colon - lines[count]), strlen(colon + 2)};
    }
    gate_head head = {"GET", target, version, headers, count};
    return gate_check(&head);
}
#define GATE(target, ...) gate("HTTP/1.1", target, (const char *const[]){__VA_ARGS__, NULL})

static void gates(void) {
    CHECK(!GATE("/x?y=1", "Host: a.example:80", "Content-Length: 5", "X-Y: a b\tc"));
    CHECK(!GATE("/", "Host: [::1]:8080", "Transfer-Encoding: chunked"));
    CHECK(!gate("HTTP/1.0", "/", (const char *const[]){"Accept: */*", NULL}));
    CHECK(GATE("/", "Accept: */*"));
    CHECK(GATE("/", "Host: a", "Host: a"));
    CHECK(GATE("/", "Host: a", "hOST: b"));
    CHECK(GATE("/", "Host: "));
    CHECK(GATE("/", "Host: a b"));
    CHECK(GATE("/", "Host: a/b"));
    CHECK(GATE("/", "Host: a", "Content-Length: 5", "Content-Length: 5"));
    CHECK(GATE("/", "Host: a", "Content-Length: 5, 5"));
    CHECK(GATE("/", "Host: a", "Content-Length: +5"));
    CHECK(GATE("/", "Host: a", "Content-Length: -1"));
    CHECK(GATE("/", "Host: a", "Content-Length: 0x5"));
    CHECK(GATE("/", "Host: a", "Content-Length: "));
    CHECK(GATE("/", "Host: a", "Content-Length: 99999999999999999999"));
    CHECK(GATE("/", "Host: a", "Content-Length: 5", "Transfer-Encoding: chunked"));
    CHECK(GATE("/", "Host: a", "Transfer-Encoding: chunked", "Transfer-Encoding: chunked"));
    CHECK(GATE("/", "Host: a", "Transfer-Encoding: gzip, chunked"));
    CHECK(GATE("/", "Host: a", "Transfer-Encoding: xchunked"));
    CHECK(GATE("/", "Host: a", "Transfer-Encoding: identity"));
    CHECK(gate("HTTP/1.0", "/", (const char *const[]){"Transfer-Encoding: chunked", NULL}));
    CHECK(GATE("/", "Host: a", "Bad Name: x"));
    CHECK(GATE("/", "Host: a", "Content-Length : 5"));
    CHECK(GATE("/", "Host: a", "X: a\x01"));
    CHECK(GATE("http://a/", "Host: a"));
    CHECK(GATE("*", "Host: a"));
    CHECK(GATE("/a b", "Host: a"));
    CHECK(GATE("/a#b", "Host: a"));
    const char *many[120];
    for (size_t i = 0; i < 119; i++)
        many[i] = "Host: a";
    many[119] = NULL;
    CHECK(gate("HTTP/1.1", "/", many));
}

static problem *nothing(request *r, db *d) {
    (void)r, (void)d;
    return NULL;
}

#define ROW(m, p)                                                                                                      \
    { .method = m, .path = p, .run = nothing }
static const route ONE[] = {ROW("GET", "/api/forms/{kind}"),
                            ROW("GET", "/api/forms/regions"),
                            ROW("POST", "/api/forms/{kind}"),
                            ROW("GET", "/a/{x}/b/{y}"),
                            ROW("GET", "/"),
                            {0}};
static const route DOUBLED[] = {ROW("GET", "/api/forms/{name}"), {0}};

static const char *find(const router *t, const char *method, const char *target, const char **param) {
    request r = {.arena = a, .method = method};
    const char *allow = NULL;
    router_verdict v = router_find(t, &r, target, &allow);
    if (param)
        *param = r.params[0];
    return v == ROUTER_FOUND       ? r.route->path
           : v == ROUTER_METHOD    ? allow
           : v == ROUTER_MALFORMED ? "malformed"
                                   : "unknown";
}

static void routes(void) {
    router *t = NULL;
    const char *param = NULL;
    CHECK(!router_build(a, (const route *const[]){ONE, NULL}, &t));
    CHECK(router_count(t) == 5);
    CHECK_TEXT(find(t, "GET", "/api/forms/regions?x=1", NULL), "/api/forms/regions");
    CHECK_TEXT(find(t, "HEAD", "/api/forms/web", &param), "/api/forms/{kind}");
    CHECK_TEXT(param, "web");
    CHECK_TEXT(find(t, "GET", "/a/%E6%B1%89%2F/b/2", &param), "/a/{x}/b/{y}");
    CHECK_TEXT(param, "汉/");
    CHECK_TEXT(find(t, "GET", "/", NULL), "/");
    CHECK_TEXT(find(t, "POST", "/api/forms/regions", NULL), "/api/forms/{kind}");
    CHECK_TEXT(find(t, "DELETE", "/", NULL), "GET");
    CHECK_TEXT(find(t, "GET", "/api/forms/", NULL), "unknown");
    CHECK_TEXT(find(t, "GET", "/api/forms/a/b", NULL), "unknown");
    CHECK_TEXT(find(t, "GET", "//", NULL), "unknown");
    CHECK_TEXT(find(t, "GET", "/a/%zz/b/2", NULL), "malformed");
    CHECK_TEXT(find(t, "GET", "/a/%00/b/2", NULL), "malformed");
    CHECK_TEXT(find(t, "GET", "/a/%ff/b/2", NULL), "malformed");
    CHECK_TEXT(find(t, "GET", "/a/%4", NULL), "malformed");
    CHECK_TEXT(find(t, "GET", "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15", NULL), "unknown");
    CHECK(router_build(a, (const route *const[]){ONE, DOUBLED, NULL}, &t));
}

int main(void) {
    a = arena_new(0);
    CASE("gate: contradicting or doubled framing is refused") gates();
    CASE("router: static before parameter, decoding, methods") routes();
    arena_free(a);
    return check_end();
}
