// An engine for tests: an engine like any other underneath, and a script that says which step fails and how.
#pragma once
#include "store/engine.h"

typedef enum fault_kind {
    FAULT_CONSTRAINT,  // the statement meets a unique rule; nothing else happens
    FAULT_AGAIN,       // busy, serialization failure: a repeat may cure it
    FAULT_STATEMENT,   // the statement fails (full disk), the transaction lives
    FAULT_ROLLED_BACK, // the statement fails and the engine has rolled back the whole transaction
    FAULT_BEGIN,       // BEGIN fails
    FAULT_COMMIT,      // COMMIT fails, nothing is stored
    FAULT_UNKNOWN      // COMMIT is done, but its answer is lost
} fault_kind;

typedef struct fault {
    fault_kind kind;
    long at;    // 1 = the next statement (for BEGIN and COMMIT: the next of these)
    long times; // how often in a row; 0 = once
} fault;

typedef struct script script;
// Takes `under` over. The script lives as long as the engine.
engine *scripted_engine(engine *under, script **out);
void script_play(script *s, const fault *faults, size_t count); // replaces what was to be played; at most 8
long script_statements(const script *s);                        // statements run on writing connections so far
