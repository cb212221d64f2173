// JSON Schemas of request bodies, by the name that a route's `schema` gives; and of a problem. One JSON object.
#pragma once

extern const char *const API_SCHEMAS;
