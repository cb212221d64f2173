// A draft on its way to be submitted: checked, completed, sealed. Worked out before the writer, and once more inside
// the transaction when what it read has changed meanwhile.
#pragma once
#include "filing/draft.h"
#include "filing/unique.h"

// `gone`: there is no such draft, or not any more.
typedef struct submission {
    const char *draft_id;
    bool gone;
    draft draft;
    json *values; // checked, normalised, complete
    const char *subject, *entity, *confirmed;
    const char *name, *kind_label, *region, *listed;
    unit_row unit;
    unique_set unique;
    int64_t version; // of the document
    const void *sealed;
    size_t size;
    const char *hash;
} submission;

// w->draft_id is given. 422 with what is broken; a draft that is not there is `gone` and no problem yet.
problem *submission_work_out(request *r, db *d, submission *w);
// The version that the subject's next document has.
problem *submission_version(request *r, db *d, const submission *w, int64_t *out);
