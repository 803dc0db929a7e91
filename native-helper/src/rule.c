#include "rule.h"

#include <stddef.h>
#include <string.h>

#include "util.h"

enum { BYTE_ID = 1, BYTE_NAME = 2, BYTE_DIGIT = 4 };

static const unsigned char byte_class[256] = {
    ['0' ... '9'] = BYTE_ID | BYTE_NAME | BYTE_DIGIT, ['A' ... 'Z'] = BYTE_ID, ['a' ... 'z'] = BYTE_ID | BYTE_NAME,
    ['-'] = BYTE_ID | BYTE_NAME, ['_'] = BYTE_ID | BYTE_NAME, ['.'] = BYTE_ID | BYTE_NAME};

#define CLASS(c) byte_class[(unsigned char)(c)]

/* Moves on behind a literal if the text at `at` begins with it. The text has room for the comparison: a line ends with
 * a newline, and behind the last one there are POLICY_PAD zero bytes. */
#define SKIP(at, literal) (memcmp(*(at), literal, sizeof(literal) - 1) == 0 ? (*(at) += sizeof(literal) - 1, true) : false)

/* 1 to `most` digits without a leading zero; -1 if there is something else. */
static long short_number(char **at, unsigned most) {
    char *c = *at;
    long value = 0;
    unsigned n = 0;
    for (; CLASS(*c) & BYTE_DIGIT; c++, n++) {
        if (n == most || (n == 1 && value == 0))
            return -1;
        value = value * 10 + (*c - '0');
    }
    *at = c;
    return n == 0 ? -1 : value;
}

static bool network(char **at, struct rule *r) {
    memset(r->address, 0, 10);
    r->address[10] = r->address[11] = 0xff;
    uint32_t host = 0;
    for (unsigned i = 0; i < 4; i++) {
        if (i > 0 && !SKIP(at, "."))
            return false;
        long part = short_number(at, 3);
        if (part < 0 || part > 255)
            return false;
        r->address[12 + i] = (unsigned char)part;
        host = host << 8 | (uint32_t)part;
    }
    if (!SKIP(at, "/"))
        return false;
    long prefix = short_number(at, 2);
    if (prefix < 0 || prefix > 32 || (prefix < 32 && (host << prefix) != 0))
        return false;
    r->prefix = (uint8_t)(prefix + 96);
    r->key_length = 16;
    return true;
}

static bool host_name(char **at, struct rule *r) {
    char *c = *at, *label = c;
    for (; CLASS(*c) & BYTE_NAME; c++)
        if (*c == '.') {
            if (c == label || c - label > 63)
                return false;
            label = c + 1;
        }
    if (c == label || c - label > 63 || c - *at > 253)
        return false;
    r->name = *at;
    r->prefix = 0;
    r->key_length = (uint16_t)(c - *at);
    *at = c;
    return true;
}

static bool ports(char **at, struct rule *r) {
    r->port_count = 0;
    if (SKIP(at, "*"))
        return true;
    do {
        long first = short_number(at, 5), last = first;
        if (r->port_count == ARRAY_LENGTH(r->range) || first < 1 || (SKIP(at, "-") && (last = short_number(at, 5)) < first) ||
            last > 65535)
            return false;
        r->range[r->port_count++] = (struct port_range){(uint16_t)first, (uint16_t)last};
    } while (SKIP(at, ","));
    return true;
}

uint32_t rule_number(const char *id, size_t length, size_t *letters) {
    size_t at = length;
    while (at > 0 && CLASS(id[at - 1]) & BYTE_DIGIT)
        at--;
    size_t digits = length - at;
    *letters = length;
    if (digits == 0 || digits > 9 || (digits > 1 && id[at] == '0'))
        return RULE_UNNUMBERED;
    *letters = at;
    uint32_t value = 0;
    for (; at < length; at++)
        value = value * 10 + (uint32_t)(id[at] - '0');
    return value;
}

static bool kind(char **at, struct rule *r) {
    if (SKIP(at, "name "))
        r->kind = RULE_NAME;
    else if (SKIP(at, "suffix "))
        r->kind = RULE_SUFFIX;
    else if (SKIP(at, "cidr "))
        r->kind = RULE_CIDR;
    else
        return false;
    return true;
}

/* A line that begins with a space says only what is different: [[KIND] VALUE PORTS] or VALUE. */
static char *read_next(char *line, const struct rule *before, struct rule *out) {
    char *at = line + 1;
    *out = *before;
    if (out->number >= RULE_NUMBER_MAX || out->id_length > RULE_ID_MAX - 9)
        return NULL;
    out->number++;
    out->counted = true;
    bool told = kind(&at, out);
    if (!(out->kind == RULE_CIDR ? network(&at, out) : host_name(&at, out)))
        return NULL;
    char *host_end = at;
    if (*at == ' ') {
        at++;
        if (!ports(&at, out))
            return NULL;
    } else if (told) {
        return NULL; /* two fields, of which the first is a host called `name` */
    }
    if (*at != '\n' || at + 1 - line > (ptrdiff_t)POLICY_MAX_LINE)
        return NULL;
    *host_end = '\0';
    return at + 1;
}

char *rule_read(char *line, const struct rule *before, struct rule *out) {
    char *at = line;
    if (*at == ' ')
        return before != NULL ? read_next(line, before, out) : NULL;
    if (!SKIP(&at, "rule "))
        return NULL;
    memset(out, 0, sizeof *out);
    out->id = at;
    while (CLASS(*at) & BYTE_ID)
        at++;
    char *id_end = at;
    if (at == out->id || at - out->id > (ptrdiff_t)RULE_ID_MAX || *at++ != ' ')
        return NULL;
    if (!SKIP(&at, "allow ")) {
        if (!SKIP(&at, "block "))
            return NULL;
        out->block = true;
    }
    if (!SKIP(&at, "tcp ")) {
        if (!SKIP(&at, "udp "))
            return NULL;
        out->protocol = PROTOCOL_UDP;
    }
    if (!kind(&at, out) || !(out->kind == RULE_CIDR ? network(&at, out) : host_name(&at, out)))
        return NULL;
    char *host_end = at;
    if (*at++ != ' ')
        return NULL;
    if (!ports(&at, out) || *at != '\n' || at + 1 - line > (ptrdiff_t)POLICY_MAX_LINE)
        return NULL;
    size_t letters;
    out->number = rule_number(out->id, (size_t)(id_end - out->id), &letters);
    out->id_length = (uint8_t)letters;
    *id_end = *host_end = '\0';
    return at + 1;
}
