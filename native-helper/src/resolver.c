/*
 * One thread, one poll loop, no blocking call: a slow name server delays only the queries sent to it. Each upstream
 * query has its own connected socket (a source port chosen by the kernel) and a random identifier; what does not come
 * from that server, with that identifier and that question, is not an answer.
 */
#include "resolver.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "budget.h"
#include "call.h"
#include "dns.h"
#include "image.h"
#include "names.h"
#include "util.h"

#define QUERIES 256
#define CLIENTS 64
#define ATTEMPT_US 2000000U
#define CLIENT_IDLE_US 30000000U

/* Who asks from which local port. Pages of the table that are never used cost nothing. */
static struct asker {
    uint32_t image;
    pid_t pid; /* 0: nobody of this block */
} askers[2][65536];

struct client { /* a TCP connection of a supervised process */
    int fd;
    uint32_t serial; /* a finished query must not answer a later connection in the same slot */
    struct asker who;
    uint64_t used_us;
    bool ended; /* it has nothing more to ask, and waits for answers */
    size_t have;
    unsigned char buffer[2 + 4096]; /* a query is short; a longer one ends the connection */
};

struct query {
    int fd; /* to the upstream server, -1: free slot */
    bool tcp, sent;
    unsigned attempt;
    uint16_t id;
    uint64_t deadline_us;
    struct dns_query q;
    struct asker who;
    struct decision decision;
    /* where the answer goes */
    int listener; /* UDP socket it came in by */
    struct sockaddr_storage from;
    socklen_t from_length;
    unsigned client;
    uint32_t client_serial;
    /* TCP answer under way */
    unsigned char *stream;
    size_t have;
};

static int udp[2] = {-1, -1}, tcp[2] = {-1, -1};
static struct upstream upstreams[POLICY_MAX_UPSTREAM];
static unsigned upstream_count;
static uint16_t guarded[POLICY_MAX_UPSTREAM];
static unsigned guarded_count;
static struct client clients[CLIENTS];
static struct query queries[QUERIES];
static uint32_t serials;
static struct rule_budget { /* of the rules that were used; this thread's alone */
    struct rule_budget *next;
    const struct rule *rule;
    struct budget budget;
} *budgets;
static unsigned char message[DNS_MESSAGE_MAX + 2];

void resolver_attribute(bool over_tcp, uint16_t port, uint32_t image, pid_t pid) {
    askers[over_tcp][port] = (struct asker){image, pid};
}

static struct asker asker_at(bool over_tcp, const struct sockaddr_storage *from) {
    uint16_t port = from->ss_family == AF_INET ? ((const struct sockaddr_in *)from)->sin_port
                                               : ((const struct sockaddr_in6 *)from)->sin6_port;
    pthread_mutex_lock(&sup.lock);
    struct asker who = askers[over_tcp][ntohs(port)];
    pthread_mutex_unlock(&sup.lock);
    return who;
}

static void record(const struct dns_query *q, struct asker who, bool over_tcp, struct decision d, int rcode,
                   const struct dns_answer *answer) {
    char other[12];
    enum event_priority priority = d.verdict == VERDICT_ALLOWED ? EVENT_NORMAL : EVENT_REFUSED;
    pthread_mutex_lock(&sup.lock);
    if (event_full() && priority == EVENT_REFUSED)
        image_ensure(who.image, priority);
    struct json *j = event_begin("dns");
    json_number(j, "p", who.image);
    json_number(j, "pid", who.pid);
    json_string(j, "name", q->name, strlen(q->name), 2048);
    json_text(j, "type", dns_type_text(q->type, other));
    json_text(j, "transport", over_tcp ? "tcp" : "udp");
    json_text(j, "verdict", verdict_text(d.verdict));
    json_text(j, "rule", d.rule);
    json_text(j, "rcode", dns_rcode_text(rcode, other));
    json_raw(j, ",\"answers\":[");
    for (unsigned i = 0; answer != NULL && i < answer->count; i++) {
        struct endpoint e = {0};
        char text[46];
        memcpy(e.address, answer->addresses[i].address, 16);
        e.v4 = IN6_IS_ADDR_V4MAPPED((const struct in6_addr *)(const void *)e.address);
        address_text(&e, text);
        if (i > 0)
            json_raw(j, ",");
        json_element(j, text, strlen(text), 64);
        if (q->plain) {
            /* In the canonical form in which destinations are looked up: DNS64 answers stand for IPv4 addresses. */
            static const unsigned char nat64[12] = {0x00, 0x64, 0xff, 0x9b};
            if (memcmp(e.address, nat64, 12) == 0) {
                memset(e.address, 0, 10);
                e.address[10] = e.address[11] = 0xff;
            }
            names_bind(e.address, q->name, answer->addresses[i].ttl);
        }
    }
    json_raw(j, "]");
    event_commit(j, priority);
    pthread_mutex_unlock(&sup.lock);
}

