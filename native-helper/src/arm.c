#include "arm.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
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
    struct arm_report r = {.pid = getpid(), .listener = listener, .stage = (int)stage, .wait_killable = wait_killable};
    if (write_all(a->ready, &r, sizeof r) != 0 || listener < 0)
        _exit(EXIT_CANNOT_ARM);
}

static void __attribute__((noreturn)) arm_child(const struct arming *a) {
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
    /* From here on connect and its like wait for the supervisor, who does not answer yet: nothing below calls them. */
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

/* The child's report through the shared pipe; its end shows on its handle, because both ends stand in one table. */
static void await_report(int ready, pid_t child, struct arm_report *r) {
    int handle = (int)syscall(SYS_pidfd_open, child, 0);
    struct pollfd either[2] = {{ready, POLLIN, 0}, {handle, POLLIN, 0}};
    for (int tries = 0; tries < 10000; tries++) {
        (void)poll(either, 2, handle >= 0 ? 1000 : 1);
        if (read(ready, r, sizeof *r) == (ssize_t)sizeof *r || (either[1].revents & POLLIN))
            break;
    }
}

void arm_carry(struct arming *a, int to) {
    int ready[2];
    struct arm_report r = {.listener = -1, .stage = ARM_OK, .pid = -1};
    if (pipe2(ready, O_CLOEXEC | O_NONBLOCK) != 0)
        _exit(EXIT_CANNOT_ARM);
    a->ready = ready[1];
    /* CLONE_PARENT: the supervisor waits for it, looks into it and is told of its end. */
    long pid = syscall(SYS_clone, (unsigned long)(CLONE_FILES | CLONE_PARENT | SIGCHLD), 0UL, 0UL, 0UL, 0UL);
    if (pid == 0)
        arm_child(a);
    r.pid = (pid_t)pid;
    if (pid > 0)
        await_report(ready[0], r.pid, &r);
    else
        r = (struct arm_report){.listener = -errno, .stage = ARM_FORK, .pid = -1};
    union {
        struct cmsghdr h;
        char room[CMSG_SPACE(sizeof(int))];
    } control = {0};
    struct iovec piece = {&r, sizeof r};
    struct msghdr m = {.msg_iov = &piece, .msg_iovlen = 1};
    if (r.listener >= 0) {
        m.msg_control = &control;
        m.msg_controllen = sizeof control;
        control.h.cmsg_level = SOL_SOCKET;
        control.h.cmsg_type = SCM_RIGHTS;
        control.h.cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(&control.h), &r.listener, sizeof(int));
    }
    (void)sendmsg(to, &m, MSG_NOSIGNAL);
    /* Out of the table that the armed child goes on with: who holds the listener answers for the supervisor. */
    close(to);
    if (r.listener >= 0)
        close(r.listener);
    close(ready[0]);
    close(ready[1]);
    _exit(0);
}
