#include "target.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "ledger.h"
#include "uapi.h"

int target_read(pid_t tid, uint64_t address, void *out, size_t length) {
    if (length == 0)
        return 0;
    struct iovec local = {out, length}, remote = {(void *)(uintptr_t)address, length};
    ssize_t n = process_vm_readv(tid, &local, 1, &remote, 1, 0);
    if (n < 0)
        return -errno;
    return (size_t)n == length ? 0 : -EFAULT;
}

ssize_t target_read_some(pid_t tid, uint64_t address, void *out, size_t length) {
    /* One remote element a page: a transfer stops at the first element that cannot be read as a whole. */
    enum { PAGE = 4096, PAGES = 40 };
    struct iovec remote[PAGES];
    unsigned long count = 0;
    size_t covered = 0;
    while (covered < length && count < PAGES) {
        size_t step = PAGE - (size_t)((address + covered) % PAGE);
        if (step > length - covered)
            step = length - covered;
        remote[count++] = (struct iovec){(void *)(uintptr_t)(address + covered), step};
        covered += step;
    }
    struct iovec local = {out, covered};
    ssize_t n = process_vm_readv(tid, &local, 1, remote, count, 0);
    return n > 0 ? n : n == 0 ? -EFAULT : -errno;
}

int target_write(pid_t tid, uint64_t address, const void *data, size_t length) {
    struct iovec local = {(void *)(uintptr_t)data, length}, remote = {(void *)(uintptr_t)address, length};
    ssize_t n = process_vm_writev(tid, &local, 1, &remote, 1, 0);
    if (n < 0)
        return -errno;
    return (size_t)n == length ? 0 : -EFAULT;
}

ssize_t target_string(pid_t tid, uint64_t address, char *out, size_t room) {
    /* Most strings are short: a first small piece up to the page's end saves copying two pages. */
    size_t have = 0;
    while (have < room) {
        size_t want = have == 0 ? 256 : room - have;
        if (want > room - have)
            want = room - have;
        ssize_t n = target_read_some(tid, address + have, out + have, want);
        if (n < 0)
            return n;
        char *end = memchr(out + have, '\0', (size_t)n);
        if (end != NULL)
            return end - out;
        have += (size_t)n;
        if ((size_t)n < want)
            return -EFAULT;
    }
    return -ENAMETOOLONG;
}

pid_t target_group(pid_t tid) {
    char status[4096];
    ssize_t n = target_proc(tid, "status", status, sizeof status);
    if (n < 0)
        return (pid_t)n;
    const char *at = strstr(status, "\nTgid:");
    return at != NULL ? (pid_t)strtol(at + 6, NULL, 10) : -ESRCH;
}

/* The receiver's last handle. A handle names one thread for ever: when the number is used again, it fails with ESRCH. */
static _Thread_local struct {
    bool use;
    pid_t tid;
    int pidfd;
} kept = {.pidfd = -1};

void target_keep_handle(void) { kept.use = true; }

int target_descriptor(pid_t tid, int fd) {
    if (ledger_on())
        return ledger_descriptor(tid, fd);
    if (kept.pidfd >= 0 && kept.tid == tid) {
        int copy = (int)syscall(SYS_pidfd_getfd, kept.pidfd, fd, 0);
        if (copy >= 0)
            return copy;
        if (errno != ESRCH)
            return -errno;
    }

    /* A thread may have its own descriptor table: PIDFD_THREAD looks into the right one. Kernels before 6.9 know
     * process handles only; there a private table yields the leader's descriptor, which is then decided and used
     * as such: wrong for an odd program, never a bypass, because decision and action share the duplicate. */
    static bool no_threads;
    int pidfd = -1;
    if (!no_threads) {
        pidfd = (int)syscall(SYS_pidfd_open, tid, PIDFD_THREAD);
        if (pidfd < 0 && errno == EINVAL)
            no_threads = true;
        else if (pidfd < 0)
            return -errno;
    }
    if (pidfd < 0) {
        pidfd = (int)syscall(SYS_pidfd_open, tid, 0);
        if (pidfd < 0 && (errno == EINVAL || errno == ENOENT)) {
            pid_t group = target_group(tid);
            if (group < 0)
                return group;
            pidfd = (int)syscall(SYS_pidfd_open, group, 0);
        }
        if (pidfd < 0)
            return -errno;
    }
    int copy = (int)syscall(SYS_pidfd_getfd, pidfd, fd, 0);
    int error = errno;
    if (kept.use && !no_threads && copy >= 0) { /* a handle of the whole process would outlive the thread */
        if (kept.pidfd >= 0)
            close(kept.pidfd);
        kept.tid = tid;
        kept.pidfd = pidfd;
        return copy;
    }
    close(pidfd);
    return copy >= 0 ? copy : -error;
}

static void proc_path(char path[64], pid_t tid, const char *name) {
    char digits[12];
    size_t at = sizeof digits, n = 6;
    memcpy(path, "/proc/", 6);
    for (unsigned left = (unsigned)tid; left > 0 || at == sizeof digits; left /= 10)
        digits[--at] = (char)('0' + left % 10);
    memcpy(path + n, digits + at, sizeof digits - at);
    n += sizeof digits - at;
    path[n++] = '/';
    strncpy(path + n, name, 64 - n - 1); /* callers name files of /proc: a few letters */
    path[63] = '\0';
}

