#include "filing/guess.h"
#include "base/clock.h"
#include "filing/content.h"
#include "guard/chain.h"
#include "store/writer.h"
#include <pthread.h>
#include <string.h>

// Attempts that were not written yet, by account. A full table forgets the oldest: its first event is written already.
enum { REMEMBERED = 256 };
static struct remembered {
    char account[32];
    int64_t written; // clock_steady() of the last event
    int64_t count;   // since then
} memory[REMEMBERED];
static pthread_mutex_t memory_lock = PTHREAD_MUTEX_INITIALIZER;

// How many attempts the event to write now stands for; 0 = not now.
static int64_t attempts_to_write(const char *account) {
    int64_t now = clock_steady(), count = 0;
    pthread_mutex_lock(&memory_lock);
    struct remembered *slot = &memory[0];
    for (size_t i = 0; i < REMEMBERED; i++) {
        if (strcmp(memory[i].account, account) == 0) {
            slot = &memory[i];
            break;
        }
        if (memory[i].written < slot->written)
            slot = &memory[i];
    }
    if (strcmp(slot->account, account) != 0) {
        *slot = (struct remembered){.count = 0, .written = 0};
        strncpy(slot->account, account, sizeof slot->account - 1);
    }
    slot->count++;
    if (!slot->written || now - slot->written >= MINUTE) {
        count = slot->count;
        slot->count = 0;
        slot->written = now;
    }
    pthread_mutex_unlock(&memory_lock);
    return count;
}

typedef struct guess {
    writer_job job;
    const char *account, *actor, *subject;
    const void *body;
    size_t size;
} guess;

static problem *write_guess(void *context, db *d, arena *a) {
    const guess *g = context;
    db_rows locked;
    TRY(db_query(d, a, SQL_ACCOUNT_LOCK, &locked, DB_ARGS(db_text(g->account))));
    return chain_append(d, a, "account", g->account, "guess", g->subject, g->actor, g->body, g->size);
}

static void done(void *context, problem *result) {
    guess *g = context;
    (void)result; // the count starts again with the next attempt
    arena_free(g->job.arena);
}

problem *guessed(request *r, const char *id, problem *p) {
    const session *who = r->session;
    int64_t count = problem_is(p, "not-found") && who ? attempts_to_write(who->account) : 0;
    if (!count)
        return p;
    arena *own = arena_new(0);
    guess *g = arena_new_of(own, guess);
    json *body = json_object(own);
    json_set_text(own, body, "route", r->route ? r->route->path : "");
    json_set_number(own, body, "count", (double)count);
    json_set_text(own, body, "place", r->peer);
    *g = (guess){.job = {.run = write_guess, .done = done, .context = g, .arena = own},
                 .account = arena_text(own, who->account),
                 .actor = arena_text(own, who->actor),
                 .subject = text_head(own, id ? id : "", 64)};
    g->body = content_seal(r->server, own, arena_print(own, "event/%s", g->account), body, &g->size);
    if (!writer_submit(r->server->store, &g->job))
        arena_free(own);
    return p;
}
