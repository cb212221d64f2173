// The bare store loop: the inserts of a submission (document of 3 KB, application, two rows of unique values, event)
// and nothing else, 64 in a commit. The measure for what the platform reaches. usage: bare FOLDER COUNT
#include "base/clock.h"
#include "base/text.h"
#include "store/engine.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BATCH = 64, DOCUMENT = 3072, EVENT = 400, ANSWER = 500, PICTURES = 7, ENTITIES = 240, ACCOUNTS = 24 };

static unsigned char filler[DOCUMENT];
static char *entities[ENTITIES], *pictures[ACCOUNTS][PICTURES], *hex;

static void invent(arena *a) {
    random_bytes(filler, sizeof filler);
    hex = text_hex(a, filler, 32);
    for (int i = 0; i < ENTITIES; i++)
        entities[i] = text_id(a);
    for (int i = 0; i < ACCOUNTS; i++)
        for (int k = 0; k < PICTURES; k++)
            pictures[i][k] = text_id(a);
}

static problem *insert_files(db *d, arena *a, const char *used_by, long n) {
    for (int i = 0; i < PICTURES; i++)
        TRY(db_run(d, a, SQL_ATTACHMENT_USE, NULL, DB_ARGS(db_text(pictures[n % ACCOUNTS][i]), db_text(used_by))));
    return NULL;
}

static problem *insert(db *d, arena *a, long n) {
    const char *id = text_id(a), *application = text_id(a), *entity = entities[n % ENTITIES],
               *account = entities[n % ACCOUNTS];
    char hash[2][65];
    for (int i = 0; i < 2; i++)
        snprintf(hash[i], sizeof hash[i], "%016lx%s", (unsigned long)(n * 2 + i) * 0x9e3779b97f4a7c15u, hex + 16);
    int64_t now = clock_now();
    TRY(db_run(d, a, SQL_TAKEN_ADD, NULL, DB_ARGS(db_text("domain"), db_text(hash[0]), db_text(id), db_int(1))));
    TRY(db_run(d, a, SQL_TAKEN_ADD, NULL, DB_ARGS(db_text("domain"), db_text(hash[1]), db_text(id), db_int(1))));
    TRY(db_run(d, a, SQL_FILING_ADD, NULL,
               DB_ARGS(db_text(entity), db_text(id), db_text("site"), db_text("reviewing"), db_text(hash[0]),
                       db_text("110101"), db_text("{\"name\":\"name of the site\",\"domain\":\"bench-1.com\"}"),
                       db_int(1), db_int(now))));
    TRY(db_run(d, a, SQL_APPLICATION_ADD, NULL,
               DB_ARGS(db_text(entity), db_text(application), db_text(id), db_text("site"), db_text("create"),
                       db_text("waiting"), db_flag(false), db_text(hash[0]), db_text("110101"), db_int(1), db_int(now),
                       db_int(now), db_text("[]"))));
    TRY(db_run(d, a, SQL_DOCUMENT_ADD, NULL,
               DB_ARGS(db_text(entity), db_text(id), db_int(1), db_text("site"), db_int(1), db_bytes(filler, DOCUMENT),
                       db_text(hex), db_int(now))));
    TRY(insert_files(d, a, arena_print(a, "doc:%s:1", id), n));
    TRY(db_run(d, a, SQL_CHAIN_EVENT_ADD, NULL,
               DB_ARGS(db_text(entity), db_int(1 + n / ENTITIES), db_int(now), db_text("submit"), db_text(id),
                       db_text(hex), db_bytes(filler, EVENT), db_text(hex), db_text(hash[0]))));
    TRY(db_run(d, a, SQL_NOTICE_ADD, NULL,
               DB_ARGS(db_text(text_id(a)), db_text(account), db_text(entity), db_text(application), db_text(hex),
                       db_text(hex), db_text(hex), db_int(now))));
    return db_run(d, a, SQL_REQUEST_KEY_ADD, NULL,
                  DB_ARGS(db_text(account), db_text("/api/v1/applications"), db_text(application), db_text(hex),
                          db_int(201), db_bytes(filler, ANSWER), db_int(now)));
}

static problem *batch(db *d, arena *a, long from) {
    TRY(d->ops->step(d, a, DB_BEGIN));
    for (int i = 0; i < BATCH; i++)
        TRY(insert(d, a, from + i));
    return d->ops->step(d, a, DB_COMMIT);
}

static problem *loop(arena *a, const char *folder, long count, double *seconds) {
    engine *e;
    store *s;
    db *d;
    TRY(sqlite_engine(a, arena_print(a, "%s/bare.db", folder), 0, &e));
    TRY(store_open_engine(a, e, &s));
    TRY(store_migrate(s, a));
    TRY(e->ops->connect(e, a, true, &d));
    struct timespec from, to;
    clock_gettime(CLOCK_MONOTONIC, &from);
    for (long done = 0; done < count; done += BATCH) {
        arena *own = arena_new(1 << 16);
        problem *p = batch(d, own, done);
        if (p)
            p = problem_internal(a, p->log);
        e->ops->tend(e, d);
        arena_free(own);
        TRY(p);
    }
    clock_gettime(CLOCK_MONOTONIC, &to);
    *seconds = (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
    db_close(d);
    store_close(s);
    return NULL;
}

int main(int argc, char **argv) {
    if (argc != 3) {
        fputs("usage: bare FOLDER COUNT\n", stderr);
        return 2;
    }
    arena *a = arena_new(0);
    double seconds;
    long count = (atol(argv[2]) + BATCH - 1) / BATCH * BATCH;
    invent(a);
    problem *p = loop(a, argv[1], count, &seconds);
    if (p)
        fprintf(stderr, "bare: %s %s\n", p->title, p->log ? p->log : "");
    else
        printf("{\"requests\": %ld, \"seconds\": %.6f, \"rate\": %.1f}\n", count, seconds, (double)count / seconds);
    arena_free(a);
    return p != NULL;
}
