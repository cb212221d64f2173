// Blocks: {"use": "person", "omit": [...], "with": {field: {member: value}}} becomes the block's fields.
#include "form/model.h"
#include <string.h>

static const json *find_block(const forms *all, const char *name) {
    for (size_t i = 0; i < all->source_count; i++)
        if (text_starts(all->sources[i].path, "blocks/") && text_same(json_text(all->sources[i].value, "name"), name))
            return json_get(all->sources[i].value, "fields");
    return NULL;
}

static bool holds_text(const json *array, const char *text) {
    json_each(item, array) if (item->type == JSON_STRING && strcmp(item->text, text) == 0) return true;
    return false;
}

static const json *field_of(const json *fields, const char *key) {
    json_each(item, fields) if (text_same(json_text(item, "key"), key)) return item;
    return NULL;
}

static problem *expand_section(forms *all, const char *path, const char *at, json *s) {
    const char *use = json_text(s, "use");
    if (!use)
        return NULL;
    arena *a = all->arena;
    const json *block = find_block(all, use), *omit = json_get(s, "omit"), *with = json_get(s, "with");
    if (!block)
        return form_wrong(a, path, at, "no block \"%s\"", use);
    json_each(name, omit) if (name->type != JSON_STRING || !field_of(block, name->text)) return form_wrong(
        a, path, at, "omit names no field of the block \"%s\"", use);
    json_each(change, with) if (!field_of(block, change->key)) return form_wrong(
        a, path, at, "with names no field of the block \"%s\": %s", use, change->key);
    json *fields = json_array(a);
    json_each(given, block) {
        const char *key = json_text(given, "key");
        if (!key || holds_text(omit, key))
            continue;
        json *copy = json_add(a, fields, json_copy(a, given));
        json_each(member, json_get(with, key)) json_set(a, copy, member->key, json_copy(a, member));
    }
    json_remove(s, "use");
    json_remove(s, "omit");
    json_remove(s, "with");
    json_each(own, json_get(s, "fields")) json_add(a, fields, json_copy(a, own));
    json_set(a, s, "fields", fields);
    return NULL;
}

problem *forms_expand(forms *all, const char *path, json *definition) {
    size_t step = 0;
    json_each(one, json_get(definition, "steps")) {
        size_t index = 0;
        json_each(s, json_get(one, "sections"))
            TRY(expand_section(all, path, arena_print(all->arena, "/steps/%zu/sections/%zu", step, index++), s));
        step++;
    }
    return NULL;
}
