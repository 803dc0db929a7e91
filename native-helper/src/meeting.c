#include "meeting.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int shared_port_socket(int family, int flags) {
    int one = 1, fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);
    if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

void meeting_over(struct meeting *m) {
    if (m->listener >= 0)
        close(m->listener);
    if (m->filler >= 0)
        close(m->filler);
    m->listener = m->filler = -1;
}

uint16_t meeting_open(bool v4, struct meeting *out) {
    struct sockaddr_in four = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    struct sockaddr *address = v4 ? (struct sockaddr *)&four : (struct sockaddr *)&six;
    socklen_t n = v4 ? sizeof four : sizeof six;
    int family = address->sa_family, one = 1;
    out->listener = shared_port_socket(family, 0);
    out->end = shared_port_socket(family, SOCK_NONBLOCK);
    out->filler = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    /* The end is bound before the port is listened on; afterwards nobody could. One connection fits into the queue of a
     * backlog of 0, so that one fills it; on loopback it stands at once. */
    if (out->listener >= 0 && out->end >= 0 && out->filler >= 0 && bind(out->listener, address, n) == 0 &&
        getsockname(out->listener, address, &n) == 0 && bind(out->end, address, n) == 0 && listen(out->listener, 0) == 0 &&
        setsockopt(out->end, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one) == 0 && connect(out->filler, address, n) == 0)
        return ntohs(v4 ? four.sin_port : six.sin6_port);
    meeting_over(out);
    if (out->end >= 0)
        close(out->end);
    out->end = -1;
    return 0;
}
