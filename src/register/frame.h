// Top and bottom of a public page.
#pragma once
#include "base/text.h"

typedef enum frame_page { FRAME_LANDING, FRAME_REGISTER, FRAME_OTHER } frame_page;
void frame_open(text_buffer *b, frame_page page, const char *title);
void frame_close(text_buffer *b);
