/* Addresses as the kernel reads them. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "sockaddr.h"

static enum address_result read_exact(const void *bytes, size_t length, int domain, enum address_use use, struct endpoint *e) {
    void *exact = malloc(length ? length : 1); /* the sanitizer sees a read behind it */
    memcpy(exact, bytes, length);
    enum address_result r = address_read(exact, length, domain, use, e);
    free(exact);
    return r;
}

void test_sockaddr(void) {
    struct endpoint e;
    char text[46];
    struct sockaddr_storage out;
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(443)};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons(444)};
    inet_pton(AF_INET, "192.0.2.7", &in.sin_addr);
    inet_pton(AF_INET6, "2001:db8::7", &in6.sin6_addr);

    CHECK(read_exact(&in, sizeof in, AF_INET, ADDRESS_CONNECT, &e) == ADDRESS_OK && e.v4 && e.port == 443, "v4");
    address_text(&e, text);
    CHECK(strcmp(text, "192.0.2.7") == 0, "%s", text);
    CHECK(read_exact(&in, sizeof in, AF_INET6, ADDRESS_SEND, &e) == ADDRESS_OK && e.v4, "v4 on an IPv6 socket");
    CHECK(read_exact(&in6, sizeof in6, AF_INET6, ADDRESS_CONNECT, &e) == ADDRESS_OK && !e.v4 && e.port == 444, "v6");
    address_text(&e, text);
    CHECK(strcmp(text, "2001:db8::7") == 0, "%s", text);
    CHECK(read_exact(&in6, sizeof in6, AF_INET, ADDRESS_CONNECT, &e) == ADDRESS_BAD_FAMILY, "v6 on an IPv4 socket");
    CHECK(read_exact(&in, sizeof in, AF_UNIX, ADDRESS_CONNECT, &e) == ADDRESS_BAD_FAMILY, "unix domain");
    for (size_t n = 0; n < sizeof in; n++)
        CHECK(read_exact(&in, n, AF_INET, ADDRESS_CONNECT, &e) == ADDRESS_TOO_SHORT, "v4 with %zu bytes", n);
    for (size_t n = 0; n < sizeof in6; n++)
        CHECK(read_exact(&in6, n, AF_INET6, ADDRESS_CONNECT, &e) == (n < 24 ? ADDRESS_TOO_SHORT : ADDRESS_OK), "v6 with %zu bytes", n);
    in.sin_family = AF_UNSPEC;
    CHECK(read_exact(&in, sizeof in, AF_INET, ADDRESS_CONNECT, &e) == ADDRESS_NONE, "connect AF_UNSPEC dissolves");
    CHECK(read_exact(&in, sizeof in, AF_INET, ADDRESS_SEND, &e) == ADDRESS_OK && e.port == 443, "IPv4 UDP sends to AF_UNSPEC");
    CHECK(read_exact(&in, sizeof in, AF_INET6, ADDRESS_SEND, &e) == ADDRESS_NONE, "IPv6 ignores AF_UNSPEC");
    in.sin_family = AF_INET;
    inet_pton(AF_INET6, "::ffff:127.0.0.1", &in6.sin6_addr);
    CHECK(read_exact(&in6, sizeof in6, AF_INET6, ADDRESS_CONNECT, &e) == ADDRESS_OK && e.v4 && address_is_loopback(&e), "mapped");
    CHECK(address_loopback(AF_INET6, &in6, sizeof in6, 5301, 5302, &out) == sizeof in6 &&
              ((struct sockaddr_in6 *)&out)->sin6_port == htons(5301) && IN6_IS_ADDR_V4MAPPED(&((struct sockaddr_in6 *)&out)->sin6_addr),
          "the resolver of a mapped address");
    inet_pton(AF_INET6, "64:ff9b::127.0.0.1", &in6.sin6_addr);
    CHECK(read_exact(&in6, sizeof in6, AF_INET6, ADDRESS_CONNECT, &e) == ADDRESS_OK && e.v4 && e.nat64 && !address_is_loopback(&e),
          "NAT64 is not loopback");
    CHECK(address_loopback(AF_INET6, &in6, sizeof in6, 5301, 5302, &out) == sizeof in6 &&
              ((struct sockaddr_in6 *)&out)->sin6_port == htons(5302), "the resolver of an IPv6 address");
    CHECK(address_loopback(AF_INET, &in, sizeof in, 5301, 5302, &out) == sizeof in &&
              ((struct sockaddr_in *)&out)->sin_port == htons(5301) && ((struct sockaddr_in *)&out)->sin_addr.s_addr == htonl(INADDR_LOOPBACK),
          "the resolver of an IPv4 address");
}
