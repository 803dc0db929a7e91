/* connects MODE: connects on loopback in the ways that a supervisor could disturb. Prints "ok" or what was wrong.
 *   established  blocking connect succeeds, the socket is still blocking     refused  ECONNREFUSED, blocking and not
 *   progress     non-blocking connect: EINPROGRESS or done, poll, SO_ERROR, second connect
 *   alarm        a signal ends a connect that hangs (EINTR)                  restart  with SA_RESTART it goes on
 *   timeout      SO_SNDTIMEO ends it                                         killed   the caller dies while it hangs
 *   others       64 threads hang; another one is served at once              unix     the same with unix sockets
 *   exchanged, freed   with `inbound loopback`: ways to listen on more */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static struct sockaddr_storage open_address, full_address, closed_address;
static socklen_t address_length;
static int family = AF_INET;
static volatile sig_atomic_t alarms;

static void on_alarm(int n) { (void)n, alarms++; }

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void fail(const char *what) {
    printf("%s: %s\n", what, strerror(errno));
    exit(1);
}

static int fresh(int flags) {
    int s = socket(family, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);
    if (s < 0)
        fail("socket");
    return s;
}

static int to(int s, const struct sockaddr_storage *a) { return connect(s, (const struct sockaddr *)a, address_length); }

static void name(struct sockaddr_storage *out, const char *which) {
    memset(out, 0, sizeof *out);
    out->ss_family = (sa_family_t)family;
    if (family == AF_INET) {
        ((struct sockaddr_in *)out)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address_length = sizeof(struct sockaddr_in);
    } else {
        snprintf(((struct sockaddr_un *)out)->sun_path, 100, "/tmp/connects.%d.%s", getpid(), which);
        unlink(((struct sockaddr_un *)out)->sun_path);
        address_length = sizeof(struct sockaddr_un);
    }
}

/* A listener; closed again, or with a full queue, if wanted. */
static void prepare(struct sockaddr_storage *out, const char *which) {
    int l = fresh(0), full = strcmp(which, "full") == 0;
    name(out, which);
    socklen_t n = address_length;
    if (bind(l, (struct sockaddr *)out, n) || listen(l, full ? 0 : 64) || (family == AF_INET && getsockname(l, (struct sockaddr *)out, &n)))
        fail("listener");
    if (strcmp(which, "closed") == 0)
        close(l);
    for (int i = 0; full && i < 4; i++)
        (void)to(fresh(SOCK_NONBLOCK), out);
}

static void *hang(void *unused) {
    (void)unused;
    (void)to(fresh(0), &full_address);
    return NULL;
}

static void after(int ms, int flags) {
    struct sigaction a = {.sa_handler = on_alarm, .sa_flags = flags};
    struct itimerval t = {{0, 0}, {0, ms * 1000}};
    sigaction(SIGALRM, &a, NULL);
    setitimer(ITIMER_REAL, &t, NULL);
}

static int unix_socket, internet_socket, slot;
static volatile int swapping;

static void *swap(void *unused) {
    while (swapping) {
        dup2(unix_socket, slot);
        for (volatile int i = 0; i < 2000; i++)
            ;
        dup2(internet_socket, slot);
        for (volatile int i = 0; i < 200; i++)
            ;
    }
    return unused;
}

/* listen() on a unix socket in whose place a second thread puts an internet socket: it must hear loopback only. */
static int exchanged(void) {
    unix_socket = socket(AF_UNIX, SOCK_STREAM, 0);
    sa_family_t local = AF_UNIX;
    slot = dup(unix_socket);
    if (bind(unix_socket, (struct sockaddr *)&local, sizeof local) != 0)
        fail("bind");
    int tries = 2000;
    while (tries > 0) {
        pthread_t t;
        int listens = 0;
        char device[16] = "";
        socklen_t n = sizeof listens, length = sizeof device;
        internet_socket = fresh(0);
        swapping = 1;
        pthread_create(&t, NULL, swap, NULL);
        while (!listens && tries-- > 0) {
            listen(slot, 5);
            getsockopt(internet_socket, SOL_SOCKET, SO_ACCEPTCONN, &listens, &n);
        }
        swapping = 0;
        pthread_join(t, NULL);
        if (listens && (getsockopt(internet_socket, SOL_SOCKET, SO_BINDTODEVICE, device, &length) != 0 || strcmp(device, "lo") != 0))
            return printf("it listens on every device, %d tries left\n", tries), 1;
        dup2(unix_socket, slot);
        close(internet_socket);
    }
    return puts("ok"), 0;
}

