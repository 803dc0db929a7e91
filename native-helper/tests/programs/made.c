/*
 * made MODE [PORT]: sockets as programs expect them, where the supervisor makes them. Prints "ok" or what was wrong.
 *   kinds      number, flags, options and limits of what socket() gives
 *   eof        the peer of a socket that is closed hears of it, the process going on
 *   rebind     the address of a closed datagram socket can be bound again at once
 *   heirs      a datagram socket whose maker, or whose first thread, has ended can still be sent on (to PORT)
 *   pair       datagram socketpairs talk to each other, and to nobody else that a policy does not allow (the path PORT)
 *   threads    a process with threads sends messages and descriptors on connected sockets; not while it holds a datagram
 *              socket, but again afterwards
 *   child      the same in a program that is started by a process which holds a datagram socket
 *   lookups    one thread sends messages while another one makes and closes datagram sockets, as a name lookup does
 *   modes      files and directories get the mode that the umask, or the directory's default ACL, gives
 * Attacks, which print "sent"; nothing may arrive at the datagram sink PORT:
 *   hide       a datagram socket is moved about between numbers while a second thread sends on a connected socket's
 *   inherited  the same in a child that was forked with it
 *   fresh      it is made while the other thread sends
 *   passed     it is sent to a second process over a unix socket
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

static struct sockaddr_in there = {.sin_family = AF_INET};
static int pair[2], udp = -1;
static volatile int stop, failures;
enum { TARGET = 200, BESIDE = 210, ROUNDS = 5000 };

static void must(int ok, const char *what) {
    if (ok)
        return;
    printf("%s: %s\n", what, strerror(errno));
    fflush(stdout);
    _exit(1);
}

static void ms(long n) {
    struct timespec t = {n / 1000, n % 1000 * 1000000};
    nanosleep(&t, NULL);
}

static ssize_t say(int fd, const void *name, socklen_t length, int right) {
    char byte[] = "x", control[CMSG_SPACE(sizeof(int))] = {0};
    struct iovec v = {byte, 1};
    struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_name = (void *)name, .msg_namelen = length};
    if (right >= 0) {
        m.msg_control = control;
        m.msg_controllen = sizeof control;
        struct cmsghdr *h = CMSG_FIRSTHDR(&m);
        h->cmsg_level = SOL_SOCKET, h->cmsg_type = SCM_RIGHTS, h->cmsg_len = CMSG_LEN(sizeof right);
        memcpy(CMSG_DATA(h), &right, sizeof right);
    }
    return sendmsg(fd, &m, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static int hear(int fd) { /* the descriptor that came, or -1 */
    char byte, control[256];
    struct iovec v = {&byte, 1};
    struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    int got = -1;
    must(recvmsg(fd, &m, 0) == 1, "recvmsg");
    for (struct cmsghdr *h = CMSG_FIRSTHDR(&m); h != NULL; h = CMSG_NXTHDR(&m, h))
        if (h->cmsg_type == SCM_RIGHTS)
            memcpy(&got, CMSG_DATA(h), sizeof got);
    return got;
}

static int listener(int family, struct sockaddr *a, socklen_t *n) {
    int one = 1, fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    must(fd >= 0 && bind(fd, a, *n) == 0 && listen(fd, 5) == 0, "listen");
    *n = family == AF_UNIX ? sizeof(struct sockaddr_un) : sizeof(struct sockaddr_in);
    must(getsockname(fd, a, n) == 0, "getsockname");
    return fd;
}

