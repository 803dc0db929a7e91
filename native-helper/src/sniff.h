/*
 * The name that a client says it wants, from the first bytes of its connection: SNI of a TLS ClientHello (RFC 8446,
 * RFC 6066), or authority of an HTTP/1 request (RFC 9112). Pure; the bytes are hostile.
 */
#ifndef HARDEN_SNIFF_H
#define HARDEN_SNIFF_H

#include <stddef.h>

#define SNIFF_MAX 16384U /* a client that has not named its host by then will not */
#define SNIFF_NAME 256U

enum sniff_result {
    SNIFF_MORE,    /* not complete yet */
    SNIFF_TLS,     /* `names` are set; count 0: a ClientHello without a name */
    SNIFF_HTTP,    /* `names` are set: the Host field, and the request target's authority if it has one */
    SNIFF_UNKNOWN, /* neither, or not well-formed */
};

struct sniff {
    unsigned count;
    char names[2][SNIFF_NAME]; /* lower case, without port and final dot; bytes that a host name cannot have make UNKNOWN */
};

/* `length` bytes have come so far. With SNIFF_MAX bytes or more the result is never SNIFF_MORE. */
enum sniff_result sniff(const unsigned char *bytes, size_t length, struct sniff *out);

#endif
