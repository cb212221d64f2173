// What time does: 退回补正 that nobody mended ends, drafts go after 30 days, reminders come before.
#include "base/clock.h"
#include "filing/filing.h"
#include "filing/notice.h"
#include "store/writer.h"

enum { ROUNDS_MOST = 50 };
static const int64_t REMIND_DAYS[] = {7, 1}, DRAFT_REMIND = 3 * DAY;

// A round works off what one statement gives; `more` says that another is worth while.
typedef struct round {
    server *server;
    bool more;
} round_of;

static problem *end_returned(void *context, db *d, arena *a) {
    round_of *w = context;
    db_rows late;
    TRY(db_query(d, a, SQL_APPLICATION_LATE, &late, DB_ARGS(db_int(clock_now()))));
    for (size_t i = 0; i < late.count; i++) {
        act t = act_system(w->server, d, a);
        application_row app;
        act_more more = {0};
        TRY(act_lock(&t, db_cell(&late, i, 0)));
        TRY(application_get(d, a, db_cell(&late, i, 1), &app));
        if (text_same(app.state, "returned")) // an entity's end may have ended it a moment ago
            TRY(act_do(&t, &app, LIFE_END, &more));
    }
    w->more = late.count > 0;
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

// Once for each version that was returned and each number of days: the latest mark that is passed.
static problem *remind_returned(void *context, db *d, arena *a) {
    round_of *w = context;
    int64_t now = clock_now();
    db_rows rows, account;
    TRY(db_query(d, a, SQL_APPLICATION_ENDING, &rows, DB_ARGS(db_int(now), db_int(now + REMIND_DAYS[0] * DAY))));
    for (size_t i = 0; i < rows.count; i++) {
        int64_t ends = db_number(&rows, i, 4),
                days = ends - now <= REMIND_DAYS[1] * DAY ? REMIND_DAYS[1] : REMIND_DAYS[0];
        const form *f = form_find(w->server->forms, db_cell(&rows, i, 2));
        TRY(db_query(d, a, SQL_ENTITY_ACCOUNT, &account, DB_ARGS(db_text(db_cell(&rows, i, 0)))));
        if (!f || !account.count)
            continue;
        const char *id = db_cell(&rows, i, 1);
        notice_row n = {
            .account = db_cell(&account, 0, 0),
            .entity = db_cell(&rows, i, 0),
            .title = "补正期限提醒",
            .body = arena_print(a, "您的“%s”申请须在%s前补正并重新提交，逾期将终止。",
                                form_action_title(f, db_cell(&rows, i, 3)), clock_show(a, ends)),
            .event = arena_print(a, "%s:remind:%lld:%lld", id, (long long)db_number(&rows, i, 5), (long long)days),
            .link = arena_print(a, "/application/%s", id),
            .application = id};
        TRY(notice_add(w->server, d, a, &n));
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
        const char *id = db_cell(&rows, i, 1);
        int64_t ends = db_number(&rows, i, 4);
        if (!f)
            continue;
        notice_row n = {.account = db_cell(&rows, i, 0),
                        .title = "草稿即将过期",
                        .body = arena_print(a, "您的“%s”草稿将于%s过期删除，请及时提交申请。",
                                            form_action_title(f, db_cell(&rows, i, 3)), clock_show(a, ends)),
                        .event = arena_print(a, "draft:%s:%s", id, clock_date(a, ends)),
                        .link = arena_print(a, "/draft/%s", id)};
        TRY(notice_add(w->server, d, a, &n));
    }
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
    TRY(rounds(s, a, end_returned));
    TRY(rounds(s, a, remove_drafts));
    TRY(rounds(s, a, remind_returned));
    return rounds(s, a, remind_drafts);
}
