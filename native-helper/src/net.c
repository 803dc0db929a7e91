#include "net.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "creds.h"
#include "image.h"
#include "inbound.h"
#include "ledger.h"
#include "making.h"
#include "names.h"
#include "own.h"
#include "relay.h"
#include "resolver.h"
#include "target.h"
#include "util.h"

int net_facts(int fd, struct socket_facts *out) {
    socklen_t n = sizeof(int);
    if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &out->domain, &n) != 0)
        return -errno;
    n = sizeof(int);
    if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &out->type, &n) != 0)
        return -errno;
    n = sizeof(int);
    if (getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &out->protocol, &n) != 0)
        return -errno;
    out->flags = fcntl(fd, F_GETFL);
    out->nonblocking = out->flags >= 0 && (out->flags & O_NONBLOCK);
    return 0;
}

bool net_protocol(const struct socket_facts *f, enum protocol *out) {
    if (f->type == SOCK_STREAM && (f->protocol == IPPROTO_TCP || f->protocol == HARDEN_IPPROTO_MPTCP)) {
        *out = PROTOCOL_TCP;
        return true;
    }
    if (f->type == SOCK_DGRAM && f->protocol == IPPROTO_UDP) {
        *out = PROTOCOL_UDP;
        return true;
    }
    return false;
}

struct own_question {
    enum protocol protocol;
    const struct endpoint *endpoint;
};

static bool ask_own(void *context) {
    const struct own_question *q = context;
    return own_listener(q->protocol, q->endpoint);
}

/* Datagrams are recorded once for each (socket, destination, verdict): a small table of what was recorded lately. */
static bool seen_before(int fd, const struct endpoint *e, const char *rule) {
    static struct {
        uint64_t cookie, rule;
        struct endpoint endpoint;
    } table[256];
    uint64_t cookie = 0;
    socklen_t n = sizeof cookie;
    if (getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &n) != 0)
        return false;
    size_t at = (cookie * 31 + e->port + hash_bytes(e->address, 16)) % ARRAY_LENGTH(table);
    uint64_t r = hash_bytes(rule, strlen(rule));
    if (table[at].cookie == cookie && table[at].rule == r && table[at].endpoint.port == e->port &&
        memcmp(table[at].endpoint.address, e->address, 16) == 0)
        return true;
    table[at].cookie = cookie;
    table[at].rule = r;
    table[at].endpoint = *e;
    return false;
}

/* Needs the lock. Returns event_commit's result. */
static int record(const struct call *c, const char *op, enum protocol protocol, const struct endpoint *e,
                  const char *name, struct decision d) {
    enum event_priority priority = d.verdict == VERDICT_ALLOWED ? EVENT_NORMAL : EVENT_REFUSED;
    uint32_t image = image_of(call_tid(c));
    if (event_full() && priority == EVENT_REFUSED)
        image_ensure(image, priority);
    char address[46];
    address_text(e, address);
    struct json *j = event_begin("net");
    json_number(j, "p", image);
    json_number(j, "pid", call_tid(c));
    json_text(j, "op", op);
    json_text(j, "proto", protocol == PROTOCOL_TCP ? "tcp" : "udp");
    json_text(j, "addr", address);
    json_number(j, "port", e->port);
    if (name != NULL)
        json_text(j, "name", name);
    json_text(j, "verdict", verdict_text(d.verdict));
    json_text(j, "rule", d.rule);
    if (d.verdict == VERDICT_BLOCKED)
        json_text(j, "errno", "EACCES");
    return event_commit(j, priority);
}

/* The name to show: the one that the deciding rule is about, else the likeliest. */
static const char *shown_name(const char *const *names, unsigned count, const struct rule *r, const struct endpoint *e) {
    for (unsigned k = 0; r != NULL && k < count; k++) {
        size_t n = strlen(names[k]);
        if (n >= r->key_length && memcmp(names[k] + n - r->key_length, r->name, r->key_length) == 0)
            return names[k];
    }
    return names_shown(e->address, address_is_loopback(e));
}

