#include "filing/notice.h"
#include "base/clock.h"
#include "filing/body.h"
#include "filing/page.h"

enum { IDS_MOST = 1000 };

// ---- what is said. {what}: 新办网站“…”, {unit}, {number}, {until}
static const struct saying {
    const char *act, *title, *body;
    bool sms;
} SAYINGS[] = {
    {"submit", "提交成功", "您的%s申请已提交，由%s审核。", false},
    {"resubmit", "补正已提交", "您的%s申请已重新提交，由%s审核。", false},
    {"claim", "申请已受理", "您的%s申请已由%s受理，正在审核。", false},
    {"pass", "审核通过", "您的%s申请已由%s审核通过。", true},
    {"return", "退回补正", "您的%s申请已由%s退回补正，请登录平台查看原因，修改后重新提交。", true},
    {"refuse", "审核不通过", "您的%s申请经%s审核不通过，请登录平台查看原因。", true},
    {"withdraw", "撤销成功", "您的%s申请已撤销，不再由%s审核，填写的内容可在我的草稿中继续使用。", false},
    {"end", "申请已终止", "您的%s申请逾期未补正，已终止，不再由%s审核，填写的内容可在我的草稿中继续使用。", true},
};

static char *say(arena *a, const char *pattern, const char *what, const char *unit) {
    text_buffer b = text_buffer_new(a, 160);
    const char *parts[] = {what, unit};
    size_t next = 0;
    for (const char *c = pattern; *c; c++) {
        if (c[0] == '%' && c[1] == 's' && next < 2) {
            text_add(&b, parts[next++]);
            c++;
        } else
            text_add_char(&b, *c);
    }
    return b.data;
}

problem *notice_of_act(act *t, const application_row *app, const char *act_name, const char *number) {
    arena *a = t->arena;
    const form *f = form_find(t->server->forms, app->kind);
    const char *unit = unit_of(t->server, app->unit).name;
    for (size_t i = 0; i < sizeof SAYINGS / sizeof *SAYINGS; i++) {
        if (!text_same(SAYINGS[i].act, act_name))
            continue;
        const char *what = arena_print(a, "“%s”%s%s%s", form_action_title(f, app->action), *app->name ? "（" : "",
                                       app->name, *app->name ? "）" : "");
        char *body = say(a, SAYINGS[i].body, what, unit ? unit : "公安机关网安部门");
        if (number)
            body = arena_print(a, "%s公安备案号：%s，请在30日内将备案号和图标悬挂在首页显著位置。", body, number);
        notice_row n = {.account = t->entity.account,
                        .entity = t->entity.id,
                        .title = SAYINGS[i].title,
                        .body = body,
                        .event = arena_print(a, "%s:%s:%lld", app->id, act_name, (long long)app->rev),
                        .link = arena_print(a, "/application/%s", app->id),
                        .application = SAYINGS[i].sms ? app->id : NULL};
        return notice_add(t->server, t->db, a, &n);
    }
    return NULL;
}

problem *notice_add(server *s, db *d, arena *a, const notice_row *n) {
    int64_t added = 0;
    TRY(db_run(d, a, SQL_NOTICE_ADD, &added,
               DB_ARGS(db_text(text_id(a)), db_text(n->account), db_text(n->entity), db_text(n->event),
                       db_text(n->title), db_text(n->body), db_text(n->link), db_int(clock_now()))));
    if (!added || !n->application)
        return NULL;
    return sms_queue(s, d, a, n->entity, n->application, arena_print(a, "【互联网安全管理服务平台】%s", n->body));
}

// ---- routes

json *notice_json(arena *a, const db_rows *rows, size_t row) {
    json *one = json_object(a);
    json_set_text(a, one, "id", db_cell(rows, row, 0));
    json_set_text(a, one, "title", db_cell(rows, row, 2));
    json_set_text(a, one, "body", db_cell(rows, row, 3));
    json_set_text(a, one, "link", db_cell(rows, row, 4));
    json_set_bool(a, one, "unread", db_true(rows, row, 5));
    json_set_text(a, one, "created", clock_iso(a, db_number(rows, row, 6)));
    return one;
}

static problem *list(request *r, db *d) {
    page p;
    db_rows rows, total;
    bool unread = request_query(r, "unread") && !text_same(request_query(r, "unread"), "false");
    TRY(page_of(r, &p));
    TRY(db_query(d, r->arena, SQL_NOTICE_LIST, &rows,
                 DB_ARGS(db_text(r->session->account), db_flag(unread), db_int(p.size), db_int(p.offset))));
    TRY(db_query(d, r->arena, SQL_NOTICE_COUNT, &total, DB_ARGS(db_text(r->session->account), db_flag(unread))));
    json *items = json_array(r->arena);
    for (size_t i = 0; i < rows.count; i++)
        json_add(r->arena, items, notice_json(r->arena, &rows, i));
    page_reply(r, &p, items, db_number(&total, 0, 0));
    return NULL;
}

static const body_member READ[] = {{"ids", JSON_ARRAY, false}, {"all", JSON_BOOL, false}, {0}};

static problem *mark_read(request *r, db *d) {
    TRY(body_check(r, READ));
    if (json_flag(r->body, "all"))
        TRY(db_run(d, r->arena, SQL_NOTICE_READ_ALL, NULL, DB_ARGS(db_text(r->session->account))));
    const json *ids = json_get(r->body, "ids");
    if (ids && ids->count > IDS_MOST) {
        problem *p = problem_invalid(r->arena);
        problem_add(r->arena, p, "/ids", "too-many", "一次最多1000条。");
        return p;
    }
    json_each(id, ids) {
        if (id->type == JSON_STRING)
            TRY(db_run(d, r->arena, SQL_NOTICE_READ, NULL, DB_ARGS(db_text(r->session->account), db_text(id->text))));
    }
    reply_json(r, 200, json_object(r->arena));
    return NULL;
}

const route ROUTES_NOTICES[] = {{"GET", "/api/v1/notices", WHO_APPLICANT, ROUTE_READ, 0, 0, NULL,
                                 "Notices of the account, newest first", list, NULL},
                                {"POST", "/api/v1/notices/read", WHO_APPLICANT, ROUTE_WRITE, 0, 0, "notices-read",
                                 "Mark notices as read", mark_read, NULL},
                                {0}};
