// Every subject, action, state, event and actor: what the table allows is allowed, all else is refused with a sentence.
#include "base/clock.h"
#include "check.h"
#include "filing/lifecycle.h"

static const char *const APPLICATION[] = {"",        "waiting",  "reviewing", "passed",
                                          "refused", "returned", "withdrawn", "ended"};
static const char *const RECORD[] = {"",           "reviewing",    "valid",     "changing",
                                     "cancelling", "transferring", "cancelled", "void"};
enum { STATES = 8 };

static life_facts easy(void) {
    return (life_facts){.now = DAY,
                        .updated = DAY,
                        .counted = DAY,
                        .mine = true,
                        .claimed_at = DAY,
                        .force = true,
                        .reasons = 1,
                        .entity_state = "valid",
                        .entity_open = true,
                        .may_be_first = true,
                        .has_businesses = true};
}

static bool in_table(life_of of, const char *state, life_event event, life_who who) {
    size_t count;
    const life_row *rows = life_rows(&count);
    for (size_t i = 0; i < count; i++)
        if (rows[i].of == of && strcmp(rows[i].state, state) == 0 && rows[i].event == event && (rows[i].who & who))
            return true;
    return false;
}

static problem *ask(arena *a, const char *state, life_event event, life_who who, const life_facts *f) {
    const life_row *row;
    return life_find(a, LIFE_APPLICATION, "create", state, event, who, f, &row);
}

