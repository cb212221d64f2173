// SMS: job rows, sent by a chore as signed POSTs to the gateway; a failure is tried again later, for some hours.
#include "base/clock.h"
#include "base/log.h"
#include "filing/notice.h"
#include "guard/keys.h"
#include "store/writer.h"
#include <curl/curl.h>
#include <openssl/hmac.h>
#include <string.h>

enum { SMS_BATCH = 20, CONNECT_MS = 2000, TOTAL_MS = 4000, MOST_TRIES = 12 };
static const int64_t LEASE = MINUTE, PAUSE = 10 * SECOND;

static char *bound_of(arena *a, const char *id) {
    return arena_print(a, "job/%s", id);
}

problem *sms_queue(server *s, db *d, arena *a, const char *entity, const char *application, const char *text) {
    db_rows rows;
    json *submitted = NULL;
    if (!s->config->sms_url)
        return NULL;
    TRY(db_query(d, a, SQL_EVENT_SUBMITTED, &rows, DB_ARGS(db_text(entity), db_text(application))));
    if (!rows.count)
        return NULL;
    const db_value *sealed = db_at(&rows, 0, 0);
    TRY(content_unseal(s, a, arena_print(a, "event/%s", entity), sealed->bytes, sealed->size, &submitted));
    const char *mobile = json_text(submitted, "mobile"), *id = text_id(a);
    if (!mobile)
        return NULL;
    json *body = json_object(a);
    size_t size;
    json_set_text(a, body, "id", id);
    json_set_text(a, body, "mobile", mobile);
    json_set_text(a, body, "text", text);
    void *bytes = content_seal(s, a, bound_of(a, id), body, &size);
    return db_run(d, a, SQL_JOB_ADD, NULL,
                  DB_ARGS(db_text(id), db_text("sms"), db_bytes(bytes, size), db_int(clock_real())));
}

// ---- taking and giving back

typedef struct sms {
    server *server;
    const char *id;
    char *body;
    int64_t tries;
    bool sent;
} sms;

static problem *take(void *context, db *d, arena *a) {
    sms *m = context;
    db_rows rows;
    json *body;
    int64_t now = clock_real(), changed = 0;
    m->id = NULL;
    TRY(db_query(d, a, SQL_JOB_DUE, &rows, DB_ARGS(db_text("sms"), db_int(now))));
    if (!rows.count)
        return NULL;
    const char *id = db_cell(&rows, 0, 0);
    TRY(db_run(d, a, SQL_JOB_TAKE, &changed, DB_ARGS(db_text(id), db_text("sms"), db_int(now + LEASE), db_int(now))));
    if (!changed)
        return NULL;
    const db_value *sealed = db_at(&rows, 0, 1);
    TRY(content_unseal(m->server, a, bound_of(a, id), sealed->bytes, sealed->size, &body));
    m->id = id;
    m->body = json_print(a, body);
    m->tries = db_number(&rows, 0, 2);
    return NULL;
}

static problem *settle(void *context, db *d, arena *a) {
    const sms *m = context;
    if (m->sent || m->tries + 1 >= MOST_TRIES)
        return db_run(d, a, SQL_JOB_DONE, NULL, DB_ARGS(db_text(m->id)));
    return db_run(d, a, SQL_JOB_AGAIN, NULL,
                  DB_ARGS(db_text(m->id), db_int(clock_real() + (PAUSE << (m->tries < 10 ? m->tries : 10)))));
}

// ---- the gateway

static char *signature(arena *a, const char *secret, const char *body) {
    unsigned char mac[32];
    unsigned size = sizeof mac;
    HMAC(EVP_sha256(), secret, (int)strlen(secret), (const unsigned char *)body, strlen(body), mac, &size);
    return arena_print(a, "X-Signature: sha256=%s", text_hex(a, mac, size));
}

static size_t swallow(char *data, size_t size, size_t count, void *context) {
    (void)data;
    (void)context;
    return size * count;
}

static bool post(arena *a, const config *c, const char *secret, const char *body) {
    CURL *curl = curl_easy_init();
    if (!curl)
        return false;
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
    headers = curl_slist_append(headers, signature(a, secret, body));
    long status = 0;
    curl_easy_setopt(curl, CURLOPT_URL, c->sms_url);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)TOTAL_MS);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, swallow);
    CURLcode code = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    if (code == CURLE_OK && status >= 200 && status < 300)
        return true;
    log_event(LOG_WARN, "sms.failed", "why", code != CURLE_OK ? curl_easy_strerror(code) : "status", "status",
              arena_print(a, "%ld", status), NULL);
    return false;
}

problem *sms_send_due(server *s, arena *a) {
    const char *secret;
    if (!s->config->sms_url || !s->config->sms_secret_file)
        return NULL;
    TRY(config_secret(a, s->config->sms_secret_file, &secret));
    for (int i = 0; i < SMS_BATCH; i++) {
        sms m = {.server = s};
        TRY(writer_run(s->store, a, take, &m));
        if (!m.id)
            return NULL;
        m.sent = post(a, s->config, secret, m.body);
        TRY(writer_run(s->store, a, settle, &m));
        if (!m.sent) // the gateway is down: no use in trying the others now
            return NULL;
    }
    return NULL;
}
