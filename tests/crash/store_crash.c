// kill -9 while jobs are being written: every acknowledged job must be there, none by half.
// usage: store_crash ROUNDS [SEED]; store_crash --open SHM says whether a transaction is open in another store. The
// child writes numbered jobs of two rows each and says on a pipe which were acknowledged; the parent stops it at a
// random moment, looks whether a transaction is open, and kills it. Built a second time with ANSWER_BEFORE_COMMIT,
// where this test has to fail.
#include "store/writer.h"
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { WRITERS = 24, MOST = 1 << 20, BODY = 3000, WAL_WRITE_LOCK = 120 };

static char folder[64];
static unsigned char *acknowledged; // by number

static void give_up(const char *what, const problem *p) {
    fprintf(stderr, "%s %s\n", what, p && p->log ? p->log : "");
    exit(2);
}

static store *open_store(arena *a) {
    store *s;
    problem *p = store_open(a, arena_print(a, "sqlite:%s/crash.db", folder), 0, &s);
    if (!p)
        p = store_migrate(s, a);
    if (p)
        give_up("cannot open the store:", p);
    return s;
}

// ---- the child

static store *child_store;
static atomic_long next_number;

static problem *write_two(void *context, db *d, arena *a) {
    long n = *(long *)context;
    static char body[BODY];
    TRY(db_run(d, a, SQL_CHAIN_EVENT_ADD, NULL,
               DB_ARGS(db_text("crash"), db_int(n), db_int(0), db_text("act"), db_text(""), db_text(""),
                       db_bytes(body, BODY), db_text(""), db_text(""))));
    return db_run(d, a, SQL_SETTING_SET, NULL, DB_ARGS(db_text(arena_print(a, "crash-%ld", n)), db_text("1")));
}

static void *write_always(void *unused) {
    (void)unused;
    arena *a = arena_new(0);
    for (;; arena_reset(a)) {
        long n = atomic_fetch_add(&next_number, 1);
        if (n >= MOST)
            pause();
        if (!writer_run(child_store, a, write_two, &n) && write(STDOUT_FILENO, &n, sizeof n) != sizeof n)
            _exit(3);
    }
}

static void be_child(long from) {
    child_store = open_store(arena_new(0));
    atomic_store(&next_number, from);
    pthread_t t;
    for (int i = 0; i < WRITERS; i++)
        pthread_create(&t, NULL, write_always, NULL);
    pause();
}

// ---- the parent

// SQLite's writer holds a lock on a byte of the -shm file from BEGIN to COMMIT.
static bool transaction_open(const char *path) {
    int fd = open(path, O_RDWR | O_CLOEXEC);
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = WAL_WRITE_LOCK, .l_len = 1};
    bool held = fd >= 0 && fcntl(fd, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
    if (fd >= 0)
        close(fd);
    return held;
}

// False when the child is gone and the pipe is empty.
static bool next_acknowledged(int fd, long *count, long *highest) {
    long n;
    if (read(fd, &n, sizeof n) != sizeof n)
        return false;
    acknowledged[n] = 1;
    ++*count;
    *highest = n > *highest ? n : *highest;
    return true;
}

static void wait_acknowledged(int fd, long *count, long *highest) {
    if (!next_acknowledged(fd, count, highest))
        give_up("the child wrote nothing", NULL);
}

typedef enum moment { AT_ANY, WHEN_OPEN, AT_ANSWER, MOMENTS } moment;
static const char *const MOMENT_NAMES[] = {"any", "open", "answer"};

// Stops the child where it stands, looks and kills it. `aim`: lets it go on until a transaction is open (200 tries).
static bool stop_and_kill(pid_t child, bool aim) {
    char path[128];
    int status;
    snprintf(path, sizeof path, "%s/crash.db-shm", folder);
    for (int tries = 1;; tries++) {
        kill(child, SIGSTOP);
        waitpid(child, &status, WUNTRACED);
        bool open = transaction_open(path);
        if (open || !aim || tries == 200) {
            kill(child, SIGKILL);
            waitpid(child, &status, 0);
            return open;
        }
        kill(child, SIGCONT);
        usleep(500);
    }
}

// Kills the child at a random moment, or when a transaction is open, or just when an acknowledgement arrives: there a
// writer that answers too early is caught. Tells whether a transaction was open.
static bool kill_child(pid_t child, int fd, unsigned wait_ms, moment when, long *count, long *highest) {
    wait_acknowledged(fd, count, highest);
    usleep(wait_ms * 1000);
    while (when == AT_ANSWER && poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, 0) == 1)
        wait_acknowledged(fd, count, highest);
    if (when == AT_ANSWER)
        wait_acknowledged(fd, count, highest);
    return stop_and_kill(child, when == WHEN_OPEN);
}

