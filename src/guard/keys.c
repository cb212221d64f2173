#include "guard/keys.h"
#include "base/log.h"
#include "base/text.h"
#include "guard/keys_file.h"
#include <gcrypt.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

// A sealed object: version 1, key id 8, nonce 12, wrapped data key 16, its tag 16, nonce 12, tag 16, ciphertext.
enum { VERSION = 1, ID = 8, NONCE = 12, KEY = 16, TAG = 16, HASH = 32, SM3 = 32 };
enum {
    AT_ID = 1,
    AT_WRAP_NONCE = AT_ID + ID,
    AT_WRAPPED = AT_WRAP_NONCE + NONCE,
    AT_WRAP_TAG = AT_WRAPPED + KEY,
    AT_NONCE = AT_WRAP_TAG + TAG,
    AT_TAG = AT_NONCE + NONCE,
    HEAD = AT_TAG + TAG
};

struct keys {
    uint8_t hash[HASH]; // of equality look-ups
    uint8_t wrap[KEY];  // wraps data keys
    uint8_t id[ID];     // which master key; no secret
    uint64_t serial;    // tells the threads' handles apart when keys are opened again
};

// libgcrypt's set-up of SM4, GCM's table and the HMAC costs more than the work itself: every thread keeps its handles.
typedef struct handles {
    uint64_t serial;
    gcry_cipher_hd_t wrap, data;
    gcry_mac_hd_t mac;
} handles;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t handles_key;
static uint64_t next_serial;

static void must(gcry_error_t error, const char *what) {
    if (!error)
        return;
    log_event(LOG_ERROR, "keys.gcrypt", "what", what, "error", gcry_strerror(error), NULL);
    abort(); // a cipher that cannot be set up leaves nothing that would be safe to go on with
}

static void handles_close(void *data) {
    handles *h = data;
    gcry_cipher_close(h->wrap);
    gcry_cipher_close(h->data);
    gcry_mac_close(h->mac);
    free(h);
}

static void library_open(void) {
    if (!gcry_control(GCRYCTL_INITIALIZATION_FINISHED_P)) {
        gcry_check_version(NULL);
        gcry_control(GCRYCTL_SUSPEND_SECMEM_WARN);
        gcry_control(GCRYCTL_INIT_SECMEM, 32768, 0);
        gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
    }
    if (pthread_key_create(&handles_key, handles_close))
        abort();
}

static void derive(const uint8_t *master, const char *label, uint8_t *out, size_t size) {
    uint8_t digest[SM3];
    size_t length = sizeof digest;
    gcry_mac_hd_t mac;
    must(gcry_mac_open(&mac, GCRY_MAC_HMAC_SM3, GCRY_MAC_FLAG_SECURE, NULL), "derive");
    must(gcry_mac_setkey(mac, master, MASTER_KEY), "derive");
    must(gcry_mac_write(mac, label, strlen(label)), "derive");
    must(gcry_mac_read(mac, digest, &length), "derive");
    gcry_mac_close(mac);
    memcpy(out, digest, size);
    explicit_bzero(digest, sizeof digest);
}

problem *keys_open(arena *a, const char *path, keys **out) {
    pthread_once(&once, library_open);
    uint8_t master[MASTER_KEY];
    TRY(keys_file_read(a, path, master));
    keys *k = gcry_xcalloc_secure(1, sizeof *k);
    derive(master, "beian hash 1", k->hash, sizeof k->hash);
    derive(master, "beian wrap 1", k->wrap, sizeof k->wrap);
    derive(master, "beian id 1", k->id, sizeof k->id);
    k->serial = __atomic_add_fetch(&next_serial, 1, __ATOMIC_RELAXED);
    explicit_bzero(master, sizeof master);
    *out = k;
    return NULL;
}

void keys_close(keys *k) {
    if (!k)
        return;
    handles *h = pthread_getspecific(handles_key);
    if (h && h->serial == k->serial) {
        handles_close(h);
        pthread_setspecific(handles_key, NULL);
    }
    explicit_bzero(k, sizeof *k);
    gcry_free(k);
}

static handles *handles_of(const keys *k) {
    handles *h = pthread_getspecific(handles_key);
    if (h && h->serial == k->serial)
        return h;
    if (h)
        handles_close(h);
    h = calloc(1, sizeof *h);
    if (!h)
        abort();
    h->serial = k->serial;
    must(gcry_cipher_open(&h->wrap, GCRY_CIPHER_SM4, GCRY_CIPHER_MODE_GCM, 0), "open");
    must(gcry_cipher_open(&h->data, GCRY_CIPHER_SM4, GCRY_CIPHER_MODE_GCM, 0), "open");
    must(gcry_mac_open(&h->mac, GCRY_MAC_HMAC_SM3, 0, NULL), "open");
    must(gcry_cipher_setkey(h->wrap, k->wrap, KEY), "setkey");
    must(gcry_mac_setkey(h->mac, k->hash, HASH), "setkey");
    if (pthread_setspecific(handles_key, h))
        abort();
    return h;
}