static void kinds(void) {
    int value, error;
    socklen_t n = sizeof value;
    struct sockaddr_in local;
    close(0);
    must(socket(AF_INET, SOCK_STREAM, 0) == 0, "the lowest free number");
    must(fcntl(0, F_GETFD) == 0 && !(fcntl(0, F_GETFL) & O_NONBLOCK), "plain flags");
    int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_UDP);
    must(fcntl(fd, F_GETFD) == FD_CLOEXEC && (fcntl(fd, F_GETFL) & O_NONBLOCK), "flags");
    must(getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &value, &n) == 0 && value == IPPROTO_UDP, "protocol");
    n = sizeof local;
    must(getsockname(0, (struct sockaddr *)&local, &n) == 0 && local.sin_family == AF_INET && local.sin_port == 0, "name");
    n = sizeof error;
    must(getsockopt(0, SOL_SOCKET, SO_ERROR, &error, &n) == 0 && error == 0, "SO_ERROR");
    must(socket(AF_NETLINK, SOCK_RAW, 0) > 0, "netlink");
    must(socket(AF_INET, SOCK_STREAM, IPPROTO_UDP) < 0 && errno == EPROTONOSUPPORT, "a protocol that does not fit");
    must(connect(1, (struct sockaddr *)&there, sizeof there) < 0 && errno == ENOTSOCK, "connect on what is no socket");
    must(connect(999, (struct sockaddr *)&there, sizeof there) < 0 && errno == EBADF, "connect on nothing");
    struct rlimit small = {8, 8};
    must(setrlimit(RLIMIT_NOFILE, &small) == 0, "setrlimit");
    while ((fd = socket(AF_INET, SOCK_DGRAM, 0)) >= 0)
        ;
    must(errno == EMFILE, "the process's limit");
}

static void hears_the_end(int fd, const char *what) {
    char byte;
    struct pollfd p = {fd, POLLIN, 0};
    must(poll(&p, 1, 5000) == 1 && read(fd, &byte, 1) == 0, what);
}

static void eof(void) {
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_un un = {.sun_family = AF_UNIX};
    socklen_t n = sizeof in, m = sizeof(sa_family_t); /* a name of the kernel's choice */
    int l = listener(AF_INET, (struct sockaddr *)&in, &n), u = listener(AF_UNIX, (struct sockaddr *)&un, &m), c, s;
    must((c = socket(AF_INET, SOCK_STREAM, 0)) >= 0 && connect(c, (struct sockaddr *)&in, n) == 0, "connect");
    must((s = accept(l, NULL, NULL)) >= 0, "accept");
    must(connect(c, (struct sockaddr *)&in, n) < 0 && errno == EISCONN, "a second connect");
    close(c);
    hears_the_end(s, "the end of a connection");
    must((c = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)) >= 0, "socket");
    must(connect(c, (struct sockaddr *)&in, n) == 0 || errno == EINPROGRESS, "connect without waiting");
    must((s = accept(l, NULL, NULL)) >= 0, "accept");
    struct pollfd p = {c, POLLOUT, 0};
    must(poll(&p, 1, 5000) == 1, "poll");
    close(c);
    hears_the_end(s, "the end of a connection without waiting");
    must((c = socket(AF_UNIX, SOCK_STREAM, 0)) >= 0 && connect(c, (struct sockaddr *)&un, m) == 0, "connect (unix)");
    must((s = accept(u, NULL, NULL)) >= 0, "accept (unix)");
    close(c);
    hears_the_end(s, "the end of a unix connection");
    close(l);
    must((c = socket(AF_INET, SOCK_STREAM, 0)) >= 0 && connect(c, (struct sockaddr *)&in, n) < 0 && errno == ECONNREFUSED,
         "a listener that was closed");
    l = listener(AF_INET, (struct sockaddr *)&in, &n);
    must(connect(c, (struct sockaddr *)&in, n) == 0, "the same socket once more, to a new listener on that port");
}

static void rebind(void) {
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_un un = {.sun_family = AF_UNIX};
    socklen_t n = sizeof in, m = sizeof un;
    for (int i = 0; i < 50; i++) {
        int a = socket(AF_INET, SOCK_DGRAM, 0), b = socket(AF_UNIX, SOCK_DGRAM, 0);
        must(bind(a, (struct sockaddr *)&in, n) == 0, "bind");
        must(bind(b, (struct sockaddr *)&un, i == 0 ? sizeof(sa_family_t) : m) == 0, "bind (abstract)");
        must(getsockname(a, (struct sockaddr *)&in, &n) == 0, "getsockname");
        m = sizeof un;
        must(getsockname(b, (struct sockaddr *)&un, &m) == 0, "getsockname (abstract)");
        close(a);
        close(b);
    }
}

static void *send_later(void *unused) {
    ms(400);
    must(sendto(udp, "x", 1, 0, (struct sockaddr *)&there, sizeof there) == 1, "the leader has ended");
    puts("ok");
    fflush(stdout);
    _exit(0);
    return unused;
}

