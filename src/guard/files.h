// Uploads: POST /api/v1/files (raw body) and GET /api/v1/files/{id}. Attachment rows, use counts, sweep of unused ones.
#pragma once
#include "http/route.h"

extern const route ROUTES_FILES[];
// Facts {id, media, width, height, size, hints, name, hash} of an attachment that `account` uploaded or that already
// belongs to a document of `entity`; NULL when neither.
problem *file_facts(server *s, db *d, arena *a, const char *account, const char *entity, const char *id, json **out);
problem *file_use(db *d, arena *a, const char *attachment, const char *used_by); // 'draft:ID' | 'doc:SUBJECT:VERSION'
problem *file_unuse(db *d, arena *a, const char *used_by);
// Removes attachments that nothing has used for 31 days; at most 500 at a time. For the timer thread.
problem *files_sweep(server *s, arena *a);
// A ticket (60 s, bound to attachment) that lets an officer's page load a picture: used as ?ticket=
char *file_ticket(server *s, arena *a, const char *attachment, const char *session_hash);
