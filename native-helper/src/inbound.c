#include "inbound.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "image.h"
#include "sockdiag.h"
#include "util.h"

#ifndef SO_NETNS_COOKIE /* 5.14 */
#define SO_NETNS_COOKIE 71
#endif
#define LISTENERS 64U
#define PAIRS 256U        /* a power of two */
#define TOLD 1024U
#define AGAIN_US 1000000U /* connections of one peer are counted and told once a second */
#define SETTLE_MS 50      /* the kernel tells of ended connections a moment later, */
#define LATE_US 200000U   /* and of a listener perhaps before them */
#define END_US 1000000U
/* States that are no open connection: half-open (two kinds), ended here and told (FIN_WAIT2, TIME_WAIT: of those the kernel
 * has given up the socket), listening. */
#define OTHER_STATES (1U << 3 | 1U << 5 | 1U << 6 | 1U << SOCKDIAG_LISTEN | 1U << 12)

static struct listener {
    uint64_t cookie; /* 0: free */
    uint16_t port;
    uint32_t image;
    pid_t pid;
    uint64_t ended_us;
} listeners[LISTENERS];

/* One peer and one listening port; the last connections of others push it out, with what was counted. */
static struct pair {
    struct endpoint peer, local; /* of the last connection */
    uint32_t image;
    pid_t pid;
    int64_t count; /* not told yet */
    uint64_t told_us;
} pairs[PAIRS];

/* Connections that were told of while they were open. */
static uint64_t told[TOLD];
static size_t told_next;

static int notifications = -1;

static void tell(struct pair *p) {
    char text[46];
    if (p->count == 0)
        return;
    struct json *j = event_begin("net");
    json_number(j, "p", p->image);
    json_number(j, "pid", p->pid);
    json_text(j, "op", "accept");
    json_text(j, "proto", "tcp");
    address_text(&p->peer, text);
    json_text(j, "addr", text);
    json_number(j, "port", p->peer.port);
    address_text(&p->local, text);
    json_text(j, "local", text);
    json_number(j, "localPort", p->local.port);
    json_number(j, "count", p->count);
    json_text(j, "verdict", verdict_text(VERDICT_ALLOWED));
    json_text(j, "rule", "default");
    event_commit(j, EVENT_NORMAL);
    p->count = 0;
    p->told_us = monotonic_us();
}

/* Whether an address is one of this machine: then somebody could be bound to it. */
static bool of_this_machine(const struct endpoint *e) {
    struct sockaddr_in6 six = {.sin6_family = AF_INET6};
    struct sockaddr_in four = {.sin_family = AF_INET};
    memcpy(&six.sin6_addr, e->address, 16);
    memcpy(&four.sin_addr, e->address + 12, 4);
    int fd = socket(e->v4 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    int rc = fd < 0 ? -1 : e->v4 ? bind(fd, (struct sockaddr *)&four, sizeof four) : bind(fd, (struct sockaddr *)&six, sizeof six);
    if (fd >= 0)
        close(fd);
    return fd >= 0 && rc == 0;
}

static bool same_address(const struct endpoint *a, const struct endpoint *b) { return memcmp(a->address, b->address, 16) == 0; }

static void connection(const struct listener *l, const struct endpoint *local, const struct endpoint *peer) {
    struct pair *p = &pairs[(hash_bytes(peer->address, 16) + local->port) & (PAIRS - 1)];
    if (!same_address(&p->peer, peer) || p->local.port != local->port || p->image != l->image) {
        if (same_address(local, peer) || of_this_machine(peer))
            return;
        tell(p);
        *p = (struct pair){.image = l->image, .pid = l->pid};
    }
    p->peer = *peer;
    p->local = *local;
    p->count++;
    if (monotonic_us() - p->told_us >= AGAIN_US)
        tell(p);
}

static void read_end(const struct inet_diag_msg *m, const uint32_t *address, uint16_t port, struct endpoint *out) {
    struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = port};
    struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = port};
    memcpy(&six.sin6_addr, address, 16);
    memcpy(&four.sin_addr, address, 4);
    *out = (struct endpoint){.port = 0};
    if (m->idiag_family == AF_INET)
        (void)address_read(&four, sizeof four, AF_INET, ADDRESS_CONNECT, out);
    else
        (void)address_read(&six, sizeof six, AF_INET6, ADDRESS_CONNECT, out);
}

static bool take(const struct nlmsghdr *h, bool open);

static bool take_open(const struct nlmsghdr *h, void *unused) {
    (void)unused;
    return take(h, true);
}

/* What is open now is told now: once nobody listens there, the port may become a stranger's. */
static void tell_open(void) {
    static const int families[] = {AF_INET, AF_INET6};
    for (unsigned i = 0; i < ARRAY_LENGTH(families); i++) {
        struct {
            struct nlmsghdr header;
            struct inet_diag_req_v2 request;
        } q = {.request = {.sdiag_family = (uint8_t)families[i], .sdiag_protocol = IPPROTO_TCP,
                           .idiag_states = ~OTHER_STATES}};
        (void)sockdiag_dump(&q.header, sizeof q, take_open, NULL);
    }
}

