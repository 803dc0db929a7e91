/*
 * The program's socket waits at a meeting point (meeting.h) until the upstream connection stands. If that fails, the
 * program's attempt is ended with an error (ECONNRESET, unless the caller waits and gets the true one).
 */
#include "relay.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "flow.h"
#include "image.h"
#include "meeting.h"
#include "sniff.h"
#include "util.h"

#define CONNECTIONS_MAX 1024U
#define MEETING_MS 5000      /* loopback: only a stopped machine needs longer */
#define SILENCE_US 120000000U /* a connection that was opened in advance and never used */
#define DRAIN_US 2000000U
#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE 71
#endif
#ifndef TCP_FASTOPEN_CONNECT
#define TCP_FASTOPEN_CONNECT 30
#endif

enum state { CONNECTING, MEETING, LISTENING, RELAYING, REFUSED };

struct connection {
    struct connection *next;
    enum state state;
    bool dead;
    int client; /* the program's socket until both ends have met, then -1: a copy would hide that it was closed */
    int down;   /* our end of it */
    struct meeting meeting;
    int up;
    uint32_t down_events, up_events;
    uint64_t deadline_us; /* 0: none */
    struct flow out, in;
    unsigned char *head; /* the client's first bytes while they are incomplete */
    size_t head_length;
    uint32_t image;
    pid_t pid;
    struct endpoint endpoint;
};

static int poller = -1;
static uint64_t own_netns;
static unsigned connections; /* atomic */
static struct connection *added; /* by other threads; the relay's thread takes them over */
static pthread_mutex_t added_lock = PTHREAD_MUTEX_INITIALIZER;
static struct connection *all;

/* ---- the program's side: called by the receiver and the workers ---- */

static uint8_t tcp_state(int fd) {
    struct tcp_info info = {0};
    socklen_t n = sizeof info;
    return getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &n) == 0 ? info.tcpi_state : 0;
}

/* A socket of another network namespace has its own loopback, and its own ways out: it is connected as it is. */
static bool elsewhere(int fd) {
    uint64_t cookie = 0;
    socklen_t n = sizeof cookie;
    return getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &n) == 0 && cookie != own_netns;
}

/* The upstream socket, with what the program has set on its own that shows outside. */
static int open_upstream(const struct call *c, bool wait) {
    int family = c->address.ss_family, one = 1;
    int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | (wait ? 0 : SOCK_NONBLOCK), 0);
    if (fd < 0)
        return -errno;
    struct timeval limit;
    socklen_t n = sizeof limit;
    if (getsockopt(c->fd, SOL_SOCKET, SO_SNDTIMEO, &limit, &n) == 0)
        (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    (void)setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof one);
    struct sockaddr_storage local = {0};
    struct endpoint e;
    static const unsigned char any6[16];
    n = sizeof local;
    if (getsockname(c->fd, (struct sockaddr *)&local, &n) == 0 && local.ss_family == family &&
        address_read(&local, n, family, ADDRESS_CONNECT, &e) == ADDRESS_OK && !address_is_loopback(&e) &&
        memcmp(e.address, any6, 16) != 0) {
        if (family == AF_INET)
            ((struct sockaddr_in *)&local)->sin_port = 0;
        else
            ((struct sockaddr_in6 *)&local)->sin6_port = 0;
        if (bind(fd, (struct sockaddr *)&local, n) != 0) {
            int error = errno;
            close(fd);
            return -error;
        }
    }
    return fd;
}

struct upstream_attempt {
    int fd;
};

static int64_t do_upstream(struct call *c, void *argument) {
    const struct upstream_attempt *a = argument;
    return connect(a->fd, (struct sockaddr *)&c->address, c->address_length) == 0 ? 0 : -errno;
}

/* Hands the sockets to the relay's thread, which owns them from now on. */
static int hand_over(struct call *c, int up, const struct meeting *m) {
    struct connection *n = calloc(1, sizeof *n);
    int copy = fcntl(c->fd, F_DUPFD_CLOEXEC, 3);
    unsigned now = __atomic_add_fetch(&connections, 1, __ATOMIC_RELAXED);
    if (n == NULL || copy < 0 || now > CONNECTIONS_MAX)
        goto fail;
    *n = (struct connection){.client = copy, .up = up, .down = m->end, .meeting = *m, .pid = call_tid(c)};
    (void)address_read(&c->address, c->address_length, c->address.ss_family, ADDRESS_CONNECT, &n->endpoint);
    pthread_mutex_lock(&sup.lock);
    n->image = image_of(call_tid(c));
    pthread_mutex_unlock(&sup.lock);
    /* The thread may serve it from here on; it frees only what is in its list. */
    struct epoll_event e = {.events = n->up_events = EPOLLOUT, .data.ptr = n};
    if (epoll_ctl(poller, EPOLL_CTL_ADD, up, &e) != 0)
        goto fail;
    pthread_mutex_lock(&added_lock);
    n->next = added;
    added = n;
    pthread_mutex_unlock(&added_lock);
    return 0;
fail:
    __atomic_sub_fetch(&connections, 1, __ATOMIC_RELAXED);
    if (copy >= 0)
        close(copy);
    free(n);
    return -ENOBUFS;
}

