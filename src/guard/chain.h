// The event chain: every act is an event that names its predecessor by hash, so that nothing can be changed, taken out
// or put between unnoticed. One chain per entity (acts on it and its filings) and per account (the rest). The hash
// covers the stored bytes, so verifying needs no key.
#pragma once
#include "store/db.h"

// Adds an event to the chain of `chain_table` ("entity" or "account") row `chain_id`. `body` is sealed by the caller;
// the time is clock_now(). Inside a transaction whose first statement moved that row's turn. 404 when there is no such
// row.
problem *chain_append(db *d, arena *a, const char *chain_table, const char *chain_id, const char *act,
                      const char *subject, const char *actor, const void *body, size_t size);

typedef struct chain_report {
    int64_t chains, events;
    int64_t broken;          // chains with a fault
    const char *first_chain; // the first of them; NULL = none
    int64_t first_seq;
    const char *first_what; // English: what does not fit
} chain_report;

// Verifies every chain against its hashes and its head. Reads in small steps, holds no snapshot: an event that is added
// meanwhile is no fault.
problem *chain_verify(store *s, arena *a, chain_report *out);

// `beian audit verify`: prints the outcome; exit code 0 sound, 1 broken, 2 could not look. argv after "audit".
int audit_command(int argc, char **argv);