char *keys_hash(keys *k, arena *a, const char *purpose, const void *data, size_t size) {
    gcry_mac_hd_t mac = handles_of(k)->mac;
    uint8_t digest[SM3];
    size_t length = sizeof digest;
    must(gcry_mac_reset(mac), "mac");
    must(gcry_mac_write(mac, purpose, strlen(purpose) + 1), "mac"); // its NUL parts it from the data
    if (size)
        must(gcry_mac_write(mac, data, size), "mac");
    must(gcry_mac_read(mac, digest, &length), "mac");
    return text_hex(a, digest, sizeof digest);
}

char *keys_hash_text(keys *k, arena *a, const char *purpose, const char *text) {
    return keys_hash(k, a, purpose, text, strlen(text));
}

void *keys_seal(keys *k, arena *a, const char *bound, const void *plain, size_t size, size_t *sealed_size) {
    handles *h = handles_of(k);
    uint8_t *sealed = arena_alloc(a, HEAD + size), data_key[KEY];
    sealed[0] = VERSION;
    memcpy(sealed + AT_ID, k->id, ID);
    random_bytes(sealed + AT_WRAP_NONCE, NONCE);
    random_bytes(sealed + AT_NONCE, NONCE);
    random_bytes(data_key, KEY);

    must(gcry_cipher_setiv(h->wrap, sealed + AT_WRAP_NONCE, NONCE), "seal");
    must(gcry_cipher_authenticate(h->wrap, sealed, AT_WRAP_NONCE), "seal");
    must(gcry_cipher_encrypt(h->wrap, sealed + AT_WRAPPED, KEY, data_key, KEY), "seal");
    must(gcry_cipher_gettag(h->wrap, sealed + AT_WRAP_TAG, TAG), "seal");

    must(gcry_cipher_setkey(h->data, data_key, KEY), "seal");
    explicit_bzero(data_key, sizeof data_key);
    must(gcry_cipher_setiv(h->data, sealed + AT_NONCE, NONCE), "seal");
    must(gcry_cipher_authenticate(h->data, bound, strlen(bound)), "seal");
    if (size)
        must(gcry_cipher_encrypt(h->data, sealed + HEAD, size, plain, size), "seal");
    must(gcry_cipher_gettag(h->data, sealed + AT_TAG, TAG), "seal");
    *sealed_size = HEAD + size;
    return sealed;
}

static bool unwrap(handles *h, const uint8_t *sealed, uint8_t *data_key) {
    must(gcry_cipher_setiv(h->wrap, sealed + AT_WRAP_NONCE, NONCE), "unseal");
    must(gcry_cipher_authenticate(h->wrap, sealed, AT_WRAP_NONCE), "unseal");
    must(gcry_cipher_decrypt(h->wrap, data_key, KEY, sealed + AT_WRAPPED, KEY), "unseal");
    return !gcry_cipher_checktag(h->wrap, sealed + AT_WRAP_TAG, TAG);
}

problem *keys_unseal(keys *k, arena *a, const char *bound, const void *sealed, size_t size, void **plain,
                     size_t *plain_size) {
    const uint8_t *in = sealed;
    if (size < HEAD || in[0] != VERSION)
        return problem_internal(a, "sealed object of an unknown form");
    if (memcmp(in + AT_ID, k->id, ID) != 0)
        return problem_internal(a, "object is sealed under another master key");
    handles *h = handles_of(k);
    uint8_t data_key[KEY];
    bool whole = unwrap(h, in, data_key);
    must(gcry_cipher_setkey(h->data, data_key, KEY), "unseal");
    explicit_bzero(data_key, sizeof data_key);
    if (!whole)
        return problem_internal(a, "the wrapped key of an object was changed");

    size_t length = size - HEAD;
    uint8_t *open = arena_alloc(a, length + 1); // terminated, so that text can be used as it is
    must(gcry_cipher_setiv(h->data, in + AT_NONCE, NONCE), "unseal");
    must(gcry_cipher_authenticate(h->data, bound, strlen(bound)), "unseal");
    if (length)
        must(gcry_cipher_decrypt(h->data, open, length, in + HEAD, length), "unseal");
    if (gcry_cipher_checktag(h->data, in + AT_TAG, TAG)) {
        explicit_bzero(open, length);
        return problem_internal(a, "a sealed object was changed or belongs elsewhere");
    }
    *plain = open;
    *plain_size = length;
    return NULL;
}
