// Whatever is sent, the decoder without its jail touches only its own memory; what it takes becomes a small JPEG that
// it takes again.
#include "guard/decoder/decode.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    decoded one = decode_picture(data, size);
    if (one.status == DECODER_FINE) {
        if (!one.jpeg || one.width < 1 || one.height < 1 || one.width > DECODER_SIDE_MOST ||
            one.height > DECODER_SIDE_MOST)
            abort();
        decoded again = decode_picture(one.jpeg, one.size);
        if (again.status != DECODER_FINE || again.width != one.width || again.height != one.height)
            abort();
        free(again.jpeg);
    }
    free(one.jpeg);
    return 0;
}
