// A head as lines "METHOD TARGET VERSION", "Name: value": the gate and the router must read it within its bounds, and
// what passes has one meaning: at most one length or encoding, one host.
#include "base/text.h"
#include "http/gate.h"
#include "http/router.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static problem *nothing(request *r, db *d) {
    (void)r, (void)d;
    return NULL;
}

static const route ROUTES[] = {{.method = "GET", .path = "/api/{a}/b/{c}", .run = nothing},
                               {.method = "POST", .path = "/api/{a}/b/c", .run = nothing},
                               {.method = "GET", .path = "/", .run = nothing},
                               {0}};

static size_t count_named(const gate_header *headers, size_t count, const char *name) {
    size_t found = 0;
    for (size_t i = 0; i < count; i++)
        found += headers[i].name_size == strlen(name) && strncasecmp(headers[i].name, name, strlen(name)) == 0;
    return found;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    arena *a = arena_new(0);
    size_t lines = 0, words = 0, count = 0;
    char **line = text_split(a, arena_slice(a, (const char *)data, size), '\n', &lines);
    char **word = text_split(a, line[0], ' ', &words);
    gate_header *headers = arena_array(a, gate_header, lines);
    for (size_t i = 1; i < lines; i++) {
        size_t name = strcspn(line[i], ":");
        const char *value = line[i] + name + (line[i][name] == ':');
        headers[count++] = (gate_header){arena_slice(a, line[i], name), value, name, strlen(value)};
    }
    gate_head head = {word[0], words > 1 ? word[1] : "", words > 2 ? word[2] : "HTTP/1.1", headers, count};
    if (!gate_check(&head)) {
        size_t framing =
            count_named(headers, count, "content-length") + count_named(headers, count, "transfer-encoding");
        if (framing > 1 || count_named(headers, count, "host") > 1 || *head.target != '/')
            abort();
        router *t = NULL;
        const char *allow = NULL;
        request r = {.arena = a, .method = head.method};
        if (router_build(a, (const route *const[]){ROUTES, NULL}, &t))
            abort();
        if (router_find(t, &r, head.target, &allow) == ROUTER_FOUND &&
            (!r.route || !text_valid(r.path, strlen(r.path))))
            abort();
    }
    arena_free(a);
    return 0;
}
