#include "identity/fetch.h"
#include "base/text.h"
#include <curl/curl.h>
#include <string.h>

enum { MOST_BYTES = 64 * 1024, CONNECT_MS = 2000, TOTAL_MS = 4000 };

typedef struct sink {
    text_buffer text;
    bool too_long;
} sink;

static size_t take(char *data, size_t one, size_t count, void *context) {
    sink *s = context;
    size_t size = one * count;
    if (s->text.size + size > MOST_BYTES) {
        s->too_long = true;
        return 0; // curl ends the transfer
    }
    text_add_bytes(&s->text, data, size);
    return size;
}

static bool set_options(CURL *curl, const fetch_request *wanted, struct curl_slist *headers, sink *body) {
    CURLcode bad = CURLE_OK;
#define SET(option, value) bad = bad ? bad : curl_easy_setopt(curl, option, value)
    SET(CURLOPT_URL, wanted->url);
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
    SET(CURLOPT_PROXY, ""); // not the environment's: the platform is reached directly
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    SET(CURLOPT_TIMEOUT_MS, (long)TOTAL_MS);
    SET(CURLOPT_MAXFILESIZE, (long)MOST_BYTES);
    SET(CURLOPT_USERAGENT, "beian");
    SET(CURLOPT_HTTPHEADER, headers);
    SET(CURLOPT_WRITEFUNCTION, take);
    SET(CURLOPT_WRITEDATA, body);
    if (wanted->form) {
        SET(CURLOPT_POSTFIELDSIZE, (long)strlen(wanted->form));
        SET(CURLOPT_POSTFIELDS, wanted->form);
    }
    if (wanted->user) {
        SET(CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
        SET(CURLOPT_USERNAME, wanted->user);
        SET(CURLOPT_PASSWORD, wanted->password);
    }
#undef SET
    return bad == CURLE_OK;
}

static const char *perform(arena *a, CURL *curl, const fetch_request *wanted, struct curl_slist *headers,
                           fetch_answer *out) {
    sink body = {.text = text_buffer_new(a, 4096)};
    if (!set_options(curl, wanted, headers, &body))
        return "curl refuses an option";
    CURLcode code = curl_easy_perform(curl);
    if (body.too_long || code == CURLE_FILESIZE_EXCEEDED)
        return "answer over 64 KiB";
    if (code != CURLE_OK)
        return curl_easy_strerror(code);
    long status = 0;
    const char *media = NULL;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &media);
    *out = (fetch_answer){.status = (int)status,
                          .media = arena_text(a, media ? media : ""),
                          .body = body.text.data,
                          .size = body.text.size};
    return NULL;
}

const char *fetch(arena *a, const fetch_request *wanted, fetch_answer *out) {
    CURL *curl = curl_easy_init();
    struct curl_slist *headers = curl_slist_append(NULL, "Accept: application/json");
    const char *why = curl && headers ? perform(a, curl, wanted, headers, out) : "out of memory";
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    return why;
}

char *url_encode(arena *a, const char *text) {
    text_buffer b = text_buffer_new(a, strlen(text) * 3 + 1);
    for (const char *c = text; *c; c++) {
        bool plain =
            (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') || strchr("-._~", *c);
        if (plain)
            text_add_char(&b, *c);
        else
            text_addf(&b, "%%%02X", (unsigned)(unsigned char)*c);
    }
    return b.data;
}

static bool is_loopback(const char *host) {
    return strcmp(host, "127.0.0.1") == 0 || strcmp(host, "[::1]") == 0 || strcmp(host, "localhost") == 0;
}

static bool parts_allowed(CURLU *parts, bool loopback) {
    char *scheme = NULL, *host = NULL, *user = NULL, *fragment = NULL;
    bool fine = curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
                curl_url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
                curl_url_get(parts, CURLUPART_USER, &user, 0) == CURLUE_NO_USER &&
                curl_url_get(parts, CURLUPART_FRAGMENT, &fragment, 0) == CURLUE_NO_FRAGMENT;
    fine = fine && (strcmp(scheme, "https") == 0 || (loopback && strcmp(scheme, "http") == 0 && is_loopback(host)));
    curl_free(scheme);
    curl_free(host);
    curl_free(user);
    curl_free(fragment);
    return fine;
}

bool url_allowed(const char *url, bool loopback) {
    for (const char *c = url; *c; c++)
        if (*c < 0x21 || *c > 0x7E)
            return false;
    CURLU *parts = curl_url();
    bool fine = parts && curl_url_set(parts, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK &&
                parts_allowed(parts, loopback);
    curl_url_cleanup(parts);
    return fine;
}
