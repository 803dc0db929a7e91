/*
 * sendto with an address, sendmsg and sendmmsg. The message is copied out of the caller, its destination is decided
 * on the copy, and the supervisor sends the copy on a duplicate of the socket. The kernel may never perform these
 * calls itself: between a check and its own reading of the arguments, a second thread could swap the address, or the
 * descriptor of an innocent socket for that of an internet socket. That holds for messages without an address too,
 * so that sendmsg on unix sockets, with descriptors attached, is performed here as well, unless kernel_may_send().
 */
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "creds.h"
#include "gate.h"
#include "ledger.h"
#include "net.h"
#include "redirect.h"
#include "target.h"
#include "util.h"
#include "wire.h"

#define DATAGRAM_MAX (256U << 10) /* above what any datagram socket takes by default; longer ones get EMSGSIZE */
#define CHUNK (256U << 10)        /* of a stream, copied at a time */
#define INLINE_CHUNKS 4
#define CONTROL_MAX 65536U
#define RIGHTS_MAX 253U           /* SCM_MAX_FD */

struct outgoing {
    struct iovec *iov; /* in the caller's memory */
    size_t iov_count;
    uint64_t total;
    char *control; /* rewritten for our own descriptor numbers, or NULL */
    size_t control_length;
    int rights[RIGHTS_MAX];
    unsigned rights_count;
    int flags;
};

static void release(struct outgoing *o) {
    for (unsigned i = 0; i < o->rights_count; i++)
        close(o->rights[i]);
    free(o->control);
    free(o->iov);
}

/* Copies up to `limit` bytes of the message, starting `skip` bytes in. Bytes copied, or -errno. */
static ssize_t gather(const struct call *c, const struct outgoing *o, uint64_t skip, char *out, size_t limit) {
    size_t have = 0;
    for (size_t i = 0; i < o->iov_count && have < limit; i++) {
        size_t length = o->iov[i].iov_len;
        if (skip >= length) {
            skip -= length;
            continue;
        }
        size_t take = length - skip < limit - have ? length - skip : limit - have;
        int rc = target_read(call_tid(c), (uintptr_t)o->iov[i].iov_base + skip, out + have, take);
        if (rc != 0)
            return rc;
        have += take;
        skip = 0;
    }
    return (ssize_t)have;
}

/* Control messages that an internet socket may carry. What is not here could change where the packet goes (source
 * routes: IP_RETOPTS, IPV6_RTHDR) or needs privileges. */
static bool internet_control_allowed(int level, int type) {
    switch (level) {
    case SOL_SOCKET:
        return type == SO_TIMESTAMPING || type == 61 /* SO_TXTIME */ || type == SO_MARK || type == SO_PRIORITY;
    case IPPROTO_IP:
        return type == IP_PKTINFO || type == IP_TTL || type == IP_TOS;
    case IPPROTO_IPV6:
        return type == IPV6_PKTINFO || type == IPV6_HOPLIMIT || type == IPV6_TCLASS || type == 62 /* IPV6_DONTFRAG */;
    case IPPROTO_UDP:
        return type == 103 /* UDP_SEGMENT */;
    default:
        return false;
    }
}

/* Replaces the caller's descriptor numbers by duplicates of ours. */
static int translate_rights(const struct call *c, struct outgoing *o, unsigned char *data, size_t length) {
    for (size_t i = 0; i + sizeof(int) <= length; i += sizeof(int)) {
        int number;
        memcpy(&number, data + i, sizeof number);
        if (o->rights_count == RIGHTS_MAX)
            return -EINVAL;
        int copy = target_descriptor(call_tid(c), number);
        if (copy < 0)
            return copy == -EBADF ? -EBADF : -EACCES;
        o->rights[o->rights_count++] = copy;
        struct socket_facts f;
        if (ledger_on() && net_facts(copy, &f) == 0 && f.type == SOCK_DGRAM)
            return -EACCES; /* would come to a table where nobody counts on it: gate.h */
        memcpy(data + i, &copy, sizeof copy);
    }
    return 0;
}

