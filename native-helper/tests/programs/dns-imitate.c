/* dns-imitate MODE PORT: tries to take the port of the name server on this machine, and prints `taken` or the error.
 *   udp, tcp          at the server's address 127.0.0.1 with SO_REUSEADDR
 *   beside            at another address of this machine, from which IP_PKTINFO could speak in the server's name
 *   unspecified       address family AF_UNSPEC, which an IPv4 socket takes for its own
 *   mapped            an IPv6 socket, at ::
 *   race              a second thread rewrites the port
 *   exchange          a second thread exchanges the socket for one of another kind
 *   namespace         in a network namespace of its own, where it is a port like others: `taken` is right
 * Modes about other ports: `other` (any), `dropped` (a low one, after giving up root), `netlink`: `taken` is right. */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static struct sockaddr_in address = {.sin_family = AF_INET};
static uint16_t port;
static atomic_bool over;
static int number, kinds[2];

static void *rewrite(void *unused) {
    for (unsigned i = 0; !over; i++) {
        *(volatile in_port_t *)&address.sin_port = htons(i & 1 ? port : 0);
        for (volatile int wait = 0; wait < 200; wait++)
            ;
    }
    return unused;
}

static void *exchange(void *unused) {
    for (unsigned i = 0; !over; i++)
        dup2(kinds[i & 1], number);
    return unused;
}

static uint16_t bound_to(int fd) {
    struct sockaddr_in local = {0};
    socklen_t n = sizeof local;
    return getsockname(fd, (struct sockaddr *)&local, &n) == 0 ? ntohs(local.sin_port) : 0;
}

static int show(int rc) {
    puts(rc == 0 ? "taken" : strerror(errno));
    return rc;
}

int main(int argc, char **argv) {
    if (argc != 3)
        return 2;
    const char *mode = argv[1];
    int one = 1, fd = socket(AF_INET, strcmp(mode, "tcp") == 0 ? SOCK_STREAM : SOCK_DGRAM, 0);
    port = (uint16_t)atoi(argv[2]);
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    pthread_t thread;
    if (strcmp(mode, "beside") == 0)
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 76);
    if (strcmp(mode, "unspecified") == 0) {
        address.sin_family = AF_UNSPEC;
        address.sin_addr.s_addr = htonl(INADDR_ANY);
    }
    if (strcmp(mode, "mapped") == 0) {
        struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
        int fd6 = socket(AF_INET6, SOCK_DGRAM, 0);
        return show(bind(fd6, (struct sockaddr *)&six, sizeof six));
    }
    if (strcmp(mode, "netlink") == 0) {
        struct sockaddr_nl to = {.nl_family = AF_NETLINK};
        int netlink = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
        return show(bind(netlink, (struct sockaddr *)&to, sizeof to));
    }
    if (strcmp(mode, "other") == 0)
        address.sin_port = 0;
    if (strcmp(mode, "dropped") == 0) {
        address.sin_port = htons(1023);
        if (setuid(65534) != 0)
            return 2;
    }
    if (strcmp(mode, "namespace") == 0) {
        if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0)
            return puts("no namespaces"), 77;
        close(fd);
        fd = socket(AF_INET, SOCK_DGRAM, 0);
        address.sin_addr.s_addr = htonl(INADDR_ANY);
    }
    if (strcmp(mode, "race") == 0 || strcmp(mode, "exchange") == 0) {
        bool sockets = strcmp(mode, "exchange") == 0;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 76);
        kinds[0] = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
        kinds[1] = fd;
        number = dup(kinds[0]);
        pthread_create(&thread, NULL, sockets ? exchange : rewrite, NULL);
        bool taken = false;
        for (int i = 0; i < 200 && !taken; i++) {
            int each = sockets ? number : socket(AF_INET, SOCK_DGRAM, 0);
            (void)bind(each, (struct sockaddr *)&address, sizeof address);
            taken = bound_to(sockets ? kinds[1] : each) == port;
            if (!sockets)
                close(each);
        }
        over = true;
        pthread_join(thread, NULL);
        return puts(taken ? "taken" : "Permission denied"), !taken;
    }
    return show(bind(fd, (struct sockaddr *)&address, sizeof address));
}
