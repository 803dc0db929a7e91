/*
 * Connections to port 443 or 80 that a rule by name allows (policy line `sni check`): the address may serve other names
 * as well, so the name that the client states in its first bytes is judged too, before any of them leaves. Such a
 * connection runs through this process; every other one stays the program's own.
 */
#ifndef HARDEN_RELAY_H
#define HARDEN_RELAY_H

#include "net.h"

/* Opens the sockets and starts the thread. 0 or -errno. */
int relay_start(void);

/* Connects c->fd through the relay to c->address. The result is what connect() would have returned. */
int64_t relay_connect(struct call *c, const struct socket_facts *f);

#endif