int main(int argc, char **argv) {
    const char *mode = argc == 2 ? argv[1] : "";
    if (strcmp(mode, "exchanged") == 0)
        return exchanged();
    if (strcmp(mode, "unix") == 0)
        family = AF_UNIX;
    prepare(&open_address, "open");
    prepare(&full_address, "full");
    prepare(&closed_address, "closed");
    double start = now();
    int s = fresh(0), error = 0;
    socklen_t n = sizeof error;
    if (strcmp(mode, "established") == 0 || strcmp(mode, "unix") == 0) {
        if (to(s, &open_address))
            fail("connect");
        if (fcntl(s, F_GETFL) & O_NONBLOCK)
            return puts("the socket became non-blocking"), 1;
    }
    if (strcmp(mode, "refused") == 0 || strcmp(mode, "unix") == 0) {
        s = fresh(0);
        if (to(s, &closed_address) == 0 || errno != ECONNREFUSED || (fcntl(s, F_GETFL) & O_NONBLOCK))
            fail("blocking connect to a closed port");
        s = fresh(SOCK_NONBLOCK);
        if (family == AF_INET && (to(s, &closed_address) == 0 || (errno != ECONNREFUSED && errno != EINPROGRESS)))
            fail("non-blocking connect to a closed port");
    }
    if (strcmp(mode, "progress") == 0) {
        s = fresh(SOCK_NONBLOCK);
        struct pollfd p = {s, POLLOUT, 0};
        if (to(s, &open_address) && errno != EINPROGRESS)
            fail("connect");
        if (poll(&p, 1, 2000) != 1 || getsockopt(s, SOL_SOCKET, SO_ERROR, &error, &n) || error)
            fail("poll");
        if (to(s, &open_address) == 0 && to(s, &open_address) == 0)
            return puts("a connected socket connects again"), 1;
        if (errno != EISCONN)
            fail("second connect");
    }
    if (strcmp(mode, "alarm") == 0 || strcmp(mode, "unix") == 0) {
        s = fresh(0);
        after(200, 0);
        if (to(s, &full_address) == 0 || errno != EINTR)
            fail("connect with an alarm");
    }
    if (strcmp(mode, "restart") == 0) {
        struct timeval limit = {0, 600000};
        setsockopt(s, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
        after(200, SA_RESTART);
        /* As in the kernel: a connect with a time limit is not begun again. */
        if (to(s, &full_address) == 0 || (errno != EINTR && errno != EINPROGRESS && errno != EALREADY) || alarms != 1)
            fail("connect with an alarm and SA_RESTART");
    }
    if (strcmp(mode, "timeout") == 0) {
        struct timeval limit = {0, 300000};
        setsockopt(s, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
        if (to(s, &full_address) == 0 || errno != EINPROGRESS)
            fail("connect with a time limit");
    }
    if (strcmp(mode, "killed") == 0) {
        pid_t pid = fork();
        if (pid == 0)
            _exit(to(s, &full_address) != 0);
        usleep(200000);
        int status;
        kill(pid, SIGKILL);
        if (waitpid(pid, &status, 0) != pid || !WIFSIGNALED(status))
            return puts("it was not killed"), 1;
    }
    if (strcmp(mode, "others") == 0) {
        for (int i = 0; i < 64; i++) {
            pthread_t t;
            pthread_create(&t, NULL, hang, NULL);
        }
        usleep(100000);
        double before = now();
        if (to(s, &open_address))
            fail("connect");
        if (now() - before > 5) /* the others hang for ever: any finite time tells, also on a busy machine */
            return printf("served after %.3f s\n", now() - before), 1;
    }
    if (strcmp(mode, "freed") == 0) { /* a listener that hears loopback only shall not be freed from it */
        if (listen(s, 1) != 0 || setsockopt(s, SOL_SOCKET, SO_BINDTODEVICE, "", 1) == 0 || errno != EPERM)
            return puts("it listens on every device"), 1;
    }
    if (now() - start > 3)
        return printf("it took %.1f s\n", now() - start), 1;
    puts("ok");
    fflush(stdout);
    _exit(0);
}
