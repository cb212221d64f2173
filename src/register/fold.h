// How names and typed queries are compared.
#pragma once
#include "base/arena.h"

// NFKC, case folded, without white space: Ａ Ｂ and ab are the same. NULL when the text is not UTF-8.
char *fold_text(arena *a, const char *text);
// The 14 digits of a filing number, typed with or without the words around them; NULL when it is none.
char *fold_number(arena *a, const char *text);
// The host of a domain or address, lower case, in ASCII (punycode), without www.; NULL when it is none.
char *fold_host(arena *a, const char *text);