static void record_malformed(struct asker who) {
    pthread_mutex_lock(&sup.lock);
    struct json *j = event_begin("refused");
    json_number(j, "p", who.image);
    json_number(j, "pid", who.pid);
    json_text(j, "what", "dns");
    json_text(j, "detail", "a message to a DNS port that is not a DNS query");
    json_text(j, "errno", "EPERM");
    event_commit(j, EVENT_REFUSED);
    pthread_mutex_unlock(&sup.lock);
}

static void close_client(struct client *c) {
    close(c->fd);
    c->fd = -1;
}

static void send_client(struct client *c, const unsigned char *bytes, size_t length) {
    unsigned char head[2] = {(unsigned char)(length >> 8), (unsigned char)length};
    struct iovec parts[2] = {{head, 2}, {(void *)(uintptr_t)bytes, length}};
    struct msghdr m = {.msg_iov = parts, .msg_iovlen = 2};
    /* A reply fits the socket's buffer; a client that does not read loses its connection, nobody waits for it. */
    if (sendmsg(c->fd, &m, MSG_NOSIGNAL | MSG_DONTWAIT) != (ssize_t)length + 2)
        close_client(c);
}

static void reply(const struct query *w, const unsigned char *bytes, size_t length) {
    if (!w->tcp) {
        (void)sendto(w->listener, bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT, (const struct sockaddr *)&w->from, w->from_length);
        return;
    }
    struct client *c = &clients[w->client];
    if (c->fd >= 0 && c->serial == w->client_serial)
        send_client(c, bytes, length);
}

static bool waits(const struct client *c) {
    for (unsigned i = 0; i < QUERIES; i++)
        if (queries[i].deadline_us != 0 && queries[i].tcp && &clients[queries[i].client] == c && queries[i].client_serial == c->serial)
            return true;
    return false;
}

static void finish(struct query *w) {
    if (w->fd >= 0)
        close(w->fd);
    free(w->stream);
    w->stream = NULL;
    w->fd = -1;
    w->attempt = 0;
    w->deadline_us = 0;
    struct client *c = &clients[w->client];
    if (w->tcp && c->fd >= 0 && c->ended && !waits(c))
        close_client(c);
}

static void fail(struct query *w, enum dns_rcode code) {
    unsigned char out[512];
    record(&w->q, w->who, w->tcp, w->decision, code, NULL);
    reply(w, out, dns_build_reply(&w->q, code, out, sizeof out));
    finish(w);
}

static socklen_t upstream_address(const struct upstream *u, struct sockaddr_storage *out) {
    memset(out, 0, sizeof *out);
    if (IN6_IS_ADDR_V4MAPPED((const struct in6_addr *)(const void *)u->address)) {
        struct sockaddr_in *in = (struct sockaddr_in *)out;
        in->sin_family = AF_INET;
        in->sin_port = htons(u->port);
        memcpy(&in->sin_addr, u->address + 12, 4);
        return sizeof *in;
    }
    struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)out;
    in6->sin6_family = AF_INET6;
    in6->sin6_port = htons(u->port);
    in6->sin6_scope_id = u->scope;
    memcpy(&in6->sin6_addr, u->address, 16);
    return sizeof *in6;
}

