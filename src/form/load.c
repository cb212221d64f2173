// The registry of definitions: compiled-in files first, then those of a directory, which add or override by path.
#include "form/model.h"
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_LIMIT = 4 << 20 };

problem *form_wrong(arena *a, const char *file, const char *path, const char *format, ...) {
    va_list args;
    va_start(args, format);
    const char *reason = arena_vprint(a, format, args);
    va_end(args);
    problem *p = problem_printf(a, 500, "definition", "表单定义有误", "%s: %s: %s", file, *path ? path : "/", reason);
    p->log = p->detail;
    return p;
}

static problem *add_source(forms *all, const char *path, const char *text, size_t size) {
    json_error error = {0};
    json *value = json_parse(all->arena, text, size, &error);
    if (!value)
        return form_wrong(all->arena, path, error.pointer ? error.pointer : "", "%s at byte %zu", error.what,
                          error.offset);
    if (value->type != JSON_OBJECT)
        return form_wrong(all->arena, path, "", "not an object");
    for (size_t i = 0; i < all->source_count; i++)
        if (strcmp(all->sources[i].path, path) == 0) {
            all->sources[i].value = value;
            return NULL;
        }
    if (all->source_count == all->source_room) {
        size_t room = all->source_room ? all->source_room * 2 : 64;
        source *grown = arena_array(all->arena, source, room);
        if (all->source_count)
            memcpy(grown, all->sources, sizeof(source) * all->source_count);
        all->sources = grown;
        all->source_room = room;
    }
    all->sources[all->source_count++] = (source){arena_text(all->arena, path), value};
    return NULL;
}

static problem *add_file(forms *all, const char *directory, const char *path) {
    const char *name = arena_print(all->arena, "%s/%s", directory, path);
    FILE *file = fopen(name, "rbe");
    if (!file)
        return form_wrong(all->arena, name, "", "%s", strerror(errno));
    char *text = arena_alloc(all->arena, FILE_LIMIT);
    size_t size = fread(text, 1, FILE_LIMIT, file);
    bool whole = feof(file) && !ferror(file);
    fclose(file);
    if (!whole)
        return form_wrong(all->arena, name, "", "cannot be read, or is longer than %d bytes", FILE_LIMIT);
    return add_source(all, path, text, size);
}

static int wanted(const struct dirent *entry) {
    return entry->d_name[0] != '.' && text_ends(entry->d_name, ".json");
}

