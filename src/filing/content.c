#include "filing/content.h"
#include "guard/files.h"
#include <string.h>

void *content_seal(server *s, arena *a, const char *bound, const json *value, size_t *size) {
    const char *text = json_print(a, value);
    return keys_seal(s->keys, a, bound, text, strlen(text), size);
}

problem *content_unseal(server *s, arena *a, const char *bound, const void *sealed, size_t size, json **out) {
    void *plain;
    size_t plain_size;
    TRY(keys_unseal(s->keys, a, bound, sealed, size, &plain, &plain_size));
    *out = json_parse(a, plain, plain_size, NULL);
    return *out ? NULL : problem_internal(a, "sealed content is no JSON");
}

char *content_bound(arena *a, const char *entity, const char *subject, int64_t version) {
    return arena_print(a, "document/%s/%s/%lld", entity, subject, (long long)version);
}

problem *document_load(server *s, db *d, arena *a, const char *entity, const char *subject, int64_t version,
                       document *out) {
    db_rows rows;
    TRY(db_query(d, a, SQL_DOCUMENT_GET, &rows, DB_ARGS(db_text(entity), db_text(subject), db_int(version))));
    if (!rows.count)
        return problem_not_found(a);
    const db_value *sealed = db_at(&rows, 0, 2);
    *out = (document){.form = form_version(s->forms, db_cell(&rows, 0, 0), (int)db_number(&rows, 0, 1)),
                      .version = version,
                      .created = db_number(&rows, 0, 3)};
    if (!out->form)
        return problem_internal(a, "a document of a form version that is gone");
    return content_unseal(s, a, content_bound(a, entity, subject, version), sealed->bytes, sealed->size, &out->values);
}

// ---- files: every string of the shape of an id that is a file of this person

typedef problem *(*file_visit)(void *context, const char *id, json *facts);

static problem *each_file(file_lookup *l, const json *value, file_visit visit, void *context) {
    json_each(child, value) {
        TRY(each_file(l, child, visit, context));
    }
    if (value->type != JSON_STRING || !text_is_id(value->text))
        return NULL;
    json *facts = NULL;
    TRY(file_facts(l->server, l->db, l->arena, l->account, l->entity, value->text, &facts));
    return facts ? visit(context, value->text, facts) : NULL;
}

typedef struct file_list {
    arena *arena;
    json *out;
} file_list;

static problem *list_file(void *context, const char *id, json *facts) {
    file_list *l = context;
    json_set(l->arena, l->out, id, facts);
    return NULL;
}

problem *content_files(server *s, db *d, arena *a, const char *account, const char *entity, const json *values,
                       json **out) {
    file_lookup l = {s, d, a, account, entity, NULL};
    file_list list = {a, json_object(a)};
    TRY(each_file(&l, values, list_file, &list));
    *out = list.out;
    return NULL;
}

typedef struct file_user {
    db *db;
    arena *arena;
    const char *used_by;
} file_user;

static problem *use_file(void *context, const char *id, json *facts) {
    file_user *u = context;
    (void)facts;
    return file_use(u->db, u->arena, id, u->used_by);
}

problem *content_use(server *s, db *d, arena *a, const char *account, const char *entity, const json *values,
                     const char *used_by) {
    file_lookup l = {s, d, a, account, entity, NULL};
    file_user user = {d, a, used_by};
    TRY(file_unuse(d, a, used_by));
    return each_file(&l, values, use_file, &user);
}

typedef struct foreign {
    file_lookup *look;
    const char *id;
    problem *failed;
} foreign;

static void look_at(foreign *g, const json *value) {
    file_lookup *l = g->look;
    db_rows row;
    json *facts = NULL;
    if (g->id || g->failed || !value || value->type != JSON_STRING || !text_is_id(value->text))
        return;
    g->failed = db_query(l->db, l->arena, SQL_ATTACHMENT_GET, &row, DB_ARGS(db_text(value->text)));
    if (g->failed || !row.count)
        return;
    g->failed = file_facts(l->server, l->db, l->arena, l->account, l->entity, value->text, &facts);
    if (!g->failed && !facts)
        g->id = value->text;
}

static void find_foreign(void *context, const field_visit *field) {
    if (!(field->flags & FIELD_FILE))
        return;
    look_at(context, field->value);
    if (field->value && field->value->type == JSON_ARRAY)
        json_each(one, field->value) {
            look_at(context, one);
        }
}

problem *content_foreign(server *s, db *d, arena *a, const char *account, const char *entity, const form *f,
                         json *values, const char **id) {
    file_lookup l = {s, d, a, account, entity, NULL};
    foreign g = {.look = &l};
    form_each(f, a, values, find_foreign, &g);
    *id = g.id;
    return g.failed;
}

// The own upload needs no more than its type and size; what came with the entity is asked for in full.
const json *file_look(void *context, const char *id) {
    file_lookup *l = context;
    db_rows row;
    json *facts = NULL;
    problem *p = db_query(l->db, l->arena, SQL_ATTACHMENT_OF, &row, DB_ARGS(db_text(id), db_text(l->account)));
    if (!p && !row.count)
        p = file_facts(l->server, l->db, l->arena, l->account, l->entity, id, &facts);
    if (p)
        l->failed = p;
    if (p || !row.count)
        return facts;
    facts = json_object(l->arena);
    json_set_text(l->arena, facts, "media", db_cell(&row, 0, 0));
    json_set_number(l->arena, facts, "size", (double)db_number(&row, 0, 1));
    return facts;
}

void content_put(arena *a, json *root, const char *pointer, json *value) {
    const char *slash = strrchr(pointer, '/');
    json *parent = slash ? json_pointer(root, arena_slice(a, pointer, (size_t)(slash - pointer))) : NULL;
    if (!parent || parent->type != JSON_OBJECT)
        return;
    if (value)
        json_set(a, parent, slash + 1, value);
    else
        json_remove(parent, slash + 1);
}
