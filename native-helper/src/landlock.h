/* The Landlock domains of the command and, with `files block`, of the supervisor. */
#ifndef HARDEN_LANDLOCK_H
#define HARDEN_LANDLOCK_H

#include "policy.h"

/* The ABI version of the kernel, 0 if Landlock is not available. */
int landlock_abi(void);

/*
 * Restricts the calling process for good. Always a domain: even an empty one keeps its members from tracing, reading
 * and signalling (ABI 6) what is outside, above all the supervisor and the agent. With `files block`, writing is
 * refused outside the policy's trees and `extra` (a directory, or NULL). `scoped` also keeps signals and abstract
 * sockets inside. 0, or -errno.
 */
int landlock_restrict(int abi, const struct policy *policy, const char *extra, bool scoped);

#endif
