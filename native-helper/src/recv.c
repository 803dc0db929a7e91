/*
 * recvfrom with a source address, recvmsg, and getpeername: on a socket that was turned to the resolver the answer's
 * source is shown as the server that was asked. Nothing is decided here. A call on any other socket goes on in the
 * kernel; on one of these sockets the supervisor receives for the caller, on a duplicate of the socket, because the
 * kernel would write the true source over whatever was prepared.
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ledger.h"
#include "net.h"
#include "redirect.h"
#include "target.h"
#include "wire.h"

#define DATAGRAM_ROOM 65536U /* no datagram is longer */
#define CONTROL_ROOM 4096U

struct incoming {
    struct wire_message header; /* ours: points to the members below */
    struct wire_iovec piece;
    struct sockaddr_storage from;
    int flags;
    unsigned char control[CONTROL_ROOM], *data;
};

static int64_t do_receive(struct call *c, void *argument) {
    struct incoming *in = argument;
    in->header.name_length = sizeof in->from;
    long n = syscall(SYS_recvmsg, c->fd, &in->header, in->flags);
    return n >= 0 ? n : -errno;
}

/* Takes the caller's socket. CALL_CONTINUE unless it is one of those that were turned elsewhere. */
static int64_t select_socket(struct call *c, struct redirect_address *peer) {
    if (redirect_none())
        return CALL_CONTINUE;
    if (c->fd < 0 && (c->fd = target_descriptor(call_tid(c), call_int(c, 0))) < 0)
        /* The kernel says why, or receives: nothing rests on it. Of a connection that was made here no copy is left. */
        return c->fd == -EISCONN && redirect_find_cookie(ledger_cookie(call_tid(c), call_int(c, 0)), REDIRECT_ANY, peer)
                   ? 0 : CALL_CONTINUE;
    return redirect_find(c->fd, REDIRECT_ANY, peer) ? 0 : CALL_CONTINUE;
}

/* Receives one datagram into `in`; the source is repaired. Its full length, or another handler result. */
static int64_t receive(struct call *c, struct incoming *in, int flags, size_t control_room) {
    struct socket_facts f;
    int rc = net_facts(c->fd, &f);
    if (rc != 0)
        return rc;
    bool wait = !f.nonblocking && !(flags & MSG_DONTWAIT);
    in->piece = (struct wire_iovec){(uint64_t)(uintptr_t)in->data, DATAGRAM_ROOM};
    in->header = (struct wire_message){.name = (uint64_t)(uintptr_t)&in->from, .iov = (uint64_t)(uintptr_t)&in->piece,
                                       .iov_count = 1, .control = (uint64_t)(uintptr_t)in->control,
                                       .control_length = control_room};
    in->flags = flags | MSG_DONTWAIT | MSG_TRUNC;
    int64_t n = do_receive(c, in);
    if (n == -EAGAIN && wait) {
        if (!c->in_worker)
            return CALL_WORKER;
        in->flags &= ~MSG_DONTWAIT;
        n = call_blocking(c, do_receive, in);
    }
    if (n < 0)
        return n;
    struct redirect_address peer;
    uint32_t id = n >= 2 ? (uint32_t)(in->data[0] << 8 | in->data[1]) : REDIRECT_ANY;
    if (redirect_find(c->fd, id, &peer) && net_is_ours(&in->from, peer.via)) {
        memset(&in->from, 0, sizeof in->from);
        memcpy(&in->from, peer.bytes, peer.length);
        in->header.name_length = (uint32_t)peer.length;
    }
    /* The caller waits in the kernel, so the memory is still its own; only SIGKILL could have taken it away. */
    return call_alive(c) ? n : CALL_DONE;
}

/* As the kernel's move_addr_to_user: the address cut to the caller's room, and its full length. */
static int put_address(const struct call *c, const void *address, uint32_t length, uint64_t at, uint64_t length_at) {
    int32_t room;
    if (target_read(call_tid(c), length_at, &room, sizeof room) != 0)
        return -EFAULT;
    if (room < 0)
        return -EINVAL;
    size_t n = (size_t)room < length ? (size_t)room : length;
    if (n > 0 && target_write(call_tid(c), at, address, n) != 0)
        return -EFAULT;
    return target_write(call_tid(c), length_at, &length, sizeof length) != 0 ? -EFAULT : 0;
}

static bool datagram(int fd) {
    struct socket_facts f;
    return net_facts(fd, &f) == 0 && f.type == SOCK_DGRAM;
}

static struct incoming *incoming_new(void) {
    struct incoming *in = calloc(1, sizeof *in);
    if (in != NULL && (in->data = malloc(DATAGRAM_ROOM)) == NULL) {
        free(in);
        in = NULL;
    }
    return in;
}

static void incoming_free(struct incoming *in) {
    free(in->data);
    free(in);
}

