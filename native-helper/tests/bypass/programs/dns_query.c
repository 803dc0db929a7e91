/*
 * Asks a DNS server for a name, which by itself carries data out of the build.
 * usage: dns_query METHOD SERVER PORT NAME [TYPE]
 *   connected, sendto, sendmsg, sendmmsg (UDP), tcp
 * Reached: an answer without an error came back. The runner looks at what the servers were asked.
 */
#include "attack.h"

#include <poll.h>

static size_t question(unsigned char *out, const char *name, unsigned type) {
    static const unsigned char head[12] = {0x42, 0x37, 1, 0, 0, 1};
    memcpy(out, head, sizeof head);
    size_t at = sizeof head;
    while (*name != '\0') {
        size_t n = strcspn(name, ".");
        if (n == 0 || n > 63)
            cannot("bad name");
        out[at++] = (unsigned char)n;
        memcpy(out + at, name, n);
        at += n;
        name += n + (name[n] == '.');
    }
    out[at++] = 0;
    out[at++] = (unsigned char)(type >> 8);
    out[at++] = (unsigned char)type;
    out[at++] = 0;
    out[at++] = 1;
    return at;
}

static void judge(const unsigned char *m, ssize_t n) {
    if (n < 12)
        stopped("no answer");
    if ((m[3] & 15) != 0)
        stopped("rcode %d", m[3] & 15);
    reached("answered, %d records", m[6] << 8 | m[7]);
}

int main(int argc, char **argv) {
    if (argc != 5 && argc != 6)
        cannot("usage: dns_query METHOD SERVER PORT NAME [TYPE]");
    const char *method = argv[1];
    struct target t = target_of(argv[2], argv[3]);
    unsigned char message[2048];
    size_t n = question(message + 2, argv[4], argc == 6 ? (unsigned)atoi(argv[5]) : 1);
    const struct sockaddr *to = (struct sockaddr *)&t.address;
    int tcp = strcmp(method, "tcp") == 0, fd = socket(t.family, tcp ? SOCK_STREAM : SOCK_DGRAM, 0);
    struct iovec iov = {message + 2, n};
    struct mmsghdr m = {.msg_hdr = {.msg_name = &t.address, .msg_namelen = t.length, .msg_iov = &iov, .msg_iovlen = 1}};
    long sent;
    if (tcp || strcmp(method, "connected") == 0) {
        if (connect(fd, to, t.length) != 0)
            stopped_at("connect");
        message[0] = (unsigned char)(n >> 8);
        message[1] = (unsigned char)n;
        sent = send(fd, message + (tcp ? 0 : 2), n + (tcp ? 2 : 0), MSG_NOSIGNAL);
    } else if (strcmp(method, "sendto") == 0) {
        sent = sendto(fd, message + 2, n, 0, to, t.length);
    } else if (strcmp(method, "sendmsg") == 0) {
        sent = sendmsg(fd, &m.msg_hdr, 0);
    } else if (strcmp(method, "sendmmsg") == 0) {
        sent = sendmmsg(fd, &m, 1, 0);
    } else {
        cannot("unknown method %s", method);
    }
    if (sent < 0)
        stopped_at("send");
    struct pollfd p = {fd, POLLIN, 0};
    if (poll(&p, 1, 2500) != 1)
        stopped("no answer");
    ssize_t got = recv(fd, message, sizeof message, 0);
    if (tcp)
        judge(message + 2, got - 2);
    judge(message, got);
}