/* Lets the program's socket wait at a meeting point for the upstream connection. -EINPROGRESS if all is well. */
static int64_t wait_for_upstream(struct call *c, const struct socket_facts *f, int up) {
    struct sockaddr_storage point;
    struct meeting m;
    struct endpoint e;
    (void)address_read(&c->address, c->address_length, c->address.ss_family, ADDRESS_CONNECT, &e);
    uint16_t port = meeting_open(e.v4, &m);
    if (port == 0)
        return -ENOBUFS;
    socklen_t n = address_loopback(f->domain, &c->address, c->address_length, port, port, &point);
    c->asked.via = port;
    redirect_note(c->fd, REDIRECT_ANY, &c->asked);
    int64_t result = connect(c->fd, (struct sockaddr *)&point, n) == 0 ? -EISCONN : -errno;
    int rc = result == -EINPROGRESS ? hand_over(c, up, &m) : 0;
    if (rc != 0) {
        call_refused(c, "relay", "too many connections at once", -rc);
        result = rc;
    }
    if (result != -EINPROGRESS) {
        meeting_over(&m);
        close(m.end);
    }
    return result;
}

/* connect() on a socket that is under way: the kernel looks at its state and not at the address. Another thread may
 * have dissolved the connection meanwhile, so the address is one that leads nowhere (port 0), and never the true one,
 * which would connect past the relay. */
static int64_t connect_again(struct call *c, const struct socket_facts *f) {
    struct sockaddr_storage nowhere;
    socklen_t n = address_loopback(f->domain, &c->address, c->address_length, 0, 0, &nowhere);
    return connect(c->fd, (struct sockaddr *)&nowhere, n) == 0 ? 0 : -errno;
}

int64_t relay_connect(struct call *c, const struct socket_facts *f) {
    bool wait = !f->nonblocking;
    if (wait && !c->in_worker)
        return CALL_WORKER;
    if (elsewhere(c->fd))
        return CALL_CONTINUE; /* the caller connects it directly */
    if (tcp_state(c->fd) != TCP_CLOSE)
        return connect_again(c, f); /* under way or connected: the kernel says which */
    struct upstream_attempt a = {open_upstream(c, wait)};
    if (a.fd < 0)
        return a.fd;
    int64_t result = wait ? call_blocking(c, do_upstream, &a) : do_upstream(c, &a);
    if (result == -EINPROGRESS && !wait && (result = do_upstream(c, &a)) == -EALREADY)
        result = -EINPROGRESS; /* otherwise a server of this machine has accepted or refused already */
    if (result != 0 && (wait || result != -EINPROGRESS)) {
        close(a.fd);
        return result;
    }
    int off = 0, flags = fcntl(a.fd, F_GETFL);
    (void)fcntl(a.fd, F_SETFL, flags | O_NONBLOCK);
    /* A connect that is put off until the first bytes would send no SYN, and nothing could meet it. */
    (void)setsockopt(c->fd, IPPROTO_TCP, TCP_FASTOPEN_CONNECT, &off, sizeof off);
    if (wait)
        (void)fcntl(c->fd, F_SETFL, f->flags | O_NONBLOCK);
    result = wait_for_upstream(c, f, a.fd);
    if (result != -EINPROGRESS)
        close(a.fd);
    if (wait) {
        struct pollfd p = {c->fd, POLLOUT, 0};
        if (result == -EINPROGRESS)
            result = poll(&p, 1, MEETING_MS) == 1 && connect_again(c, f) == 0 ? 0 : -ECONNRESET;
        (void)fcntl(c->fd, F_SETFL, f->flags);
    }
    return result;
}

/* ---- the relay's thread ---- */

static void forget(struct connection *n) {
    if (n->dead)
        return;
    n->dead = true;
    if (n->client >= 0)
        close(n->client);
    if (n->down >= 0)
        close(n->down);
    if (n->up >= 0)
        close(n->up);
    meeting_over(&n->meeting);
    n->client = n->down = n->up = -1;
    __atomic_sub_fetch(&connections, 1, __ATOMIC_RELAXED);
}

