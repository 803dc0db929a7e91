/*
 * How a program's socket is connected to the relay without a port that others could connect to, and without pretending
 * that a connection exists before it does. For each connection there is a listener on loopback whose queue is full: the
 * program's SYN is dropped, and its socket waits in SYN_SENT, exactly as towards a slow server. When the upstream
 * connection stands, the relay connects from the listener's port to the program's, and the two attempts meet
 * (simultaneous open, RFC 9293 section 3.5).
 *
 * The listener's port is nobody else's: its sockets are bound without SO_REUSEPORT, and a listening socket keeps others
 * from binding even with SO_REUSEADDR. (A socket filter that drops everything would need CAP_NET_ADMIN on recent kernels.)
 */
#ifndef HARDEN_MEETING_H
#define HARDEN_MEETING_H

#include <stdbool.h>
#include <stdint.h>

struct meeting {
    int listener, filler; /* keep the port silent */
    int end;              /* the relay's end, bound to the same port, not connected yet */
};

/* Opens one on 127.0.0.1 or ::1. The port, or 0. */
uint16_t meeting_open(bool v4, struct meeting *out);

/* Closes what keeps the port silent; `end` belongs to the caller. */
void meeting_over(struct meeting *m);

#endif
