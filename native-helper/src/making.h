/* socket() and socketpair() where the supervisor makes the sockets: see ledger.h. */
#ifndef HARDEN_MAKING_H
#define HARDEN_MAKING_H

#include "call.h"

/* True if pidfd_getfd is refused to this process, whatever the other one. */
bool making_needed(void);

/* socket(family, type, protocol) of an allowed kind. */
int64_t making_socket(struct call *c);
/* socketpair() of datagram sockets, which could be sent elsewhere than to each other. */
int64_t making_pair(struct call *c);

#endif
