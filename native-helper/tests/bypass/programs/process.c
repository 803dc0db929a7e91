/*
 * Attacks on a process outside of the supervised tree: the agent's JVM (its memory holds every credential of the
 * controller's builds), or the supervisor.
 *
 * usage: process METHOD PID|parent|grandparent [ADDRESS-OF-SECRET LENGTH]
 *   read the secret     ptrace-peek, vm-read, mem-read, environ, cmdline, open-descriptor (file number 8)
 *   change it           ptrace-poke, vm-write, mem-write
 *   stop it             kill, terminate, stop, thread-kill, pidfd-kill, owner-kill (F_SETOWN and F_SETSIG), queue
 *   limit it            limit (prlimit of the file size), idle (SCHED_IDLE), nice, oom
 *   steal from it       descriptors (pidfd_getfd of any number), listener (the same, seccomp listeners only)
 * What was read is printed in the line.
 */
#include "attack.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <sys/wait.h>

static pid_t victim;
static unsigned long secret;
static size_t length;

static void yield_secret(const char *how, const char *text, ssize_t n) {
    if (n <= 0)
        stopped("%s: nothing read", how);
    for (ssize_t i = 0; i < n; i++)
        putchar(text[i] >= ' ' && text[i] < 127 ? text[i] : ' ');
    putchar('\n');
    reached("%s: %zd bytes", how, n);
}

static int open_proc(const char *name, int flags) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", victim, name);
    int fd = open(path, flags);
    if (fd < 0)
        failed(path);
    return fd;
}

static void read_proc(const char *name) {
    char text[65536];
    yield_secret(name, text, read(open_proc(name, O_RDONLY), text, sizeof text));
}

static void attach(void) {
    if (ptrace(PTRACE_ATTACH, victim, NULL, NULL) != 0)
        failed("ptrace");
    waitpid(victim, NULL, __WALL);
}

static void trace(int write) {
    char text[256];
    size_t n = length < sizeof text - 8 ? (length + 7) & ~7UL : sizeof text;
    attach();
    for (size_t i = 0; i + 8 <= n; i += 8) {
        errno = 0;
        long word = ptrace(PTRACE_PEEKDATA, victim, secret + i, NULL);
        if (errno != 0)
            stopped_at("peek");
        memcpy(text + i, &word, 8);
    }
    long poked = write ? ptrace(PTRACE_POKEDATA, victim, secret, 0x4141414141414141L) : 0;
    ptrace(PTRACE_DETACH, victim, NULL, NULL);
    if (poked != 0)
        stopped_at("poke");
    yield_secret("ptrace", text, (ssize_t)n);
}

static void memory(int write) {
    char text[256] = "AAAAAAAA";
    struct iovec here = {text, write ? 8 : length < sizeof text ? length : sizeof text}, there = {(void *)secret, here.iov_len};
    ssize_t n = write ? process_vm_writev(victim, &here, 1, &there, 1, 0) : process_vm_readv(victim, &here, 1, &there, 1, 0);
    if (n < 0 && errno == EFAULT) /* a supervisor has nothing at that address, but access was given */
        reached("access to its memory");
    if (n < 0)
        failed(write ? "process_vm_writev" : "process_vm_readv");
    yield_secret("process_vm", text, n);
}

static void memory_file(int write) {
    char text[256] = "AAAAAAAA";
    int fd = open_proc("mem", write ? O_RDWR : O_RDONLY);
    ssize_t n = write ? pwrite(fd, text, 8, (off_t)secret) : pread(fd, text, length < sizeof text ? length : sizeof text, (off_t)secret);
    if (n < 0 && errno == EIO)
        reached("access to its memory");
    if (n < 0)
        failed("mem");
    yield_secret("mem", text, n);
}

static void check(long result, const char *what) {
    if (result != 0)
        failed(what);
    usleep(50000); /* let it take effect before the runner looks */
    reached("%s", what);
}

/* The kernel sends the signal for us, with the credentials that the descriptor remembers. */
static void owner_kill(void) {
    int ends[2];
    if (pipe(ends) != 0)
        stopped_at("pipe");
    if (fcntl(ends[0], F_SETOWN, victim) != 0 || fcntl(ends[0], F_SETSIG, SIGKILL) != 0 ||
        fcntl(ends[0], F_SETFL, O_ASYNC | O_NONBLOCK) != 0)
        failed("F_SETOWN");
    if (write(ends[1], "x", 1) != 1)
        stopped_at("write");
    usleep(50000);
    if (kill(victim, 0) != 0 && errno == ESRCH)
        reached("killed by SIGIO's owner");
    char path[64], stat[256] = "";
    snprintf(path, sizeof path, "/proc/%d/stat", victim);
    int fd = open(path, O_RDONLY);
    ssize_t n = fd >= 0 ? read(fd, stat, sizeof stat - 1) : -1;
    char *state = n > 0 ? strrchr(stat, ')') : NULL;
    if (state == NULL || state[2] == 'Z')
        reached("killed by SIGIO's owner");
    stopped("still alive");
}