static void heirs(void) {
    int ready[2];
    must(pipe(ready) == 0, "pipe");
    if (fork() == 0) { /* makes one, hands it to a child of its own and ends */
        udp = socket(AF_INET, SOCK_DGRAM, 0);
        if (fork() != 0)
            _exit(0);
        ms(400);
        int rc = (int)sendto(udp, "x", 1, 0, (struct sockaddr *)&there, sizeof there);
        (void)!write(ready[1], rc == 1 ? "y" : "n", 1);
        _exit(0);
    }
    char byte = 0;
    must(read(ready[0], &byte, 1) == 1 && byte == 'y', "the maker has ended");
    pthread_t t;
    udp = socket(AF_INET, SOCK_DGRAM, 0);
    must(pthread_create(&t, NULL, send_later, NULL) == 0, "pthread_create");
    pthread_exit(NULL);
}

static void pairs(const char *path) {
    struct sockaddr_un un = {.sun_family = AF_UNIX};
    char byte;
    snprintf(un.sun_path, sizeof un.sun_path, "%s", path);
    must(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair) == 0, "socketpair");
    must(fcntl(pair[0], F_GETFD) == FD_CLOEXEC, "close-on-exec");
    must(send(pair[0], "a", 1, 0) == 1 && recv(pair[1], &byte, 1, 0) == 1 && byte == 'a', "send");
    must(say(pair[1], NULL, 0, -1) == 1 && recv(pair[0], &byte, 1, 0) == 1 && byte == 'x', "sendmsg");
    must(sendto(pair[0], "b", 1, 0, (struct sockaddr *)&un, sizeof un) < 0 && errno == EACCES, "sendto elsewhere");
    must(say(pair[0], &un, sizeof un, -1) < 0 && errno == EACCES, "sendmsg elsewhere");
}

static void *idle(void *unused) { return pause(), unused; }

static void *look_up(void *unused) {
    for (int i = 0; i < 30; i++) {
        int fd = socket(AF_INET, SOCK_DGRAM, 0);
        if (fd < 0)
            failures++;
        close(fd);
        ms(2);
    }
    stop = 1;
    return unused;
}

static void threads(void) {
    pthread_t t;
    must(pthread_create(&t, NULL, idle, NULL) == 0, "pthread_create");
    must(say(pair[0], NULL, 0, 1) == 1 && hear(pair[1]) >= 0, "a descriptor");
    udp = socket(AF_INET, SOCK_DGRAM, 0);
    must(say(pair[0], NULL, 0, -1) < 0 && errno == EACCES, "beside a datagram socket");
    close(udp);
    int rc = -1; /* a process that was refused just now is not waited for */
    for (int i = 0; i < 100 && (rc = (int)say(pair[0], NULL, 0, -1)) < 0; i++)
        ms(20);
    must(rc == 1, "when that is closed");
}

static void lookups(void) {
    pthread_t t;
    must(pthread_create(&t, NULL, look_up, NULL) == 0, "pthread_create");
    for (int n = 0; !stop; n++) {
        must(say(pair[0], NULL, 0, -1) == 1, "sendmsg");
        hear(pair[1]);
        ms(1);
    }
    pthread_join(t, NULL);
    must(failures == 0, "socket");
}

static mode_t made_mode(const char *name, int folder) {
    struct stat st;
    if (folder)
        must(mkdir(name, 0777) == 0 && stat(name, &st) == 0, name);
    else
        must(close(open(name, O_CREAT | O_EXCL | O_WRONLY, 0666)) == 0 && stat(name, &st) == 0, name);
    return st.st_mode & 07777;
}

static void modes(void) {
    /* user::rwx group::rwx other::r-x */
    static const unsigned char acl[] = {2, 0, 0, 0, 1, 0, 7, 0, 255, 255, 255, 255, 4, 0, 7, 0, 255, 255, 255, 255,
                                        32, 0, 5, 0, 255, 255, 255, 255};
    umask(027);
    must(made_mode("a", 0) == 0640 && made_mode("b", 1) == 0750, "umask 027");
    must(mkfifo("c", 0666) == 0, "mkfifo");
    umask(0);
    must(made_mode("d", 0) == 0666 && made_mode("e", 1) == 0777, "umask 0");
    umask(077);
    must(setxattr("e", "system.posix_acl_default", acl, sizeof acl, 0) == 0, "a default ACL");
    must(made_mode("e/f", 0) == 0664 && made_mode("e/g", 1) == 0775, "the default ACL");
    must(made_mode("h", 0) == 0600, "umask 077");
}

