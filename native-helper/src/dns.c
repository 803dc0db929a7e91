#include "dns.h"

#include <stdio.h>
#include <string.h>

#define TYPE_A 1
#define TYPE_CNAME 5
#define TYPE_AAAA 28
#define TYPE_OPT 41
#define CLASS_IN 1

static uint16_t get16(const unsigned char *p) { return (uint16_t)(p[0] << 8 | p[1]); }
static uint32_t get32(const unsigned char *p) { return (uint32_t)get16(p) << 16 | get16(p + 2); }
static void put16(unsigned char *p, unsigned v) {
    p[0] = (unsigned char)(v >> 8);
    p[1] = (unsigned char)v;
}

static unsigned char lower(unsigned char c) { return c >= 'A' && c <= 'Z' ? (unsigned char)(c + 32) : c; }

/*
 * Reads a name at *at into uncompressed wire form, in lower case if `fold`. Moves *at behind it. False if it is
 * malformed. Compression pointers must point backwards, each further than the one before, so that loops end.
 */
static bool read_name(const unsigned char *m, size_t length, size_t *at, unsigned char wire[DNS_NAME_WIRE], size_t *wire_length,
                      bool fold) {
    size_t p = *at, n = 0, lowest = *at;
    bool jumped = false;
    for (;;) {
        if (p >= length)
            return false;
        unsigned char label = m[p];
        if ((label & 0xc0) == 0xc0) {
            if (p + 1 >= length)
                return false;
            size_t target = (size_t)(label & 0x3f) << 8 | m[p + 1];
            if (!jumped)
                *at = p + 2;
            jumped = true;
            if (target >= lowest)
                return false;
            p = lowest = target;
            continue;
        }
        if ((label & 0xc0) != 0 || p + 1 + label > length || n + 1 + label > DNS_NAME_WIRE)
            return false;
        wire[n++] = label;
        for (unsigned i = 0; i < label; i++)
            wire[n++] = fold ? lower(m[p + 1 + i]) : m[p + 1 + i];
        p += 1U + label;
        if (label == 0)
            break;
    }
    if (!jumped)
        *at = p;
    *wire_length = n;
    return true;
}

/* Text form; *plain tells whether every byte may occur in a host name. */
static void name_text(const unsigned char *wire, char *text, bool *plain) {
    size_t n = 0;
    *plain = true;
    for (size_t at = 0; wire[at] != 0;) {
        unsigned label = wire[at++];
        if (n > 0)
            text[n++] = '.';
        for (unsigned i = 0; i < label; i++, at++) {
            unsigned char c = lower(wire[at]);
            if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_') {
                text[n++] = (char)c;
            } else {
                *plain = false;
                n += (size_t)snprintf(text + n, 5, "\\%03u", c);
            }
        }
    }
    if (n == 0)
        text[n++] = '.';
    text[n] = '\0';
}

int dns_parse_query(const unsigned char *m, size_t length, struct dns_query *q) {
    memset(q, 0, sizeof *q);
    if (length < DNS_HEADER)
        return -1;
    q->id = get16(m);
    q->flags = get16(m + 2);
    if (q->flags & 0x8000)
        return -1; /* a response: never answered, or two servers could answer each other for ever */
    if (((q->flags >> 11) & 15) != 0)
        return DNS_NOTIMP;
    if (get16(m + 4) != 1 || get16(m + 6) != 0 || get16(m + 8) != 0)
        return DNS_FORMERR;
    size_t at = DNS_HEADER;
    if (!read_name(m, length, &at, q->wire, &q->wire_length, false) || at + 4 > length)
        return DNS_FORMERR;
    q->type = get16(m + at);
    q->class = get16(m + at + 2);
    at += 4;
    name_text(q->wire, q->name, &q->plain);
    if (strcmp(q->name, ".") == 0)
        q->plain = false;
    q->udp_size = 512;
    for (unsigned extra = get16(m + 10); extra > 0; extra--) {
        unsigned char name[DNS_NAME_WIRE];
        size_t name_length;
        if (!read_name(m, length, &at, name, &name_length, false) || at + 10 > length)
            return DNS_FORMERR;
        if (get16(m + at) == TYPE_OPT) {
            q->edns = true;
            q->udp_size = get16(m + at + 2) < 512 ? 512 : get16(m + at + 2);
            q->dnssec_ok = (m[at + 6] & 0x80) != 0;
        }
        size_t data = get16(m + at + 8);
        if (at + 10 + data > length)
            return DNS_FORMERR;
        at += 10 + data;
    }
    return q->class == CLASS_IN ? DNS_NOERROR : DNS_NOTIMP;
}

static size_t put_question(const struct dns_query *q, unsigned char *out) {
    /* In lower case: which letters are capitals could carry data. Lengths of labels are below the letters. */
    for (size_t i = 0; i < q->wire_length; i++)
        out[DNS_HEADER + i] = lower(q->wire[i]);
    put16(out + DNS_HEADER + q->wire_length, q->type);
    put16(out + DNS_HEADER + q->wire_length + 2, q->class);
    return DNS_HEADER + q->wire_length + 4;
}

