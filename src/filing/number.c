#include "filing/number.h"
#include "register/register.h"

enum { LAST_SERIAL = 999999 };

problem *number_text(arena *a, const char *province, const char *unit, const char *class, int64_t serial, char **out) {
    if (serial > LAST_SERIAL)
        return problem_new(a, 409, "numbers-used-up", "备案号已用完",
                           "该单位此类备案号的序号已用完，请联系平台管理员。");
    *out = arena_print(a, "%s公网安备%s%s%06lld号", province, unit, class, (long long)serial);
    return NULL;
}

static problem *publish(act *t, const application_row *app, const record *about, const char *number) {
    arena *a = t->arena;
    document site, holder;
    TRY(document_load(t->server, t->db, a, app->entity, app->subject, app->version, &site));
    TRY(document_load(t->server, t->db, a, app->entity, app->entity, t->entity.version, &holder));
    // A holder's name is public only where the definition says so: organisations', never persons'.
    const char *name = form_name_of(holder.form, a, holder.values);
    bool public_name = false;
    json_each(fact, form_public(holder.form, a, holder.values)) {
        public_name |= text_same(json_text(fact, "value"), name);
    }
    register_entry entry = {.filing = app->subject,
                            .kind = app->kind,
                            .kind_label = about->form->title,
                            .state = about->state,
                            .number = number,
                            .name = form_name_of(site.form, a, site.values),
                            .unit_name = unit_of(t->server, about->filing.unit).name,
                            .holder_type = t->entity.kind_label,
                            .holder = public_name ? name : NULL,
                            .approved = about->filing.approved,
                            .facts = form_public(site.form, a, site.values),
                            .values = form_search_values(site.form, a, site.values)};
    return register_publish(t->db, a, &entry);
}

problem *number_give(act *t, const application_row *app, record *about, act_more *more) {
    if (about->is_entity || !about->form->number_class || about->filing.number)
        return NULL;
    const char *unit = about->filing.unit, *class = about->form->number_class;
    db_rows rows;
    char *number = NULL;
    TRY(db_query(t->db, t->arena, SQL_NUMBER_NEXT, &rows, DB_ARGS(db_text(unit), db_text(class))));
    TRY(number_text(t->arena, unit_of(t->server, unit).province, unit, class, db_number(&rows, 0, 0), &number));
    about->filing.number = number;
    if (more)
        more->number = number;
    TRY(filing_save(t->db, t->arena, &about->filing));
    return publish(t, app, about, number);
}
