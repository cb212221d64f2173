// Uploads and the pictures that came of them.
#include "api/server.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "guard/files.h"
#include "guard/limits.h"
#include "guard/papers.h"
#include "guard/picture.h"
#include "identity/identity.h"
#include <string.h>
#include <strings.h>

enum { PICTURE_MOST = 5 << 20, NAME_MOST = 120, UPLOADS_AN_HOUR = 600 };
static const char RULE[] = "支持png,jpeg,jpg格式，文件大小不超过5MB";

static problem *count_upload(void *context, db *d, arena *a) {
    return limit_count(d, a, "upload", context, UPLOADS_AN_HOUR, HOUR);
}

// "image/jpg" is what some systems say.
static const char *declared_media(const request *r) {
    const char *media = request_header(r, "Content-Type");
    size_t size = media ? strcspn(media, "; ") : 0;
    if (size == 9 && strncasecmp(media, "image/png", 9) == 0)
        return "image/png";
    if ((size == 10 && strncasecmp(media, "image/jpeg", 10) == 0) ||
        (size == 9 && strncasecmp(media, "image/jpg", 9) == 0))
        return "image/jpeg";
    return NULL;
}

static problem *check_declared(request *r) {
    const char *declared = declared_media(r), *found = picture_media(r->raw, r->raw_size);
    if (!r->raw_size)
        return problem_new(r->arena, 422, "picture-broken", "文件是空的", "请重新选择图片后上传。");
    if (!found)
        return NULL; // the decoder's refusal says more
    if (!declared)
        return problem_new(r->arena, 415, "picture-kind", "文件格式不支持", RULE);
    if (strcmp(declared, found) == 0)
        return NULL;
    return problem_printf(r->arena, 415, "picture-kind", "文件内容与格式不符",
                          "文件标明为%s，内容却是%s。请把扩展名改为%s，或另存后重新上传。", declared, found,
                          strrchr(found, '/') + 1);
}

static int hex_digit(char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

// The last part of the path that was sent, without control characters; a name that is none becomes 图片.
static const char *file_name(request *r) {
    const char *sent = request_header(r, "X-File-Name");
    if (!sent)
        return "图片";
    char *name = arena_text(r->arena, sent), *to = name;
    for (const char *in = sent; *in; in++) {
        int high = *in == '%' ? hex_digit(in[1]) : -1, low = high < 0 ? -1 : hex_digit(in[2]);
        char c = *in;
        if (low >= 0)
            c = (char)(uint8_t)(high * 16 + low);
        in += low < 0 ? 0 : 2;
        if (c == '/' || c == '\\')
            to = name;
        else if ((unsigned char)c >= ' ' && c != 0x7f)
            *to++ = c;
    }
    *to = '\0';
    if (!*name || !text_valid(name, (size_t)(to - name)))
        return "图片";
    return text_head(r->arena, name, NAME_MOST);
}

static bool declares_pdf(const request *r) {
    const char *media = request_header(r, "Content-Type");
    return media && strcspn(media, "; ") == 15 && strncasecmp(media, "application/pdf", 15) == 0;
}

// A PDF is kept as it was sent; whether the form's field takes one is the form's rule.
static problem *take(request *r, picture *shown) {
    if (declares_pdf(r) && papers_is_pdf(r->raw, r->raw_size)) {
        *shown = (picture){.media = "application/pdf", .shown = r->raw, .shown_size = r->raw_size, .hints = "[]"};
        return papers_check(r->arena, r->raw, r->raw_size);
    }
    TRY(check_declared(r));
    return decoder_picture(r->server->decoder, r->arena, r->raw, r->raw_size, shown);
}

static problem *upload(request *r, db *d) {
    (void)d;
    picture shown;
    json *facts;
    TRY(request_write(r, count_upload, (void *)(uintptr_t)r->session->account));
    TRY(take(r, &shown));
    file_new file = {.owner = r->session->account,
                     .name = file_name(r),
                     .original = r->raw,
                     .original_size = r->raw_size,
                     .picture = &shown};
    TRY(file_store(r, &file, &facts));
    reply_header(r, "Location", arena_print(r->arena, "/api/v1/files/%s", json_text(facts, "id")));
    reply_json(r, 201, facts);
    return NULL;
}

// Both kinds of people come to one address; each has a cookie of its own.
static problem *load_session(request *r, db *d, route_who who) {
    route asked = *r->route;
    const route *own = r->route;
    asked.who = who;
    r->route = &asked;
    problem *p = identity_load(r, d);
    r->route = own;
    return p;
}

static problem *may_see(request *r, db *d, const char *id) {
    const char *ticket = request_query(r, "ticket");
    bool allowed = false;
    TRY(load_session(r, d, ticket ? WHO_OFFICER : WHO_APPLICANT));
    if (!r->session)
        return problem_new(r->arena, 401, "not-logged-in", "请先登录", "您还没有登录，或者登录已过期。请重新登录。");
    if (ticket)
        allowed = file_ticket_valid(r->server, r->arena, ticket, id, r->session->hash);
    else
        TRY(file_may_see(d, r->arena, r->session->account, id, &allowed));
    if (allowed)
        return NULL;
    log_event(LOG_WARN, "file.refused", "account", r->session->account, "file", id, NULL);
    return problem_not_found(r->arena);
}

static problem *show(request *r, db *d) {
    const char *id = r->params[0], *media;
    void *data;
    size_t size;
    if (!text_is_id(id))
        return problem_not_found(r->arena);
    TRY(may_see(r, d, id));
    TRY(file_shown(r->server, d, r->arena, id, &data, &size, &media));
    reply_header(r, "Content-Security-Policy", "default-src 'none'; sandbox");
    reply_header(r, "Cache-Control", "private, no-store");
    if (strcmp(media, "application/pdf") == 0)
        reply_header(r, "Content-Disposition", "attachment; filename=\"document.pdf\"");
    reply_bytes(r, 200, media, data, size);
    return NULL;
}

const route ROUTES_FILES[] = {
    {.method = "POST",
     .path = "/api/v1/files",
     .who = WHO_APPLICANT,
     .mode = ROUTE_POOL,
     .flags = ROUTE_RAW,
     .limit = PICTURE_MOST,
     .summary = "Upload a picture (PNG or JPEG), which is decoded and re-encoded, or a PDF without active content",
     .run = upload},
    {.method = "GET",
     .path = "/api/v1/files/{id}",
     .who = WHO_ANYONE,
     .mode = ROUTE_POOL,
     .summary = "The re-encoded picture, or a PDF as a download: for its owner, or for an officer with a ticket",
     .run = show},
    {.method = NULL}};