struct control {
    struct cmsghdr h;
    unsigned char *data;
    size_t length, next; /* of the data; where the next one begins */
};

/* 1: another control message, 0: none, -EINVAL: its length is wrong. Begin with {0}. */
static int next_control(const struct outgoing *o, struct control *m) {
    size_t at = m->next;
    if (at > o->control_length || o->control_length - at < sizeof m->h)
        return 0;
    memcpy(&m->h, o->control + at, sizeof m->h);
    if (m->h.cmsg_len < sizeof m->h || m->h.cmsg_len > o->control_length - at)
        return -EINVAL;
    m->data = (unsigned char *)o->control + at + CMSG_LEN(0);
    m->length = m->h.cmsg_len - CMSG_LEN(0);
    m->next = at + CMSG_ALIGN(m->h.cmsg_len);
    return 1;
}

static int check_control(struct call *c, const struct socket_facts *f, struct outgoing *o) {
    struct control m = {0};
    int rc;
    while ((rc = next_control(o, &m)) > 0) {
        const struct cmsghdr h = m.h;
        rc = 0;
        if (f->domain == AF_INET || f->domain == AF_INET6) {
            if (!internet_control_allowed(h.cmsg_level, h.cmsg_type)) {
                call_refused(c, "socket", "control message that is not allowed on an internet socket", EPERM);
                return -EPERM;
            }
        } else if (h.cmsg_level == SOL_SOCKET && h.cmsg_type == SCM_RIGHTS) {
            rc = f->domain == AF_UNIX ? translate_rights(c, o, m.data, m.length) : -EINVAL;
        } else if (h.cmsg_level == SOL_SOCKET && h.cmsg_type == SCM_CREDENTIALS && m.length >= sizeof(struct ucred)) {
            /* The kernel lets a process name itself; seen from it, the sender is the supervisor. */
            struct ucred who;
            memcpy(&who, m.data, sizeof who);
            if (who.pid == target_group(call_tid(c)) && !sup.privileged) {
                who.pid = getpid();
                memcpy(m.data, &who, sizeof who);
            }
        }
        if (rc != 0)
            return rc;
    }
    return rc;
}

/* An interface in the message overrides the route: what is judged as loopback would leave the machine by it. Where no
 * address is given another thread may connect the socket to loopback meanwhile; a connected one keeps its own route. */
static void stay_inside(const struct call *c, struct outgoing *o) {
    if (c->address_length > 0 && !net_to_loopback(c))
        return;
    struct control m = {0};
    while (next_control(o, &m) > 0) {
        bool four = m.h.cmsg_level == IPPROTO_IP && m.h.cmsg_type == IP_PKTINFO, six = m.h.cmsg_level == IPPROTO_IPV6 && m.h.cmsg_type == IPV6_PKTINFO;
        size_t index = six ? offsetof(struct in6_pktinfo, ipi6_ifindex) : offsetof(struct in_pktinfo, ipi_ifindex);
        if ((four || six) && m.length >= index + sizeof(int))
            memset(m.data + index, 0, sizeof(int));
    }
}

static int read_message(struct call *c, const struct socket_facts *f, const struct wire_message *w, struct outgoing *o) {
    if (w->iov_count > WIRE_IOV_MAXIMUM)
        return -EMSGSIZE;
    o->iov_count = (size_t)w->iov_count;
    o->iov = calloc(o->iov_count ? o->iov_count : 1, sizeof *o->iov);
    if (o->iov == NULL)
        return -ENOBUFS;
    int rc = target_read(call_tid(c), w->iov, o->iov, o->iov_count * sizeof *o->iov);
    if (rc != 0)
        return rc;
    for (size_t i = 0; i < o->iov_count; i++) {
        if (o->iov[i].iov_len > INT64_MAX - o->total)
            return -EINVAL;
        o->total += o->iov[i].iov_len;
    }
    if (w->control != 0 && w->control_length > 0) {
        if (w->control_length > CONTROL_MAX)
            return -ENOBUFS;
        o->control_length = (size_t)w->control_length;
        o->control = malloc(o->control_length);
        if (o->control == NULL)
            return -ENOBUFS;
        if ((rc = target_read(call_tid(c), w->control, o->control, o->control_length)) != 0)
            return rc;
    }
    return check_control(c, f, o);
}

