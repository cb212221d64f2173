#include "base/arena.h"
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#endif
#ifdef ARENA_ASAN
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#define ASAN_UNPOISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#endif

enum { FIRST = 8192, ALIGN = 16, LARGEST_BLOCK = 1 << 20 };

typedef struct block {
    struct block *next;
    size_t room, used;
    _Alignas(ALIGN) unsigned char data[];
} block;

struct arena {
    block *first, *current;
    size_t handed_out;
};

static _Noreturn void out_of_memory(void) {
    fputs("out of memory\n", stderr);
    abort();
}

static block *block_new(size_t room) {
    if (room > SIZE_MAX / 2)
        out_of_memory();
    block *b = malloc(sizeof *b + room);
    if (!b)
        out_of_memory();
    b->next = NULL;
    b->room = room;
    b->used = 0;
    ASAN_POISON_MEMORY_REGION(b->data, room);
    return b;
}

static void block_free(block *b) {
    ASAN_UNPOISON_MEMORY_REGION(b->data, b->room);
    free(b);
}

arena *arena_new(size_t first) {
    arena *a = malloc(sizeof *a);
    if (!a)
        out_of_memory();
    a->first = a->current = block_new(first ? first : FIRST);
    a->handed_out = 0;
    return a;
}

void arena_free(arena *a) {
    if (!a)
        return;
    for (block *b = a->first; b;) {
        block *next = b->next;
        block_free(b);
        b = next;
    }
    free(a);
}

void arena_reset(arena *a) {
    for (block *b = a->first->next; b;) {
        block *next = b->next;
        block_free(b);
        b = next;
    }
    a->first->next = NULL;
    a->first->used = 0;
    ASAN_POISON_MEMORY_REGION(a->first->data, a->first->room);
    a->current = a->first;
    a->handed_out = 0;
}

size_t arena_used(const arena *a) {
    return a->handed_out;
}

// Blocks double up to a limit, so that a large request costs few calls of malloc.
static void arena_grow(arena *a, size_t size) {
    size_t room = a->current->room < LARGEST_BLOCK ? a->current->room * 2 : LARGEST_BLOCK;
    if (room < FIRST)
        room = FIRST;
    block *b = block_new(room < size ? size : room);
    a->current->next = b;
    a->current = b;
}

static size_t whole_of(size_t size) {
    return (size + (ALIGN - 1)) & ~(size_t)(ALIGN - 1);
}

static void *arena_take(arena *a, size_t size) {
    if (size > SIZE_MAX / 4)
        out_of_memory();
    size_t whole = whole_of(size);
    if (a->current->room - a->current->used < whole)
        arena_grow(a, whole);
    void *data = a->current->data + a->current->used;
    a->current->used += whole;
    a->handed_out += size;
    ASAN_UNPOISON_MEMORY_REGION(data, size);
    return data;
}

void *arena_alloc(arena *a, size_t size) {
    void *data = arena_take(a, size);
    memset(data, 0, size);
    return data;
}

void *arena_raw(arena *a, size_t size) {
    return arena_take(a, size);
}

bool arena_extend(arena *a, const void *data, size_t size, size_t wanted) {
    block *b = a->current;
    size_t held = whole_of(size), more = whole_of(wanted);
    if (wanted > SIZE_MAX / 4 || held > b->used || (const unsigned char *)data != b->data + b->used - held ||
        b->room - b->used < more - held)
        return false;
    b->used += more - held;
    a->handed_out += wanted - size;
    ASAN_UNPOISON_MEMORY_REGION(data, wanted);
    return true;
}

void *arena_copy(arena *a, const void *data, size_t size) {
    void *copy = arena_take(a, size);
    if (size)
        memcpy(copy, data, size);
    return copy;
}

char *arena_slice(arena *a, const char *text, size_t size) {
    char *copy = arena_take(a, size + 1);
    if (size)
        memcpy(copy, text, size);
    copy[size] = '\0';
    return copy;
}

char *arena_text(arena *a, const char *text) {
    return text ? arena_slice(a, text, strlen(text)) : NULL;
}

char *arena_vprint(arena *a, const char *format, va_list args) {
    char small[256];
    va_list again;
    va_copy(again, args);
    int size = vsnprintf(small, sizeof small, format, args);
    char *text = NULL;
    if (size < 0)
        text = arena_slice(a, "", 0);
    else if ((size_t)size < sizeof small)
        text = arena_slice(a, small, (size_t)size);
    else {
        text = arena_take(a, (size_t)size + 1);
        vsnprintf(text, (size_t)size + 1, format, again);
    }
    va_end(again);
    return text;
}

char *arena_print(arena *a, const char *format, ...) {
    va_list args;
    va_start(args, format);
    char *text = arena_vprint(a, format, args);
    va_end(args);
    return text;
}
