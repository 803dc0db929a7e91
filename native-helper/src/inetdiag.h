/* The TCP sockets that listen, asked of the kernel (sock_diag). /proc/net/tcp walks the table of all connections for them,
 * which takes a millisecond and more however few there are. */
#ifndef HARDEN_INETDIAG_H
#define HARDEN_INETDIAG_H

#include <stdbool.h>
#include <stdint.h>

/* Calls `each` for the listening sockets of a family (AF_INET, AF_INET6) on a port, until it returns false. The address is
 * in canonical form. False if the kernel does not tell all of them. */
bool inet_listeners(int family, uint16_t port, bool (*each)(const unsigned char address[16], uint64_t inode, void *context),
                    void *context);

#endif
