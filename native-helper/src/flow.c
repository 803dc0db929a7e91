#include "flow.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define PIECE 65536U
#define PIECES 4

static unsigned char buffer[PIECE]; /* of the relay's one thread */

void flow_hold(struct flow *f, unsigned char *bytes, size_t length) {
    f->held = bytes;
    f->at = 0;
    f->length = length;
}

void flow_free(struct flow *f) {
    free(f->held);
    f->held = NULL;
}

/* Sends what it can. Bytes sent (0: would block), or -errno. */
static ssize_t push(int to, const unsigned char *bytes, size_t length) {
    size_t done = 0;
    while (done < length) {
        ssize_t n = send(to, bytes + done, length - done, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return errno == EAGAIN ? (ssize_t)done : -errno;
        done += (size_t)n;
    }
    return (ssize_t)done;
}

int flow_run(struct flow *f, int from, int to) {
    if (f->held != NULL) {
        ssize_t n = push(to, f->held + f->at, f->length - f->at);
        if (n < 0)
            return (int)n;
        f->at += (size_t)n;
        if (f->at < f->length)
            return 0;
        flow_free(f);
    }
    for (int i = 0; i < PIECES && !f->ended; i++) {
        ssize_t got = recv(from, buffer, sizeof buffer, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return errno == EAGAIN ? 0 : -errno;
        if (got == 0) {
            f->ended = true;
            break;
        }
        ssize_t n = push(to, buffer, (size_t)got);
        if (n < 0)
            return (int)n;
        if (n < got) {
            unsigned char *rest = malloc((size_t)(got - n));
            if (rest == NULL)
                return -ENOMEM;
            memcpy(rest, buffer + n, (size_t)(got - n));
            flow_hold(f, rest, (size_t)(got - n));
            return 0;
        }
    }
    if (f->ended && !f->closed) {
        f->closed = true;
        if (shutdown(to, SHUT_WR) != 0 && errno != ENOTCONN)
            return -errno;
    }
    return 0;
}
