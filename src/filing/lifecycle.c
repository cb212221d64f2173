#include "filing/lifecycle.h"
#include "base/clock.h"
#include <string.h>

// ---- guards

static const char *accepts_business(const life_facts *f) {
    if (f->is_entity)
        return NULL;
    bool alive = text_same(f->entity_state, "valid") || text_same(f->entity_state, "changing");
    if (!alive && !(text_same(f->entity_state, "reviewing") && f->entity_open))
        return "该开办主体当前不能办理业务，请先提交主体或等待其手续办结。";
    if (!f->may_be_first && !f->has_businesses)
        return "该业务不能作为主体的第一项业务，请先提交其他业务。";
    return NULL;
}

static const char *in_time(const life_facts *f) {
    if (f->is_entity && f->businesses_reviewing)
        return "该主体的业务申请已在审核中，不能撤销主体申请。";
    if (f->awaits || !f->counted || f->now <= f->counted + WITHDRAW_MINUTES * MINUTE)
        return NULL;
    return "提交已超过30分钟，不能撤销申请。";
}

static const char *has_business(const life_facts *f) {
    return f->awaits ? "该主体尚未提交业务申请，暂不能受理。" : NULL;
}

static const char *holds(const life_facts *f) {
    return f->mine ? NULL : "请先受理该申请。";
}

static const char *may_release(const life_facts *f) {
    return f->mine || f->force ? NULL : "该申请由其他人员受理，强制释放须填写原因。";
}

static const char *explained(const life_facts *f) {
    return !f->mine ? holds(f) : f->reasons ? NULL : "请至少填写一条原因。";
}

static const char *entity_passed(const life_facts *f) {
    if (!f->mine)
        return holds(f);
    bool alive = f->is_entity || text_same(f->entity_state, "valid") || text_same(f->entity_state, "changing");
    return alive ? NULL : "请先通过其开办主体，或一并通过主体与业务。";
}

// ---- the table

