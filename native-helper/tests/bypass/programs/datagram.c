/*
 * Datagrams by every call that carries an address of its own.
 * usage: datagram METHOD ADDRESS PORT [ALLOWED-ADDRESS ALLOWED-PORT]
 */
#include "attack.h"

#include <sys/uio.h>

static struct target bad, good;

static struct mmsghdr message(struct iovec *iov, struct target *t) {
    iov->iov_base = TOKEN;
    iov->iov_len = strlen(TOKEN);
    return (struct mmsghdr){.msg_hdr = {.msg_name = &t->address, .msg_namelen = t->length, .msg_iov = iov, .msg_iovlen = 1}};
}

int main(int argc, char **argv) {
    if (argc != 4 && argc != 6)
        cannot("usage: datagram METHOD ADDRESS PORT [ALLOWED-ADDRESS ALLOWED-PORT]");
    const char *method = argv[1];
    bad = target_of(argv[2], argv[3]);
    if (argc == 6)
        good = target_of(argv[4], argv[5]);
    int fd = socket(bad.family, SOCK_DGRAM, 0);
    if (fd < 0)
        stopped_at("socket");
    const struct sockaddr *to = (struct sockaddr *)&bad.address;
    struct iovec iov[3];
    long n = -1;
    if (strcmp(method, "connect-send") == 0) {
        if (connect(fd, to, bad.length) != 0)
            stopped_at("connect");
        n = send(fd, TOKEN, strlen(TOKEN), 0);
    } else if (strcmp(method, "connect-write") == 0) {
        if (connect(fd, to, bad.length) != 0)
            stopped_at("connect");
        n = write(fd, TOKEN, strlen(TOKEN));
    } else if (strcmp(method, "bound-zero") == 0) { /* 0.0.0.0 is the address that the socket is bound to */
        if (bind(fd, (struct sockaddr *)&good.address, good.length) != 0)
            stopped_at("bind");
        n = sendto(fd, TOKEN, strlen(TOKEN), 0, to, bad.length);
    } else if (strcmp(method, "sendto") == 0) {
        n = sendto(fd, TOKEN, strlen(TOKEN), 0, to, bad.length);
    } else if (strcmp(method, "sendmsg") == 0) {
        struct mmsghdr m = message(&iov[0], &bad);
        n = sendmsg(fd, &m.msg_hdr, 0);
    } else if (strcmp(method, "connected-sendto") == 0 || strcmp(method, "connected-sendmsg") == 0) {
        /* Connected to what is allowed, sent to what is not: the message's own address wins. */
        if (connect(fd, (struct sockaddr *)&good.address, good.length) != 0)
            stopped_at("connect to the allowed address");
        struct mmsghdr m = message(&iov[0], &bad);
        n = strcmp(method, "connected-sendto") == 0 ? sendto(fd, TOKEN, strlen(TOKEN), 0, to, bad.length)
                                                    : sendmsg(fd, &m.msg_hdr, 0);
    } else if (strcmp(method, "sendmmsg-first") == 0 || strcmp(method, "sendmmsg-second") == 0 ||
               strcmp(method, "sendmmsg-third") == 0) {
        int odd = strcmp(method, "sendmmsg-first") == 0 ? 0 : strcmp(method, "sendmmsg-second") == 0 ? 1 : 2;
        struct mmsghdr m[3];
        for (int i = 0; i < 3; i++)
            m[i] = message(&iov[i], i == odd ? &bad : &good);
        n = sendmmsg(fd, m, 3, 0);
        if (n >= 0 && n <= odd)
            stopped("sendmmsg sent %ld of 3", n);
    } else {
        cannot("unknown method %s", method);
    }
    if (n < 0)
        stopped_at(method);
    reached("%s", method);
}
