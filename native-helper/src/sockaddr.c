#include "sockaddr.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>

#include "util.h"

#define SIN6_LENGTH_RFC2133 24 /* without the zone: the kernel accepts it */

static void set_v4(struct endpoint *e, const void *four) {
    memset(e->address, 0, 10);
    e->address[10] = e->address[11] = 0xff;
    memcpy(e->address + 12, four, 4);
    e->v4 = true;
}

static enum address_result read_v4(const unsigned char *bytes, size_t length, struct endpoint *out) {
    struct sockaddr_in in;
    if (length < sizeof in)
        return ADDRESS_TOO_SHORT;
    memcpy(&in, bytes, sizeof in);
    set_v4(out, &in.sin_addr);
    out->port = ntohs(in.sin_port);
    return ADDRESS_OK;
}

enum address_result address_read(const void *bytes, size_t length, int domain, enum address_use use, struct endpoint *out) {
    static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    static const unsigned char nat64[12] = {0x00, 0x64, 0xff, 0x9b};
    sa_family_t family;
    memset(out, 0, sizeof *out);
    if (length < sizeof family)
        return ADDRESS_TOO_SHORT;
    memcpy(&family, bytes, sizeof family);
    if (use == ADDRESS_CONNECT && family == AF_UNSPEC)
        return ADDRESS_NONE;
    if (domain == AF_INET) {
        if (family != AF_INET && family != AF_UNSPEC)
            return ADDRESS_BAD_FAMILY;
        return read_v4(bytes, length, out);
    }
    if (domain != AF_INET6)
        return ADDRESS_BAD_FAMILY;
    if (family == AF_UNSPEC)
        return ADDRESS_NONE;
    if (family == AF_INET)
        return read_v4(bytes, length, out);
    if (family != AF_INET6)
        return ADDRESS_BAD_FAMILY;
    if (length < SIN6_LENGTH_RFC2133)
        return ADDRESS_TOO_SHORT;
    const unsigned char *address = (const unsigned char *)bytes + offsetof(struct sockaddr_in6, sin6_addr);
    uint16_t port;
    memcpy(&port, (const unsigned char *)bytes + offsetof(struct sockaddr_in6, sin6_port), 2);
    out->port = ntohs(port);
    if (memcmp(address, mapped, 12) == 0 || memcmp(address, nat64, 12) == 0) {
        set_v4(out, address + 12);
        out->nat64 = address[1] == 0x64;
    } else {
        memcpy(out->address, address, 16);
    }
    return ADDRESS_OK;
}

static bool all_zero(const unsigned char *p, size_t n) {
    while (n > 0 && p[n - 1] == 0)
        n--;
    return n == 0;
}

bool address_is_loopback(const struct endpoint *e) {
    if (e->nat64)
        return false;
    if (e->v4)
        return e->address[12] == 127 || all_zero(e->address + 12, 4);
    return all_zero(e->address, 15) && e->address[15] <= 1;
}

void address_zero_is_loopback(const struct endpoint *e, struct sockaddr_storage *address) {
    static const unsigned char loopback[4] = {127, 0, 0, 1};
    if (e->v4 && !e->nat64 && all_zero(e->address + 12, 4))
        memcpy((unsigned char *)address + (address->ss_family == AF_INET6 ? offsetof(struct sockaddr_in6, sin6_addr) + 12
                                                                          : offsetof(struct sockaddr_in, sin_addr)), loopback, 4);
}

/* Where clouds hand out credentials of the machine, beside the link-local addresses; the same table stands in the
 * engine's SpecialAddresses. fd00:ec2::/32 is Amazon's for such services: metadata at ::254, credentials of pods at ::23. */
static const struct {
    unsigned char address[16];
    unsigned char bytes; /* that count */
} metadata6[] = {
    {{0xfd, 0x00, 0x0e, 0xc2}, 4},
    {{0xfd, 0x20, 0x00, 0xce, [14] = 0x02, [15] = 0x54}, 16},                            /* Google */
    {{0xfd, 0x00, 0x00, 0xc1, [12] = 0xa9, [13] = 0xfe, [14] = 0xa9, [15] = 0xfe}, 16},  /* Oracle */
    {{0xfd, 0x00, 0x01, 0x00, [12] = 0x01, [13] = 0x00, [14] = 0x02, [15] = 0x00}, 16},  /* Alibaba */
    {{0xfd, 0x00, 0x00, 0x42, [15] = 0x42}, 16},                                         /* Scaleway */
    {{0xfd, 0x00, 0xa9, 0xfe, 0xa9, 0xfe, [15] = 0x01}, 16},                             /* Akamai */
};
static const unsigned char metadata4[][4] = {{168, 63, 129, 16}, {100, 100, 100, 200}, {192, 0, 0, 192}}; /* Azure, Alibaba, Oracle */

bool address_is_special(const struct endpoint *e) {
    const unsigned char *a = e->address;
    if (e->v4) {
        a += 12;
        for (size_t i = 0; i < ARRAY_LENGTH(metadata4); i++)
            if (memcmp(a, metadata4[i], 4) == 0)
                return true;
        return (a[0] == 169 && a[1] == 254) || (a[0] >= 224 && a[0] <= 239) ||
               (a[0] == 255 && a[1] == 255 && a[2] == 255 && a[3] == 255);
    }
    for (size_t i = 0; i < ARRAY_LENGTH(metadata6); i++)
        if (memcmp(a, metadata6[i].address, metadata6[i].bytes) == 0)
            return true;
    return (a[0] == 0xfe && (a[1] & 0xc0) == 0x80) || a[0] == 0xff;
}

void address_text(const struct endpoint *e, char text[46]) {
    if (e->v4) { /* the usual case, without the C library's printf */
        char *at = text;
        for (int i = 12; i < 16; i++) {
            unsigned v = e->address[i];
            if (v > 99)
                *at++ = (char)('0' + v / 100);
            if (v > 9)
                *at++ = (char)('0' + v / 10 % 10);
            *at++ = (char)('0' + v % 10);
            *at++ = i < 15 ? '.' : '\0';
        }
        return;
    }
    if (inet_ntop(AF_INET6, e->address, text, 46) == NULL)
        text[0] = '\0';
}

socklen_t address_loopback(int domain, const void *original, size_t length, uint16_t port4, uint16_t port6,
                           struct sockaddr_storage *out) {
    sa_family_t family = AF_UNSPEC;
    if (length >= sizeof family)
        memcpy(&family, original, sizeof family);
    memset(out, 0, sizeof *out);
    if (domain == AF_INET || family == AF_INET) {
        struct sockaddr_in *in = (struct sockaddr_in *)out;
        in->sin_family = AF_INET;
        in->sin_port = htons(port4);
        in->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        return sizeof *in;
    }
    struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)out;
    struct endpoint e;
    in6->sin6_family = AF_INET6;
    bool mapped = address_read(original, length, domain, ADDRESS_CONNECT, &e) == ADDRESS_OK && e.v4 && !e.nat64;
    if (mapped) {
        in6->sin6_port = htons(port4);
        in6->sin6_addr = (struct in6_addr){.s6_addr = {[10] = 0xff, [11] = 0xff, [12] = 127, [15] = 1}};
    } else {
        in6->sin6_port = htons(port6);
        in6->sin6_addr = in6addr_loopback;
    }
    return sizeof *in6;
}