static bool take(const struct nlmsghdr *h, bool open) {
    const struct inet_diag_msg *m = (const struct inet_diag_msg *)((const char *)h + SOCKDIAG_ALIGNED(sizeof *h));
    if (h->nlmsg_len < SOCKDIAG_ALIGNED(sizeof *h) + sizeof *m)
        return true;
    uint64_t cookie = (uint64_t)m->id.idiag_cookie[1] << 32 | m->id.idiag_cookie[0];
    for (size_t i = 0; i < LISTENERS; i++) {
        struct listener *l = &listeners[i];
        if (l->cookie == 0 || l->port != ntohs(m->id.idiag_sport))
            continue;
        if (l->ended_us != 0 && monotonic_us() - l->ended_us > LATE_US) {
            l->cookie = 0;
            continue;
        }
        if (m->id.idiag_dport == 0) {
            if (l->cookie != cookie || open)
                continue; /* another socket on that port */
            tell_open();
            l->ended_us = monotonic_us();
            return true;
        }
        bool again = false;
        for (size_t t = 0; t < TOLD && !again; t++)
            again = told[t] == cookie;
        if (open && !again)
            told[told_next++ % TOLD] = cookie;
        struct endpoint local, peer;
        read_end(m, m->id.idiag_src, m->id.idiag_sport, &local);
        read_end(m, m->id.idiag_dst, m->id.idiag_dport, &peer);
        if (!again && peer.port != 0 && !address_is_loopback(&peer))
            connection(l, &local, &peer);
        return true;
    }
    return true;
}

/* One datagram of the kernel. False: there is none. */
static bool receive(int flags) {
    _Alignas(struct nlmsghdr) char message[8192];
    ssize_t n = recv(notifications, message, sizeof message, flags);
    if (n < 0)
        return errno == EINTR || errno == ENOBUFS; /* too many at a time: what was lost is not counted */
    const struct nlmsghdr *h = (const struct nlmsghdr *)message;
    if ((size_t)n >= sizeof *h && h->nlmsg_len <= (size_t)n)
        (void)take(h, false);
    return true;
}

static void *watch(void *unused) {
    struct pollfd ready = {notifications, POLLIN, 0};
    for (;;) {
        bool counted = false;
        pthread_mutex_lock(&sup.lock);
        for (size_t i = 0; i < PAIRS; i++) {
            if (pairs[i].count > 0 && monotonic_us() - pairs[i].told_us >= AGAIN_US)
                tell(&pairs[i]);
            counted |= pairs[i].count > 0;
        }
        pthread_mutex_unlock(&sup.lock);
        (void)poll(&ready, 1, counted ? (int)(AGAIN_US / 1000) : -1);
        pthread_mutex_lock(&sup.lock);
        while (receive(MSG_DONTWAIT))
            ;
        pthread_mutex_unlock(&sup.lock);
    }
    return unused;
}

static bool start(void) {
    static bool tried;
    if (tried)
        return notifications >= 0;
    tried = true;
    pthread_t thread;
    pthread_attr_t attributes;
    struct sockaddr_nl here = {.nl_family = AF_NETLINK};
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG), room = 1 << 20;
    int four = SKNLGRP_INET_TCP_DESTROY, six = SKNLGRP_INET6_TCP_DESTROY;
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    if (fd < 0 || bind(fd, (struct sockaddr *)&here, sizeof here) != 0 ||
        setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &four, sizeof four) != 0) {
        if (fd >= 0)
            close(fd);
        return false;
    }
    (void)setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &six, sizeof six); /* absent without IPv6 */
    notifications = fd;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 128U << 10);
    if (pthread_create(&thread, &attributes, watch, NULL) != 0) {
        close(fd);
        notifications = -1;
    }
    pthread_attr_destroy(&attributes);
    return notifications >= 0;
}

/* The kernel tells of our network namespace only; a process in another one listens to others. */
static bool of_our_network(int fd) {
    uint64_t theirs = 0, ours = 0;
    socklen_t n = sizeof theirs;
    return getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, &theirs, &n) != 0 ||
           getsockopt(notifications, SOL_SOCKET, SO_NETNS_COOKIE, &ours, &n) != 0 || theirs == ours;
}

void inbound_listener(const struct call *c, int fd, const struct endpoint *local) {
    static const unsigned char any[16], any4[16] = {[10] = 0xff, [11] = 0xff};
    bool all = memcmp(local->address, any, 16) == 0 || memcmp(local->address, any4, 16) == 0;
    struct listener l = {.port = local->port, .pid = call_tid(c)};
    socklen_t n = sizeof l.cookie;
    if ((address_is_loopback(local) && !all) || local->port == 0 || !start() || !of_our_network(fd) ||
        getsockopt(fd, SOL_SOCKET, SO_COOKIE, &l.cookie, &n) != 0)
        return;
    l.image = image_of(call_tid(c));
    size_t at = 0;
    while (at < LISTENERS && listeners[at].cookie != 0 && listeners[at].cookie != l.cookie)
        at++;
    if (at < LISTENERS) /* nobody listens on so many; the others are in the record as listeners */
        listeners[at] = l;
}

void inbound_end(void) {
    if (notifications < 0)
        return;
    struct pollfd ready = {notifications, POLLIN, 0};
    tell_open();
    uint64_t begin = monotonic_us(); /* others on the machine may go on for ever */
    while (poll(&ready, 1, SETTLE_MS) > 0 && receive(MSG_DONTWAIT) && monotonic_us() - begin < END_US)
        ;
    for (size_t i = 0; i < PAIRS; i++)
        tell(&pairs[i]);
}
