#include "base/text.h"
#include "check.h"
#include "guard/keys.h"
#include <gcrypt.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

// GM/T 0004 through HMAC and RFC 8998: the library's own answer to published vectors, so that a broken build is seen.
static void vectors(arena *a) {
    CASE("SM4-GCM gives the vector of RFC 8998 A.1")
    uint8_t key[16], nonce[12], aad[20], plain[64], got[64], tag[16];
    CHECK(text_unhex("0123456789abcdeffedcba9876543210", key, 16));
    CHECK(text_unhex("00001234567800000000abcd", nonce, 12));
    CHECK(text_unhex("feedfacedeadbeeffeedfacedeadbeefabaddad2", aad, 20));
    CHECK(text_unhex("aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd"
                     "eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa",
                     plain, 64));
    gcry_cipher_hd_t h;
    gcry_cipher_open(&h, GCRY_CIPHER_SM4, GCRY_CIPHER_MODE_GCM, 0);
    gcry_cipher_setkey(h, key, 16);
    gcry_cipher_setiv(h, nonce, 12);
    gcry_cipher_authenticate(h, aad, 20);
    gcry_cipher_encrypt(h, got, 64, plain, 64);
    gcry_cipher_gettag(h, tag, 16);
    gcry_cipher_close(h);
    CHECK_TEXT(text_hex(a, got, 64), "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
                                     "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d");
    CHECK_TEXT(text_hex(a, tag, 16), "83de3541e4c2b58177e065a9bf7b62ec");

    CASE("SM3 gives the vector of GB/T 32905 A.1")
    gcry_md_hash_buffer(GCRY_MD_SM3, got, "abc", 3);
    CHECK_TEXT(text_hex(a, got, 32), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
}

static void sealing(arena *a, keys *k) {
    size_t size, back;
    void *plain;
    CASE("what was sealed is unsealed, of every size")
    for (size_t n = 0; n < 300; n += 7) {
        uint8_t *data = arena_alloc(a, n + 1);
        random_bytes(data, n);
        void *sealed = keys_seal(k, a, "entity/1", data, n, &size);
        problem *p = keys_unseal(k, a, "entity/1", sealed, size, &plain, &back);
        CHECK(!p && back == n && memcmp(plain, data, n) == 0 && ((char *)plain)[n] == 0);
    }
    CASE("two seals of one text share nothing")
    uint8_t *one = keys_seal(k, a, "x", "same", 4, &size), *two = keys_seal(k, a, "x", "same", 4, &size);
    CHECK(memcmp(one + 9, two + 9, size - 9) != 0 && memcmp(one + size - 4, two + size - 4, 4) != 0);

    CASE("a seal belongs to its place")
    CHECK(keys_unseal(k, a, "y", one, size, &plain, &back) != NULL);
    CASE("every changed byte is noticed, and every shortening")
    for (size_t i = 0; i < size; i++) {
        uint8_t *bad = arena_copy(a, one, size);
        bad[i] ^= 1;
        CHECK(keys_unseal(k, a, "x", bad, size, &plain, &back) != NULL);
        CHECK(keys_unseal(k, a, "x", one, i, &plain, &back) != NULL);
    }
    CASE("a failure leaves the handles usable")
    CHECK(keys_unseal(k, a, "x", one, size, &plain, &back) == NULL);
}

static void hashing(arena *a, keys *k) {
    CASE("the keyed hash is 64 hex, the same for the same, apart by purpose and by text")
    const char *h = keys_hash_text(k, a, "account", "one");
    CHECK(strlen(h) == 64);
    CHECK_TEXT(keys_hash_text(k, a, "account", "one"), h);
    CHECK(strcmp(keys_hash_text(k, a, "file", "one"), h) != 0);
    CHECK(strcmp(keys_hash_text(k, a, "account", "two"), h) != 0);
    CHECK(strcmp(keys_hash(k, a, "ab", "c", 1), keys_hash(k, a, "a", "bc", 2)) != 0);
}

static void *other_thread(void *data) {
    keys *k = data;
    arena *a = arena_new(0);
    size_t size, back;
    void *plain;
    bool good = true;
    for (int i = 0; i < 200 && good; i++) {
        void *sealed = keys_seal(k, a, "thread", "data", 4, &size);
        good = !keys_unseal(k, a, "thread", sealed, size, &plain, &back) && memcmp(plain, "data", 4) == 0;
    }
    arena_free(a);
    return good ? k : NULL;
}

static void file_rules(arena *a, const char *path, keys **out) {
    struct stat about;
    CASE("the key file is made, for its owner alone, and read again")
    CHECK(keys_open(a, path, out) == NULL);
    CHECK(stat(path, &about) == 0 && (about.st_mode & 0777) == 0600);
    keys *again = NULL;
    CHECK(keys_open(a, path, &again) == NULL);
    if (*out && again)
        CHECK_TEXT(keys_hash_text(again, a, "p", "t"), keys_hash_text(*out, a, "p", "t"));
    keys_close(again);
    CASE("a key file that others can read is refused")
    keys *none = NULL;
    chmod(path, 0640);
    CHECK(keys_open(a, path, &none) != NULL && !none);
    chmod(path, 0600);
    CASE("a file that is no key is refused, a place that cannot be written too")
    const char *wrong = arena_print(a, "%s.wrong", path);
    FILE *f = fopen(wrong, "w");
    fputs("hello\n", f);
    fclose(f);
    chmod(wrong, 0600);
    CHECK(keys_open(a, wrong, &none) != NULL && !none);
    CHECK(keys_open(a, arena_print(a, "%s.no/such/key", path), &none) != NULL && !none);
    unlink(wrong);
}

int main(void) {
    arena *a = arena_new(0);
    char folder[] = "/tmp/beian-keys-XXXXXX";
    if (!mkdtemp(folder))
        return EXIT_FAILURE;
    const char *path = arena_print(a, "%s/master.key", folder);
    keys *k = NULL, *second = NULL;
    file_rules(a, path, &k);
    if (!k)
        return check_end();
    vectors(a);
    sealing(a, k);
    hashing(a, k);
    CASE("threads seal at the same time")
    pthread_t threads[4];
    for (size_t i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, other_thread, k);
    for (size_t i = 0; i < 4; i++) {
        void *good = NULL;
        pthread_join(threads[i], &good);
        CHECK(good != NULL);
    }
    CASE("another master key opens nothing")
    const char *other = arena_print(a, "%s/other.key", folder);
    CHECK(keys_open(a, other, &second) == NULL);
    size_t size, back;
    void *plain, *sealed = keys_seal(k, a, "x", "y", 1, &size);
    CHECK(keys_unseal(second, a, "x", sealed, size, &plain, &back) != NULL);
    CHECK(keys_unseal(k, a, "x", sealed, size, &plain, &back) == NULL);
    keys_close(second);
    keys_close(k);
    unlink(path);
    unlink(other);
    rmdir(folder);
    arena_free(a);
    return check_end();
}