/* recvfrom(fd, buffer, length, flags, address, address length) */
int64_t recv_from(struct call *c) {
    struct redirect_address peer;
    int flags = call_int(c, 3);
    int64_t result = select_socket(c, &peer);
    if (result != 0)
        return result;
    if ((flags & MSG_ERRQUEUE) || c->fd < 0 || !datagram(c->fd))
        return CALL_CONTINUE;
    struct incoming *in = incoming_new();
    if (in == NULL)
        return -ENOBUFS;
    int64_t n = receive(c, in, flags, 0);
    if (n >= 0) {
        size_t room = (size_t)call_arg(c, 2), have = (size_t)n < room ? (size_t)n : room;
        result = flags & MSG_TRUNC ? n : (int64_t)have;
        if (have > 0 && target_write(call_tid(c), call_arg(c, 1), in->data, have) != 0)
            result = -EFAULT;
        else if (call_arg(c, 4) != 0) {
            int rc = put_address(c, &in->from, in->header.name_length, call_arg(c, 4), call_arg(c, 5));
            if (rc != 0)
                result = rc;
        }
    } else {
        result = n;
    }
    incoming_free(in);
    return result;
}

/* Spreads the datagram over the caller's pieces. Bytes placed, or -errno. */
static int64_t scatter(const struct call *c, const struct wire_message *w, const unsigned char *data, size_t length) {
    size_t done = 0;
    for (uint64_t i = 0; i < w->iov_count && done < length; i++) {
        struct wire_iovec piece;
        if (target_read(call_tid(c), w->iov + i * sizeof piece, &piece, sizeof piece) != 0)
            return -EFAULT;
        size_t n = piece.length < length - done ? (size_t)piece.length : length - done;
        if (n > 0 && target_write(call_tid(c), piece.base, data + done, n) != 0)
            return -EFAULT;
        done += n;
    }
    return (int64_t)done;
}

/* recvmsg(fd, message, flags) */
int64_t recv_msg(struct call *c) {
    struct redirect_address peer;
    struct wire_message w;
    int flags = call_int(c, 2);
    int64_t result = select_socket(c, &peer);
    if (result != 0)
        return result;
    if ((flags & MSG_ERRQUEUE) || c->fd < 0 || !datagram(c->fd))
        return CALL_CONTINUE;
    if (target_read(call_tid(c), call_arg(c, 1), &w, sizeof w) != 0)
        return -EFAULT;
    if (w.iov_count > WIRE_IOV_MAXIMUM)
        return -EMSGSIZE;
    struct incoming *in = incoming_new();
    if (in == NULL)
        return -ENOBUFS;
    size_t control = w.control == 0 ? 0 : w.control_length < CONTROL_ROOM ? (size_t)w.control_length : CONTROL_ROOM;
    int64_t n = receive(c, in, flags, control);
    if (n < 0) {
        incoming_free(in);
        return n;
    }
    result = scatter(c, &w, in->data, (size_t)n);
    uint32_t out_flags = in->header.flags & ~(uint32_t)MSG_TRUNC;
    if (result >= 0 && result < n)
        out_flags |= MSG_TRUNC;
    if (result >= 0 && (flags & MSG_TRUNC))
        result = n;
    if (result >= 0 && w.name != 0 && w.name_length > 0) {
        size_t length = in->header.name_length < w.name_length ? in->header.name_length : w.name_length;
        if (target_write(call_tid(c), w.name, &in->from, length) != 0)
            result = -EFAULT;
    }
    size_t control_used = (size_t)in->header.control_length;
    if (result >= 0 && control_used > 0 && target_write(call_tid(c), w.control, in->control, control_used) != 0)
        result = -EFAULT;
    if (w.name != 0)
        w.name_length = in->header.name_length;
    w.control_length = control_used;
    w.flags = out_flags;
    /* The kernel writes these three members only; the rest of the header is as it was read. */
    if (result >= 0 && target_write(call_tid(c), call_arg(c, 1), &w, sizeof w) != 0)
        result = -EFAULT;
    incoming_free(in);
    return result;
}

/* getpeername(fd, address, length) */
int64_t net_getpeername(struct call *c) {
    struct redirect_address peer;
    struct sockaddr_storage now = {0};
    socklen_t n = sizeof now;
    int64_t result = select_socket(c, &peer);
    if (result != 0)
        return result;
    /* It may have been connected elsewhere since; not without a copy. */
    if (c->fd >= 0 && getpeername(c->fd, (struct sockaddr *)&now, &n) != 0)
        return -errno;
    if (c->fd >= 0 && !net_is_ours(&now, peer.via))
        return CALL_CONTINUE;
    return call_alive(c) ? put_address(c, peer.bytes, (uint32_t)peer.length, call_arg(c, 1), call_arg(c, 2)) : CALL_DONE;
}
