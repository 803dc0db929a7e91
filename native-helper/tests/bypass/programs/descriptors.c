/*
 * Connections that somebody else made. No connect is needed to use them.
 * usage: descriptors inherited NUMBER        a descriptor that was open when the command started
 *        descriptors rights PATH|@NAME       an outside process hands one over (SCM_RIGHTS)
 *        descriptors rights-served PATH      listen on PATH, and let an outside process bring one
 *        descriptors take PID NUMBER         pidfd_getfd from an outside process
 */
#include "attack.h"

#include <poll.h>
#include <stddef.h>
#include <sys/un.h>

static void use(int fd, const char *how) {
    if (send(fd, TOKEN, strlen(TOKEN), MSG_NOSIGNAL) < 0)
        stopped_at("send on the descriptor");
    reached("sent on a descriptor that was %s", how);
}

static int receive(int fd) {
    char byte;
    union {
        char space[CMSG_SPACE(sizeof(int))];
        struct cmsghdr align;
    } control;
    struct iovec iov = {&byte, 1};
    struct msghdr m = {.msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    struct pollfd p = {fd, POLLIN, 0};
    if (poll(&p, 1, 2000) != 1 || recvmsg(fd, &m, 0) < 0)
        stopped_at("recvmsg");
    struct cmsghdr *c = CMSG_FIRSTHDR(&m);
    if (c == NULL || c->cmsg_type != SCM_RIGHTS)
        stopped("no descriptor came");
    int got;
    memcpy(&got, CMSG_DATA(c), sizeof got);
    return got;
}

static socklen_t name(const char *text, struct sockaddr_un *un) {
    *un = (struct sockaddr_un){.sun_family = AF_UNIX};
    size_t n = strlen(text);
    if (n >= sizeof un->sun_path)
        cannot("path too long");
    memcpy(un->sun_path, text, n);
    if (text[0] == '@')
        un->sun_path[0] = '\0';
    return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n + (text[0] != '@'));
}

int main(int argc, char **argv) {
    if (argc < 3)
        cannot("usage: descriptors METHOD ...");
    struct sockaddr_un un;
    if (strcmp(argv[1], "inherited") == 0)
        use(atoi(argv[2]), "inherited");
    if (strcmp(argv[1], "rights") == 0) {
        socklen_t length = name(argv[2], &un);
        int fd = socket(AF_UNIX, SOCK_STREAM, 0);
        if (connect(fd, (struct sockaddr *)&un, length) != 0)
            stopped_at("connect to the outside process");
        use(receive(fd), "handed over");
    }
    if (strcmp(argv[1], "rights-served") == 0) {
        socklen_t length = name(argv[2], &un);
        int fd = socket(AF_UNIX, SOCK_STREAM, 0);
        if (bind(fd, (struct sockaddr *)&un, length) != 0 || listen(fd, 1) != 0)
            stopped_at("listen");
        struct pollfd p = {fd, POLLIN, 0};
        if (poll(&p, 1, 3000) != 1)
            stopped("nobody came");
        use(receive(accept(fd, NULL, NULL)), "brought in");
    }
    if (strcmp(argv[1], "take") == 0 && argc == 4) {
        int pidfd = (int)syscall(434 /* pidfd_open */, atoi(argv[2]), 0);
        if (pidfd < 0)
            failed("pidfd_open");
        int fd = (int)syscall(438 /* pidfd_getfd */, pidfd, atoi(argv[3]), 0);
        if (fd < 0)
            failed("pidfd_getfd");
        use(fd, "taken");
    }
    cannot("unknown method %s", argv[1]);
}
