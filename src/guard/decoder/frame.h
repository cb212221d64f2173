// What passes between the server and its jailed decoder, in both directions over one socket; numbers big-endian.
// To the decoder: size, then the picture. Back: the numbers of the answer, then `size` bytes of JPEG.
#pragma once
#include <stdint.h>

enum { DECODER_INPUT_MOST = 8 << 20, DECODER_OUTPUT_MOST = 16 << 20, DECODER_SIDE_MOST = 2400 };
enum { ANSWER_STATUS, ANSWER_WIDTH, ANSWER_HEIGHT, ANSWER_HINTS, ANSWER_SIZE, DECODER_ANSWER };
typedef enum decoder_status {
    DECODER_FINE,
    DECODER_KIND,   // neither PNG nor JPEG
    DECODER_LARGE,  // too many pixels
    DECODER_BROKEN, // damaged or cut off
    DECODER_MEMORY
} decoder_status;
enum { HINT_SMALL = 1, HINT_DARK = 2 };
