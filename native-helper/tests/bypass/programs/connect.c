/*
 * TCP connections by every ordinary way, and by ways that hide from a supervisor that looks at connect() only.
 * usage: connect METHOD ADDRESS PORT [ALLOWED-ADDRESS ALLOWED-PORT]
 */
#include "attack.h"

#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/uio.h>

#ifndef TCP_FASTOPEN_CONNECT
#define TCP_FASTOPEN_CONNECT 30
#endif

static struct target bad, good;

static int stream(void) {
    int fd = socket(bad.family, SOCK_STREAM, 0);
    if (fd < 0)
        stopped_at("socket");
    return fd;
}

static void send_token(int fd) {
    if (send(fd, TOKEN, strlen(TOKEN), MSG_NOSIGNAL) < 0)
        stopped_at("send");
    reached("sent over a connection");
}

static void connect_to(int fd, const struct target *t) {
    if (connect(fd, (const struct sockaddr *)&t->address, t->length) != 0)
        stopped_at("connect");
}

static void nonblocking(void) {
    int fd = stream();
    fcntl(fd, F_SETFL, O_NONBLOCK);
    if (connect(fd, (struct sockaddr *)&bad.address, bad.length) != 0 && errno != EINPROGRESS)
        stopped_at("connect");
    struct pollfd p = {fd, POLLOUT, 0};
    int error = 0;
    socklen_t n = sizeof error;
    if (poll(&p, 1, 2000) != 1 || getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &n) != 0 || error != 0) {
        errno = error;
        stopped_at("connect in progress");
    }
    send_token(fd);
}

/* The socket of an allowed connection is disconnected and used again. */
static void reconnect(void) {
    int fd = stream();
    connect_to(fd, &good);
    struct sockaddr none = {.sa_family = AF_UNSPEC};
    if (connect(fd, &none, sizeof none) != 0)
        stopped_at("connect to AF_UNSPEC");
    connect_to(fd, &bad);
    send_token(fd);
}

/* A process that cannot be read must not be waved through. */
static void unreadable(void) {
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    int fd = stream();
    connect_to(fd, &bad);
    send_token(fd);
}

static void fast_open_sendto(void) {
    int fd = stream();
    if (sendto(fd, TOKEN, strlen(TOKEN), MSG_FASTOPEN | MSG_NOSIGNAL, (struct sockaddr *)&bad.address, bad.length) < 0)
        failed("sendto with MSG_FASTOPEN");
    reached("sendto with MSG_FASTOPEN");
}

static void fast_open_message(int many) {
    int fd = stream();
    struct iovec iov = {TOKEN, strlen(TOKEN)};
    struct mmsghdr m = {.msg_hdr = {.msg_name = &bad.address, .msg_namelen = bad.length, .msg_iov = &iov, .msg_iovlen = 1}};
    long n = many ? sendmmsg(fd, &m, 1, MSG_FASTOPEN) : sendmsg(fd, &m.msg_hdr, MSG_FASTOPEN);
    if (n < 0)
        failed(many ? "sendmmsg with MSG_FASTOPEN" : "sendmsg with MSG_FASTOPEN");
    reached("message with MSG_FASTOPEN");
}

/* The connection is made by the first write. */
static void fast_open_connect(void) {
    int fd = stream(), one = 1;
    if (setsockopt(fd, IPPROTO_TCP, TCP_FASTOPEN_CONNECT, &one, sizeof one) != 0)
        failed("TCP_FASTOPEN_CONNECT");
    connect_to(fd, &bad);
    send_token(fd);
}

/* A duplicate of the socket under another number, through an address length that is longer than needed. */
static void long_address(void) {
    int fd = dup2(stream(), 700);
    if (connect(fd, (struct sockaddr *)&bad.address, sizeof bad.address) != 0)
        stopped_at("connect");
    send_token(fd);
}

