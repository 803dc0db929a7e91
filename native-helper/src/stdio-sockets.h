/*
 * Sockets that the command would inherit as standard input, output or error: made before the block, and therefore never
 * decided about. (Descriptors above those are closed by main.)
 */
#ifndef HARDEN_STDIO_SOCKETS_H
#define HARDEN_STDIO_SOCKETS_H

#include <sys/types.h>

#include "policy.h"

/*
 * Looks at descriptors 0 to 2 of this process before the command is forked. A connection is judged by its peer's address,
 * as if it were made now; one that may not be used is replaced by /dev/null, as is a socket of another kind than TCP, UDP
 * and unix. 0, or -errno.
 */
int stdio_sockets_judge(const struct policy *p);

/* Where sockets are made and not copied (ledger.h): puts those that can be sent elsewhere into the ledger, as the command's. */
void stdio_sockets_keep(pid_t command);

/* Records what the first one found, for this image; once. Needs the lock. */
void stdio_sockets_record(uint32_t image);

#endif
