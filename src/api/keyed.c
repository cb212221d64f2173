// Idempotency-Key: the answer is kept in the effect's own transaction, sealed, for 48 hours.
#include "api/api.h"
#include "base/clock.h"
#include "base/text.h"
#include "guard/keys.h"
#include "identity/session.h"
#include "store/writer.h"
#include <string.h>

static const int64_t KEPT = 48 * HOUR;

static const char *account_of(const request *r) {
    return r->session ? r->session->account : "-";
}

static const char *bound_to(request *r) {
    return arena_print(r->arena, "request/%s/%s/%s", account_of(r), r->route->path, r->idempotency_key);
}

// A route with parameters is one route per subject: the same key for two applications is two requests.
static const char *body_hash(request *r) {
    text_buffer b = text_buffer_new(r->arena, r->raw_size + 256);
    text_add(&b, r->path);
    text_add_char(&b, '\n');
    text_add_bytes(&b, r->raw, r->raw_size);
    return keys_hash(r->server->keys, r->arena, "request", b.data, b.size);
}

// What is kept of an answer: its ETag (may be empty), a line end, its JSON.
static const char *answer_text(request *r, size_t *size) {
    text_buffer b = text_buffer_new(r->arena, r->reply.size + 64);
    for (size_t i = 0; i < r->reply.header_count; i++)
        if (text_same(r->reply.headers[i].name, "ETag"))
            text_add(&b, r->reply.headers[i].value);
    text_add_char(&b, '\n');
    text_add_bytes(&b, r->reply.body, r->reply.size);
    *size = b.size;
    return b.data;
}

static problem *answer_again(request *r, const db_rows *rows, const char *hash) {
    if (!text_same(db_cell(rows, 0, 0), hash))
        return problem_new(r->arena, 422, "key-reused", "请求标识已被使用",
                           "同一个 Idempotency-Key 已经用于另一次不同的提交，请换一个新的标识后重试。");
    const db_value *sealed = db_at(rows, 0, 2);
    void *plain = NULL;
    size_t size = 0;
    TRY(keys_unseal(r->server->keys, r->arena, bound_to(r), sealed->bytes, sealed->size, &plain, &size));
    const char *kept = arena_slice(r->arena, plain, size), *body = strchr(kept, '\n');
    if (!body)
        return problem_internal(r->arena, "a kept answer without its first line");
    reply_text(r, (int)db_number(rows, 0, 1), NULL, body + 1);
    if (body > kept)
        reply_header(r, "ETag", arena_slice(r->arena, kept, (size_t)(body - kept)));
    reply_header(r, "Idempotent-Replay", "true");
    return NULL;
}

static problem *kept_answer(request *r, db *d, db_rows *out) {
    return db_query(d, r->arena, SQL_REQUEST_KEY_GET, out,
                    DB_ARGS(db_text(account_of(r)), db_text(r->route->path), db_text(r->idempotency_key)));
}

// The same request at the same time was faster: all that this one did is rolled back, the repeat finds the answer.
static problem *run_again(request *r) {
    problem *p = problem_unavailable(r->arena, "the key was used meanwhile");
    p->again = true;
    return p;
}

problem *keyed_run(request *r, db *d) {
    db_rows rows;
    const char *hash = body_hash(r), *account = account_of(r);
    TRY(kept_answer(r, d, &rows));
    if (rows.count)
        return answer_again(r, &rows, hash);
    problem *refusal = r->route->run(r, d);
    // On PostgreSQL the twin of this request may have been faster: then its effect is what the handler met.
    if (refusal && store_blocking(r->server->store) && refusal->status < 500 && !refusal->constraint)
        TRY(kept_answer(r, d, &rows));
    if (rows.count)
        return run_again(r);
    TRY(refusal);
    int status = r->reply.status ? r->reply.status : 200;
    size_t size = 0;
    const char *text = answer_text(r, &size);
    const void *sealed = keys_seal(r->server->keys, r->arena, bound_to(r), text, size, &size);
    int64_t added = 0;
    TRY(db_run(d, r->arena, SQL_REQUEST_KEY_ADD, &added,
               DB_ARGS(db_text(account), db_text(r->route->path), db_text(r->idempotency_key), db_text(hash),
                       db_int(status), db_bytes(sealed, size), db_int(clock_real()))));
    return added ? NULL : run_again(r);
}

static problem *sweep(void *context, db *d, arena *a) {
    (void)context;
    return db_run(d, a, SQL_REQUEST_KEY_FORGET, NULL, DB_ARGS(db_int(clock_real() - KEPT)));
}

problem *keyed_sweep(server *s, arena *a) {
    return writer_run(s->store, a, sweep, NULL);
}
