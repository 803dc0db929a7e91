/*
 * Sockets that the supervisor has connected or sent elsewhere than the program asked: to its resolver or relay. The program
 * must see the peer that it asked for, or it takes the answer for a forgery (musl, c-ares, dig). Keyed by the socket's
 * cookie, which the kernel never gives twice, so that an entry left behind can match no other socket.
 */
#ifndef HARDEN_REDIRECT_H
#define HARDEN_REDIRECT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#define REDIRECT_ANY 0x10000U  /* beside the 16-bit DNS identifiers: the peer of a connection */
#define REDIRECT_ADDRESS 28U   /* sizeof(struct sockaddr_in6) */

struct redirect_address {
    unsigned char bytes[REDIRECT_ADDRESS];
    socklen_t length; /* 0: none */
    uint16_t via;     /* the supervisor's port on loopback that the socket really speaks to */
};

/* Remembers that messages with this identifier were meant for `peer`. The least recently used entries are forgotten
 * when the table is full; such a socket then shows the supervisor's address. */
void redirect_note(int fd, uint32_t id, const struct redirect_address *peer);

/* True as long as nothing was ever noted: then no socket needs to be looked at. */
bool redirect_none(void);

/* The peer that a message with this identifier was meant for: else the one of the connection, else the last one that
 * the socket sent to. False if the socket is not known. */
bool redirect_find(int fd, uint32_t id, struct redirect_address *peer);
/* The same for a socket of which only the cookie is known. */
bool redirect_find_cookie(uint64_t cookie, uint32_t id, struct redirect_address *peer);

#endif