/* Asks the next server; after two rounds (three attempts if there is only one) the answer is SERVFAIL. */
static void ask(struct query *w) {
    unsigned limit = upstream_count > 1 ? 2 * upstream_count : 3;
    for (;;) {
        if (w->fd >= 0)
            close(w->fd);
        w->fd = -1;
        w->have = 0;
        if (w->attempt >= limit) {
            fail(w, DNS_SERVFAIL);
            return;
        }
        struct sockaddr_storage to;
        socklen_t n = upstream_address(&upstreams[w->attempt++ % upstream_count], &to);
        w->fd = socket(to.ss_family, (w->tcp ? SOCK_STREAM : SOCK_DGRAM) | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (w->fd < 0)
            continue;
        random_bytes(&w->id, sizeof w->id);
        w->sent = false;
        w->deadline_us = monotonic_us() + ATTEMPT_US;
        if (connect(w->fd, (struct sockaddr *)&to, n) != 0 && errno != EINPROGRESS)
            continue;
        if (!w->tcp) {
            unsigned char out[512];
            size_t length = dns_build_query(&w->q, w->id, out, sizeof out);
            if (send(w->fd, out, length, MSG_NOSIGNAL) != (ssize_t)length)
                continue;
            w->sent = true;
        }
        return;
    }
}

/* Names below a suffix rule have a budget, one for each rule. Exact names say nothing that the policy does not say. */
static bool within_budget(const struct query *w) {
    const struct rule *r = w->decision.named;
    if (r == NULL || r->kind != RULE_SUFFIX)
        return true;
    for (struct rule_budget *b = budgets; b != NULL; b = b->next)
        if (b->rule == r)
            return budget_spend(&b->budget, w->q.name, strlen(w->q.name) - r->key_length - 1);
    struct rule_budget *b = calloc(1, sizeof *b);
    if (b == NULL)
        return false;
    b->rule = r;
    b->next = budgets;
    budgets = b;
    return budget_spend(&b->budget, w->q.name, strlen(w->q.name) - r->key_length - 1);
}

static void start_query(const struct query *from, const unsigned char *bytes, size_t length) {
    static struct query fresh;
    unsigned char out[512];
    fresh = *from;
    fresh.fd = -1;
    int code = dns_parse_query(bytes, length, &fresh.q);
    if (code != DNS_NOERROR) {
        record_malformed(fresh.who);
        if (code > 0)
            reply(&fresh, out, dns_build_error(bytes, length, (enum dns_rcode)code, out));
        return;
    }
    fresh.decision = decide_name(sup.policy, fresh.q.name, fresh.q.plain);
    if (fresh.decision.verdict == VERDICT_ALLOWED && sup.policy->egress == MODE_BLOCK && !within_budget(&fresh))
        fresh.decision = (struct decision){VERDICT_BLOCKED, "dns-budget", NULL};
    if (fresh.decision.verdict == VERDICT_BLOCKED) {
        fail(&fresh, DNS_NXDOMAIN);
        return;
    }
    for (unsigned i = 0; i < QUERIES; i++)
        if (queries[i].deadline_us == 0) {
            queries[i] = fresh;
            ask(&queries[i]);
            return;
        }
    fail(&fresh, DNS_SERVFAIL);
}

static void answer(struct query *w, unsigned char *bytes, size_t length) {
    struct dns_answer a;
    if (!dns_parse_response(bytes, length, &w->q, w->id, &a))
        return; /* not ours: keep waiting */
    /* A server that fails is not the last word while there is another one; a truncated answer is asked again over TCP
     * by the client itself and recorded then. */
    if (a.rcode == DNS_SERVFAIL && w->attempt < upstream_count) {
        ask(w);
        return;
    }
    if (!a.truncated)
        record(&w->q, w->who, w->tcp, w->decision, a.rcode, &a);
    dns_restore_case(bytes, length, &w->q);
    bytes[0] = (unsigned char)(w->q.id >> 8);
    bytes[1] = (unsigned char)w->q.id;
    reply(w, bytes, length);
    finish(w);
}

static void from_upstream(struct query *w, short events) {
    if (!w->tcp) {
        ssize_t n = recv(w->fd, message, sizeof message, 0);
        if (n >= 0)
            answer(w, message, (size_t)n);
        else if (errno != EAGAIN && errno != EINTR)
            ask(w); /* refused: the next server */
        return;
    }
    if (!w->sent) {
        unsigned char out[514];
        size_t length = dns_build_query(&w->q, w->id, out + 2, 512);
        out[0] = (unsigned char)(length >> 8);
        out[1] = (unsigned char)length;
        if ((events & (POLLERR | POLLHUP)) || send(w->fd, out, length + 2, MSG_NOSIGNAL) != (ssize_t)length + 2)
            ask(w);
        else
            w->sent = true;
        return;
    }
    if (w->stream == NULL && (w->stream = malloc(DNS_MESSAGE_MAX + 2)) == NULL) {
        fail(w, DNS_SERVFAIL);
        return;
    }
    ssize_t n = recv(w->fd, w->stream + w->have, DNS_MESSAGE_MAX + 2 - w->have, 0);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n <= 0) {
        ask(w);
        return;
    }
    w->have += (size_t)n;
    size_t length = w->have >= 2 ? (size_t)w->stream[0] << 8 | w->stream[1] : 0;
    if (w->have >= 2 && w->have - 2 >= length) {
        unsigned char *whole = w->stream;
        w->stream = NULL; /* answer() may finish the query */
        answer(w, whole + 2, length);
        free(whole);
        if (w->fd >= 0 && w->sent && w->have >= 2)
            ask(w); /* an answer to something else */
    }
}

