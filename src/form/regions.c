// Administrative divisions and the police unit of each of them.
#include "form/model.h"
#include <stdlib.h>
#include <string.h>

static int by_code(const void *left, const void *right) {
    return strcmp(((const region *)left)->code, ((const region *)right)->code);
}

static json *source_value(const forms *all, const char *path) {
    for (size_t i = 0; i < all->source_count; i++)
        if (strcmp(all->sources[i].path, path) == 0)
            return all->sources[i].value;
    return NULL;
}

static size_t count_regions(const json *level) {
    size_t count = 0;
    json_each(entry, level) count += 1 + count_regions(json_at(entry, 2));
    return count;
}

static bool is_code(const json *value) {
    return value && value->type == JSON_STRING && strlen(value->text) == 6 && strspn(value->text, "0123456789") == 6;
}

static problem *add_level(forms *all, const json *level, const char *parent, const char **parents) {
    json_each(entry, level) {
        const json *code = json_at(entry, 0), *name = json_at(entry, 1), *below = json_at(entry, 2);
        if (!is_code(code) || !name || name->type != JSON_STRING)
            return form_wrong(all->arena, "regions.json", "/regions",
                              "an entry is [code of 6 digits, name, [entries]]");
        parents[all->region_count] = parent;
        all->regions[all->region_count++] = (region){code->text, name->text, -1, !below || !below->first, NULL};
        TRY(add_level(all, below, code->text, parents));
    }
    return NULL;
}

const region *forms_region(const forms *all, const char *code) {
    region key = {.code = code ? code : ""};
    return bsearch(&key, all->regions, all->region_count, sizeof key, by_code);
}

const char *forms_region_text(const forms *all, arena *a, const char *code, const char *between) {
    const region *r = forms_region(all, code);
    if (!r)
        return NULL;
    const char *text = r->name;
    while (r->parent >= 0) {
        r = &all->regions[r->parent];
        text = arena_print(a, "%s%s%s", r->name, between, text);
    }
    return text;
}

const char *form_region_name(const forms *f, arena *a, const char *code, const char *between) {
    return forms_region_text(f, a, code, between);
}

static char *unit_name(arena *a, const char *pattern, const char *name) {
    const char *hole = strstr(pattern, "{name}");
    if (!hole)
        return arena_text(a, pattern);
    return arena_print(a, "%.*s%s%s", (int)(hole - pattern), pattern, name, hole + strlen("{name}"));
}

// The unit's level follows the region's: a leaf is served by a district unit, a city by the city's, a province by its.
static const char *unit_level(const region *r) {
    if (text_ends(r->code, "0000"))
        return "province";
    return r->leaf && !text_ends(r->code, "00") ? "district" : "city";
}

// Rows of the middle level that stand for the province itself.
static bool nameless(const char *name) {
    return text_same(name, "市辖区") || text_same(name, "县") || text_ends(name, "直辖县级行政区划");
}

static problem *add_units(forms *all) {
    arena *a = all->arena;
    const json *rules = source_value(all, "units.json"), *names = json_get(rules, "names"),
               *shorts = json_get(rules, "short");
    json *units = json_array(a);
    for (size_t i = 0; i < all->region_count; i++) {
        region *r = &all->regions[i];
        const char *short_name = json_text(shorts, arena_slice(a, r->code, 2)), *level = unit_level(r);
        const char *pattern = json_text(rules, level), *name = json_text(names, r->code);
        if (!short_name) // no filing there: addresses of persons only
            continue;
        if (!pattern)
            return form_wrong(a, "units.json", arena_print(a, "/%s", level), "missing");
        bool plain = r->parent >= 0 && nameless(r->name);
        json *unit = json_add(a, units, json_object(a));
        r->unit = unit;
        json_set_text(a, unit, "value", r->code);
        json_set_text(a, unit, "label",
                      name ? name : unit_name(a, pattern, plain ? all->regions[r->parent].name : r->name));
        json_set_text(a, unit, "region", r->code);
        json_set_text(a, unit, "region_name", forms_region_text(all, a, r->code, ""));
        json_set_text(a, unit, "short", short_name);
        json_set_text(a, unit, "level", level);
    }
    json_set(a, all->lists, "units", units);
    return NULL;
}

problem *forms_regions(forms *all) {
    arena *a = all->arena;
    json *file = source_value(all, "regions.json"), *providers = source_value(all, "providers.json");
    json *nested = json_get(file, "regions");
    size_t count = count_regions(nested);
    if (!count)
        return form_wrong(a, "regions.json", "/regions", "missing");
    all->regions = arena_array(a, region, count);
    const char **parents = arena_array(a, const char *, count);
    TRY(add_level(all, nested, NULL, parents));
    // Sorting moves entries: each keeps its parent's code beside it until then.
    typedef struct pair {
        region r;
        const char *parent;
    } pair;
    pair *pairs = arena_array(a, pair, count);
    for (size_t i = 0; i < count; i++)
        pairs[i] = (pair){all->regions[i], parents[i]};
    qsort(pairs, count, sizeof *pairs, by_code);
    for (size_t i = 0; i < count; i++)
        all->regions[i] = pairs[i].r;
    for (size_t i = 0; i < count; i++) {
        if (i && strcmp(all->regions[i].code, all->regions[i - 1].code) == 0)
            return form_wrong(a, "regions.json", "/regions", "%s stands twice", all->regions[i].code);
        const region *parent = pairs[i].parent ? forms_region(all, pairs[i].parent) : NULL;
        all->regions[i].parent = parent ? (int)(parent - all->regions) : -1;
    }
    json_set(a, all->lists, "regions", json_copy(a, nested));
    json_set(a, all->lists, "providers", json_copy(a, json_get(providers, "items")));
    return add_units(all);
}

const json *form_unit(const forms *f, const char *code, const char *level) {
    const region *r = forms_region(f, code);
    while (r && !text_same(unit_level(r), level)) {
        // A leaf above the wanted level (东莞市) has the unit of its own level.
        if (text_same(level, "district") && r->leaf)
            break;
        r = r->parent >= 0 ? &f->regions[r->parent] : NULL;
    }
    return r ? r->unit : NULL;
}
