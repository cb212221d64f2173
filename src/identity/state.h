// What the files of this folder share.
#pragma once
#include "api/server.h"
#include "base/clock.h"
#include "guard/keys.h"
#include "identity/claims.h"
#include "identity/identity.h"
#include "identity/provider.h"
#include "store/writer.h"

// Applicants and officers log in side by side: other cookies, platform, scope and start page.
typedef struct side {
    bool officer;
    const char *audience;                // in the store
    const char *cookie, *login_cookie;   // names
    const char *login, *callback, *home; // paths
    const char *inside;                  // return_to must begin with it
    const char *button;
    provider_settings settings;
    provider *provider; // NULL: not configured
} side;

struct identity {
    side applicant, officer;
    bool secure;  // the public URL is https
    int64_t idle; // ms
};

static const int64_t SESSION_LIFE = 12 * HOUR, LOGIN_LIFE = 10 * MINUTE;

// A session id or another secret of 256 bits: 43 characters base64url.
char *secret_new(arena *a);
bool secret_formed(const char *text);

// A whole Set-Cookie value. `value` NULL erases the cookie; life 0: until the browser ends.
char *cookie_line(const identity *i, arena *a, const char *name, const char *value, int64_t life);
// Whether a session still counts at `now` (real time).
bool session_alive(int64_t seen, int64_t ends, int64_t idle, int64_t now);
// The hash of the session id that the request's cookie of this side holds; NULL when there is none.
char *session_hash(const request *r, const side *s);

// Makes or refreshes the account, ends the session of the request's cookie and begins a new one; *id is its secret.
problem *account_enter(request *r, db *d, const side *s, const person_claims *who, char **id);

problem *login_begin(request *r, db *d);
problem *login_callback(request *r, db *d);
problem *login_logout(request *r, db *d);
problem *me_applicant(request *r, db *d);
problem *me_officer(request *r, db *d);
// Answers with the page that says what happened; writes the reason to the log. `back`: where the next try shall come
// back to; NULL = the start page.
void login_page(request *r, const side *s, const char *back, const problem *p);
// The path if it leads to this site and to this side, else NULL.
const char *return_path(arena *a, const side *s, const char *wanted);
