// From here on the process may read and write the descriptors it has, use memory, and end: nothing else.
#pragma once
#include <stdbool.h>
bool jail_enter(void);
