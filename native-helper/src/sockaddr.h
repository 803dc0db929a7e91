/*
 * Socket addresses as the kernel will read them. Pure; the input is hostile.
 */
#ifndef HARDEN_SOCKADDR_H
#define HARDEN_SOCKADDR_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

struct endpoint {
    unsigned char address[16]; /* canonical: IPv4, v4-mapped and NAT64 as ::ffff:a.b.c.d */
    bool v4;
    bool nat64; /* the packet goes to a translator on the network, even when it embeds a loopback address */
    uint16_t port;
};

enum address_use { ADDRESS_CONNECT, ADDRESS_SEND };
enum address_result {
    ADDRESS_OK,
    ADDRESS_NONE,       /* the kernel ignores it, or it dissolves a connection: no destination */
    ADDRESS_BAD_FAMILY, /* EAFNOSUPPORT */
    ADDRESS_TOO_SHORT,  /* EINVAL */
};

/*
 * What a socket of `domain` (AF_INET, AF_INET6) makes of the address, following the kernel's own rules where they are
 * surprising: an IPv4 UDP socket sends to AF_UNSPEC as if it were AF_INET; an IPv6 one ignores such an address; an
 * IPv6 datagram socket accepts AF_INET; connect with AF_UNSPEC dissolves the connection.
 */
enum address_result address_read(const void *bytes, size_t length, int domain, enum address_use use, struct endpoint *out);

bool address_is_loopback(const struct endpoint *e); /* 127.0.0.0/8, ::1, 0.0.0.0, :: */
/* Where `e` is 0.0.0.0, also IPv4-mapped, writes 127.0.0.1 into the address that it was read from. */
void address_zero_is_loopback(const struct endpoint *e, struct sockaddr_storage *address);
bool address_is_special(const struct endpoint *e);  /* link-local, multicast, cloud metadata */

/* Text form: "192.0.2.1" or "2001:db8::1"; `text` holds at least 46 bytes. */
void address_text(const struct endpoint *e, char text[46]);

/* Writes 127.0.0.1 or ::1 (for an IPv6 socket that was given an IPv4 or mapped address: ::ffff:127.0.0.1) with `port`
 * in the shape that `domain` and the original address call for. Returns the length. */
socklen_t address_loopback(int domain, const void *original, size_t length, uint16_t port4, uint16_t port6,
                           struct sockaddr_storage *out);

#endif
