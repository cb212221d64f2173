// The reasons of a decision: [{pointer, code, text}], sealed with the application.
#pragma once
#include "filing/content.h"

problem *reasons_load(server *s, arena *a, const application_row *app,
                      json **out); // an empty array when there are none
void reasons_keep(server *s, arena *a, application_row *app, const json *reasons);
// Checks what an officer sent: known members, pointers of the form, texts of 1 to 500 characters, at most 50.
problem *reasons_check(arena *a, const json *reasons, json **out);
// 422 at the first reason (as reasons_check gave them) that points at nothing of the form; `returning`: one at least
// points at something.
problem *reasons_point(arena *a, const form *f, const json *reasons, bool returning);
// The first pointer that is of the form; NULL when there is none.
const char *reasons_first(arena *a, const form *f, const json *reasons);
