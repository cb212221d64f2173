// The composed program: everything long-lived, given to handlers through request->server. Immutable after start.
#pragma once
#include "base/config.h"

struct store;
struct blobs;
struct forms;
struct keys;
struct identity;
struct resolver;
struct decoder;
struct api;

typedef struct server {
    const config *config;
    struct store *store;       // store/db.h
    struct blobs *blobs;       // store/blobs.h
    const struct forms *forms; // form/form.h
    struct keys *keys;         // guard/keys.h
    struct identity *identity; // identity/identity.h
    struct resolver *resolver; // guard/resolver.h
    struct decoder *decoder;   // guard/picture.h
    struct api *api;           // api/api.h: the dispatcher's own
} server;
