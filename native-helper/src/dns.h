/* DNS messages (RFC 1035, 6891). Pure; the bytes are hostile. */
#ifndef HARDEN_DNS_H
#define HARDEN_DNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DNS_HEADER 12U
#define DNS_NAME_WIRE 255U
#define DNS_NAME_TEXT 1024U /* every byte may need four characters */
#define DNS_MESSAGE_MAX 65535U

enum dns_rcode { DNS_NOERROR = 0, DNS_FORMERR = 1, DNS_SERVFAIL = 2, DNS_NXDOMAIN = 3, DNS_NOTIMP = 4, DNS_REFUSED = 5 };

struct dns_query {
    uint16_t id, flags, type, class;
    unsigned char wire[DNS_NAME_WIRE]; /* the question's name as it was sent */
    size_t wire_length;
    char name[DNS_NAME_TEXT]; /* lower case, without the final dot; "." for the root */
    bool plain;               /* only letters, digits, '-', '_': may match a rule */
    bool edns, dnssec_ok;
    uint16_t udp_size;
};

/* Reads a query: one question, opcode QUERY. DNS_NOERROR, or the response code to answer with. -1: not even a header. */
int dns_parse_query(const unsigned char *message, size_t length, struct dns_query *out);

/* Builds the query that goes upstream from nothing but the question, so that nothing else of the client's bytes
 * (further sections, options, capitals) leaves. Returns its length; `room` must be at least 512. */
size_t dns_build_query(const struct dns_query *q, uint16_t id, unsigned char *out, size_t room);

/* Builds an empty answer with a response code. */
size_t dns_build_reply(const struct dns_query *q, enum dns_rcode code, unsigned char *out, size_t room);

/* Length of the header and question, for a reply to something unreadable: copies id and opcode only. */
size_t dns_build_error(const unsigned char *message, size_t length, enum dns_rcode code, unsigned char *out);

struct dns_address {
    unsigned char address[16]; /* IPv4 as ::ffff:a.b.c.d */
    uint32_t ttl;              /* the smallest along the chain of aliases */
};

struct dns_answer {
    int rcode;
    bool truncated;
    unsigned count;
    struct dns_address addresses[64];
};

/* Reads a response to `q` that was sent upstream with `id`: identifier, question and response bit must agree. Collects
 * the addresses that the question's name leads to through aliases, and no others. False: not an answer to this. */
bool dns_parse_response(const unsigned char *message, size_t length, const struct dns_query *q, uint16_t id,
                        struct dns_answer *out);

/* Writes the question's name into the response as the client spelled it: some clients compare capitals. */
void dns_restore_case(unsigned char *message, size_t length, const struct dns_query *q);

/* "A", "AAAA", …, or "TYPE123" in `other` (at least 12 bytes). */
const char *dns_type_text(uint16_t type, char other[12]);
const char *dns_rcode_text(int rcode, char other[12]);

#endif