struct attempt {
    struct msghdr header;
    int flags;
};

static int64_t do_send(struct call *c, void *argument) {
    const struct attempt *a = argument;
    ssize_t n = sendmsg(c->fd, &a->header, a->flags);
    return n >= 0 ? n : -errno;
}

/* One sendmsg of ours with the caller's credentials; first without blocking, then, in a worker, with. */
static int64_t send_piece(struct call *c, const struct socket_facts *f, const struct outgoing *o, struct attempt *a) {
    bool wait = !f->nonblocking && !(o->flags & MSG_DONTWAIT);
    struct creds_saved saved = {0};
    if (f->domain != AF_INET && f->domain != AF_INET6 && creds_assume(c, &saved) != 0)
        return -EACCES;
    a->flags = (o->flags & ~(MSG_FASTOPEN | MSG_ZEROCOPY)) | MSG_NOSIGNAL | MSG_DONTWAIT;
    int64_t n = do_send(c, a);
    if (n == -EAGAIN && wait) {
        if (c->in_worker) {
            a->flags &= ~MSG_DONTWAIT;
            n = call_blocking(c, do_send, a);
        } else {
            n = CALL_WORKER;
        }
    }
    creds_restore(&saved);
    return n;
}

static int64_t send_all(struct call *c, const struct socket_facts *f, struct outgoing *o) {
    bool stream = f->type == SOCK_STREAM;
    if (!stream && o->total > DATAGRAM_MAX)
        return -EMSGSIZE;
    uint64_t left = o->total > c->progress ? o->total - c->progress : 0;
    size_t size = left < CHUNK ? (size_t)left : CHUNK;
    char small[4096], *buffer = size <= sizeof small ? small : malloc(size);
    if (buffer == NULL)
        return -ENOBUFS;
    int64_t result = 0;
    bool wait = !f->nonblocking && !(o->flags & MSG_DONTWAIT);
    for (int round = 0;; round++) {
        ssize_t have = gather(c, o, c->progress, buffer, size);
        if (have < 0) {
            result = have;
            break;
        }
        if (!call_alive(c)) {
            result = CALL_DONE;
            break;
        }
        if (c->asked.length > 0 && !stream && have >= 2) /* before the answer can be there */
            redirect_note(c->fd, (uint32_t)((unsigned char)buffer[0] << 8 | (unsigned char)buffer[1]), &c->asked);
        struct iovec piece = {buffer, (size_t)have};
        struct attempt a = {.header = {.msg_iov = &piece, .msg_iovlen = 1}};
        if (c->address_length > 0) {
            a.header.msg_name = &c->address;
            a.header.msg_namelen = c->address_length;
        }
        if (c->progress == 0 && o->control != NULL) { /* descriptors travel with the first piece */
            a.header.msg_control = o->control;
            a.header.msg_controllen = (__typeof__(a.header.msg_controllen))o->control_length; /* its type differs between libcs */
        }
        result = send_piece(c, f, o, &a);
        if (result < 0)
            break;
        c->progress += (size_t)result;
        if (!stream || !wait || c->progress >= o->total || result == 0)
            break;
        if (!c->in_worker && round >= INLINE_CHUNKS) {
            result = CALL_WORKER; /* a long stream must not hold up everyone else */
            break;
        }
    }
    if (buffer != small)
        free(buffer);
    if (result == CALL_WORKER || result == CALL_DONE)
        return result;
    if (result < 0 && c->progress == 0) {
        if (result == -EPIPE && stream && !(o->flags & MSG_NOSIGNAL) && call_alive(c))
            (void)syscall(SYS_tkill, call_tid(c), SIGPIPE); /* the kernel would have sent it */
        return result;
    }
    return (int64_t)c->progress;
}

