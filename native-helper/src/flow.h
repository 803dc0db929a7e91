/* One direction of a relayed connection: bytes that were received and could not be sent yet, and how it ends. */
#ifndef HARDEN_FLOW_H
#define HARDEN_FLOW_H

#include <stdbool.h>
#include <stddef.h>

struct flow {
    unsigned char *held; /* malloc'ed, or NULL */
    size_t at, length;
    bool ended;          /* the sender has sent its last byte */
    bool closed;         /* and the receiver was told */
};

/* Takes over malloc'ed bytes to be sent first. */
void flow_hold(struct flow *f, unsigned char *bytes, size_t length);

/* Moves bytes between two non-blocking sockets until one of them would block, a quarter of a megabyte at most so that
 * others get their turn. 0, or -errno when the connection is broken. */
int flow_run(struct flow *f, int from, int to);

static inline bool flow_wants_input(const struct flow *f) { return f->held == NULL && !f->ended; }
static inline bool flow_wants_output(const struct flow *f) { return f->held != NULL; }
static inline bool flow_done(const struct flow *f) { return f->closed; }
void flow_free(struct flow *f);

#endif
