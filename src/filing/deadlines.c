// What time does: 退回补正 that nobody mended ends, drafts go after 30 days, reminders come before.
#include "base/clock.h"
#include "base/log.h"
#include "filing/filing.h"
#include "filing/notice.h"
#include "store/writer.h"

enum { ROUNDS_MOST = 50 };
static const int64_t DRAFT_REMIND = 3 * DAY;

// A round works off what one statement gives; `more` says that another is worth while.
typedef struct round {
    server *server;
    bool more;
} round_of;

typedef struct late {
    server *server;
    db_rows rows; // entity, application
    const char *entity, *application;
} late;

static problem *list_late(void *context, db *d, arena *a) {
    late *w = context;
    return db_query(d, a, SQL_APPLICATION_LATE, &w->rows, DB_ARGS(db_int(clock_now())));
}

static problem *end_one(void *context, db *d, arena *a) {
    late *w = context;
    act t = act_system(w->server, d, a);
    application_row app;
    act_more more = {0};
    TRY(act_lock(&t, w->entity));
    TRY(application_get(d, a, w->application, &app));
    // An entity's end may have ended it a moment ago.
    return text_same(app.state, "returned") ? act_do(&t, &app, LIFE_END, &more) : NULL;
}

// Each in a transaction of its own: one that fails keeps none of the others waiting.
static problem *end_returned(server *s, arena *a) {
    late w = {.server = s};
    TRY(writer_run(s->store, a, list_late, &w));
    for (size_t i = 0; i < w.rows.count; i++) {
        w.entity = db_cell(&w.rows, i, 0);
        w.application = db_cell(&w.rows, i, 1);
        problem *p = writer_run(s->store, a, end_one, &w);
        if (p)
            log_event(LOG_WARN, "deadline.failed", "application", w.application, "why", p->log ? p->log : p->type,
                      NULL);
    }
    return NULL;
}

static problem *remove_drafts(void *context, db *d, arena *a) {
    round_of *w = context;
    db_rows old;
    TRY(db_query(d, a, SQL_DRAFT_EXPIRED, &old, DB_ARGS(db_int(clock_now()))));
    for (size_t i = 0; i < old.count; i++)
        TRY(draft_remove(d, a, db_cell(&old, i, 0), db_cell(&old, i, 1)));
    w->more = old.count > 0;
    return NULL;
}

typedef struct mark {
    int64_t days, after; // from `after` days before the end on it is the next mark's turn
} mark;
static const mark MARKS[] = {{7, 1}, {1, 0}};

static problem *remind_one(round_of *w, db *d, arena *a, const db_rows *rows, size_t i, const char *days) {
    const form *f = form_find(w->server->forms, db_cell(rows, i, 2));
    const char *id = db_cell(rows, i, 1), *title = f ? form_action_title(f, db_cell(rows, i, 3)) : "";
    notice_row n = {.account = db_cell(rows, i, 6),
                    .entity = db_cell(rows, i, 0),
                    .title = "补正期限提醒",
                    .body = arena_print(a, "您的“%s”申请须在%s前补正并重新提交，逾期将终止。", title,
                                        clock_show(a, db_number(rows, i, 4))),
                    .event = arena_print(a, "%s:remind:%lld:%s", id, (long long)db_number(rows, i, 5), days),
                    .link = arena_print(a, "/application/%s", id),
                    .application = id};
    return notice_add(w->server, d, a, &n);
}

// Once for each version that was returned and each mark.
static problem *remind_returned(void *context, db *d, arena *a) {
    round_of *w = context;
    int64_t now = clock_now();
    for (size_t k = 0; k < sizeof MARKS / sizeof *MARKS; k++) {
        db_rows rows;
        const char *days = arena_print(a, "%lld", (long long)MARKS[k].days);
        TRY(db_query(d, a, SQL_APPLICATION_ENDING, &rows,
                     DB_ARGS(db_int(now + MARKS[k].after * DAY), db_int(now + MARKS[k].days * DAY), db_text(days))));
        for (size_t i = 0; i < rows.count; i++)
            TRY(remind_one(w, d, a, &rows, i, days));
        w->more |= rows.count > 0;
    }
    return NULL;
}

static problem *remind_drafts(void *context, db *d, arena *a) {
    round_of *w = context;
    int64_t now = clock_now();
    db_rows rows;
    TRY(db_query(d, a, SQL_DRAFT_ENDING, &rows, DB_ARGS(db_int(now), db_int(now + DRAFT_REMIND))));
    for (size_t i = 0; i < rows.count; i++) {
        const form *f = form_find(w->server->forms, db_cell(&rows, i, 2));
        const char *id = db_cell(&rows, i, 1), *title = f ? form_action_title(f, db_cell(&rows, i, 3)) : "";
        int64_t ends = db_number(&rows, i, 4);
        notice_row n = {.account = db_cell(&rows, i, 0),
                        .title = "草稿即将过期",
                        .body =
                            arena_print(a, "您的“%s”草稿将于%s过期删除，请及时提交申请。", title, clock_show(a, ends)),
                        .event = arena_print(a, "draft:%s:%lld", id, (long long)ends),
                        .link = arena_print(a, "/draft/%s", id)};
        TRY(notice_add(w->server, d, a, &n));
    }
    w->more = rows.count > 0;
    return NULL;
}

static problem *rounds(server *s, arena *a, problem *(*step)(void *, db *, arena *)) {
    round_of w = {s, true};
    for (int i = 0; w.more && i < ROUNDS_MOST; i++) {
        w.more = false;
        TRY(writer_run(s->store, a, step, &w));
    }
    return NULL;
}

problem *deadlines_run(server *s, arena *a) {
    // Ended applications first: their half-mended drafts are to be kept.
    TRY(end_returned(s, a));
    TRY(rounds(s, a, remove_drafts));
    TRY(rounds(s, a, remind_returned));
    return rounds(s, a, remind_drafts);
}