size_t dns_build_query(const struct dns_query *q, uint16_t id, unsigned char *out, size_t room) {
    if (room < 512)
        return 0;
    memset(out, 0, DNS_HEADER);
    put16(out, id);
    put16(out + 2, q->flags & 0x0130); /* RD, AD, CD */
    put16(out + 4, 1);
    size_t n = put_question(q, out);
    if (q->edns) {
        put16(out + 10, 1);
        memset(out + n, 0, 11);
        put16(out + n + 1, TYPE_OPT);
        put16(out + n + 3, q->udp_size);
        out[n + 7] = q->dnssec_ok ? 0x80 : 0;
        n += 11;
    }
    return n;
}

size_t dns_build_reply(const struct dns_query *q, enum dns_rcode code, unsigned char *out, size_t room) {
    if (room < 512)
        return 0;
    memset(out, 0, DNS_HEADER);
    put16(out, q->id);
    put16(out + 2, 0x8080U | (q->flags & 0x0110) | (unsigned)code); /* QR, RA; RD and CD as asked */
    put16(out + 4, 1);
    return put_question(q, out);
}

size_t dns_build_error(const unsigned char *m, size_t length, enum dns_rcode code, unsigned char *out) {
    if (length < DNS_HEADER)
        return 0;
    memset(out, 0, DNS_HEADER);
    memcpy(out, m, 2);
    put16(out + 2, 0x8080U | (get16(m + 2) & 0x7910) | (unsigned)code);
    return DNS_HEADER;
}

static bool same_name(const unsigned char *a, size_t n, const unsigned char *b, size_t k) {
    if (n != k)
        return false;
    for (size_t i = 0; i < n; i++)
        if (lower(a[i]) != lower(b[i]))
            return false;
    return true;
}

bool dns_parse_response(const unsigned char *m, size_t length, const struct dns_query *q, uint16_t id, struct dns_answer *out) {
    unsigned char name[DNS_NAME_WIRE], target[DNS_NAME_WIRE];
    size_t n, target_length, at = DNS_HEADER;
    memset(out, 0, sizeof *out);
    if (length < DNS_HEADER || get16(m) != id || !(m[2] & 0x80) || get16(m + 4) != 1)
        return false;
    if (!read_name(m, length, &at, name, &n, false) || at + 4 > length || !same_name(name, n, q->wire, q->wire_length) ||
        get16(m + at) != q->type || get16(m + at + 2) != q->class)
        return false;
    at += 4;
    out->rcode = m[3] & 15;
    out->truncated = (m[2] & 2) != 0;
    memcpy(target, q->wire, q->wire_length);
    target_length = q->wire_length;
    /* Aliases stand before what they lead to, in the order of the chain: one pass follows it. An address under
     * another name is not bound: it is not an answer to what was asked. */
    uint32_t ttl = UINT32_MAX;
    for (unsigned records = get16(m + 6); records > 0; records--) {
        if (!read_name(m, length, &at, name, &n, false) || at + 10 > length)
            break;
        uint16_t type = get16(m + at), class = get16(m + at + 2);
        uint32_t this_ttl = get32(m + at + 4);
        size_t data = get16(m + at + 8), start = at + 10;
        if (start + data > length)
            break;
        at = start + data;
        if (class != CLASS_IN || !same_name(name, n, target, target_length))
            continue;
        if (this_ttl > INT32_MAX)
            this_ttl = 0; /* RFC 2181 section 8 */
        uint32_t least = this_ttl < ttl ? this_ttl : ttl;
        if (type == TYPE_CNAME) {
            size_t inside = start;
            if (!read_name(m, length, &inside, target, &target_length, true) || inside != at)
                break;
            ttl = least;
        } else if ((type == TYPE_A && data == 4) || (type == TYPE_AAAA && data == 16)) {
            if (out->count == sizeof out->addresses / sizeof out->addresses[0])
                continue;
            struct dns_address *a = &out->addresses[out->count++];
            a->ttl = least;
            if (type == TYPE_A) {
                memset(a->address, 0, 10);
                a->address[10] = a->address[11] = 0xff;
                memcpy(a->address + 12, m + start, 4);
            } else {
                memcpy(a->address, m + start, 16);
            }
        }
    }
    return true;
}

const char *dns_type_text(uint16_t type, char other[12]) {
    static const struct {
        uint16_t type;
        const char *text;
    } table[] = {{1, "A"},     {2, "NS"},   {5, "CNAME"}, {6, "SOA"},   {12, "PTR"}, {15, "MX"},    {16, "TXT"},
                 {28, "AAAA"}, {33, "SRV"}, {35, "NAPTR"}, {43, "DS"},  {46, "RRSIG"}, {48, "DNSKEY"}, {64, "SVCB"},
                 {65, "HTTPS"}, {255, "ANY"}};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (table[i].type == type)
            return table[i].text;
    snprintf(other, 12, "TYPE%u", type);
    return other;
}

const char *dns_rcode_text(int rcode, char other[12]) {
    static const char *const table[] = {"NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"};
    if (rcode >= 0 && rcode < (int)(sizeof table / sizeof table[0]))
        return table[rcode];
    snprintf(other, 12, "RCODE%u", (unsigned)rcode & 15U);
    return other;
}

void dns_restore_case(unsigned char *message, size_t length, const struct dns_query *q) {
    if (length < DNS_HEADER + q->wire_length)
        return;
    for (size_t i = 0; i < q->wire_length; i++)
        if (lower(message[DNS_HEADER + i]) != lower(q->wire[i]))
            return;
    memcpy(message + DNS_HEADER, q->wire, q->wire_length);
}
