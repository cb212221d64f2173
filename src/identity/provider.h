// One identity platform (OpenID Connect): discovery, key set, authorization URL, code for claims. Blocks on the
// network: pool threads only. Safe to use from several threads.
#pragma once
#include "base/problem.h"
#include "identity/token.h"

typedef struct provider provider;

typedef struct provider_settings {
    const char *issuer, *client_id, *secret, *redirect_uri, *scope;
    token_alg alg;
    int most_waiting; // threads, while the platform is slow
} provider_settings;

typedef struct login_secrets {
    const char *state, *nonce, *verifier;
} login_secrets;

// The settings live as long as the provider. 500 "configuration" when the issuer is no https URL (http on loopback is
// allowed).
problem *provider_open(arena *a, const provider_settings *settings, provider **out);
void provider_close(provider *p);

// Where the browser is sent.
problem *provider_begin(provider *p, arena *a, const login_secrets *secrets, char **url);
// `iss` of the answer (RFC 9207; NULL = there is none).
problem *provider_check_issuer(provider *p, arena *a, const char *iss);
// Code for a verified ID token; *claims holds its claims, in the arena.
problem *provider_finish(provider *p, arena *a, const char *code, const login_secrets *secrets, const json **claims);
