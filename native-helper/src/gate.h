/*
 * Sends that the kernel performs itself, on sockets of which there is no copy (ledger.h): connected ones, with no address
 * in the message that counts.
 *
 * The attack: between our answer and the kernel's look at the descriptor, another thread exchanges it for a datagram
 * socket, and the message, whose address nobody has judged, goes out. Nothing can hold the descriptor still, so the kernel
 * sends only where the caller's table cannot come to hold a datagram socket before it has: there is none in it, none comes
 * by another socket (descriptors of datagram sockets are not passed on), and none is made for the process until the send is
 * known to be over.
 */
#ifndef HARDEN_GATE_H
#define HARDEN_GATE_H

#include "call.h"

/* sendto, sendmsg or sendmmsg on a connected socket: lets the kernel perform it, waits, or refuses. */
int64_t gate_send(struct call *c, int flags);

/* A datagram socket is about to be given to the caller: waits until no send of its process is under way. 0: then no send
 * is let through until gate_given(); otherwise the result for the caller. */
int64_t gate_take(struct call *c);
void gate_given(void);

/* The caller's process starts a program, and has closed what it does not hand on. */
void gate_started(const struct call *c);

/* The thread makes another call, so its last send is over. */
void gate_seen(pid_t tid);

#endif