static void from_datagram(int listener) {
    static struct query from;
    from = (struct query){.listener = listener, .from_length = sizeof from.from};
    ssize_t n = recvfrom(listener, message, sizeof message, MSG_DONTWAIT, (struct sockaddr *)&from.from, &from.from_length);
    if (n < 0)
        return;
    from.who = asker_at(false, &from.from);
    if (from.who.pid == 0)
        return; /* not a process of this block: other users of the machine get nothing here */
    start_query(&from, message, (size_t)n);
}

static void from_listener(int listener) {
    struct sockaddr_storage from = {0};
    socklen_t n = sizeof from;
    int fd = accept4(listener, (struct sockaddr *)&from, &n, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0)
        return;
    struct asker who = asker_at(true, &from);
    for (unsigned i = 0; who.pid != 0 && i < CLIENTS; i++)
        if (clients[i].fd < 0) {
            clients[i].fd = fd;
            clients[i].serial = ++serials;
            clients[i].who = who;
            clients[i].have = 0;
            clients[i].ended = false;
            clients[i].used_us = monotonic_us();
            return;
        }
    close(fd);
}

static void from_client(struct client *c) {
    ssize_t n = recv(c->fd, c->buffer + c->have, sizeof c->buffer - c->have, 0);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n <= 0) {
        bool ended = n == 0 && !c->ended && waits(c); /* twice: it is gone altogether */
        c->ended = ended;
        if (!ended)
            close_client(c);
        return;
    }
    c->have += (size_t)n;
    c->used_us = monotonic_us();
    while (c->fd >= 0 && c->have >= 2) {
        size_t length = (size_t)c->buffer[0] << 8 | c->buffer[1];
        if (length + 2 > sizeof c->buffer) {
            record_malformed(c->who);
            close_client(c);
            return;
        }
        if (c->have < length + 2)
            return;
        static struct query from;
        from = (struct query){.tcp = true, .client = (unsigned)(c - clients), .client_serial = c->serial, .who = c->who};
        start_query(&from, c->buffer + 2, length);
        c->have -= length + 2;
        memmove(c->buffer, c->buffer + length + 2, c->have);
    }
}

static void *loop(void *unused) {
    (void)unused;
    static struct pollfd polled[4 + CLIENTS + QUERIES];
    static unsigned slot[4 + CLIENTS + QUERIES];
    for (;;) {
        nfds_t count = 0;
        uint64_t now = monotonic_us(), next = now + 3600000000U;
        for (unsigned i = 0; i < 4; i++)
            polled[count++] = (struct pollfd){i < 2 ? udp[i] : tcp[i - 2], POLLIN, 0};
        for (unsigned i = 0; i < CLIENTS; i++) {
            if (clients[i].fd >= 0 && now - clients[i].used_us > CLIENT_IDLE_US)
                close_client(&clients[i]);
            if (clients[i].fd < 0)
                continue;
            if (clients[i].used_us + CLIENT_IDLE_US < next)
                next = clients[i].used_us + CLIENT_IDLE_US;
            slot[count] = i;
            polled[count++] = (struct pollfd){clients[i].fd, clients[i].ended ? 0 : POLLIN, 0};
        }
        nfds_t first_query = count;
        for (unsigned i = 0; i < QUERIES; i++) {
            if (queries[i].deadline_us == 0)
                continue;
            if (queries[i].deadline_us <= now) {
                ask(&queries[i]);
                if (queries[i].deadline_us == 0)
                    continue;
            }
            if (queries[i].deadline_us < next)
                next = queries[i].deadline_us;
            slot[count] = i;
            polled[count++] = (struct pollfd){queries[i].fd, queries[i].sent ? POLLIN : POLLOUT, 0};
        }
        int timeout = (int)((next - now) / 1000) + 1;
        if (poll(polled, count, timeout) <= 0)
            continue;
        for (nfds_t i = 0; i < count; i++) {
            if (polled[i].revents == 0)
                continue;
            if (i < 2)
                from_datagram(udp[i]);
            else if (i < 4)
                from_listener(tcp[i - 2]);
            else if (i < first_query)
                from_client(&clients[slot[i]]);
            else if (queries[slot[i]].fd == polled[i].fd) /* else it was finished and used again in this round */
                from_upstream(&queries[slot[i]], polled[i].revents);
        }
    }
    return NULL;
}

