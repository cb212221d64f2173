// beian-decoder: one picture in on descriptor 0, one clean picture out on descriptor 1, in a jail.
#include "guard/decoder/decode.h"
#include "guard/decoder/frame.h"
#include "guard/decoder/jail.h"
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static bool read_all(uint8_t *data, size_t size) {
    while (size) {
        ssize_t got = read(STDIN_FILENO, data, size);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        data += got;
        size -= (size_t)got;
    }
    return true;
}

static bool write_all(const uint8_t *data, size_t size) {
    while (size) {
        ssize_t done = write(STDOUT_FILENO, data, size);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        data += done;
        size -= (size_t)done;
    }
    return true;
}

static void put_number(uint8_t *at, uint32_t value) {
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(value >> (24 - 8 * i));
}

static bool answer(const decoded *picture) {
    uint8_t head[4 * DECODER_ANSWER];
    put_number(head + 4 * ANSWER_STATUS, picture->status);
    put_number(head + 4 * ANSWER_WIDTH, (uint32_t)picture->width);
    put_number(head + 4 * ANSWER_HEIGHT, (uint32_t)picture->height);
    put_number(head + 4 * ANSWER_HINTS, picture->hints);
    put_number(head + 4 * ANSWER_SIZE, (uint32_t)picture->size);
    return write_all(head, sizeof head) && write_all(picture->jpeg, picture->size);
}

int main(void) {
    if (!jail_enter())
        return 2;
    uint8_t head[4];
    if (!read_all(head, sizeof head))
        return 3;
    size_t size = (size_t)head[0] << 24 | (size_t)head[1] << 16 | (size_t)head[2] << 8 | head[3];
    uint8_t *data = size && size <= DECODER_INPUT_MOST ? malloc(size) : NULL;
    if (!data || !read_all(data, size))
        return 3;
    decoded picture = decode_picture(data, size);
    bool good = answer(&picture);
    _exit(good ? 0 : 4); // nothing of the C library's farewell is needed in a jail
}
