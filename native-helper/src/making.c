#include "making.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "creds.h"
#include "gate.h"
#include "ledger.h"
#include "target.h"

bool making_needed(void) {
    int self = (int)syscall(SYS_pidfd_open, getpid(), 0);
    int copy = self >= 0 ? (int)syscall(SYS_pidfd_getfd, self, self, 0) : -1;
    if (self >= 0)
        close(self);
    if (copy >= 0)
        close(copy);
    return copy < 0;
}

/* Puts `fd` into the caller's table, and with `send` answers the call with its number. The number, or -errno. */
static int inject(const struct call *c, int fd, bool close_on_exec, bool send) {
    struct seccomp_notif_addfd add = {.id = c->notif.id, .flags = send ? SECCOMP_ADDFD_FLAG_SEND : 0, .srcfd = (uint32_t)fd,
                                      .newfd_flags = close_on_exec ? O_CLOEXEC : 0};
    int number = (int)syscall(SYS_ioctl, sup.listener, SECCOMP_IOCTL_NOTIF_ADDFD, &add);
    if (number < 0 && errno == EINVAL && send) { /* before 5.14: in two steps */
        add.flags = 0;
        number = (int)syscall(SYS_ioctl, sup.listener, SECCOMP_IOCTL_NOTIF_ADDFD, &add);
        if (number >= 0)
            call_answer(c, number);
    }
    return number >= 0 ? number : -errno;
}

/* A socket belongs to the network namespace of who makes it. */
static bool in_our_network(pid_t tid) {
    char path[32];
    struct stat theirs, ours;
    snprintf(path, sizeof path, "/proc/%d/ns/net", tid);
    return stat(path, &theirs) == 0 && stat("/proc/self/ns/net", &ours) == 0 && theirs.st_ino == ours.st_ino;
}

static int64_t give(struct call *c, int fd, bool close_on_exec) {
    pid_t tid = call_tid(c);
    if (ledger_is_tight())
        ledger_sweep(); /* a program that makes and closes sockets faster than they are let go */
    int copy = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    /* In the ledger before it is in the table: a second thread may use it at once. */
    int64_t inode = copy < 0 ? -EMFILE : ledger_add(copy, target_group(tid));
    if (inode < 0)
        return -ENFILE;
    int number = inject(c, fd, close_on_exec, true);
    if (number >= 0) {
        ledger_given((uint64_t)inode, tid, number);
        return CALL_DONE;
    }
    ledger_drop((uint64_t)inode);
    return number == -ENOENT ? CALL_DONE : number;
}

int64_t making_socket(struct call *c) {
    int family = call_int(c, 0), type = call_int(c, 1), protocol = call_int(c, 2);
    bool datagram = family != AF_NETLINK && ((type & 0xf) == SOCK_DGRAM || (type & 0xf) == SOCK_RAW);
    struct creds_saved saved;
    if (family != AF_UNIX && !in_our_network(call_tid(c))) {
        /* Register values only. It gets no copy, so that nothing is connected or sent through it by its address; and a
         * datagram socket that nobody knows of cannot be allowed (gate.h). */
        if (datagram) {
            call_refused(c, "socket", "datagram socket in another network namespace", EACCES);
            return -EACCES;
        }
        return CALL_CONTINUE;
    }
    if (datagram) {
        int64_t rc = gate_take(c);
        if (rc != 0)
            return rc;
    }
    int64_t result = creds_assume(c, &saved); /* it shows whose it is */
    if (result == 0) {
        int fd = socket(family, type | SOCK_CLOEXEC, protocol);
        result = fd < 0 ? (errno == EMFILE ? -ENFILE : -errno) : 0;
        creds_restore(&saved);
        if (fd >= 0) {
            result = give(c, fd, type & SOCK_CLOEXEC);
            close(fd);
        }
    }
    if (datagram)
        gate_given();
    return result;
}

int64_t making_pair(struct call *c) {
    int type = call_int(c, 1), pair[2], number[2] = {-1, -1};
    struct creds_saved saved;
    int64_t inode[2] = {-1, -1}, result = gate_take(c);
    if (result != 0)
        return result;
    result = creds_assume(c, &saved);
    if (result == 0) {
        result = socketpair(call_int(c, 0), type | SOCK_CLOEXEC, call_int(c, 2), pair) == 0 ? 0 : -errno;
        creds_restore(&saved);
    }
    if (result != 0) {
        gate_given();
        return result;
    }
    for (int i = 0; i < 2 && result == 0; i++) {
        int copy = fcntl(pair[i], F_DUPFD_CLOEXEC, 3);
        inode[i] = copy < 0 ? -ENFILE : ledger_add(copy, target_group(call_tid(c)));
        if (inode[i] < 0)
            result = -ENFILE;
        else if ((number[i] = inject(c, pair[i], type & SOCK_CLOEXEC, false)) < 0)
            result = number[i] == -ENOENT ? CALL_DONE : number[i];
    }
    if (result == 0)
        result = target_write(call_tid(c), call_arg(c, 3), number, sizeof number);
    for (int i = 0; i < 2; i++) {
        close(pair[i]);
        if (inode[i] >= 0 && number[i] >= 0) /* a first one whose second failed stays with the caller */
            ledger_given((uint64_t)inode[i], call_tid(c), number[i]);
        else if (inode[i] >= 0)
            ledger_drop((uint64_t)inode[i]);
    }
    gate_given();
    return result;
}