static void remember_address(struct call *c) {
    c->asked.length = c->address_length < sizeof c->asked.bytes ? c->address_length : (socklen_t)sizeof c->asked.bytes;
    memcpy(c->asked.bytes, &c->address, c->asked.length);
}

int64_t net_judge(struct call *c, const struct socket_facts *f, enum address_use use, const char *op, bool *none) {
    struct destination d = {0};
    *none = false;
    c->asked.length = 0;
    c->relay = false;
    if (!net_protocol(f, &d.protocol)) {
        call_refused(c, "socket", "protocol other than TCP and UDP", EACCES);
        return -EACCES;
    }
    switch (address_read(&c->address, c->address_length, f->domain, use, &d.endpoint)) {
    case ADDRESS_NONE:
        *none = true;
        return 0;
    case ADDRESS_BAD_FAMILY:
        return -EAFNOSUPPORT;
    case ADDRESS_TOO_SHORT:
        return -EINVAL;
    case ADDRESS_OK:
        break;
    }
    /* The kernel takes 0.0.0.0 for the address that the socket is bound to, and nobody has judged that. (It takes :: for ::1.) */
    address_zero_is_loopback(&d.endpoint, &c->address);
    bool loopback = address_is_loopback(&d.endpoint);
    if (d.endpoint.port == 53 ||
        (loopback && d.endpoint.port != 0 && (d.endpoint.port == sup.resolver_port4 || d.endpoint.port == sup.resolver_port6))) {
        if (sup.resolver_port4 == 0) {
            call_refused(c, "dns", "the helper's resolver is not running", ECONNREFUSED);
            return -ECONNREFUSED;
        }
        struct sockaddr_storage resolver;
        remember_address(c);
        c->address_length = address_loopback(f->domain, &c->address, c->address_length, sup.resolver_port4,
                                             sup.resolver_port6, &resolver);
        c->address = resolver;
        struct endpoint ours;
        if (address_read(&resolver, c->address_length, f->domain, ADDRESS_CONNECT, &ours) == ADDRESS_OK)
            c->asked.via = ours.port;
        return 0;
    }
    struct own_question question = {d.protocol, &d.endpoint};
    const char *names[NAMES_PER_ADDRESS];
    d.own_listener = ask_own;
    d.context = &question;

    pthread_mutex_lock(&sup.lock);
    d.names = names;
    d.name_count = names_of(d.endpoint.address, names);
    struct decision decision = decide(sup.policy, &d);
    int recorded = 0;
    if (d.protocol == PROTOCOL_TCP || !seen_before(c->fd, &d.endpoint, decision.rule))
        recorded = record(c, op, d.protocol, &d.endpoint, shown_name(names, d.name_count, decision.shown, &d.endpoint), decision);
    pthread_mutex_unlock(&sup.lock);

    if (decision.verdict == VERDICT_BLOCKED)
        return -EACCES;
    if (decision.named != NULL && sup.relay && d.protocol == PROTOCOL_TCP && use == ADDRESS_CONNECT &&
        (d.endpoint.port == 443 || d.endpoint.port == 80)) {
        c->relay = true;
        remember_address(c);
    }
    /* In block mode nothing leaves that could not be recorded (a full disk). */
    if (recorded < 0 && sup.policy->egress == MODE_BLOCK)
        return -EIO;
    return 0;
}

bool net_is_ours(const struct sockaddr_storage *address, uint16_t via) {
    struct endpoint e;
    return address_read(address, sizeof *address, address->ss_family, ADDRESS_CONNECT, &e) == ADDRESS_OK &&
           address_is_loopback(&e) && e.port == via && via != 0;
}

/* Binds the socket to a port first: the kernel would choose it inside the call, and the query could be with the
 * resolver before we know whose it is. */
void net_prepare_resolver(struct call *c, const struct socket_facts *f) {
    if (c->asked.length == 0)
        return;
    struct sockaddr_storage any = {.ss_family = (sa_family_t)f->domain};
    /* A socket that is bound already refuses with EINVAL and keeps its port. */
    (void)bind(c->fd, (struct sockaddr *)&any, f->domain == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6));
    struct sockaddr_storage local = {0};
    socklen_t n = sizeof local;
    if (getsockname(c->fd, (struct sockaddr *)&local, &n) != 0)
        return;
    uint16_t port = local.ss_family == AF_INET ? ((struct sockaddr_in *)&local)->sin_port
                                               : ((struct sockaddr_in6 *)&local)->sin6_port;
    pthread_mutex_lock(&sup.lock);
    resolver_attribute(f->type == SOCK_STREAM, ntohs(port), image_of(call_tid(c)), call_tid(c));
    pthread_mutex_unlock(&sup.lock);
}

