#include "api/schemas.h"

const char *const API_SCHEMAS =
    "{\"problem\":{\"type\":\"object\",\"required\":[\"type\",\"title\",\"status\"],\"properties\":{"
    "\"type\":{\"type\":\"string\"},\"title\":{\"type\":\"string\"},\"status\":{\"type\":\"integer\"},"
    "\"detail\":{\"type\":\"string\"},\"errors\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{"
    "\"pointer\":{\"type\":\"string\"},\"code\":{\"type\":\"string\"},\"detail\":{\"type\":\"string\"}}}}}},"
    "\"clock\":{\"type\":\"object\",\"required\":[\"offset_s\"],\"properties\":{\"offset_s\":{\"type\":\"integer\"}}}}";