static void steal(int listener_only) {
    int pidfd = (int)syscall(434 /* pidfd_open */, victim, 0), got = 0, error = EBADF;
    if (pidfd < 0)
        failed("pidfd_open");
    for (int i = 0; i < 256; i++) {
        int fd = (int)syscall(438 /* pidfd_getfd */, pidfd, i, 0);
        char path[64], what[128] = "";
        if (fd < 0) {
            if (errno != EBADF)
                error = errno;
            continue;
        }
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
        ssize_t n = readlink(path, what, sizeof what - 1);
        if (!listener_only || (n > 0 && strstr(what, "seccomp") != NULL))
            got++;
    }
    if (got > 0)
        reached("%d descriptors taken", got);
    errno = error;
    failed("pidfd_getfd");
}

static pid_t parent_of(pid_t pid) {
    char path[64], stat[512];
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    int fd = open(path, O_RDONLY);
    ssize_t n = fd >= 0 ? read(fd, stat, sizeof stat - 1) : -1;
    if (n <= 0)
        cannot("%s: %s", path, strerror(errno));
    stat[n] = '\0';
    return (pid_t)atoi(strrchr(stat, ')') + 4);
}

int main(int argc, char **argv) {
    if (argc < 3)
        cannot("usage: process METHOD PID|parent|grandparent [ADDRESS LENGTH]");
    const char *m = argv[1];
    victim = strcmp(argv[2], "parent") == 0        ? getppid()
             : strcmp(argv[2], "grandparent") == 0 ? parent_of(getppid())
                                                   : (pid_t)atoi(argv[2]);
    if (victim <= 1)
        cannot("no process to attack");
    if (argc == 5) {
        secret = strtoul(argv[3], NULL, 0);
        length = strtoul(argv[4], NULL, 0);
    } else {
        /* any mapped address will do: the program's own text is where the victim's may be; what counts is the access */
        secret = (unsigned long)&victim;
        length = 8;
    }
    struct rlimit tiny = {0, 0};
    struct sched_param zero = {0};
    if (strcmp(m, "ptrace-peek") == 0)
        trace(0);
    if (strcmp(m, "ptrace-poke") == 0)
        trace(1);
    if (strcmp(m, "attach") == 0) {
        attach();
        ptrace(PTRACE_DETACH, victim, NULL, NULL);
        reached("attached");
    }
    if (strcmp(m, "vm-read") == 0)
        memory(0);
    if (strcmp(m, "vm-write") == 0)
        memory(1);
    if (strcmp(m, "mem-read") == 0)
        memory_file(0);
    if (strcmp(m, "mem-write") == 0)
        memory_file(1);
    if (strcmp(m, "mem-open") == 0) {
        open_proc("mem", O_RDWR);
        reached("opened its memory");
    }
    if (strcmp(m, "environ") == 0 || strcmp(m, "cmdline") == 0)
        read_proc(m);
    if (strcmp(m, "open-descriptor") == 0)
        read_proc("fd/8");
    if (strcmp(m, "kill") == 0)
        check(kill(victim, SIGKILL), "kill");
    if (strcmp(m, "terminate") == 0)
        check(kill(victim, SIGTERM), "kill with SIGTERM");
    if (strcmp(m, "stop") == 0)
        check(kill(victim, SIGSTOP), "kill with SIGSTOP");
    if (strcmp(m, "thread-kill") == 0)
        check(syscall(SYS_tgkill, victim, victim, SIGKILL), "tgkill");
    if (strcmp(m, "pidfd-kill") == 0) {
        int pidfd = (int)syscall(434 /* pidfd_open */, victim, 0);
        check(syscall(424 /* pidfd_send_signal */, pidfd, SIGKILL, NULL, 0), "pidfd_send_signal");
    }
    if (strcmp(m, "queue") == 0)
        check(sigqueue(victim, SIGKILL, (union sigval){0}), "sigqueue");
    if (strcmp(m, "owner-kill") == 0)
        owner_kill();
    if (strcmp(m, "limit") == 0)
        check(prlimit(victim, RLIMIT_FSIZE, &tiny, NULL), "prlimit");
    if (strcmp(m, "limit-cpu") == 0)
        check(prlimit(victim, RLIMIT_CPU, &tiny, NULL), "prlimit");
    if (strcmp(m, "limit-files") == 0)
        check(prlimit(victim, RLIMIT_NOFILE, &tiny, NULL), "prlimit");
    if (strcmp(m, "idle") == 0)
        check(sched_setscheduler(victim, SCHED_IDLE, &zero), "sched_setscheduler");
    if (strcmp(m, "nice") == 0)
        check(setpriority(PRIO_PROCESS, (id_t)victim, 19), "setpriority");
    if (strcmp(m, "oom") == 0) {
        int fd = open_proc("oom_score_adj", O_WRONLY);
        if (write(fd, "1000", 4) != 4)
            failed("oom_score_adj");
        reached("first to be killed when memory runs out");
    }
    if (strcmp(m, "descriptors") == 0)
        steal(0);
    if (strcmp(m, "listener") == 0)
        steal(1);
    cannot("unknown method %s", m);
}
