#include "identity/facts_cache.h"
#include "base/clock.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS = 256, ROOM = 1200, HASH = 64 };
static const int64_t LIFE = 2 * SECOND;

typedef struct slot {
    char hash[HASH + 1];
    int64_t version, until; // until: clock_steady(); 0 = empty
    size_t facts_size, actor_size;
    char text[ROOM]; // the facts, then the actor
} slot;

typedef struct cache {
    slot slots[SLOTS];
    size_t sweep;
} cache;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t cache_key;

static void cache_free(void *data) {
    explicit_bzero(data, sizeof(cache));
    free(data);
}

static void make_key(void) {
    if (pthread_key_create(&cache_key, cache_free))
        abort();
}

static cache *cache_of_thread(void) {
    pthread_once(&once, make_key);
    cache *c = pthread_getspecific(cache_key);
    if (c)
        return c;
    c = calloc(1, sizeof *c);
    if (!c || pthread_setspecific(cache_key, c))
        abort();
    return c;
}

static void wipe(slot *s) {
    if (s->until)
        explicit_bzero(s, sizeof *s);
}

// The hash is evenly spread, and hexadecimal.
static slot *slot_of(cache *c, const char *hash) {
    unsigned index = 0;
    for (int i = 0; i < 2; i++)
        index = index << 4 | (unsigned)(hash[i] <= '9' ? hash[i] - '0' : hash[i] - 'a' + 10);
    return &c->slots[index % SLOTS];
}

bool facts_find(arena *a, const char *session_hash, int64_t facts_version, opened *out) {
    cache *c = cache_of_thread();
    int64_t now = clock_steady();
    slot *next = &c->slots[c->sweep++ % SLOTS], *s = slot_of(c, session_hash);
    if (next->until < now)
        wipe(next);
    if (s->until < now || s->version != facts_version || strcmp(s->hash, session_hash) != 0)
        return false;
    s->until = now + LIFE;
    *out = (opened){.facts = arena_slice(a, s->text, s->facts_size),
                    .facts_size = s->facts_size,
                    .actor = arena_slice(a, s->text + s->facts_size, s->actor_size),
                    .actor_size = s->actor_size};
    return true;
}

void facts_keep(const char *session_hash, int64_t facts_version, const opened *facts) {
    slot *s = slot_of(cache_of_thread(), session_hash);
    wipe(s);
    if (strlen(session_hash) != HASH || facts->facts_size + facts->actor_size > ROOM)
        return;
    memcpy(s->hash, session_hash, HASH + 1);
    memcpy(s->text, facts->facts, facts->facts_size);
    memcpy(s->text + facts->facts_size, facts->actor, facts->actor_size);
    s->facts_size = facts->facts_size;
    s->actor_size = facts->actor_size;
    s->version = facts_version;
    s->until = clock_steady() + LIFE;
}
