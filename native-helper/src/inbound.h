/*
 * Connections from outside to what the block listens on. Nobody is asked for anything and no call of the build is slowed
 * down: the kernel tells when a TCP connection has ended (sock_diag's notifications, Linux 4.4, no privilege needed), and
 * what is still open when a listener or the block ends is in its table. This costs a message for each connection that ends
 * in the network namespace while the block listens on an address that others can reach, and nothing otherwise.
 */
#ifndef HARDEN_INBOUND_H
#define HARDEN_INBOUND_H

#include "call.h"
#include "sockaddr.h"

/* The caller listens on `fd`, bound to `local`. Needs the supervisor's lock. */
void inbound_listener(const struct call *c, int fd, const struct endpoint *local);

/* Records what has not been told yet. Needs the supervisor's lock; no supervised process is left. */
void inbound_end(void);

#endif