#define OWNER LIFE_OWNER
#define OFFICER LIFE_OFFICER
#define SYSTEM LIFE_SYSTEM
static const life_row ROWS[] = {
    {LIFE_APPLICATION, "create", "", LIFE_SUBMIT, OWNER, accepts_business, FX_OPEN, "waiting"},
    {LIFE_APPLICATION, "create", "returned", LIFE_SUBMIT, OWNER, accepts_business, 0, "waiting"},
    {LIFE_APPLICATION, "create", "returned", LIFE_END, SYSTEM, NULL, FX_CLOSE | FX_DRAFT_BACK, "ended"},
    {LIFE_APPLICATION, "create", "waiting", LIFE_WITHDRAW, OWNER, in_time, FX_CLOSE | FX_DRAFT_BACK, "withdrawn"},
    {LIFE_APPLICATION, "create", "waiting", LIFE_WITHDRAW, SYSTEM, NULL, FX_CLOSE | FX_DRAFT_BACK, "withdrawn"},
    {LIFE_APPLICATION, "create", "waiting", LIFE_CLAIM, OFFICER, has_business, FX_CLAIM, "reviewing"},
    {LIFE_APPLICATION, "create", "waiting", LIFE_RETURN, SYSTEM, NULL, FX_LIMIT | FX_REASONS, "returned"},
    {LIFE_APPLICATION, "create", "reviewing", LIFE_RELEASE, OFFICER, may_release, FX_UNCLAIM, "waiting"},
    {LIFE_APPLICATION, "create", "reviewing", LIFE_PASS, OFFICER, entity_passed, FX_CLOSE, "passed"},
    {LIFE_APPLICATION, "create", "reviewing", LIFE_RETURN, OFFICER, explained, FX_UNCLAIM | FX_LIMIT | FX_REASONS,
     "returned"},
    {LIFE_APPLICATION, "create", "reviewing", LIFE_RETURN, SYSTEM, NULL, FX_UNCLAIM | FX_LIMIT | FX_REASONS,
     "returned"},
    {LIFE_APPLICATION, "create", "reviewing", LIFE_REFUSE, OFFICER, explained, FX_CLOSE | FX_REASONS, "refused"},

    {LIFE_ENTITY, "create", "", LIFE_SUBMIT, OWNER, NULL, FX_TAKE | FX_ENTITY_WAITS, "reviewing"},
    {LIFE_ENTITY, "create", "void", LIFE_SUBMIT, OWNER, NULL, FX_TAKE | FX_ENTITY_WAITS, "reviewing"},
    {LIFE_ENTITY, "create", "reviewing", LIFE_SUBMIT, OWNER, NULL, FX_TAKE | FX_ENTITY_WAITS, "reviewing"},
    {LIFE_ENTITY, "create", "reviewing", LIFE_CLAIM, OFFICER, NULL, 0, "reviewing"},
    {LIFE_ENTITY, "create", "reviewing", LIFE_RELEASE, OFFICER, NULL, FX_ENTITY_WAITS, "reviewing"},
    {LIFE_ENTITY, "create", "reviewing", LIFE_RETURN, OFFICER, NULL, 0, "reviewing"},
    {LIFE_ENTITY, "create", "reviewing", LIFE_PASS, OFFICER, NULL, FX_NUMBER, "valid"},
    {LIFE_ENTITY, "create", "reviewing", LIFE_REFUSE, OFFICER, NULL, FX_FREE | FX_RETURN_BUSINESSES, "void"},
    {LIFE_ENTITY, "create", "reviewing", LIFE_WITHDRAW, OWNER, NULL, FX_FREE | FX_WITHDRAW_BUSINESSES, "void"},
    {LIFE_ENTITY, "create", "reviewing", LIFE_END, SYSTEM, NULL, FX_FREE | FX_RETURN_BUSINESSES, "void"},

    {LIFE_FILING, "create", "", LIFE_SUBMIT, OWNER, NULL, FX_TAKE | FX_ENTITY_WAITS, "reviewing"},
    {LIFE_FILING, "create", "void", LIFE_SUBMIT, OWNER, NULL, FX_TAKE | FX_ENTITY_WAITS, "reviewing"},
    {LIFE_FILING, "create", "reviewing", LIFE_SUBMIT, OWNER, NULL, FX_TAKE | FX_ENTITY_WAITS, "reviewing"},
    {LIFE_FILING, "create", "reviewing", LIFE_CLAIM, OFFICER, NULL, 0, "reviewing"},
    {LIFE_FILING, "create", "reviewing", LIFE_RELEASE, OFFICER, NULL, 0, "reviewing"},
    {LIFE_FILING, "create", "reviewing", LIFE_RETURN, OFFICER | SYSTEM, NULL, FX_ENTITY_WAITS, "reviewing"},
    {LIFE_FILING, "create", "reviewing", LIFE_PASS, OFFICER, NULL, FX_NUMBER, "valid"},
    {LIFE_FILING, "create", "reviewing", LIFE_REFUSE, OFFICER, NULL, FX_FREE | FX_ENTITY_WAITS, "void"},
    {LIFE_FILING, "create", "reviewing", LIFE_WITHDRAW, OWNER | SYSTEM, NULL, FX_FREE | FX_ENTITY_WAITS, "void"},
    {LIFE_FILING, "create", "reviewing", LIFE_END, SYSTEM, NULL, FX_FREE | FX_ENTITY_WAITS, "void"},
};
enum { ROW_COUNT = sizeof ROWS / sizeof *ROWS };

const life_row *life_rows(size_t *count) {
    *count = ROW_COUNT;
    return ROWS;
}

bool life_knows(const char *action) {
    for (size_t i = 0; i < ROW_COUNT; i++)
        if (text_same(ROWS[i].action, action))
            return true;
    return false;
}

// ---- words

static const char *const APPLICATION_WORDS[][2] = {
    {"waiting", "待审核"},     {"reviewing", "审核中"},  {"passed", "审核通过"},
    {"refused", "审核不通过"}, {"returned", "退回补正"}, {"withdrawn", "已撤销"},
    {"ended", "已终止"},       {"", "未提交"},           {NULL, NULL}};
static const char *const RECORD_WORDS[][2] = {
    {"reviewing", "审核中"},    {"valid", "有效"},       {"changing", "变更中"}, {"cancelling", "注销中"},
    {"transferring", "移交中"}, {"cancelled", "已注销"}, {"void", "未成立"},     {NULL, NULL}};
static const char *const ACT_LABELS[][2] = {{"submit", "提交申请"},
                                            {"resubmit", "补正后重新提交"},
                                            {"withdraw", "撤销申请"},
                                            {"claim", "受理"},
                                            {"release", "释放"},
                                            {"pass", "审核通过"},
                                            {"return", "退回补正"},
                                            {"refuse", "审核不通过"},
                                            {"end", "期满终止"},
                                            {"view", "查看"},
                                            {NULL, NULL}};