ssize_t target_proc(pid_t tid, const char *name, char *out, size_t room) {
    char path[64];
    proc_path(path, tid, name);
    int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC); /* musl's open sets the flag once more */
    if (fd < 0)
        return -errno;
    size_t have = 0;
    while (have < room - 1) {
        size_t want = room - 1 - have;
        ssize_t n = read(fd, out + have, want);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            int error = errno;
            close(fd);
            return -error;
        }
        have += (size_t)n;
        if ((size_t)n < want) /* these files are short of what was asked for only at their end */
            break;
    }
    close(fd);
    out[have] = '\0';
    return (ssize_t)have;
}

ssize_t target_link(pid_t tid, const char *name, char *out, size_t room) {
    char path[64];
    proc_path(path, tid, name);
    ssize_t n = readlink(path, out, room - 1);
    if (n < 0)
        return -errno;
    out[n] = '\0';
    return n;
}

pid_t target_parent_name(pid_t tid, char name[16]) {
    char stat[1024];
    ssize_t n = target_proc(tid, "stat", stat, sizeof stat);
    if (n < 0)
        return (pid_t)n;
    const char *from = strchr(stat, '('), *at = strrchr(stat, ')'); /* the name between them may contain anything */
    if (from == NULL || at == NULL || strlen(at) < 4)
        return -ESRCH;
    size_t length = (size_t)(at - from) - 1 < 15 ? (size_t)(at - from) - 1 : 15;
    memcpy(name, from + 1, length);
    name[length] = '\0';
    return (pid_t)strtol(at + 4, NULL, 10);
}

pid_t target_parent(pid_t tid) {
    char name[16];
    return target_parent_name(tid, name);
}

/* The text of a field of /proc/TID/stat, as proc(5) numbers them, in `stat`. */
static const char *stat_field(pid_t tid, int wanted, char stat[1024], int *error) {
    ssize_t n = target_proc(tid, "stat", stat, 1024);
    char *at = n < 0 ? NULL : strrchr(stat, ')');
    for (int field = 2; at != NULL && field < wanted; field++)
        at = strchr(at + 1, ' ');
    *error = n < 0 ? (int)n : -ESRCH;
    return at != NULL ? at + 1 : NULL;
}

int target_threads(pid_t tid) {
    char stat[1024];
    int error;
    const char *text = stat_field(tid, 20, stat, &error);
    return text != NULL ? (int)strtol(text, NULL, 10) : error;
}

uint64_t target_started_us(pid_t pid) {
    char stat[1024];
    int error;
    long ticks = sysconf(_SC_CLK_TCK);
    const char *text = stat_field(pid, 22, stat, &error);
    return text != NULL && ticks > 0 ? strtoull(text, NULL, 10) * 1000000U / (uint64_t)ticks : 0;
}

static const char *field(const char *status, const char *name) {
    const char *at = strstr(status, name);
    return at != NULL ? at + strlen(name) : NULL;
}

/* Real, effective, saved, and that for file systems: it is the effective one unless setfsuid(2) has set it apart. */
static unsigned long fourth(const char *numbers) {
    char *at = (char *)numbers;
    for (int i = 0; i < 3; i++)
        (void)strtoul(at, &at, 10);
    return strtoul(at, NULL, 10);
}

int target_parse_credentials(const char *status, struct target_credentials *out) {
    /* The process name, the only hostile line, comes first and has its newlines escaped. */
    const char *uid = field(status, "\nUid:"), *gid = field(status, "\nGid:"), *groups = field(status, "\nGroups:");
    const char *caps = field(status, "\nCapEff:"), *mask = field(status, "\nUmask:");
    if (uid == NULL || gid == NULL || groups == NULL || caps == NULL)
        return -ESRCH;
    char *end;
    out->uid = (uid_t)fourth(uid);
    out->gid = (gid_t)fourth(gid);
    out->group_count = 0;
    while (*groups == ' ' || *groups == '\t')
        groups++;
    while (*groups >= '0' && *groups <= '9' && out->group_count >= 0) {
        if (out->group_count == (int)(sizeof out->groups / sizeof out->groups[0])) {
            out->group_count = -1;
            break;
        }
        out->groups[out->group_count++] = (gid_t)strtoul(groups, &end, 10);
        groups = *end == ' ' ? end + 1 : end;
    }
    out->capabilities = strtoull(caps, NULL, 16);
    out->umask = mask != NULL ? (mode_t)strtoul(mask, NULL, 8) : 022;
    return 0;
}

int target_credentials(pid_t tid, struct target_credentials *out) {
    char status[8192];
    ssize_t n = target_proc(tid, "status", status, sizeof status);
    return n < 0 ? (int)n : target_parse_credentials(status, out);
}

bool target_interrupted(pid_t tid, bool *shared) {
    char status[8192];
    if (target_proc(tid, "status", status, sizeof status) < 0)
        return false;
    const char *own = field(status, "\nSigPnd:"), *all = field(status, "\nShdPnd:"), *blocked = field(status, "\nSigBlk:");
    const char *ignored = field(status, "\nSigIgn:");
    if (own == NULL || all == NULL || blocked == NULL || ignored == NULL)
        return false;
    uint64_t masked = strtoull(blocked, NULL, 16) | strtoull(ignored, NULL, 16);
    uint64_t mine = strtoull(own, NULL, 16) & ~masked, process = strtoull(all, NULL, 16) & ~masked;
    *shared = mine == 0;
    return (mine | process) != 0;
}

bool target_is_descendant(pid_t pid) {
    pid_t self = getpid();
    for (int depth = 0; depth < 4096 && pid > 1; depth++) {
        if (pid == self)
            return depth > 0;
        pid = target_parent(pid);
    }
    return false;
}
