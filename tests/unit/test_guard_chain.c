// The event chain: sound chains verify, every kind of tampering is found.
#include "base/clock.h"
#include "guard/chain.h"
#include "store_kit.h"
#include <sqlite3.h>

static void sql(const char *text) {
    sqlite3 *handle;
    CHECK(sqlite3_open(kit_path("chain.db"), &handle) == SQLITE_OK);
    if (sqlite3_exec(handle, text, NULL, NULL, NULL) != SQLITE_OK)
        check_fail(__FILE__, __LINE__, sqlite3_errmsg(handle), NULL, NULL);
    sqlite3_close(handle);
}

static problem *append(void *context, db *d, arena *a) {
    const char *const *to = context;
    return chain_append(d, a, to[0], to[1], "application.submitted", "subject", "actor", "\0sealed", 7);
}

static void fresh(store *s) {
    sql("DELETE FROM event; DELETE FROM entity; DELETE FROM account;"
        "INSERT INTO account (id, kind, key_hash, facts, created, seen) VALUES ('acc', 'legal', 'k', x'00', 1, 1);"
        "INSERT INTO entity (id, account_id, state, name, kind_label, region, unit, version, created, updated)"
        " VALUES ('ent', 'acc', 'valid', 'n', 'k', '110101', '110101', 1, 1, 1),"
        " ('new', 'acc', 'valid', 'n', 'k', '110101', '110101', 1, 1, 1);");
    for (int i = 0; i < 250; i++)
        CHECK(!writer_run(s, kit_arena, append, (const char *[]){"entity", "ent"}));
    for (int i = 0; i < 3; i++)
        CHECK(!writer_run(s, kit_arena, append, (const char *[]){"account", "acc"}));
}

int main(void) {
    kit_start();
    store *s = kit_open("chain.db");
    chain_report r;
    CASE("chain.sound")
    CHECK(!chain_verify(s, kit_arena, &r) && r.events == 0 && r.broken == 0);
    fresh(s);
    CHECK(!chain_verify(s, kit_arena, &r));
    CHECK(r.chains == 2 && r.events == 253 && r.broken == 0);
    CASE("chain.no_such_row_is_404")
    problem *p = writer_run(s, kit_arena, append, (const char *[]){"entity", "acc"});
    CHECK(p && p->status == 404);

    static const struct {
        const char *name, *sql;
        int64_t seq;
    } TAMPERING[] = {
        {"chain.changed_body", "UPDATE event SET body = x'01' WHERE chain = 'ent' AND seq = 7", 7},
        {"chain.changed_time", "UPDATE event SET at = at + 1 WHERE chain = 'ent' AND seq = 249", 249},
        {"chain.changed_actor", "UPDATE event SET actor = 'x' WHERE chain = 'ent' AND seq = 1", 1},
        {"chain.moved_between_columns",
         "UPDATE event SET act = 'application.submitteds', subject = 'ubject' WHERE chain = 'ent' AND seq = 5", 5},
        {"chain.missing_first", "DELETE FROM event WHERE chain = 'ent' AND seq = 1", 2},
        {"chain.missing_middle", "DELETE FROM event WHERE chain = 'ent' AND seq = 100", 101},
        {"chain.missing_last", "DELETE FROM event WHERE chain = 'ent' AND seq = 250", 249},
        {"chain.all_missing", "DELETE FROM event WHERE chain = 'ent'", 0},
        {"chain.turned_back",
         "DELETE FROM event WHERE chain = 'ent' AND seq = 250; UPDATE entity SET seq = 249 WHERE id = 'ent'", 249},
        {"chain.head_gone", "DELETE FROM entity WHERE id = 'ent'", 250},
        {"chain.moved_to_another", "UPDATE event SET chain = 'new' WHERE chain = 'ent'", 1}};
    for (size_t i = 0; i < sizeof TAMPERING / sizeof *TAMPERING; i++) {
        CASE(TAMPERING[i].name)
        fresh(s);
        sql(TAMPERING[i].sql);
        CHECK(!chain_verify(s, kit_arena, &r));
        CHECK(r.broken >= 1 && r.first_seq == TAMPERING[i].seq && r.first_what);
    }
    store_close(s);
    kit_end();
    return check_end();
}