static int64_t do_connect(struct call *c, void *unused) {
    (void)unused;
    return connect(c->fd, (struct sockaddr *)&c->address, c->address_length) == 0 ? 0 : -errno;
}

/*
 * The receiver's attempt at a blocking connect that usually ends at once (loopback, unix sockets): handing it to a
 * worker costs more than the call, and a timer around it costs more still under a hypervisor. The socket is
 * non-blocking for the length of this call. It is not connected, so there is nothing that another thread could wait
 * for on it meanwhile. What would block goes to a worker, whose connect joins the one that is under way.
 */
static int64_t connect_at_once(struct call *c, const struct socket_facts *f) {
    if (f->flags < 0 || fcntl(c->fd, F_SETFL, f->flags | O_NONBLOCK) != 0)
        return CALL_WORKER;
    int64_t result = do_connect(c, NULL);
    if (result == -EINPROGRESS) { /* the answer came while the socket was locked; a second call collects it */
        c->begun = true;
        result = do_connect(c, NULL);
    }
    (void)fcntl(c->fd, F_SETFL, f->flags);
    return result == -EINPROGRESS || result == -EALREADY || result == -EAGAIN ? CALL_WORKER : result;
}

bool net_to_loopback(const struct call *c) {
    struct endpoint e;
    return address_read(&c->address, c->address_length, c->address.ss_family, ADDRESS_CONNECT, &e) == ADDRESS_OK &&
           address_is_loopback(&e);
}

static int64_t perform_connect(struct call *c, const struct socket_facts *f) {
    bool internet = f->domain == AF_INET || f->domain == AF_INET6;
    if (c->relay) {
        int64_t relayed = relay_connect(c, f);
        if (relayed != CALL_CONTINUE)
            return relayed;
        c->relay = false;
        c->asked.length = 0;
    }
    bool may_block = !f->nonblocking && f->type != SOCK_DGRAM;
    if (may_block && !c->in_worker && internet && !net_to_loopback(c))
        return CALL_WORKER;
    if (internet) {
        net_prepare_resolver(c, f);
        if (c->asked.length > 0)
            redirect_note(c->fd, REDIRECT_ANY, &c->asked);
    }
    struct creds_saved saved = {0};
    if (!internet) {
        int rc = creds_assume(c, &saved);
        if (rc != 0)
            return -EACCES;
    }
    int64_t result = !may_block ? do_connect(c, NULL)
                     : c->in_worker ? call_blocking(c, do_connect, NULL) : connect_at_once(c, f);
    if (c->begun && c->in_worker && result == -EALREADY)
        result = -EINPROGRESS; /* SO_SNDTIMEO has ended what is one call to the caller */
    if (!internet)
        creds_restore(&saved);
    if (f->domain == AF_UNIX && result == 0) {
        int rc = unix_verify_peer(c);
        if (rc != 0)
            result = rc;
    }
    return result;
}

int64_t net_perform_connect(struct call *c, const struct socket_facts *f) {
    int64_t result = perform_connect(c, f);
    /* A copy would keep the connection open when the program closes it: before the program hears of it, it is gone. */
    if (ledger_on() && f->type != SOCK_DGRAM && f->domain != AF_NETLINK) {
        if (result == 0 || result == -EISCONN)
            ledger_leave(c->fd);
        else if (result == -EINPROGRESS || result == -EALREADY)
            ledger_watch(c->fd);
    }
    return result;
}

/*
 * connect(fd, address, length). The address is copied once; what is decided is the copy, and the copy is what the
 * supervisor connects the duplicate to. Another thread may change the caller's memory or its descriptor at any time:
 * neither is looked at again.
 */
