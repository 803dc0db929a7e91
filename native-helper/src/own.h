/*
 * Sockets that belong to this block, for `loopback own` and for abstract unix sockets. The truth is the kernel's: the
 * listening socket's inode, and that a descendant of the supervisor holds it. Needs the supervisor's lock.
 */
#ifndef HARDEN_OWN_H
#define HARDEN_OWN_H

#include <stdbool.h>
#include <stdint.h>

#include "decide.h"

/* A socket of the block has been handled; sparing the search through /proc later. */
void own_register(uint64_t inode);

/* True if a supervised process holds the socket: of this block, or under another helper. */
bool own_socket(uint64_t inode);
/* True if the process is one of those. */
bool own_process(pid_t pid);

/* True if something listens (UDP: is bound) at the loopback destination and all that could receive there are the
 * block's own sockets. */
bool own_listener(enum protocol protocol, const struct endpoint *e);

/* As above for an abstract unix name (without the leading NUL). *found tells whether anything is bound to the name. */
bool own_abstract(const char *name, size_t length, bool *found);

#endif
