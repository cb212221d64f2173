// The master key's file: one line "beian-master-key-1 HEX", mode 0600.
#pragma once
#include "base/problem.h"
#include <stdint.h>

enum { MASTER_KEY = 32 };
// Reads the key; makes the file (random, synced with its folder) when it is absent. Refuses a file that others can
// read. The caller wipes `key`.
problem *keys_file_read(arena *a, const char *path, uint8_t key[MASTER_KEY]);
