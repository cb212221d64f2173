#include "guard/chain.h"
#include "base/clock.h"
#include "base/text.h"
#include <gcrypt.h>
#include <stdio.h>
#include <string.h>

// One event as it is stored.
typedef struct link_row {
    const char *chain, *act, *subject, *actor, *previous, *hash;
    int64_t seq, at;
    const void *body;
    size_t size;
} link_row;

// Every part goes in with its length in front, so that no two events give the same bytes.
static void feed(text_buffer *b, const void *data, size_t size) {
    unsigned char length[8];
    for (int i = 0; i < 8; i++)
        length[i] = (unsigned char)((uint64_t)size >> (56 - 8 * i));
    text_add_bytes(b, length, sizeof length);
    text_add_bytes(b, data, size);
}

static void feed_text(text_buffer *b, const char *text) {
    feed(b, text, strlen(text));
}

static void feed_number(text_buffer *b, int64_t number) {
    unsigned char bytes[8];
    for (int i = 0; i < 8; i++)
        bytes[i] = (unsigned char)((uint64_t)number >> (56 - 8 * i));
    text_add_bytes(b, bytes, sizeof bytes);
}

// At once from one buffer: a handle per thread would be left behind when its thread ends.
static char *hash_of(arena *a, const link_row *e) {
    unsigned char digest[32];
    text_buffer b = text_buffer_new(a, e->size + 512);
    feed_text(&b, e->previous);
    feed_text(&b, e->chain);
    feed_number(&b, e->seq);
    feed_number(&b, e->at);
    feed_text(&b, e->act);
    feed_text(&b, e->subject);
    feed_text(&b, e->actor);
    feed(&b, e->body, e->size);
    gcry_md_hash_buffer(GCRY_MD_SM3, digest, b.data, b.size);
    return text_hex(a, digest, sizeof digest);
}

problem *chain_append(db *d, arena *a, const char *chain_table, const char *chain_id, const char *act,
                      const char *subject, const char *actor, const void *body, size_t size) {
    bool entity = strcmp(chain_table, "entity") == 0;
    db_rows head;
    TRY(db_query(d, a, entity ? SQL_CHAIN_ENTITY_HEAD : SQL_CHAIN_ACCOUNT_HEAD, &head, DB_ARGS(db_text(chain_id))));
    if (!head.count)
        return problem_not_found(a);
    link_row e = {.chain = chain_id,
                  .seq = db_number(&head, 0, 0) + 1,
                  .at = clock_now(),
                  .act = act,
                  .subject = subject ? subject : "",
                  .actor = actor ? actor : "",
                  .body = body ? body : "",
                  .size = size,
                  .previous = db_cell(&head, 0, 1)};
    char *hash = hash_of(a, &e);
    TRY(db_run(d, a, SQL_CHAIN_EVENT_ADD, NULL,
               DB_ARGS(db_text(e.chain), db_int(e.seq), db_int(e.at), db_text(e.act), db_text(e.subject),
                       db_text(e.actor), db_bytes(e.body, e.size), db_text(e.previous), db_text(hash))));
    return db_run(d, a, entity ? SQL_CHAIN_ENTITY_MOVE : SQL_CHAIN_ACCOUNT_MOVE, NULL,
                  DB_ARGS(db_text(chain_id), db_int(e.seq), db_text(hash)));
}

// ---- verifying

enum { STEP = 200, LONGEST = 128 };

typedef struct audit {
    arena *kept; // what outlives a step
    db *db;
    chain_report *report;
    char chain[LONGEST]; // under way; "" at the start
    int64_t seq;
    char hash[LONGEST];
    bool broken;
} audit;

static void fault(audit *u, const char *chain, int64_t seq, const char *what) {
    if (u->broken)
        return;
    u->broken = true;
    u->report->broken++;
    if (u->report->first_chain)
        return;
    u->report->first_chain = arena_text(u->kept, chain);
    u->report->first_seq = seq;
    u->report->first_what = what;
}

static bool same_head(const db_rows *rows, int64_t seq, const char *hash) {
    return rows->count && db_number(rows, 0, 0) == seq && text_same(db_cell(rows, 0, 1), hash);
}

// A head that moved on while we read is fine when the event table moved with it.
static problem *check_head(audit *u, arena *a, const char *chain, int64_t seq, const char *hash) {
    db_rows entity, account, last;
    TRY(db_query(u->db, a, SQL_CHAIN_ENTITY_HEAD, &entity, DB_ARGS(db_text(chain))));
    TRY(db_query(u->db, a, SQL_CHAIN_ACCOUNT_HEAD, &account, DB_ARGS(db_text(chain))));
    if (same_head(&entity, seq, hash) || same_head(&account, seq, hash))
        return NULL;
    TRY(db_query(u->db, a, SQL_CHAIN_LAST, &last, DB_ARGS(db_text(chain))));
    const db_rows *head = entity.count ? &entity : &account;
    if (!head->count)
        fault(u, chain, seq, "events without a head");
    else if (db_number(head, 0, 0) <= seq || !last.count || db_number(&last, 0, 0) < db_number(head, 0, 0))
        fault(u, chain, seq, "the head does not fit the last event");
    return NULL;
}

