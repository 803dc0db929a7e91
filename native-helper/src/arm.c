#include "arm.h"

#include <errno.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "caps.h"
#include "filters.h"
#include "landlock.h"
#include "refusal.h"
#include "uapi.h"
#include "util.h"

static int install_filter(unsigned variant, bool *wait_killable) {
    const struct harden_filter *f = &harden_filters[variant];
    struct sock_fprog program = {f->length, (struct sock_filter *)(uintptr_t)f->program};
    unsigned long flags = SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
    long fd = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
    *wait_killable = fd >= 0;
    if (fd < 0 && errno == EINVAL)
        fd = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
    return fd >= 0 ? (int)fd : -errno;
}

static void report(const struct arming *a, int listener, enum arm_stage stage, bool wait_killable) {
    struct arm_report r = {.listener = listener, .stage = (int)stage, .wait_killable = wait_killable};
    if (write_all(a->ready, &r, sizeof r) != 0 || listener < 0)
        _exit(EXIT_CANNOT_ARM);
}

void arm_child(const struct arming *a) {
    bool wait_killable = false;
    /* Until it is told to go, the child is nothing without its supervisor. */
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        report(a, -errno, ARM_NO_NEW_PRIVS, false);
    int less = caps_reduce(caps_harmless | a->policy->capabilities);
    if (less != 0)
        report(a, less, ARM_CAPABILITIES, false);
    if (a->landlock_abi > 0) {
        int rc = landlock_restrict(a->landlock_abi, a->policy, NULL, true);
        if (rc != 0)
            report(a, rc, ARM_LANDLOCK, false);
    }
    /* From here on connect and its like wait for the supervisor, who does not answer yet: nothing below calls them.
     * The descriptor table is shared with the supervisor, who finds the listener in it; execve gives this process its
     * own table and closes the listener there. */
    int listener = install_filter(a->filter, &wait_killable);
    report(a, listener, listener < 0 ? ARM_SECCOMP : ARM_OK, wait_killable);
    char byte;
    ssize_t n;
    do
        n = read(a->go, &byte, 1);
    while (n < 0 && errno == EINTR);
    if (n != 1)
        _exit(EXIT_CANNOT_ARM);
    prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0);
    refusal_settled();
    if (a->instead != NULL)
        a->instead();
    sigprocmask(SIG_SETMASK, a->mask, NULL);
    execvp(a->command[0], a->command);
    int error = errno;
    complain("%s: %s", a->command[0], error == ENOENT ? "command not found" : strerror(error));
    _exit(error == ENOENT ? 127 : 126);
}
