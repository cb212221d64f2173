// Sealed files in a folder.
#include "store/blobs.h"
#include "store_kit.h"
#include <fcntl.h>

#define NAME_A "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define NAME_B "00112233445566778899aabbccddeeff00112233445566778899aabbccddeefe"

int main(void) {
    kit_start();
    blobs *b = NULL;
    void *data;
    size_t size;
    CASE("blobs.put_and_get")
    CHECK(!blobs_open(kit_arena, kit_path("files"), &b));
    CHECK(!blobs_put(b, kit_arena, NAME_A, "a\0b", 3));
    CHECK(!blobs_get(b, kit_arena, NAME_A, &data, &size));
    CHECK(size == 3 && !memcmp(data, "a\0b", 3));
    CHECK(!access(kit_path("files/00/11/" NAME_A), R_OK));
    CASE("blobs.put_again_keeps_the_first")
    CHECK(!blobs_put(b, kit_arena, NAME_A, "other", 5));
    CHECK(!blobs_get(b, kit_arena, NAME_A, &data, &size) && size == 3);
    CASE("blobs.empty_file")
    CHECK(!blobs_put(b, kit_arena, NAME_B, "", 0));
    CHECK(!blobs_get(b, kit_arena, NAME_B, &data, &size) && size == 0);
    CASE("blobs.remove")
    CHECK(!blobs_remove(b, kit_arena, NAME_A));
    problem *p = blobs_get(b, kit_arena, NAME_A, &data, &size);
    CHECK(p && p->status == 404);
    CHECK(!blobs_remove(b, kit_arena, NAME_A));
    CASE("blobs.names_that_are_no_hash_are_refused")
    static const char *const BAD[] = {"",
                                      "../../etc/passwd",
                                      "a/b",
                                      NAME_A "0",
                                      "0011223344556677../../../../../../ccddeeff00112233445566778899aab",
                                      "00112233445566778899AABBCCDDEEFF00112233445566778899aabbccddeeff"};
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        CHECK(blobs_put(b, kit_arena, BAD[i], "x", 1));
        CHECK(blobs_get(b, kit_arena, BAD[i], &data, &size));
        CHECK(blobs_remove(b, kit_arena, BAD[i]));
    }
    CASE("blobs.healthy_until_the_folder_is_gone")
    CHECK(blobs_healthy(b));
    CHECK(system(arena_print(kit_arena, "rm -rf '%s'", kit_path("files"))) == 0);
    CHECK(!blobs_healthy(b));
    p = blobs_put(b, kit_arena, NAME_A, "x", 1);
    CHECK(p && p->status == 503);
    blobs_close(b);
    kit_end();
    return check_end();
}