int main(void) {
    arena *a = arena_new(0);
    const life_who people[] = {LIFE_OWNER, LIFE_OFFICER, LIFE_SYSTEM};

    CASE("life cycle: what is no row is refused with the state's word") {
        life_facts f = easy();
        for (int of = LIFE_APPLICATION; of <= LIFE_FILING; of++)
            for (int s = 0; s < STATES; s++)
                for (int e = 0; e < LIFE_EVENTS; e++)
                    for (size_t w = 0; w < 3; w++) {
                        const char *state = of == LIFE_APPLICATION ? APPLICATION[s] : RECORD[s];
                        const life_row *row = NULL;
                        problem *p = life_find(a, (life_of)of, "create", state, (life_event)e, people[w], &f, &row);
                        CHECK(in_table((life_of)of, state, (life_event)e, people[w]) == !p);
                        CHECK(!p || (p->status == 409 && p->detail && *p->detail));
                        const char *word =
                            of == LIFE_APPLICATION ? life_application_word(state) : life_record_word(state);
                        CHECK(!p || strstr(p->detail, word));
                    }
    }

    CASE("life cycle: one row for a subject, state, event and person") {
        size_t count;
        const life_row *rows = life_rows(&count);
        for (size_t i = 0; i < count; i++)
            for (size_t j = i + 1; j < count; j++)
                CHECK(rows[i].of != rows[j].of || strcmp(rows[i].state, rows[j].state) != 0 ||
                      rows[i].event != rows[j].event || !(rows[i].who & rows[j].who));
    }

    CASE("life cycle: an application is open from its submit to its end, and closed for good") {
        size_t count;
        const life_row *rows = life_rows(&count);
        for (size_t i = 0; i < count; i++) {
            if (rows[i].of != LIFE_APPLICATION)
                continue;
            bool closed = strcmp(rows[i].next, "passed") == 0 || strcmp(rows[i].next, "refused") == 0 ||
                          strcmp(rows[i].next, "withdrawn") == 0 || strcmp(rows[i].next, "ended") == 0;
            CHECK(closed == ((rows[i].effects & FX_CLOSE) != 0));
            CHECK((strcmp(rows[i].state, "") == 0) == ((rows[i].effects & FX_OPEN) != 0));
            CHECK((strcmp(rows[i].next, "returned") == 0) == ((rows[i].effects & FX_LIMIT) != 0));
            for (size_t j = 0; j < count && closed; j++)
                CHECK(rows[j].of != LIFE_APPLICATION || strcmp(rows[j].state, rows[i].next) != 0);
        }
    }

    CASE("withdrawing: thirty minutes from the count, to the millisecond") {
        life_facts f = easy();
        f.now = f.counted + WITHDRAW_MINUTES * MINUTE;
        CHECK(!ask(a, "waiting", LIFE_WITHDRAW, LIFE_OWNER, &f));
        f.now++;
        problem *late = ask(a, "waiting", LIFE_WITHDRAW, LIFE_OWNER, &f);
        CHECK(late && strstr(late->detail, "30分钟"));
        f.awaits = true;
        CHECK(!ask(a, "waiting", LIFE_WITHDRAW, LIFE_OWNER, &f));
        f = (life_facts){.now = DAY, .is_entity = true, .counted = DAY, .businesses_reviewing = 1};
        CHECK(problem_is(ask(a, "waiting", LIFE_WITHDRAW, LIFE_OWNER, &f), "not-now"));
    }

    CASE("the loser of withdrawing against taking reads who and when") {
        life_facts f = {.now = DAY, .updated = DAY, .claimed_at = DAY};
        problem *p = ask(a, "reviewing", LIFE_WITHDRAW, LIFE_OWNER, &f);
        CHECK(p && strstr(p->detail, "审核单位已于1970-01-02 08:00受理"));
        p = ask(a, "withdrawn", LIFE_CLAIM, LIFE_OFFICER, &f);
        CHECK(p && strstr(p->detail, "申请人已于1970-01-02 08:00撤销"));
    }

    CASE("claims: exclusive; by force only with a reason") {
        life_facts f = {.now = DAY, .claimed_name = "郑国栋", .claimed_at = DAY, .reasons = 1, .entity_state = "valid"};
        problem *p = ask(a, "reviewing", LIFE_CLAIM, LIFE_OFFICER, &f);
        CHECK(problem_is(p, "claimed") && strstr(p->detail, "郑国栋已于1970-01-02 08:00受理"));
        CHECK(problem_is(ask(a, "reviewing", LIFE_RELEASE, LIFE_OFFICER, &f), "claimed"));
        CHECK(problem_is(ask(a, "reviewing", LIFE_PASS, LIFE_OFFICER, &f), "claimed"));
        f.force = true;
        CHECK(!ask(a, "reviewing", LIFE_RELEASE, LIFE_OFFICER, &f));
        f = (life_facts){.now = DAY, .awaits = true};
        CHECK(problem_is(ask(a, "waiting", LIFE_CLAIM, LIFE_OFFICER, &f), "not-now"));
    }

    CASE("decisions: a reason for sending back and refusing; the entity before its business") {
        life_facts f = {.now = DAY, .mine = true, .entity_state = "valid"};
        CHECK(problem_is(ask(a, "reviewing", LIFE_RETURN, LIFE_OFFICER, &f), "not-now"));
        CHECK(problem_is(ask(a, "reviewing", LIFE_REFUSE, LIFE_OFFICER, &f), "not-now"));
        CHECK(!ask(a, "reviewing", LIFE_PASS, LIFE_OFFICER, &f));
        f.entity_state = "reviewing";
        CHECK(problem_is(ask(a, "reviewing", LIFE_PASS, LIFE_OFFICER, &f), "entity-first"));
        f.is_entity = true;
        CHECK(!ask(a, "reviewing", LIFE_PASS, LIFE_OFFICER, &f));
    }

    CASE("a business needs a living entity, and one that may be the first") {
        static const struct {
            const char *state;
            bool open, fine;
        } ENTITIES[] = {{"reviewing", true, true},   {"reviewing", false, false}, {"valid", false, true},
                        {"changing", true, true},    {"cancelling", true, false}, {"transferring", false, false},
                        {"cancelled", false, false}, {"void", false, false}};
        for (size_t i = 0; i < sizeof ENTITIES / sizeof *ENTITIES; i++) {
            life_facts f = {.entity_state = ENTITIES[i].state, .entity_open = ENTITIES[i].open, .may_be_first = true};
            CHECK(ENTITIES[i].fine == !ask(a, "", LIFE_SUBMIT, LIFE_OWNER, &f));
        }
        life_facts f = {.entity_state = "valid"};
        CHECK(ask(a, "", LIFE_SUBMIT, LIFE_OWNER, &f));
        f.has_businesses = true;
        CHECK(!ask(a, "", LIFE_SUBMIT, LIFE_OWNER, &f));
    }
    arena_free(a);
    return check_end();
}