static problem *add_directory(forms *all, const char *directory, const char *below) {
    const char *name = *below ? arena_print(all->arena, "%s/%s", directory, below) : directory;
    struct dirent **entries = NULL;
    int count = scandir(name, &entries, wanted, alphasort);
    if (count < 0)
        return *below && errno == ENOENT ? NULL : form_wrong(all->arena, name, "", "%s", strerror(errno));
    problem *p = NULL;
    for (int i = 0; i < count; i++) {
        if (!p)
            p = add_file(all, directory,
                         *below ? arena_print(all->arena, "%s/%s", below, entries[i]->d_name) : entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    return p;
}

// choices/NAME.json {name, items}, texts/NAME.json {name, title, paragraphs}
static problem *add_lists(forms *all) {
    for (size_t i = 0; i < all->source_count; i++) {
        const source *s = &all->sources[i];
        bool choices = text_starts(s->path, "choices/"), text = text_starts(s->path, "texts/");
        if (!choices && !text)
            continue;
        const char *name = json_text(s->value, "name");
        if (!name || !text_same(arena_print(all->arena, "%s/%s.json", choices ? "choices" : "texts", name), s->path))
            return form_wrong(all->arena, s->path, "/name", "differs from the file's name");
        json *value = choices ? json_get(s->value, "items") : s->value;
        if (choices && (!value || value->type != JSON_ARRAY || !value->first))
            return form_wrong(all->arena, s->path, "/items", "no items");
        if (text && !json_get(s->value, "paragraphs"))
            return form_wrong(all->arena, s->path, "/paragraphs", "missing");
        if (choices) {
            size_t index = 0;
            json_each(item, value) {
                const char *code = json_text(item, "value");
                if (!code || !json_text(item, "label") || choice_item(value, code) != item)
                    return form_wrong(all->arena, s->path, arena_print(all->arena, "/items/%zu", index),
                                      "needs a label and a value of its own");
                index++;
            }
        }
        json_set(all->arena, all->lists, name, json_copy(all->arena, value));
    }
    return NULL;
}

static bool plain_definition(const char *path) {
    static const char *const others[] = {"regions.json", "units.json", "providers.json", "schema.json"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strcmp(path, others[i]) == 0)
            return false;
    return !strchr(path, '/') || text_starts(path, "archive/");
}

static int by_order(const void *left, const void *right) {
    const model *a = *(model *const *)left, *b = *(model *const *)right;
    if (a->archived != b->archived)
        return a->archived ? 1 : -1;
    if (a->order != b->order)
        return a->order < b->order ? -1 : 1;
    int kind = strcmp(a->shown.kind, b->shown.kind);
    return kind ? kind : b->shown.version - a->shown.version;
}

static problem *add_models(forms *all) {
    all->models = arena_array(all->arena, model *, all->source_count + 1);
    for (size_t i = 0; i < all->source_count; i++) {
        const source *s = &all->sources[i];
        if (!plain_definition(s->path))
            continue;
        // An archived file is expanded and carries its own lists and texts: {definition, lists, texts}.
        json *definition = json_get(s->value, "definition");
        model *m;
        if (!definition) {
            definition = s->value;
            TRY(forms_expand(all, s->path, definition));
        }
        TRY(forms_compile(all, s->path, s->value, &m));
        for (size_t k = 0; k < all->count; k++)
            if (text_same(all->models[k]->shown.kind, m->shown.kind) &&
                all->models[k]->shown.version == m->shown.version)
                return form_wrong(all->arena, s->path, "/version", "%s has the same kind and version",
                                  all->models[k]->path);
        all->models[all->count++] = m;
    }
    for (size_t i = 0; i < all->count; i++)
        for (size_t k = 0; k < all->count; k++)
            if (text_same(all->models[i]->shown.kind, all->models[k]->shown.kind) &&
                all->models[i]->shown.version < all->models[k]->shown.version)
                all->models[i]->archived = true;
    qsort(all->models, all->count, sizeof(model *), by_order); // NOLINT(bugprone-sizeof-expression)
    while (all->newest < all->count && !all->models[all->newest]->archived)
        all->newest++;
    return NULL;
}

problem *forms_load(arena *a, const char *directory, forms **out) {
    forms *all = arena_new_of(a, forms);
    all->arena = a;
    all->lists = json_object(a);
    for (const form_file *file = form_files; file->path; file++)
        TRY(add_source(all, file->path, file->text, file->size));
    static const char *const below[] = {"", "blocks", "choices", "texts", "archive"};
    for (size_t i = 0; directory && i < sizeof below / sizeof *below; i++)
        TRY(add_directory(all, directory, below[i]));
    TRY(add_lists(all));
    TRY(forms_regions(all));
    TRY(add_models(all));
    *out = all;
    return NULL;
}

const form *form_find(const forms *f, const char *kind) {
    for (size_t i = 0; i < f->newest; i++)
        if (text_same(f->models[i]->shown.kind, kind))
            return &f->models[i]->shown;
    return NULL;
}

const form *form_version(const forms *f, const char *kind, int version) {
    for (size_t i = 0; i < f->count; i++)
        if (text_same(f->models[i]->shown.kind, kind) && f->models[i]->shown.version == version)
            return &f->models[i]->shown;
    return NULL;
}

const form *form_at(const forms *f, size_t index) {
    return index < f->newest ? &f->models[index]->shown : NULL;
}

const json *form_list(const forms *f, const char *name) {
    return json_get(f->lists, name);
}

const char *form_action_title(const form *f, const char *action) {
    const char *title = json_text(json_get(f->definition, "actions"), action);
    return title ? title : f->title;
}
