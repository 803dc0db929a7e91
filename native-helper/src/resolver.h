/*
 * The resolver that queries of supervised processes are turned to: answers what the policy lets pass, by asking the
 * upstream servers, and binds the addresses of the answers to the name that was asked for.
 */
#ifndef HARDEN_RESOLVER_H
#define HARDEN_RESOLVER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Opens its sockets on loopback and starts its thread. 0, or -errno. Sets sup.resolver_port4 and 6. */
int resolver_start(void);

/* A socket of `image` asks from local port `port`. Needs the lock. */
void resolver_attribute(bool tcp, uint16_t port, uint32_t image, pid_t pid);

/*
 * An upstream server on this machine is known by its address and port alone, which the build can take as well: while
 * the server is not there, beside one that lets its port be shared (SO_REUSEADDR), or in its name from another address
 * of this machine (IP_PKTINFO). It would then choose the addresses of allowed names. So no socket of the block gets the
 * port of such a server, at whatever address. False if there is none, or the kernel does not give its port to the block.
 */
bool resolver_guarded(void);
/* Whether the socket is in our network and must not get the port. */
bool resolver_guards(int fd, uint16_t port);

#endif
