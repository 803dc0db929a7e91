/*
 * A supervisor as one must not write it: it looks at the caller's memory and socket, and lets the kernel perform what
 * it has approved. Used by `run --self-test`, to show that the race programs find that mistake.
 * usage: as the helper's (run --policy FILE --events FILE -- COMMAND ...); of the policy only lines
 * "rule ID allow PROTOCOL cidr ADDRESS PORT" count, and of those only protocol and port.
 */
#include "../programs/attack.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/uio.h>
#include <sys/wait.h>

static struct {
    int udp, port;
} allowed[16];
static int allowed_count;

static void read_policy(const char *path) {
    char line[4096], protocol[8];
    FILE *f = fopen(path, "r");
    while (f != NULL && fgets(line, sizeof line, f) != NULL && allowed_count < 16)
        if (sscanf(line, "rule %*s allow %7s cidr %*s %d", protocol, &allowed[allowed_count].port) == 2)
            allowed[allowed_count++].udp = strcmp(protocol, "udp") == 0;
    if (f != NULL)
        fclose(f);
}

static int read_memory(pid_t pid, uint64_t from, void *to, size_t n) {
    struct iovec here = {to, n}, there = {(void *)(uintptr_t)from, n};
    return process_vm_readv(pid, &here, 1, &there, 1, 0) == (ssize_t)n;
}

static int may_send(pid_t pid, int fd, uint64_t address) {
    struct sockaddr_in in;
    int type = 0, pidfd = (int)syscall(434 /* pidfd_open */, pid, 0), copy = (int)syscall(438 /* pidfd_getfd */, pidfd, fd, 0);
    socklen_t n = sizeof type;
    int known = copy >= 0 && getsockopt(copy, SOL_SOCKET, SO_TYPE, &type, &n) == 0;
    close(copy);
    close(pidfd);
    if (!known || !read_memory(pid, address, &in, sizeof in))
        return 0;
    if (in.sin_family == AF_UNSPEC)
        return 1;
    for (int i = 0; i < allowed_count; i++)
        if (allowed[i].udp == (type == SOCK_DGRAM) && allowed[i].port == ntohs(in.sin_port))
            return 1;
    return 0;
}

static int approve(const struct seccomp_notif *r) {
    const __u64 *a = r->data.args;
    struct msghdr m;
    switch (r->data.nr) {
    case SYS_connect:
        return may_send((pid_t)r->pid, (int)a[0], a[1]);
    case SYS_sendto:
        return a[4] == 0 || may_send((pid_t)r->pid, (int)a[0], a[4]);
    default: /* sendmsg; the first message of sendmmsg begins with the same structure */
        return read_memory((pid_t)r->pid, a[1], &m, sizeof m) &&
               (m.msg_name == NULL || may_send((pid_t)r->pid, (int)a[0], (uintptr_t)m.msg_name));
    }
}

static int install(void) {
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_connect, 3, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_sendto, 2, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_sendmsg, 1, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_sendmmsg, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof code / sizeof code[0], code};
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
}

int main(int argc, char **argv) {
    int ready[2], number = -1, i = 1;
    const char *events = "/dev/null";
    for (; i + 1 < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "--policy") == 0)
            read_policy(argv[i + 1]);
        if (strcmp(argv[i], "--events") == 0)
            events = argv[i + 1];
    }
    if (i + 1 >= argc || pipe(ready) != 0)
        return 125;
    pid_t child = fork();
    if (child == 0) {
        number = install();
        if (write(ready[1], &number, sizeof number) != sizeof number)
            _exit(125);
        usleep(20000); /* until the listener has been taken; execve closes nothing here */
        execvp(argv[i + 1], argv + i + 1);
        _exit(127);
    }
    if (read(ready[0], &number, sizeof number) != sizeof number || number < 0)
        return 125;
    int listener = (int)syscall(438 /* pidfd_getfd */, syscall(434 /* pidfd_open */, child, 0), number, 0);
    if (listener < 0)
        return 125;
    pid_t answering = fork();
    if (answering == 0) {
        for (;;) {
            struct seccomp_notif r;
            memset(&r, 0, sizeof r);
            if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &r) != 0)
                continue;
            struct seccomp_notif_resp answer = {.id = r.id};
            if (approve(&r))
                answer.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE; /* the mistake */
            else
                answer.error = -EACCES;
            ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
        }
    }
    int status = 0;
    waitpid(child, &status, 0);
    kill(answering, SIGKILL);
    FILE *f = fopen(events, "w");
    if (f != NULL) {
        fputs("{\"seq\":1,\"k\":\"end\"}\n", f);
        fclose(f);
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