int64_t net_connect(struct call *c) {
    struct socket_facts f;
    if (!c->decided) {
        int rc = call_take_fd(c, call_int(c, 0));
        if (rc != 0)
            return rc;
        if ((rc = net_facts(c->fd, &f)) != 0)
            return rc;
        int length = call_int(c, 2);
        if (length < 0 || (size_t)length > sizeof c->address)
            return -EINVAL;
        if ((rc = target_read(call_tid(c), call_arg(c, 1), &c->address, (size_t)length)) != 0)
            return rc == -EFAULT ? rc : -EACCES;
        c->address_length = (socklen_t)length;
        if (!call_alive(c))
            return CALL_DONE;
        int64_t result = 0;
        bool none;
        if (f.domain == AF_INET || f.domain == AF_INET6)
            result = net_judge(c, &f, ADDRESS_CONNECT, "connect", &none);
        else if (f.domain == AF_UNIX)
            result = unix_judge(c, &f, "connect");
        else if (f.domain != AF_NETLINK) {
            call_refused(c, "socket", "connect of a socket of another family", EACCES);
            result = -EACCES;
        }
        if (result != 0)
            return result;
        c->decided = true;
    } else {
        int rc = net_facts(c->fd, &f);
        if (rc != 0)
            return rc;
    }
    return net_perform_connect(c, &f);
}

/* A socket that is bound to the loopback device hears nobody else, whatever its address; to bind it to another one
 * needs CAP_NET_RAW, which the block does not have. */
static bool hears_loopback_only(int fd) {
    char device[16] = "";
    socklen_t n = sizeof device;
    (void)setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "lo", 3);
    return getsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, device, &n) == 0 && strcmp(device, "lo") == 0;
}

/* bind on the duplicate, to the address that was looked at, with the rights of the caller. */
static int64_t perform_bind(const struct call *c, const struct sockaddr_storage *local, int length) {
    struct creds_saved saved;
    if (creds_assume(c, &saved) != 0)
        return -EACCES;
    int64_t result = bind(c->fd, (const struct sockaddr *)local, (socklen_t)length) == 0 ? 0 : -errno;
    creds_restore(&saved);
    return result;
}

/* Records it, and where a name server is guarded performs or refuses it; the result counts only there. */
static int64_t bind_internet(struct call *c, const struct socket_facts *f, bool guarded) {
    struct sockaddr_storage local = {0};
    struct endpoint e;
    enum protocol protocol;
    int length = call_int(c, 2);
    if (length <= 0 || (size_t)length > sizeof local)
        return -EINVAL;
    if (target_read(call_tid(c), call_arg(c, 1), &local, (size_t)length) != 0)
        return -EFAULT;
    if (!call_alive(c))
        return CALL_DONE;
    bool known = net_protocol(f, &protocol) &&
                 address_read(&local, (size_t)length, f->domain, ADDRESS_SEND, &e) == ADDRESS_OK && e.port != 0;
    if (known && guarded && resolver_guards(c->fd, e.port)) {
        call_refused(c, "dns", "the port of the name server on this machine", EACCES);
        return -EACCES;
    }
    /* TCP sockets are recorded when they listen. A datagram socket receives from now on. */
    struct stat st;
    if (known && protocol == PROTOCOL_UDP) {
        pthread_mutex_lock(&sup.lock);
        if (fstat(c->fd, &st) == 0)
            own_register(st.st_ino);
        record(c, "bind", protocol, &e, NULL, (struct decision){.verdict = VERDICT_ALLOWED, .rule = "own-listener"});
        pthread_mutex_unlock(&sup.lock);
    }
    return guarded ? perform_bind(c, &local, length) : 0;
}

/*
 * bind(fd, address, length): recorded, and a new name in a directory is judged. The kernel performs it: binding opens
 * nothing by itself (listen and the destination of what is sent are judged), and the name that a program reads back with
 * getsockname is the one it gave. Only where a block could take the place of a name server on this machine
 * (resolver_guarded) the supervisor binds the duplicate to the copied address: a second thread could exchange either.
 */
