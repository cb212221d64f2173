#include "api/schemas.h"

#define JSON(...) #__VA_ARGS__

// clang-format off
const char *const API_SCHEMAS = JSON({
    "problem": {"type": "object", "required": ["type", "title", "status"], "properties": {
        "type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"}, "detail": {"type": "string"},
        "errors": {"type": "array", "items": {"type": "object", "required": ["pointer", "code", "detail"], "properties": {
            "pointer": {"type": "string"}, "code": {"type": "string"}, "detail": {"type": "string"}}}}}},
    "clock": {"type": "object", "required": ["offset_s"], "properties": {"offset_s": {"type": "integer"}}},
    "draft-new": {"type": "object", "required": ["kind", "action"], "properties": {
        "kind": {"type": "string"}, "action": {"enum": ["create", "change", "cancel"]}, "entity": {"type": "string"},
        "subject": {"type": "string"}, "values": {"type": "object"}}},
    "draft-save": {"type": "object", "required": ["values"], "properties": {"values": {"type": "object"}}},
    "draft-check": {"type": "object", "properties": {
        "step": {"type": "string"}, "confirm": {"type": "array", "items": {"type": "string"}}}},
    "submission": {"type": "object", "required": ["draft"], "properties": {
        "draft": {"type": "string"}, "confirm": {"type": "array", "items": {"type": "string"}}}},
    "notices-read": {"type": "object", "properties": {
        "ids": {"type": "array", "items": {"type": "string"}}, "all": {"const": true}}},
    "release": {"type": "object", "properties": {"force": {"type": "boolean"}, "reason": {"type": "string"}}},
    "decision": {"type": "object", "required": ["verdict", "rev"], "properties": {
        "verdict": {"enum": ["pass", "return", "refuse"]}, "rev": {"type": "integer"}, "with_entity": {"type": "boolean"},
        "reasons": {"type": "array", "items": {"type": "object", "properties": {
            "pointer": {"type": "string"}, "code": {"type": "string"}, "text": {"type": "string"}}}}}}
});
// clang-format on
