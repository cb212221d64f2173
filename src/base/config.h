// Configuration: --flag value, then BEIAN_FLAG, then `key = value` lines of the file given by --config. Secrets only by
// file.
#pragma once
#include "base/arena.h"
#include "base/problem.h"
#include <stdbool.h>

typedef struct config {
    const char *data;       // BEIAN_DATA: directory of the store, the keys and the files (default ./data)
    const char *listen;     // BEIAN_LISTEN: host:port (default 127.0.0.1:8080)
    const char *public_url; // BEIAN_PUBLIC_URL (default http://LISTEN): origin of the site, no slash at the end
    const char *store;      // BEIAN_STORE (default sqlite:DATA/beian.db)
    const char *blobs;      // BEIAN_BLOBS (default DATA/blobs)
    const char *forms;      // BEIAN_FORMS: directory that adds or overrides definitions; NULL = none
    const char *web; // BEIAN_WEB: built UI (default: web/dist beside the binary's project, else /usr/share/beian/web)
    const char *decoder;          // BEIAN_DECODER: the jailed decoder (default: beside the binary)
    const char *issuer;           // BEIAN_ISSUER: identity platform of applicants
    const char *officer_issuer;   // BEIAN_OFFICER_ISSUER
    const char *client_id;        // BEIAN_CLIENT_ID (default beian)
    const char *oidc_secret_file; // BEIAN_OIDC_SECRET_FILE
    const char *oidc_alg; // BEIAN_OIDC_ALG: the one signature algorithm of ID tokens: ES256 (default), RS256, Ed25519
    int session_idle;     // BEIAN_SESSION_IDLE: minutes without a request after which a session ends (default 120)
    const char *sms_url;  // BEIAN_SMS_URL
    const char *sms_secret_file;   // BEIAN_SMS_SECRET_FILE
    const char *clock_secret_file; // BEIAN_CLOCK_SECRET_FILE: only then there is a route that moves the clock
    const char *resolver;          // BEIAN_RESOLVER: host:port of DNS; NULL = the system's
    const char *egress_proxy;      // BEIAN_EGRESS_PROXY: URL
    int loops;                     // BEIAN_LOOPS (default 2)
    int pool;                      // BEIAN_POOL threads (default 4)
    const char *log;               // BEIAN_LOG: debug adds a line per request
    bool quiet;                    // BEIAN_QUIET: warnings and errors only
} config;

// argv after the subcommand. A wrong flag or value: a problem with one clear sentence.
problem *config_read(arena *a, int argc, char **argv, config *out);
// The whole content of a secret file without the last line end; refuses files that others can read.
problem *config_secret(arena *a, const char *path, const char **out);
