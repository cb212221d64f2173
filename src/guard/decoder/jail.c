#include "guard/decoder/jail.h"
#include <errno.h>
#include <linux/close_range.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

enum { CPU_SECONDS = 8 };
static const rlim_t MEMORY = 640u << 20; // a progressive JPEG of 60 megapixels keeps its coefficients: 360 MB

static bool limit(__rlimit_resource_t what, rlim_t most) {
    return setrlimit(what, &(struct rlimit){most, most}) == 0;
}

static bool allow_calls(void) {
    static const int plain[] = {SCMP_SYS(read),         SCMP_SYS(write),   SCMP_SYS(brk),  SCMP_SYS(munmap),
                                SCMP_SYS(mremap),       SCMP_SYS(madvise), SCMP_SYS(exit), SCMP_SYS(exit_group),
                                SCMP_SYS(rt_sigreturn), SCMP_SYS(futex)};
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    bool good = filter != NULL;
    for (size_t i = 0; good && i < sizeof plain / sizeof *plain; i++)
        good = seccomp_rule_add(filter, SCMP_ACT_ALLOW, plain[i], 0) == 0;
    // Memory, never code and never a file.
    good =
        good && seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0),
                                 SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, MAP_ANONYMOUS)) == 0;
    good = good && seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
                                    SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) == 0;
    // The codecs of some processors look into /proc and do without it.
    good = good && seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(openat), 0) == 0;
    good = good && seccomp_load(filter) == 0;
    seccomp_release(filter);
    return good;
}

bool jail_enter(void) {
    close_range(3, ~0u, 0);
    return prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && prctl(PR_SET_DUMPABLE, 0) == 0 &&
           prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && limit(RLIMIT_AS, MEMORY) && limit(RLIMIT_CPU, CPU_SECONDS) &&
           limit(RLIMIT_CORE, 0) && limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_NOFILE, 0) && limit(RLIMIT_NPROC, 0) &&
           allow_calls();
}