int64_t net_bind(struct call *c) {
    struct socket_facts f;
    bool guarded = resolver_guarded();
    if (ledger_on())
        ledger_sweep(); /* a copy of a socket that is closed already would keep the address taken */
    int64_t result = 0;
    if (c->fd < 0 && (c->fd = target_descriptor(call_tid(c), call_int(c, 0))) < 0) {
        if (c->fd == -EISCONN)
            return unix_bind(c); /* connected: only a unix socket can still be named */
        if (!guarded)
            return CALL_CONTINUE;
        result = call_take_fd(c, call_int(c, 0));
    }
    if (result == 0 && (result = net_facts(c->fd, &f)) == 0) {
        if (f.domain == AF_UNIX)
            return unix_bind(c);
        result = bind_internet(c, &f, guarded);
    }
    return guarded ? result : CALL_CONTINUE;
}

/* The group in the value of a joining option (gen-filter.c has them). */
static bool group_of(int level, int name, const unsigned char *value, size_t length, struct endpoint *out) {
    struct sockaddr_storage group = {.ss_family = level == IPPROTO_IP ? AF_INET : AF_INET6};
    if (name == MCAST_JOIN_GROUP || name == MCAST_JOIN_SOURCE_GROUP) {
        size_t at = offsetof(struct group_req, gr_group);
        if (length < at + sizeof group)
            return false;
        memcpy(&group, value + at, sizeof group);
    } else if (level == IPPROTO_IP && length >= 4) {
        memcpy(&((struct sockaddr_in *)&group)->sin_addr, value, 4);
    } else if (level == IPPROTO_IPV6 && length >= 16) {
        memcpy(&((struct sockaddr_in6 *)&group)->sin6_addr, value, 16);
    } else {
        return false;
    }
    return address_read(&group, sizeof group, level == IPPROTO_IP ? AF_INET : AF_INET6, ADDRESS_CONNECT, out) == ADDRESS_OK;
}

/*
 * setsockopt(fd, level, name, value, length) that joins a multicast group, which the kernel tells the network. The group is
 * judged as a destination on the socket's own port. The value is copied once, and the copy is what is set, on a duplicate.
 */
int64_t net_join(struct call *c) {
    int level = call_int(c, 1), name = call_int(c, 2), length = call_int(c, 4);
    unsigned char value[sizeof(struct group_source_req)];
    struct sockaddr_storage local = {0};
    socklen_t n = sizeof local;
    struct socket_facts f;
    struct endpoint e;
    struct destination d = {.protocol = PROTOCOL_UDP};
    int rc = call_take_fd(c, call_int(c, 0));
    if (rc != 0)
        return rc == -EISCONN ? -EPROTO : rc; /* the kernel's word for a stream */
    if ((rc = net_facts(c->fd, &f)) != 0)
        return rc;
    if (length < 0)
        return -EINVAL;
    if ((size_t)length > sizeof value)
        length = sizeof value; /* the kernel reads no more of it */
    if (target_read(call_tid(c), call_arg(c, 3), value, (size_t)length) != 0)
        return -EFAULT;
    if (!call_alive(c))
        return CALL_DONE;
    if (group_of(level, name, value, (size_t)length, &d.endpoint)) {
        if (getsockname(c->fd, (struct sockaddr *)&local, &n) == 0 && address_read(&local, n, f.domain, ADDRESS_CONNECT, &e) == ADDRESS_OK)
            d.endpoint.port = e.port;
        struct decision decision = decide(sup.policy, &d);
        pthread_mutex_lock(&sup.lock);
        int recorded = seen_before(c->fd, &d.endpoint, decision.rule) ? 0 : record(c, "bind", PROTOCOL_UDP, &d.endpoint, NULL, decision);
        pthread_mutex_unlock(&sup.lock);
        if (decision.verdict == VERDICT_BLOCKED)
            return -EACCES;
        if (recorded < 0 && sup.policy->egress == MODE_BLOCK)
            return -EIO;
    }
    return setsockopt(c->fd, level, name, value, (socklen_t)length) == 0 ? 0 : -errno;
}

/* A unix socket, or nothing that can listen. The kernel performs it, so that who connects sees the true listener
 * (SO_PEERCRED). With `inbound loopback` only where nobody can put an internet socket in its place meanwhile. */
