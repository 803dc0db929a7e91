/* What the network handlers share. */
#ifndef HARDEN_NET_H
#define HARDEN_NET_H

#include "call.h"

/* Facts of a socket, read from the duplicate itself and not from what the caller says. */
struct socket_facts {
    int domain, type, protocol;
    bool nonblocking;
    int flags; /* of the open file description */
};
/* 0, or the -errno for the caller (ENOTSOCK). */
int net_facts(int fd, struct socket_facts *out);

/* TCP or UDP; false for protocols that this helper does not mediate. */
bool net_protocol(const struct socket_facts *f, enum protocol *out);

/*
 * Judges an address of an IPv4 or IPv6 socket that stands in c->address, records it, and replaces it by the resolver
 * when it is a DNS server. 0: go on with c->address; otherwise the result for the caller. *none is set when the
 * kernel will ignore the address.
 */
int64_t net_judge(struct call *c, const struct socket_facts *f, enum address_use use, const char *op, bool *none);

/* True for the loopback address and port that a socket was turned to. */
bool net_is_ours(const struct sockaddr_storage *address, uint16_t via);

bool net_to_loopback(const struct call *c); /* c->address */

/* If c->address is the resolver: gives the socket a local port and remembers who asks from it. */
void net_prepare_resolver(struct call *c, const struct socket_facts *f);

/* connect(c->fd, c->address) as the caller would see it. */
int64_t net_perform_connect(struct call *c, const struct socket_facts *f);

/* unixsock.c: judges and pins the destination of a unix socket in c->address. 0, or the result for the caller. */
int64_t unix_judge(struct call *c, const struct socket_facts *f, const char *op);
/* After connecting: ends the connection if the peer turns out to be outside. 0 or -errno. */
int unix_verify_peer(struct call *c);

/* bind of a unix socket, whose duplicate is in c->fd. */
int64_t unix_bind(struct call *c);
/* Makes the policy's paths canonical. */
void unix_start(struct policy *p);

#endif