static const char *word(const char *const (*words)[2], const char *code) {
    for (; (*words)[0]; words++)
        if (text_same((*words)[0], code))
            return (*words)[1];
    return code;
}
const char *life_application_word(const char *state) {
    return word(APPLICATION_WORDS, state);
}
const char *life_record_word(const char *state) {
    return word(RECORD_WORDS, state);
}
const char *life_act_label(const char *act) {
    return word(ACT_LABELS, act);
}

const char *life_event_name(life_event event) {
    static const char *const names[LIFE_EVENTS] = {"submit", "withdraw", "claim",  "release",
                                                   "pass",   "return",   "refuse", "end"};
    return names[event];
}

// ---- the loop

static bool fits(const life_row *row, life_of of, const char *action, const char *state, unsigned who) {
    return row->of == of && (row->who & who) && text_same(row->action, action) && text_same(row->state, state);
}

// 申请人已于 … 撤销 — the loser of a race reads who and when.
static char *what_happened(arena *a, const char *state, const life_facts *f) {
    static const char *const said[][2] = {{"passed", "该申请已于%s审核通过。"},
                                          {"refused", "该申请已于%s审核不通过。"},
                                          {"returned", "该申请已于%s退回补正。"},
                                          {"withdrawn", "申请人已于%s撤销申请。"},
                                          {"ended", "该申请已于%s终止。"}};
    if (text_same(state, "reviewing"))
        return arena_print(a, "%s已于%s受理该申请。", f->claimed_name ? f->claimed_name : "审核单位",
                           clock_show(a, f->claimed_at ? f->claimed_at : f->updated));
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        if (!text_same(said[i][0], state))
            continue;
        const char *mark = strstr(said[i][1], "%s");
        return arena_print(a, "%.*s%s%s", (int)(mark - said[i][1]), said[i][1], clock_show(a, f->updated), mark + 2);
    }
    return arena_text(a, "");
}

static char *what_is_possible(arena *a, life_of of, const char *action, const char *state, life_who who,
                              const life_facts *f) {
    text_buffer b = text_buffer_new(a, 64);
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (!fits(&ROWS[i], of, action, state, who) || (ROWS[i].guard && ROWS[i].guard(f)))
            continue;
        if (b.size)
            text_add(&b, "、");
        text_add(&b, life_act_label(life_event_name(ROWS[i].event)));
    }
    if (b.size)
        return arena_print(a, "现在可以：%s。", b.data);
    return arena_text(a, who == LIFE_OWNER && text_same(state, "reviewing") ? "请等待审核结果。"
                                                                            : "现在没有可以进行的操作。");
}

static problem *refuse_guard(arena *a, const life_row *row, const life_facts *f, const char *why) {
    bool others = row->guard != has_business && (row->who & LIFE_OFFICER) && !f->mine;
    if (others && f->claimed_name) {
        problem *p = problem_printf(a, 409, "claimed", "该申请由他人受理", "%s已于%s受理该申请。%s", f->claimed_name,
                                    clock_show(a, f->claimed_at), row->event == LIFE_RELEASE ? why : "");
        return p;
    }
    bool entity = row->guard == entity_passed && f->mine;
    return problem_new(a, 409, entity ? "entity-first" : "not-now", entity ? "主体尚未通过" : "现在不能进行这项操作",
                       why);
}

problem *life_find(arena *a, life_of of, const char *action, const char *state, life_event event, life_who who,
                   const life_facts *facts, const life_row **out) {
    for (size_t i = 0; i < ROW_COUNT; i++) {
        const life_row *row = &ROWS[i];
        if (row->event != event || !fits(row, of, action, state, who))
            continue;
        const char *why = row->guard ? row->guard(facts) : NULL;
        if (why)
            return refuse_guard(a, row, facts, why);
        *out = row;
        return NULL;
    }
    bool raced = event == LIFE_CLAIM && text_same(state, "reviewing") && of == LIFE_APPLICATION;
    const char *now = of == LIFE_APPLICATION ? life_application_word(state) : life_record_word(state);
    return problem_printf(a, 409, raced ? "claimed" : "not-now", raced ? "该申请由他人受理" : "现在不能进行这项操作",
                          "%s当前状态为“%s”，不能%s。%s", what_happened(a, state, facts), now,
                          life_act_label(life_event_name(event)), what_is_possible(a, of, action, state, who, facts));
}

bool life_may(life_of of, const char *action, const char *state, life_event event, life_who who,
              const life_facts *facts) {
    for (size_t i = 0; i < ROW_COUNT; i++)
        if (ROWS[i].event == event && fits(&ROWS[i], of, action, state, who))
            return !ROWS[i].guard || !ROWS[i].guard(facts);
    return false;
}
