// Whatever a token says: no crash, and nothing is accepted that this key did not sign. The key signs nothing here, so
// every verified token is a defect. The first byte chooses the algorithm.
#include "base/arena.h"
#include "base/json.h"
#include "identity/token.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const char KEYS[] =
    "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
    "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\",\"kid\":\"k1\"},"
    "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\",\"kid\":\"k2\"}]}";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (!size)
        return 0;
    arena *a = arena_new(4096);
    token_alg alg = *data & 1 ? ALG_ED25519 : ALG_ES256;
    json_error error;
    jwks keys;
    token t;
    char *text = arena_slice(a, (const char *)data + 1, size - 1);
    if (!jwks_read(a, json_parse(a, KEYS, sizeof KEYS - 1, &error), alg, &keys) &&
        !token_read(a, text, size - 1, alg, &t)) {
        token_rules rules = {
            .issuer = "i", .client_id = "c", .nonce = "n", .access_token = "a", .alg = alg, .now = 1000};
        if (token_signed(&t, alg, keys.keys[0].key))
            abort();
        (void)token_check(a, &t, &rules);
    }
    jwks_free(&keys);
    // The same bytes as a key set: another place where the platform's bytes are believed to be keys.
    json *set = json_parse(a, text, size - 1, &error);
    if (set && !jwks_read(a, set, alg, &keys))
        jwks_free(&keys);
    arena_free(a);
    return 0;
}
