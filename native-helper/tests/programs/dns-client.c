/* dns-client MODE SERVER NAME: asks SERVER (an IPv4 address, port 53) for NAME the way that a resolver library does,
 * and insists, as those do, that the answer comes from the server that was asked. Prints "ok" or what was wrong.
 *   sendto     unconnected, recvfrom (older musl)      sendmsg    unconnected, recvmsg (musl 1.2.4, libuv)
 *   connect    connected, recvfrom with a source (glibc, c-ares)     peer   connected, getpeername
 *   six        unconnected IPv6 socket, IPv4-mapped server           block  unconnected, blocking, SO_RCVTIMEO
 *   servers    two servers asked from one socket, the first one second
 *   scatter    recvmsg into pieces that are too small                tcp    TCP, getpeername
 *   half       TCP, says that it has nothing more to ask */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>

static unsigned char query[300];
static size_t query_length;

static void build(const char *name, unsigned id) {
    memset(query, 0, 12);
    query[0] = (unsigned char)(id >> 8);
    query[1] = (unsigned char)id;
    query[2] = 1;
    query[5] = 1;
    size_t at = 12;
    while (*name) {
        size_t n = strcspn(name, ".");
        query[at++] = (unsigned char)n;
        memcpy(query + at, name, n);
        at += n;
        name += n + (name[n] == '.');
    }
    memcpy(query + at, "\0\0\1\0\1", 5);
    query_length = at + 5;
}

static int die(const char *what) {
    printf("%s: %s\n", what, strerror(errno));
    return 1;
}

static int same(const void *a, socklen_t an, const void *b, socklen_t bn, const char *what) {
    if (an == bn && memcmp(a, b, an) == 0)
        return 0;
    char text[64] = "?";
    if (an == sizeof(struct sockaddr_in))
        inet_ntop(AF_INET, &((const struct sockaddr_in *)a)->sin_addr, text, sizeof text);
    else
        inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)a)->sin6_addr, text, sizeof text);
    printf("%s is %s\n", what, text);
    return 1;
}

int main(int argc, char **argv) {
    if (argc != 4)
        return 2;
    const char *mode = argv[1];
    int six = strcmp(mode, "six") == 0, half = strcmp(mode, "half") == 0, tcp = half || strcmp(mode, "tcp") == 0, blocks = strcmp(mode, "block") == 0;
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(53)}, second;
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(53)};
    inet_pton(AF_INET, argv[2], &v4.sin_addr);
    memset(&v6.sin6_addr.s6_addr[10], 0xff, 2);
    memcpy(&v6.sin6_addr.s6_addr[12], &v4.sin_addr, 4);
    struct sockaddr *server = six ? (struct sockaddr *)&v6 : (struct sockaddr *)&v4;
    socklen_t server_length = six ? sizeof v6 : sizeof v4;
    int s = socket(six ? AF_INET6 : AF_INET, (tcp ? SOCK_STREAM : SOCK_DGRAM) | (blocks || tcp ? 0 : SOCK_NONBLOCK), 0);
    struct timeval limit = {4, 0};
    setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    build(argv[3], 0x1234);
    unsigned char in[512];
    struct sockaddr_storage from;
    socklen_t n = sizeof from;
    memset(&from, 0, sizeof from);
    if (tcp || strcmp(mode, "peer") == 0) {
        if (connect(s, server, server_length))
            return die("connect");
        if (getpeername(s, (struct sockaddr *)&from, &n))
            return die("getpeername");
        if (same(&from, n, server, server_length, "the peer"))
            return 1;
        if (!tcp)
            return puts("ok"), 0;
        unsigned char framed[302] = {(unsigned char)(query_length >> 8), (unsigned char)query_length};
        memcpy(framed + 2, query, query_length);
        if (write(s, framed, query_length + 2) < 0 || (half && shutdown(s, SHUT_WR) != 0) || read(s, in, sizeof in) < 14)
            return die("answer over TCP");
        if (half && read(s, in + 14, sizeof in - 14) < 0)
            return die("the end");
        return puts((in[3 + 2] & 15) == 0 ? "ok" : "refused"), 0;
    }
    if (strcmp(mode, "connect") == 0) {
        if (connect(s, server, server_length) || send(s, query, query_length, 0) < 0)
            return die("connect and send");
    } else if (strcmp(mode, "sendmsg") == 0 || strcmp(mode, "scatter") == 0) {
        struct iovec v = {query, query_length};
        struct msghdr m = {.msg_name = server, .msg_namelen = server_length, .msg_iov = &v, .msg_iovlen = 1};
        if (sendmsg(s, &m, MSG_NOSIGNAL) < 0)
            return die("sendmsg");
    } else if (sendto(s, query, query_length, 0, server, server_length) < 0) {
        return die("sendto");
    }
    if (strcmp(mode, "servers") == 0) {
        second = v4;
        second.sin_addr.s_addr ^= htonl(1);
        build(argv[3], 0x4321);
        if (sendto(s, query, query_length, 0, (struct sockaddr *)&second, sizeof second) < 0)
            return die("sendto");
    }
    struct pollfd p = {s, POLLIN, 0};
    if (!blocks && poll(&p, 1, 4000) != 1)
        return puts("no answer"), 1;
    if (strcmp(mode, "sendmsg") == 0 || strcmp(mode, "scatter") == 0) {
        int small = strcmp(mode, "scatter") == 0;
        struct iovec v[2] = {{in, small ? 5 : 256}, {in + 256, small ? 4 : 256}};
        struct msghdr m = {.msg_name = &from, .msg_namelen = sizeof from, .msg_iov = v, .msg_iovlen = 2};
        ssize_t got = recvmsg(s, &m, 0);
        if (got < 0)
            return die("recvmsg");
        if (small && (got != 9 || !(m.msg_flags & MSG_TRUNC) || in[257] != 0))
            return printf("%zd bytes, flags %x\n", got, (unsigned)m.msg_flags), 1;
        if (same(&from, m.msg_namelen, server, server_length, "the source"))
            return 1;
    } else {
        for (int answers = strcmp(mode, "servers") == 0 ? 2 : 1; answers > 0; answers--) {
            n = sizeof from;
            if (poll(&p, 1, 4000) != 1)
                return puts("no answer"), 1;
            if (recvfrom(s, in, sizeof in, 0, (struct sockaddr *)&from, &n) < 0)
                return die("recvfrom");
            const void *asked = in[0] == 0x43 ? (const void *)&second : (const void *)server;
            if (same(&from, n, asked, server_length, "the source"))
                return 1;
        }
    }
    puts((in[3] & 15) == 0 ? "ok" : (in[3] & 15) == 3 ? "NXDOMAIN" : "refused");
    return 0;
}