/* A reset for both, as if the peer had sent it. */
static void abort_both(struct connection *n) {
    struct linger reset = {1, 0};
    if (n->down >= 0)
        (void)setsockopt(n->down, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    if (n->up >= 0)
        (void)setsockopt(n->up, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    forget(n);
}

static void watch(int fd, uint32_t *now, uint32_t wanted, void *tag) {
    if (fd < 0 || *now == wanted)
        return;
    struct epoll_event e = {.events = wanted, .data.ptr = tag};
    (void)epoll_ctl(poller, EPOLL_CTL_MOD, fd, &e);
    *now = wanted;
}

static void watch_all(struct connection *n) {
    if (n->dead)
        return;
    uint32_t up = 0, down = 0;
    switch (n->state) {
    case CONNECTING:
        up = EPOLLOUT;
        break;
    case MEETING:
        down = EPOLLOUT;
        break;
    case LISTENING:
    case REFUSED:
        down = EPOLLIN;
        break;
    case RELAYING:
        up = (flow_wants_input(&n->in) ? EPOLLIN : 0U) | (flow_wants_output(&n->out) ? EPOLLOUT : 0U);
        down = (flow_wants_input(&n->out) ? EPOLLIN : 0U) | (flow_wants_output(&n->in) ? EPOLLOUT : 0U);
        break;
    }
    watch(n->up, &n->up_events, up, n);
    watch(n->down, &n->down_events, down, n);
}

/* Ends the program's attempt. It sees ECONNRESET whatever the reason was: connecting it once more, to a port that
 * refuses, would clear the socket's error for a moment, and a program that looks just then believes it is connected. */
static void fail_client(struct connection *n) {
    struct sockaddr nowhere = {.sa_family = AF_UNSPEC};
    if (tcp_state(n->client) == TCP_SYN_SENT)
        (void)connect(n->client, &nowhere, sizeof nowhere);
    forget(n);
}

/* The upstream connection stands: connect to the program's socket from the port that it is trying to reach. */
static void meet(struct connection *n) {
    struct sockaddr_storage client = {0};
    socklen_t client_length = sizeof client;
    struct endpoint e;
    if (tcp_state(n->client) != TCP_SYN_SENT || getsockname(n->client, (struct sockaddr *)&client, &client_length) != 0 ||
        address_read(&client, client_length, client.ss_family, ADDRESS_CONNECT, &e) != ADDRESS_OK) {
        forget(n); /* it has given up */
        return;
    }
    struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons(e.port)};
    if (e.v4) {
        memcpy(&four.sin_addr, e.address + 12, 4);
        memcpy(&client, &four, client_length = sizeof four);
    }
    if (connect(n->down, (struct sockaddr *)&client, client_length) != 0 && errno != EINPROGRESS) {
        fail_client(n);
        return;
    }
    n->state = MEETING;
    n->deadline_us = monotonic_us() + MEETING_MS * 1000U;
    struct epoll_event event = {.events = n->down_events = EPOLLOUT, .data.ptr = n};
    (void)epoll_ctl(poller, EPOLL_CTL_ADD, n->down, &event);
}

static int error_of(int fd) {
    int error = 0;
    socklen_t n = sizeof error;
    return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &n) == 0 ? error : errno;
}

/* Needs nothing; takes the lock. True if the connection may go on. */
static bool judge(const struct connection *n, const char *name) {
    struct decision d = decide_presented(sup.policy, name, n->endpoint.port);
    if (d.verdict == VERDICT_ALLOWED)
        return true;
    char address[46];
    address_text(&n->endpoint, address);
    pthread_mutex_lock(&sup.lock);
    if (event_full())
        image_ensure(n->image, EVENT_REFUSED);
    struct json *j = event_begin("net");
    json_number(j, "p", n->image);
    json_number(j, "pid", n->pid);
    json_text(j, "op", "connect");
    json_text(j, "proto", "tcp");
    json_text(j, "addr", address);
    json_number(j, "port", n->endpoint.port);
    if (name[0] != '\0')
        json_text(j, "name", name);
    json_text(j, "verdict", verdict_text(d.verdict));
    json_text(j, "rule", d.rule);
    if (d.verdict == VERDICT_BLOCKED)
        json_text(j, "errno", "ECONNRESET");
    event_commit(j, EVENT_REFUSED);
    pthread_mutex_unlock(&sup.lock);
    return d.verdict != VERDICT_BLOCKED;
}

/* Tells the client in its own protocol, and lets it read that before the connection ends. */
static void refuse(struct connection *n, enum sniff_result kind) {
    static const char alert[] = "\x15\x03\x03\x00\x02\x02\x31"; /* fatal, access_denied */
    static const char page[] = "HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\nContent-Length: 51\r\n"
                               "Connection: close\r\n\r\nharden-runner: the policy does not allow this host\n";
    if (kind == SNIFF_UNKNOWN) {
        abort_both(n);
        return;
    }
    close(n->up); /* nothing was sent there */
    n->up = -1;
    (void)send(n->down, kind == SNIFF_TLS ? alert : page, kind == SNIFF_TLS ? sizeof alert - 1 : sizeof page - 1,
               MSG_NOSIGNAL | MSG_DONTWAIT);
    (void)shutdown(n->down, SHUT_WR);
    n->state = REFUSED;
    n->deadline_us = monotonic_us() + DRAIN_US;
}