/* Two numbers are always the datagram socket's, TARGET now and then. */
static void *juggle(void *unused) {
    for (int at = 0; !stop; at = (at + 1) % 8) {
        dup2(udp, BESIDE + at);
        dup2(BESIDE + at, TARGET);
        dup2(pair[0], TARGET);
        close(BESIDE + at);
    }
    return unused;
}

static void *make_fresh(void *unused) {
    while (!stop) {
        int fd = socket(AF_INET, SOCK_DGRAM, 0);
        dup2(fd, TARGET);
        dup2(pair[0], TARGET);
        close(fd);
    }
    return unused;
}

static void attack(void *(*other)(void *)) {
    pthread_t t;
    char byte;
    dup2(pair[0], TARGET);
    must(pthread_create(&t, NULL, other, NULL) == 0, "pthread_create");
    for (int i = 0; i < ROUNDS; i++) {
        (void)say(TARGET, &there, sizeof there, -1);
        (void)recv(pair[1], &byte, 1, MSG_DONTWAIT);
    }
    stop = 1;
    pthread_join(t, NULL);
}

static void passed(void) {
    pid_t child = fork();
    if (child == 0) {
        close(pair[0]);
        for (int i = 0; i < 50; i++) {
            struct pollfd p = {pair[1], POLLIN, 0};
            if (poll(&p, 1, 2000) != 1 || (p.revents & POLLHUP))
                break;
            int fd = hear(pair[1]);
            if (fd >= 0) { /* and with a second thread, so that the table cannot be read for certain */
                udp = fd;
                must(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair) == 0, "socketpair");
                attack(juggle);
                break;
            }
        }
        _exit(0);
    }
    close(pair[1]);
    udp = socket(AF_INET, SOCK_DGRAM, 0);
    for (int i = 0; i < 50; i++)
        (void)say(pair[0], NULL, 0, udp);
    close(pair[0]);
    waitpid(child, NULL, 0);
}

int main(int argc, char **argv) {
    const char *mode = argc > 1 ? argv[1] : "", *word = "ok";
    there.sin_port = htons((unsigned short)atoi(argc > 2 ? argv[2] : "9"));
    there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    must(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair) == 0, "socketpair");
    if (strcmp(mode, "kinds") == 0)
        kinds();
    else if (strcmp(mode, "eof") == 0)
        eof();
    else if (strcmp(mode, "rebind") == 0)
        rebind();
    else if (strcmp(mode, "heirs") == 0)
        heirs();
    else if (strcmp(mode, "pair") == 0)
        pairs(argv[2]);
    else if (strcmp(mode, "threads") == 0)
        threads();
    else if (strcmp(mode, "child") == 0) {
        udp = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        ms(100); /* longer than what a start may be off */
        pid_t child = fork();
        if (child == 0)
            execl("/proc/self/exe", argv[0], "threads", (char *)NULL);
        waitpid(child, NULL, 0);
        _exit(0);
    }
    else if (strcmp(mode, "lookups") == 0)
        lookups();
    else if (strcmp(mode, "modes") == 0)
        modes();
    else if (strcmp(mode, "passed") == 0)
        passed(), word = "sent";
    else if (strcmp(mode, "fresh") == 0)
        attack(make_fresh), word = "sent";
    else if (strcmp(mode, "hide") == 0 || strcmp(mode, "inherited") == 0) {
        word = "sent";
        udp = socket(AF_INET, SOCK_DGRAM, 0);
        pid_t child = strcmp(mode, "inherited") == 0 ? fork() : 0;
        if (child == 0)
            attack(juggle);
        else
            waitpid(child, NULL, 0);
        if (child == 0 && strcmp(mode, "inherited") == 0)
            _exit(0);
    } else
        return 2;
    puts(word);
    fflush(stdout);
    _exit(0);
}
