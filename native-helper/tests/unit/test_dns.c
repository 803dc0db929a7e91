/* DNS messages: a good query and answer, and every truncation of them in memory of exactly that size. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "dns.h"

static const unsigned char query[] = "\x12\x34\x01\x00\0\1\0\0\0\0\0\0\4GOOD\4test\0\0\1\0\1";
/* good.test CNAME a.test; a.test A 192.0.2.9; other.test A 192.0.2.10 (not an answer to the question) */
static const unsigned char answer[] =
    "\x77\x77\x81\x80\0\1\0\3\0\0\0\0\4good\4test\0\0\1\0\1"
    "\xc0\x0c\0\5\0\1\0\0\0\x3c\0\4\1a\xc0\x11"
    "\1a\xc0\x11\0\1\0\1\0\0\1\0\0\4\xc0\0\2\x09"
    "\5other\xc0\x11\0\1\0\1\0\0\1\0\0\4\xc0\0\2\x0a";

void test_dns(void) {
    struct dns_query q, other;
    struct dns_answer a;
    unsigned char out[1024];
    CHECK(dns_parse_query(query, sizeof query - 1, &q) == DNS_NOERROR && strcmp(q.name, "good.test") == 0 && q.plain && q.type == 1,
          "query %s", q.name);
    size_t built = dns_build_query(&q, 1, out, sizeof out);
    CHECK(built == sizeof query - 1 && memcmp(out + 12, "\4good\4test", 11) == 0, "capitals leave");
    dns_restore_case(out, built, &q);
    CHECK(memcmp(out + 12, "\4GOOD\4test", 11) == 0, "the client's spelling");
    out[13] = 'x';
    dns_restore_case(out, built, &q);
    CHECK(out[14] == 'O' && out[13] == 'x', "another name");
    bool ok = dns_parse_response(answer, sizeof answer - 1, &q, 0x7777, &a);
    CHECK(ok && a.count == 1 && a.addresses[0].ttl == 60 && a.addresses[0].address[15] == 9, "count %u", a.count);
    CHECK(!dns_parse_response(answer, sizeof answer - 1, &q, 0x7778, &a), "a wrong identifier is accepted");
    for (size_t n = 0; n < sizeof query - 1; n++) {
        unsigned char *exact = malloc(n ? n : 1);
        memcpy(exact, query, n);
        CHECK(dns_parse_query(exact, n, &other) != DNS_NOERROR, "query of %zu bytes", n);
        free(exact);
    }
    for (size_t n = 0; n < sizeof answer - 1; n++) {
        unsigned char *exact = malloc(n ? n : 1);
        memcpy(exact, answer, n);
        (void)dns_parse_response(exact, n, &q, 0x7777, &a);
        CHECK(a.count <= 1, "answer of %zu bytes", n);
        free(exact);
    }
    size_t n = dns_build_query(&q, 7, out, sizeof out);
    CHECK(dns_parse_query(out, n, &other) == DNS_NOERROR && other.id == 7 && strcmp(other.name, "good.test") == 0, "built query");
    n = dns_build_reply(&q, DNS_NXDOMAIN, out, sizeof out);
    CHECK(n == sizeof query - 1 && (out[3] & 15) == DNS_NXDOMAIN && (out[2] & 0x80), "built reply");
    static const unsigned char loop[] = "\0\1\1\0\0\1\0\0\0\0\0\0\xc0\x0c\0\1\0\1";
    CHECK(dns_parse_query(loop, sizeof loop - 1, &other) == DNS_FORMERR, "a pointer to itself");
    CHECK(dns_parse_query(answer, sizeof answer - 1, &other) == -1, "a response is answered");
}
