// Inside of the formats: results, and the normal forms that several of them share. Private to src/form.
#pragma once
#include "base/text.h"
#include "form/formats.h"

typedef format_result format_function(arena *a, const char *kind, const char *value);

static inline format_result format_right(const char *value) {
    return (format_result){FORMAT_RIGHT, value, NULL, NULL};
}
static inline format_result format_wrong(const char *detail) {
    return (format_result){FORMAT_WRONG, NULL, detail, NULL};
}
static inline format_result format_doubtful(const char *value, const char *detail) {
    return (format_result){FORMAT_DOUBTFUL, value, detail, NULL};
}

char *format_half_width(arena *a, const char *value); // U+FF01..FF5E and U+3000 as ASCII, dashes as -, trimmed
char *format_compact(arena *a, const char *value);    // half width without any blank
char *format_upper(arena *a, const char *value);      // ASCII letters
bool format_digits(const char *text, size_t count);   // at least `count` digits at the start
size_t format_run(const char *text);                  // how many digits it starts with
// "Kdddl" against a value: d digit, l letter A-Z, anything else itself; the whole value must fit.
bool format_like(const char *value, const char *pattern);
const char *format_host(arena *a, const char *value, const char **detail); // punycode, lower case; NULL and why

// GB 11643 check of 18 characters (digits, last may be X); `any_place`: the first two need not be a province.
bool format_id18(const char *value, bool any_place, const char **detail);
bool format_code11714(const char *nine); // GB 11714: eight characters and the check, without hyphen

format_function format_id_card, format_person_document, format_uscc, format_organisation_document, format_icp,
    format_icp_site, format_mobile, format_phone, format_email, format_domain, format_any_host, format_ip, format_url,
    format_date, format_name, format_title, format_filing_number;
