// Commands of this folder for the program's table.
#pragma once

// Arguments after "check". 0 right (prints the normal form), 1 wrong (prints why), 3 doubtful, 2 used wrongly.
int command_check(int argc, char **argv);