static int64_t listen_elsewhere(struct call *c) {
    struct creds_saved saved;
    bool alone = !msg_tables_shared() && target_threads(call_tid(c)) == 1 && call_alive(c);
    if (ledger_on())
        ledger_leave(c->fd);
    if (!sup.policy->inbound_loopback || alone)
        return CALL_CONTINUE;
    if (creds_assume(c, &saved) != 0)
        return -EACCES;
    int64_t result = listen(c->fd, call_int(c, 1)) == 0 ? 0 : -errno;
    creds_restore(&saved);
    return result;
}

/*
 * listen(fd, backlog): registers the socket as the block's own. If the descriptor cannot be had (a process that made
 * itself unreadable), the kernel may perform it: listening opens nothing, the port is merely not free for others of
 * the block until /proc confirms it. Not with `inbound loopback`: there it is refused.
 */
int64_t net_listen(struct call *c) {
    struct socket_facts f;
    bool confined = sup.policy->inbound_loopback;
    int fd = target_descriptor(call_tid(c), call_int(c, 0));
    if (fd < 0)
        return confined ? call_take_fd(c, call_int(c, 0)) : CALL_CONTINUE;
    c->fd = fd;
    if (net_facts(fd, &f) != 0 || (f.domain != AF_INET && f.domain != AF_INET6))
        return listen_elsewhere(c);
    if (!call_alive(c))
        return CALL_DONE;
    if (confined && !hears_loopback_only(fd)) {
        call_refused(c, "socket", "listening for others than this machine", EACCES);
        return -EACCES;
    }
    if (listen(fd, call_int(c, 1)) != 0)
        return -errno;
    if (ledger_on())
        ledger_leave(fd);
    struct stat st;
    struct sockaddr_storage local = {0};
    struct endpoint e;
    enum protocol protocol;
    socklen_t n = sizeof local;
    if (fstat(fd, &st) == 0 && getsockname(fd, (struct sockaddr *)&local, &n) == 0 && net_protocol(&f, &protocol) &&
        address_read(&local, n, f.domain, ADDRESS_CONNECT, &e) == ADDRESS_OK) {
        pthread_mutex_lock(&sup.lock);
        own_register(st.st_ino);
        if (!confined)
            inbound_listener(c, fd, &e);
        record(c, "listen", protocol, &e, NULL, (struct decision){.verdict = VERDICT_ALLOWED, .rule = confined ? "inbound" : "own-listener"});
        pthread_mutex_unlock(&sup.lock);
    }
    return 0;
}

/* As the filter has it where sockets are not made here: gen-filter.c. */
static bool allowed(int family, int type, int protocol) {
    if (family == AF_INET || family == AF_INET6)
        return (type == SOCK_STREAM && (protocol == 0 || protocol == IPPROTO_TCP)) ||
               (type == SOCK_DGRAM && (protocol == 0 || protocol == IPPROTO_UDP));
    return family == AF_UNIX || (family == AF_NETLINK && protocol == 0);
}

/*
 * socket() with a family, type or protocol that the filter does not let pass: refused with the error that makes
 * programs fall back. Register values only, so nothing can change after the check.
 */
int64_t net_socket(struct call *c) {
    int family = call_int(c, 0), type = call_int(c, 1) & ~(SOCK_CLOEXEC | SOCK_NONBLOCK), protocol = call_int(c, 2);
    int error;
    if (ledger_on() && allowed(family, type, protocol))
        return making_socket(c);
    if (family == AF_INET || family == AF_INET6)
        error = type == SOCK_RAW || (type == SOCK_DGRAM && (protocol == IPPROTO_ICMP || protocol == IPPROTO_ICMPV6))
                    ? EPERM
                    : EPROTONOSUPPORT;
    else if (family == AF_NETLINK)
        error = EPROTONOSUPPORT;
    else if (family == AF_PACKET)
        error = EPERM;
    else
        error = EAFNOSUPPORT;
    char detail[64];
    snprintf(detail, sizeof detail, "family %d type %d protocol %d", family, type, protocol);
    call_refused(c, "socket", detail, error);
    return -error;
}
