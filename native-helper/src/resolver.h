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

#endif