typedef struct outcome {
    long found, unknown, half, lost, last;
} outcome;

static problem *note_event(void *context, const db_value *row, size_t columns) {
    (void)columns;
    unsigned char *there = context;
    there[row[1].number] |= 1;
    return NULL;
}

static problem *look(arena *a, outcome *o) {
    store *s = open_store(a);
    unsigned char *there = calloc(MOST, 1);
    db *d;
    db_rows rows;
    TRY(store_reader(s, a, &d));
    TRY(db_stream(d, a, SQL_CHAIN_EVENTS_AFTER, note_event, there,
                  DB_ARGS(db_text("crash"), db_int(-1), db_int(MOST))));
    *o = (outcome){.last = -1};
    for (long n = 0, missing = 0; n < MOST && missing < 100000; n++) {
        arena *step = arena_new(0);
        if (acknowledged[n] || there[n] || missing < 2000) {
            TRY(db_query(d, a, SQL_SETTING_GET, &rows, DB_ARGS(db_text(arena_print(step, "crash-%ld", n)))));
            there[n] |= rows.count ? 2 : 0;
        }
        arena_free(step);
        missing = there[n] ? 0 : missing + 1;
        o->found += there[n] == 3;
        o->half += there[n] == 1 || there[n] == 2;
        o->unknown += there[n] == 3 && !acknowledged[n];
        o->lost += acknowledged[n] && there[n] != 3;
        o->last = there[n] ? n : o->last;
    }
    db_close(d);
    store_close(s);
    free(there);
    return NULL;
}

static pid_t start_child(long from, int *fd) {
    int ends[2];
    if (pipe(ends) < 0)
        give_up("no pipe", NULL);
    fcntl(ends[1], F_SETPIPE_SZ, 1 << 20);
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        be_child(from);
    }
    close(ends[1]);
    *fd = ends[0];
    return child;
}

int main(int argc, char **argv) {
    if (argc == 3 && strcmp(argv[1], "--open") == 0)
        return puts(transaction_open(argv[2]) ? "open" : "closed") < 0;
    int rounds = argc > 1 ? atoi(argv[1]) : 10;
    unsigned seed = argc > 2 ? (unsigned)atoi(argv[2]) : (unsigned)time(NULL);
    snprintf(folder, sizeof folder, "%s/beian-crash-XXXXXX", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
    acknowledged = calloc(MOST, 1);
    if (!acknowledged || !mkdtemp(folder))
        return 2;
    long from = 0, lost = 0, half = 0, highest = -1;
    int open_rounds = 0;
    printf("seed %u\n", seed);
    for (int r = 1; r <= rounds; r++) {
        int fd;
        outcome o;
        arena *a = arena_new(0);
        pid_t child = start_child(from, &fd);
        long count = 0;
        moment when = (moment)(r % MOMENTS);
        bool open = kill_child(child, fd, 20 + (unsigned)rand_r(&seed) % 150, when, &count, &highest);
        while (next_acknowledged(fd, &count, &highest))
            ;
        close(fd);
        problem *p = look(a, &o);
        if (p)
            give_up("cannot look:", p);
        printf("round %d: acknowledged %ld, found in all %ld, unknown in all %ld, lost %ld, half %ld, moment %s, "
               "transaction %s\n",
               r, count, o.found, o.unknown, o.lost, o.half, MOMENT_NAMES[when], open ? "open" : "closed");
        fflush(stdout);
        from = (o.last > highest ? o.last : highest) + 1;
        lost += o.lost;
        half += o.half;
        open_rounds += open;
        arena_free(a);
    }
    printf("%s crash.store_every_acknowledged_job_is_there%s\n", lost ? "not ok" : "ok", lost ? ": some are lost" : "");
    printf("%s crash.store_no_job_is_there_by_half%s\n", half ? "not ok" : "ok", half ? ": some are" : "");
    printf("%s crash.store_a_third_of_the_kills_hit_an_open_transaction%s\n",
           open_rounds * 10 >= rounds * 3 ? "ok" : "not ok", open_rounds * 10 >= rounds * 3 ? "" : ": too few");
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command) != 0 || lost || half || open_rounds * 10 < rounds * 3;
}
