/*
 * An outside process that comes to a socket on which supervised code listens.
 * usage: visitor tcp ADDRESS PORT               prints what it is told
 *        visitor rights PATH ADDRESS PORT       brings a connection to ADDRESS:PORT (SCM_RIGHTS)
 * Tries for up to two seconds; status 0 when it was let in.
 */
#include "../programs/attack.h"

#include <stddef.h>
#include <sys/un.h>

static int insist(int family, const struct sockaddr *a, socklen_t n) {
    for (int i = 0; i < 200; i++) {
        int fd = socket(family, SOCK_STREAM, 0);
        if (connect(fd, a, n) == 0)
            return fd;
        close(fd);
        usleep(10000);
    }
    exit(1);
}

int main(int argc, char **argv) {
    char text[64];
    if (argc == 4) {
        struct target t = target_of(argv[2], argv[3]);
        int fd = insist(t.family, (struct sockaddr *)&t.address, t.length);
        ssize_t n = read(fd, text, sizeof text);
        return n > 0 && write(1, text, (size_t)n) == n ? 0 : 1;
    }
    if (argc != 5)
        return 2;
    struct target t = target_of(argv[3], argv[4]);
    int fd = socket(t.family, SOCK_STREAM, 0);
    if (connect(fd, (struct sockaddr *)&t.address, t.length) != 0)
        return 1;
    struct sockaddr_un un = {.sun_family = AF_UNIX};
    snprintf(un.sun_path, sizeof un.sun_path, "%s", argv[2]);
    int peer = insist(AF_UNIX, (struct sockaddr *)&un, (socklen_t)sizeof un);
    union {
        char space[CMSG_SPACE(sizeof(int))];
        struct cmsghdr align;
    } control = {.space = {0}};
    struct iovec iov = {text, 1};
    text[0] = 'x';
    struct msghdr m = {.msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    struct cmsghdr *c = CMSG_FIRSTHDR(&m);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(sizeof fd);
    memcpy(CMSG_DATA(c), &fd, sizeof fd);
    return sendmsg(peer, &m, MSG_NOSIGNAL) == 1 ? 0 : 1;
}