/* Judges the destination that the caller gave. 0, or the result for the caller. */
static int64_t judge(struct call *c, const struct socket_facts *f, const char *op, int flags) {
    bool none = false;
    int64_t result = 0;
    if (f->domain == AF_INET || f->domain == AF_INET6) {
        enum protocol protocol;
        bool fast_open = (flags & MSG_FASTOPEN) != 0;
        if (net_protocol(f, &protocol) && protocol == PROTOCOL_TCP && !fast_open) {
            c->address_length = 0; /* TCP ignores it: the connection was judged when it was made */
            return 0;
        }
        result = net_judge(c, f, fast_open ? ADDRESS_CONNECT : ADDRESS_SEND, op, &none);
        if (none)
            c->address_length = 0;
    } else if (f->domain == AF_UNIX) {
        if (f->type == SOCK_DGRAM)
            result = unix_judge(c, f, op);
    } else if (f->domain != AF_NETLINK) {
        call_refused(c, "socket", "send on a socket of another family", EACCES);
        result = -EACCES;
    }
    return result;
}

/* One message: decide once, then send what was copied. */
static int64_t send_message(struct call *c, const struct socket_facts *f, const struct wire_message *w, int flags, const char *op) {
    struct outgoing o = {.flags = flags};
    int64_t result = read_message(c, f, w, &o);
    if (result == 0 && !c->decided) {
        c->address_length = 0;
        if (w->name != 0 && w->name_length > 0) {
            if (w->name_length > sizeof c->address)
                result = -EINVAL;
            else if (target_read(call_tid(c), w->name, &c->address, w->name_length) != 0)
                result = -EFAULT;
            else if (!call_alive(c))
                result = CALL_DONE;
            else {
                c->address_length = w->name_length;
                result = judge(c, f, op, flags);
            }
        } else if (f->domain != AF_INET && f->domain != AF_INET6 && f->domain != AF_UNIX && f->domain != AF_NETLINK) {
            result = -EACCES;
        }
        c->decided = result == 0;
        if (result == 0 && f->type == SOCK_DGRAM && c->address_length > 0 && (f->domain == AF_INET || f->domain == AF_INET6))
            net_prepare_resolver(c, f);
    }
    if (result == 0 && (flags & MSG_FASTOPEN) && c->address_length > 0 && !c->connected && f->type == SOCK_STREAM) {
        result = net_perform_connect(c, f);
        c->connected = result == 0;
        if (result == 0)
            c->address_length = 0;
    }
    if (result == 0 && (f->domain == AF_INET || f->domain == AF_INET6))
        stay_inside(c, &o);
    if (result == 0)
        result = send_all(c, f, &o);
    release(&o);
    return result;
}

static int64_t prepare(struct call *c, struct socket_facts *f, int flags) {
    int rc = call_take_fd(c, call_int(c, 0));
    if (rc == -EISCONN) /* only where sockets are made here: no copy is left of a connected one */
        return gate_send(c, flags);
    return rc != 0 ? rc : net_facts(c->fd, f);
}

/* sendto(fd, buffer, length, flags, address, address length) */
int64_t net_sendto(struct call *c) {
    struct socket_facts f;
    int64_t result = prepare(c, &f, call_int(c, 3));
    if (result != 0)
        return result;
    int length = call_int(c, 5);
    if (length < 0)
        return -EINVAL;
    struct outgoing o = {.flags = call_int(c, 3)};
    struct iovec one = {(void *)(uintptr_t)call_arg(c, 1), (size_t)call_arg(c, 2)};
    if (!c->decided) {
        c->address_length = 0;
        if (call_arg(c, 4) != 0 && length > 0) {
            if ((size_t)length > sizeof c->address)
                return -EINVAL;
            if (target_read(call_tid(c), call_arg(c, 4), &c->address, (size_t)length) != 0)
                return -EFAULT;
            if (!call_alive(c))
                return CALL_DONE;
            c->address_length = (socklen_t)length;
            if ((result = judge(c, &f, "sendto", o.flags)) != 0)
                return result;
        }
        c->decided = true;
        if (f.type == SOCK_DGRAM && c->address_length > 0 && (f.domain == AF_INET || f.domain == AF_INET6))
            net_prepare_resolver(c, &f);
    }
    if ((o.flags & MSG_FASTOPEN) && c->address_length > 0 && !c->connected && f.type == SOCK_STREAM) {
        if ((result = net_perform_connect(c, &f)) != 0)
            return result;
        c->connected = true;
        c->address_length = 0;
    }
    o.iov = &one;
    o.iov_count = 1;
    o.total = one.iov_len;
    return send_all(c, &f, &o);
}