static void first_bytes(struct connection *n) {
    if (n->head == NULL && (n->head = malloc(SNIFF_MAX)) == NULL) {
        abort_both(n);
        return;
    }
    ssize_t got = recv(n->down, n->head + n->head_length, SNIFF_MAX - n->head_length, 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (got <= 0) {
        forget(n);
        return;
    }
    n->head_length += (size_t)got;
    struct sniff s;
    enum sniff_result kind = sniff(n->head, n->head_length, &s);
    if (kind == SNIFF_MORE)
        return;
    bool allowed = s.count > 0 && kind != SNIFF_UNKNOWN ? true : judge(n, "");
    for (unsigned i = 0; i < s.count && kind != SNIFF_UNKNOWN; i++)
        allowed = judge(n, s.names[i]) && allowed;
    if (!allowed) {
        refuse(n, kind);
        return;
    }
    n->state = RELAYING;
    n->deadline_us = 0;
    flow_hold(&n->out, n->head, n->head_length); /* takes the buffer over */
    n->head = NULL;
    if (flow_run(&n->out, n->down, n->up) != 0)
        abort_both(n);
}

static void serve(struct connection *n, uint32_t events) {
    static char sink[4096];
    switch (n->state) {
    case CONNECTING:
        if (error_of(n->up) != 0)
            fail_client(n);
        else
            meet(n);
        break;
    case MEETING:
        if (error_of(n->down) != 0) {
            forget(n);
            break;
        }
        /* From now on the program alone holds its socket, so that closing it ends the connection. */
        close(n->client);
        n->client = -1;
        meeting_over(&n->meeting);
        n->state = LISTENING;
        n->deadline_us = monotonic_us() + SILENCE_US;
        break;
    case LISTENING:
        first_bytes(n);
        break;
    case REFUSED:
        if ((events & (EPOLLERR | EPOLLHUP)) || recv(n->down, sink, sizeof sink, 0) == 0)
            forget(n);
        break;
    case RELAYING:
        if (flow_run(&n->out, n->down, n->up) != 0 || flow_run(&n->in, n->up, n->down) != 0)
            abort_both(n);
        else if (flow_done(&n->out) && flow_done(&n->in))
            forget(n);
        break;
    }
    watch_all(n);
}

static void take_over(void) {
    pthread_mutex_lock(&added_lock);
    while (added != NULL) {
        struct connection *n = added;
        added = n->next;
        n->next = all;
        all = n;
    }
    pthread_mutex_unlock(&added_lock);
}

/* Frees what has ended, ends what is overdue. Milliseconds until the next deadline. */
static int sweep(void) {
    uint64_t now = monotonic_us(), next = UINT64_MAX;
    for (struct connection **at = &all; *at != NULL;) {
        struct connection *n = *at;
        if (!n->dead && n->deadline_us != 0 && n->deadline_us <= now)
            forget(n);
        if (n->dead) {
            *at = n->next;
            flow_free(&n->out);
            flow_free(&n->in);
            free(n->head);
            free(n);
            continue;
        }
        if (n->deadline_us != 0 && n->deadline_us < next)
            next = n->deadline_us;
        at = &n->next;
    }
    return next == UINT64_MAX ? -1 : (int)((next - now) / 1000) + 1;
}

static void *run(void *unused) {
    (void)unused;
    struct epoll_event events[64];
    for (int timeout = -1;;) {
        int count = epoll_wait(poller, events, ARRAY_LENGTH(events), timeout);
        take_over();
        for (int i = 0; i < count; i++) {
            struct connection *n = events[i].data.ptr;
            if (!n->dead) /* freed after the round only */
                serve(n, events[i].events);
        }
        timeout = sweep();
    }
    return NULL;
}

int relay_start(void) {
    struct meeting trial;
    socklen_t n = sizeof own_netns;
    poller = epoll_create1(EPOLL_CLOEXEC);
    if (poller < 0 || meeting_open(true, &trial) == 0)
        return -EADDRNOTAVAIL;
    (void)getsockopt(trial.end, SOL_SOCKET, SO_NETNS_COOKIE, &own_netns, &n);
    meeting_over(&trial);
    close(trial.end);
    pthread_t thread;
    int rc = pthread_create(&thread, NULL, run, NULL);
    sup.relay = rc == 0;
    return -rc;
}
