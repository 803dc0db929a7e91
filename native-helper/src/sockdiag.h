/* What the kernel's sock_diag tells of sockets: one question, many answers. */
#ifndef HARDEN_SOCKDIAG_H
#define HARDEN_SOCKDIAG_H

#include <linux/netlink.h>
#include <stdbool.h>
#include <stddef.h>

#define SOCKDIAG_ALIGNED(n) (((size_t)(n) + 3) & ~(size_t)3) /* as NLMSG_ALIGN and NLA_ALIGN, without their signed masks */
#define SOCKDIAG_LISTEN 10U                                  /* a state, as for TCP */

/*
 * Sends a dump question, a header with a request behind it, and gives each answer to `each` until that returns false.
 * The header is filled in here; `size` is that of both. True if all answers came that there were, or as many as were
 * wanted.
 */
bool sockdiag_dump(struct nlmsghdr *question, size_t size, bool (*each)(const struct nlmsghdr *answer, void *context), void *context);

#endif
