// Masks as the manual shows them: name 张**, id 320*****15, mobile 137****2945, code 913*****01, mail z***@example.com.
#pragma once
#include "base/arena.h"
char *mask_value(arena *a, const char *mask, const char *value);
