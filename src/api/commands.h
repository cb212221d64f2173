// The program's subcommands: argv after the name; the result is the exit code.
#pragma once
#include "base/problem.h"

int command_serve(int argc, char **argv);
int command_migrate(int argc, char **argv); // init as well: folder, key and store are made when absent
int command_seed(int argc, char **argv);    // seed.c
// One sentence on stderr and 1 for a problem; 0 for none.
int command_result(const problem *p);