static bool tables_are_shared; /* atomic; never taken back */

bool msg_tables_shared(void) { return __atomic_load_n(&tables_are_shared, __ATOMIC_ACQUIRE); }

/* clone with CLONE_FILES and without CLONE_THREAD: from now on counting a process's threads proves nothing. */
int64_t msg_shared_table(void) {
    __atomic_store_n(&tables_are_shared, true, __ATOMIC_RELEASE);
    return CALL_CONTINUE;
}

/*
 * Whether the kernel may send this message itself, so that the receiver sees the true sender (SCM_CREDENTIALS; the
 * zygote of Chromium is told from others by it). The danger of CONTINUE is that the descriptor is exchanged for an
 * internet socket meanwhile. Nobody can do that if the caller is the only user of its descriptor table: it has one
 * thread, which waits here, and no process of this block was ever made to share a table. What else could change is the
 * message in memory, and with a connected unix socket of these types there is no address in it that counts.
 */
static bool kernel_may_send(const struct call *c, const struct socket_facts *f) {
    return !ledger_on() && f->domain == AF_UNIX && (f->type == SOCK_STREAM || f->type == SOCK_SEQPACKET) &&
           !msg_tables_shared() && target_threads(call_tid(c)) == 1 && call_alive(c);
}

/* sendmsg(fd, message, flags) */
int64_t msg_sendmsg(struct call *c) {
    struct socket_facts f;
    struct wire_message w;
    int64_t result = prepare(c, &f, call_int(c, 2));
    if (result != 0)
        return result;
    if (!c->in_worker && kernel_may_send(c, &f))
        return CALL_CONTINUE;
    if (target_read(call_tid(c), call_arg(c, 1), &w, sizeof w) != 0)
        return -EFAULT;
    return send_message(c, &f, &w, call_int(c, 2), "sendmsg");
}

/* sendmmsg(fd, messages, count, flags): the messages before the first failure count. */
int64_t msg_sendmmsg(struct call *c) {
    struct socket_facts f;
    int64_t result = prepare(c, &f, call_int(c, 3));
    if (result != 0)
        return result;
    if (c->index == 0 && !c->in_worker && kernel_may_send(c, &f))
        return CALL_CONTINUE;
    unsigned count = (unsigned)call_int(c, 2);
    if (count > WIRE_IOV_MAXIMUM)
        count = WIRE_IOV_MAXIMUM; /* as the kernel does */
    while (c->index < count) {
        struct wire_mmessage w;
        uint64_t at = call_arg(c, 1) + (uint64_t)c->index * sizeof w;
        result = target_read(call_tid(c), at, &w, sizeof w) != 0 ? -EFAULT
                                                                 : send_message(c, &f, &w.header, call_int(c, 3), "sendmmsg");
        if (result == CALL_WORKER || result == CALL_DONE)
            return result;
        if (result < 0)
            return c->index > 0 ? (int64_t)c->index : result;
        uint32_t sent = (uint32_t)result;
        if (target_write(call_tid(c), at + sizeof w.header, &sent, sizeof sent) != 0)
            return c->index > 0 ? (int64_t)c->index : -EFAULT;
        c->index++;
        c->progress = 0;
        c->decided = c->connected = false;
        c->asked.length = 0;
        if (c->pinned >= 0) {
            close(c->pinned);
            c->pinned = -1;
        }
    }
    return (int64_t)c->index;
}