/* The family field says nothing (AF_UNSPEC); the kernel takes that as AF_INET in bind and once did in connect. */
static void unspecified_family(void) {
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_storage a = bad.address;
    a.ss_family = AF_UNSPEC;
    if (sendto(fd, TOKEN, strlen(TOKEN), 0, (struct sockaddr *)&a, bad.length) < 0)
        stopped_at("sendto with AF_UNSPEC");
    reached("sendto with AF_UNSPEC");
}

/* The kernel takes 0.0.0.0 for the address that the socket is bound to. */
static void bound_zero(void) {
    int fd = stream();
    if (bind(fd, (struct sockaddr *)&good.address, good.length) != 0)
        stopped_at("bind");
    connect_to(fd, &bad);
    send_token(fd);
}

/* An IPv4 address given to an IPv6 socket's sibling: IPV6_ADDRFORM turns a mapped connection into an AF_INET one. */
static void address_form(void) {
    int fd = stream(), four = AF_INET;
    connect_to(fd, &good);
    if (setsockopt(fd, IPPROTO_IPV6, 1 /* IPV6_ADDRFORM */, &four, sizeof four) != 0)
        failed("IPV6_ADDRFORM");
    struct sockaddr none = {.sa_family = AF_UNSPEC};
    connect(fd, &none, sizeof none);
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = ((struct sockaddr_in6 *)&bad.address)->sin6_port};
    memcpy(&a.sin_addr, (unsigned char *)&((struct sockaddr_in6 *)&bad.address)->sin6_addr + 12, 4);
    if (connect(fd, (struct sockaddr *)&a, sizeof a) != 0)
        stopped_at("connect after IPV6_ADDRFORM");
    send_token(fd);
}

/* The outside comes in instead: listen, and let the sink's side be played by a child that runs outside. Here only the
 * first half: a listening socket that is reachable. */
static void listen_for(void) {
    int fd = stream(), one = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(fd, (struct sockaddr *)&bad.address, bad.length) != 0 || listen(fd, 4) != 0)
        stopped_at("listen");
    struct pollfd p = {fd, POLLIN, 0};
    puts("listening");
    fflush(stdout);
    if (poll(&p, 1, 3000) != 1)
        stopped("nobody came");
    int client = accept(fd, NULL, NULL);
    if (client < 0 || send(client, TOKEN, strlen(TOKEN), MSG_NOSIGNAL) < 0)
        stopped_at("accept");
    reached("served a client from outside");
}

int main(int argc, char **argv) {
    if (argc != 4 && argc != 6)
        cannot("usage: connect METHOD ADDRESS PORT [ALLOWED-ADDRESS ALLOWED-PORT]");
    const char *method = argv[1];
    bad = target_of(argv[2], argv[3]);
    if (argc == 6)
        good = target_of(argv[4], argv[5]);
    if (strcmp(method, "blocking") == 0) {
        int fd = stream();
        connect_to(fd, &bad);
        send_token(fd);
    } else if (strcmp(method, "nonblocking") == 0) {
        nonblocking();
    } else if (strcmp(method, "reconnect") == 0) {
        reconnect();
    } else if (strcmp(method, "unreadable") == 0) {
        unreadable();
    } else if (strcmp(method, "fastopen-sendto") == 0) {
        fast_open_sendto();
    } else if (strcmp(method, "fastopen-sendmsg") == 0) {
        fast_open_message(0);
    } else if (strcmp(method, "fastopen-sendmmsg") == 0) {
        fast_open_message(1);
    } else if (strcmp(method, "fastopen-connect") == 0) {
        fast_open_connect();
    } else if (strcmp(method, "long-address") == 0) {
        long_address();
    } else if (strcmp(method, "unspecified-family") == 0) {
        unspecified_family();
    } else if (strcmp(method, "address-form") == 0) {
        address_form();
    } else if (strcmp(method, "bound-zero") == 0) {
        bound_zero();
    } else if (strcmp(method, "listen") == 0) {
        listen_for();
    }
    cannot("unknown method %s", method);
}
