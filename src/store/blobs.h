// Sealed files by name (64 hex of a keyed hash): a folder. Written to a temporary name, synced, renamed.
#pragma once
#include "base/problem.h"
#include <stdbool.h>
#include <stddef.h>

typedef struct blobs blobs;
problem *blobs_open(arena *a, const char *place, blobs **out);
void blobs_close(blobs *b);
problem *blobs_put(blobs *b, arena *a, const char *name, const void *data, size_t size); // there already: fine
problem *blobs_get(blobs *b, arena *a, const char *name, void **data, size_t *size);
problem *blobs_remove(blobs *b, arena *a, const char *name);
bool blobs_healthy(blobs *b);
