// The master key (a file, 0600, made by `beian init` or the first start) and what is derived from it.
#pragma once
#include "base/problem.h"
#include <stddef.h>

typedef struct keys keys;
problem *keys_open(arena *a, const char *path, keys **out); // makes the file when absent
void keys_close(keys *k);
// Keyed SM3 as 64 hex: equality look-ups (purpose separates them: "account", "file", "domain" …).
char *keys_hash(keys *k, arena *a, const char *purpose, const void *data, size_t size);
char *keys_hash_text(keys *k, arena *a, const char *purpose, const char *text);
// SM4-GCM, fresh data key per object wrapped by the master key; `bound` is authenticated (AAD): "entity/ID/version" …
void *keys_seal(keys *k, arena *a, const char *bound, const void *plain, size_t size, size_t *sealed_size);
problem *keys_unseal(keys *k, arena *a, const char *bound, const void *sealed, size_t size, void **plain,
                     size_t *plain_size);
