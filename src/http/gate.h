// Refuses what the HTTP library lets through and a second server in front or behind could read differently: doubled or
// contradicting framing, no or several hosts, odd names, values and targets (request smuggling). Knows no library.
#pragma once
#include <stddef.h>

typedef struct gate_header {
    const char *name, *value;
    size_t name_size, value_size;
} gate_header;

typedef struct gate_head {
    const char *method, *target, *version; // "GET", as sent, "HTTP/1.1"
    const gate_header *headers;
    size_t count;
} gate_head;

// NULL: fine. Else an English sentence for the log; the answer is 400 and the connection is closed.
const char *gate_check(const gate_head *head);