static problem *end_chain(audit *u, arena *a) {
    if (*u->chain && !u->broken)
        TRY(check_head(u, a, u->chain, u->seq, u->hash));
    u->report->chains += *u->chain != '\0';
    return NULL;
}

static problem *check_event(audit *u, arena *a, const link_row *e) {
    if (strlen(e->chain) >= LONGEST || strlen(e->hash) >= LONGEST)
        return problem_internal(a, "chain: a name or hash is too long");
    if (strcmp(u->chain, e->chain) != 0) {
        TRY(end_chain(u, a));
        memcpy(u->chain, e->chain, strlen(e->chain) + 1);
        u->seq = 0;
        *u->hash = '\0';
        u->broken = false;
    }
    char *hash = hash_of(a, e);
    if (e->seq != u->seq + 1)
        fault(u, e->chain, e->seq, "an event is missing before this one");
    else if (!text_same(e->previous, u->hash))
        fault(u, e->chain, e->seq, "it does not name its predecessor");
    else if (!text_same(hash, e->hash))
        fault(u, e->chain, e->seq, "its content does not fit its hash");
    u->seq = e->seq;
    memcpy(u->hash, e->hash, strlen(e->hash) + 1);
    u->report->events++;
    return NULL;
}

static problem *check_step(audit *u, arena *a, size_t *count) {
    db_rows rows;
    TRY(db_query(u->db, a, SQL_CHAIN_EVENTS_AFTER, &rows, DB_ARGS(db_text(u->chain), db_int(u->seq), db_int(STEP))));
    for (size_t i = 0; i < rows.count; i++) {
        const db_value *body = db_at(&rows, i, 6);
        link_row e = {.chain = db_cell(&rows, i, 0),
                      .seq = db_number(&rows, i, 1),
                      .at = db_number(&rows, i, 2),
                      .act = db_cell(&rows, i, 3),
                      .subject = db_cell(&rows, i, 4),
                      .actor = db_cell(&rows, i, 5),
                      .body = body->bytes,
                      .size = body->size,
                      .previous = db_cell(&rows, i, 7),
                      .hash = db_cell(&rows, i, 8)};
        if (!e.chain || !e.act || !e.subject || !e.actor || !e.previous || !e.hash || body->kind != DB_BYTES)
            return problem_internal(a, "chain: an event with a missing column");
        TRY(check_event(u, a, &e));
    }
    *count = rows.count;
    return NULL;
}

// Chains whose events are all gone, or that lost their last ones.
static problem *check_heads(audit *u, sql_id id) {
    char after[LONGEST] = "";
    for (size_t count = STEP; count == STEP;) {
        arena *a = arena_new(0);
        db_rows rows, last;
        problem *p = db_query(u->db, a, id, &rows, DB_ARGS(db_text(after), db_int(STEP)));
        count = p ? 0 : rows.count;
        for (size_t i = 0; i < count && !p; i++) {
            snprintf(after, sizeof after, "%s", db_cell(&rows, i, 0));
            u->broken = false;
            if (db_number(&rows, i, 1) == 0)
                continue;
            p = db_query(u->db, a, SQL_CHAIN_LAST, &last, DB_ARGS(db_text(after)));
            if (!p && !last.count)
                fault(u, after, 0, "a head without events");
        }
        if (p)
            p = problem_internal(u->kept, p->log);
        arena_free(a);
        TRY(p);
    }
    return NULL;
}

static problem *check_events(audit *u) {
    for (size_t count = STEP; count == STEP;) {
        arena *a = arena_new(0);
        problem *p = check_step(u, a, &count);
        if (p)
            p = problem_internal(u->kept, p->log);
        arena_free(a);
        TRY(p);
    }
    return end_chain(u, u->kept);
}

problem *chain_verify(store *s, arena *a, chain_report *out) {
    *out = (chain_report){0};
    audit u = {.kept = a, .report = out};
    TRY(store_reader(s, a, &u.db));
    problem *p = check_events(&u);
    if (!p)
        p = check_heads(&u, SQL_CHAIN_ENTITY_HEADS_AFTER);
    if (!p)
        p = check_heads(&u, SQL_CHAIN_ACCOUNT_HEADS_AFTER);
    db_close(u.db);
    return p;
}
