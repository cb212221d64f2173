// Files of the built UI, read from disk at each request: small, and a new build is seen at once.
#pragma once
#include "http/request.h"

// Serves `folder` + `path` ("/assets/x.js"); false when there is no such file (and nothing is replied). NAME.gz is sent
// to clients that take gzip. Below /assets/ names carry a hash and are kept for ever; the rest is asked for again
// (ETag).
bool static_serve(request *r, const char *folder, const char *path);
