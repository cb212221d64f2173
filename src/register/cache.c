#include "register/cache.h"
#include "base/clock.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { SETS = 2048, WAYS = 2, DIGITS = 14, ANSWER_MOST = 8192, LIFE = 30000, FAR_LIFE = 2000, SEEN = 8192 };

typedef struct slot {
    char digits[DIGITS + 1];
    uint64_t generation;
    int64_t until;
    size_t size;
    char *answer;
} slot;

typedef struct table {
    slot slots[SETS][WAYS];
    uint32_t seen[SEEN]; // marks of numbers that were asked for once
} table;

static uint64_t generation;
static _Thread_local bool touched; // of each writer thread
static int life = LIFE;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key;

static void table_free(void *data) {
    table *t = data;
    for (size_t i = 0; i < SETS; i++)
        for (size_t k = 0; k < WAYS; k++)
            free(t->slots[i][k].answer);
    free(t);
}

static void make_key(void) {
    if (pthread_key_create(&key, table_free))
        abort();
}

static table *own_table(void) {
    pthread_once(&once, make_key);
    table *t = pthread_getspecific(key);
    if (!t) {
        t = calloc(1, sizeof *t);
        if (!t || pthread_setspecific(key, t))
            abort();
    }
    return t;
}

static uint64_t hash_of(const char *digits) {
    uint64_t hash = 1469598103934665603u;
    for (const char *c = digits; *c; c++)
        hash = (hash ^ (uint8_t)*c) * 1099511628211u;
    return hash ^ hash >> 29;
}

// A number is kept when it is asked for again: those asked for once would only push out the hot ones.
static bool asked_before(table *t, uint64_t hash) {
    uint32_t *seen = &t->seen[hash % SEEN], mark = (uint32_t)(hash >> 32) | 1;
    if (*seen == mark)
        return true;
    *seen = mark;
    return false;
}

uint64_t cache_generation(void) {
    return __atomic_load_n(&generation, __ATOMIC_ACQUIRE);
}

static bool good(const slot *s) {
    return s->generation == cache_generation() && clock_steady() < s->until;
}

const char *cache_get(arena *a, const char *digits, size_t *size) {
    slot *set = own_table()->slots[hash_of(digits) % SETS];
    for (size_t i = 0; i < WAYS; i++) {
        if (!set[i].answer || strcmp(set[i].digits, digits) != 0 || !good(&set[i]))
            continue;
        *size = set[i].size;
        return arena_slice(a, set[i].answer, set[i].size);
    }
    return NULL;
}

// The place of the same number, else of one that is over, else of the older one.
static slot *choose(slot *set, const char *digits) {
    for (size_t i = 0; i < WAYS; i++)
        if (set[i].answer && strcmp(set[i].digits, digits) == 0)
            return &set[i];
    for (size_t i = 0; i < WAYS; i++)
        if (!set[i].answer || !good(&set[i]))
            return &set[i];
    return set[0].until <= set[1].until ? &set[0] : &set[1];
}

void cache_put(const char *digits, uint64_t read_at, const char *answer, size_t size) {
    if (size > ANSWER_MOST || strlen(digits) != DIGITS)
        return;
    table *t = own_table();
    uint64_t hash = hash_of(digits);
    if (!asked_before(t, hash))
        return;
    char *copy = malloc(size);
    if (!copy)
        return;
    memcpy(copy, answer, size);
    slot *s = choose(t->slots[hash % SETS], digits);
    free(s->answer);
    memcpy(s->digits, digits, DIGITS + 1);
    s->generation = read_at;
    s->until = clock_steady() + life;
    s->size = size;
    s->answer = copy;
}

void cache_share(void) {
    life = FAR_LIFE;
}

void cache_touch(void) {
    touched = true;
}

void cache_committed(void *context) {
    (void)context;
    if (!touched)
        return;
    touched = false;
    __atomic_add_fetch(&generation, 1, __ATOMIC_RELEASE);
}
