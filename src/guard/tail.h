// What stands behind the picture in the bytes that were sent: a second file would travel with the original.
#pragma once
#include <stdbool.h>
#include <stddef.h>

// True when a PNG ends with its IEND, or a JPEG with its end mark, zeros, and further whole JPEGs (MPF). `data` is a
// picture that the decoder took.
bool picture_ends(const void *data, size_t size);