static void read_resolv_conf(void) {
    FILE *f = fopen("/etc/resolv.conf", "re");
    char line[512];
    while (f != NULL && upstream_count < POLICY_MAX_UPSTREAM && fgets(line, sizeof line, f) != NULL) {
        char address[64];
        if (sscanf(line, "nameserver %63s", address) != 1)
            continue;
        struct upstream *u = &upstreams[upstream_count];
        memset(u, 0, sizeof *u);
        u->port = 53;
        char *zone = strchr(address, '%');
        if (zone != NULL) {
            *zone++ = '\0';
            u->scope = if_nametoindex(zone);
        }
        u->address[10] = u->address[11] = 0xff;
        if (inet_pton(AF_INET, address, u->address + 12) == 1 || inet_pton(AF_INET6, address, u->address) == 1)
            upstream_count++;
    }
    if (f != NULL)
        fclose(f);
    if (upstream_count == 0) { /* what libc assumes */
        upstreams[0] = (struct upstream){{[10] = 0xff, [11] = 0xff, [12] = 127, [15] = 1}, 53, 0};
        upstream_count = 1;
    }
}

/* Opens UDP and TCP on one port of the family's loopback address. The port, or 0. */
static uint16_t open_pair(int family, int *datagram, int *stream) {
    for (int attempt = 0; attempt < 16; attempt++) {
        struct sockaddr_storage address = {.ss_family = (sa_family_t)family};
        socklen_t n = family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
        if (family == AF_INET)
            ((struct sockaddr_in *)&address)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        else
            ((struct sockaddr_in6 *)&address)->sin6_addr = in6addr_loopback;
        *datagram = socket(family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        *stream = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (*datagram >= 0 && *stream >= 0 && bind(*datagram, (struct sockaddr *)&address, n) == 0 &&
            getsockname(*datagram, (struct sockaddr *)&address, &n) == 0 &&
            bind(*stream, (struct sockaddr *)&address, n) == 0 && listen(*stream, 64) == 0)
            return ntohs(family == AF_INET ? ((struct sockaddr_in *)&address)->sin_port
                                           : ((struct sockaddr_in6 *)&address)->sin6_port);
        if (*datagram >= 0)
            close(*datagram);
        if (*stream >= 0)
            close(*stream);
        *datagram = *stream = -1;
    }
    return 0;
}

#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE 71
#endif

static uint64_t network_of(int fd) {
    uint64_t cookie = 0;
    socklen_t n = sizeof cookie;
    return getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &n) == 0 ? cookie : 0; /* before 5.14: all the same one */
}

bool resolver_guarded(void) { return guarded_count > 0; }

bool resolver_guards(int fd, uint16_t port) {
    for (unsigned i = 0; i < guarded_count; i++)
        if (guarded[i] == port)
            return network_of(fd) == network_of(udp[0]);
    return false;
}

static bool is_local(struct upstream u) {
    struct sockaddr_storage address;
    u.port = 0;
    socklen_t n = upstream_address(&u, &address);
    int fd = socket(address.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool local = fd >= 0 && bind(fd, (struct sockaddr *)&address, n) == 0;
    if (fd >= 0)
        close(fd);
    return local;
}

static void find_guarded(void) {
    unsigned first = 0; /* that needs no capability; if it cannot be read, every port is guarded */
    FILE *f = fopen("/proc/sys/net/ipv4/ip_unprivileged_port_start", "re");
    if (f != NULL && fscanf(f, "%u", &first) != 1)
        first = 0;
    if (f != NULL)
        fclose(f);
    for (unsigned i = 0; i < upstream_count; i++)
        if ((sup.privileged || upstreams[i].port >= first) && is_local(upstreams[i]))
            guarded[guarded_count++] = upstreams[i].port;
}

int resolver_start(void) {
    upstream_count = sup.policy->upstream_count;
    memcpy(upstreams, sup.policy->upstreams, sizeof upstreams);
    if (upstream_count == 0)
        read_resolv_conf();
    find_guarded();
    for (unsigned i = 0; i < CLIENTS; i++)
        clients[i].fd = -1;
    for (unsigned i = 0; i < QUERIES; i++)
        queries[i].fd = -1;
    sup.resolver_port4 = open_pair(AF_INET, &udp[0], &tcp[0]);
    sup.resolver_port6 = open_pair(AF_INET6, &udp[1], &tcp[1]); /* absent without IPv6: then nobody asks there */
    if (sup.resolver_port4 == 0)
        return -EADDRNOTAVAIL;
    pthread_t thread;
    return -pthread_create(&thread, NULL, loop, NULL);
}
