#include "identity/failure.h"

static problem *failure(arena *a, int status, const char *type, const char *detail, const char *log) {
    problem *p = problem_new(a, status, type, "没有登录成功", detail);
    p->log = log;
    return p;
}

problem *login_refused(arena *a, const char *log) {
    return failure(
        a, 403, "login-refused",
        "您在公安部“互联网+政务服务”平台取消了登录，或者没有同意登录。需要办理业务时，请重新点击“用户登录”。", log);
}

problem *login_expired(arena *a, const char *log) {
    return failure(
        a, 400, "login-expired",
        "这次登录已经过期，或者登录结果已经用过一次。请在同一个浏览器里重新点击“用户登录”，并在10分钟内完成。", log);
}

problem *login_down(arena *a, const char *log) {
    problem *p =
        failure(a, 503, "login-unavailable",
                "公安部“互联网+政务服务”平台暂时没有应答，不是您的操作有误。请稍等片刻，再点击“用户登录”。", log);
    p->retry_after = 5;
    return p;
}

problem *login_forged(arena *a, const char *log) {
    return failure(a, 400, "login-forged",
                   "公安部“互联网+"
                   "政务服务”平台返回的登录结果没有通过核验，我们没有采用，您的账号没有登录。请重新点击“用户登录”；如果"
                   "反复出现，请联系客服并告知编号。",
                   log);
}
