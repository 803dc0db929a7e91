#include "sniff.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define RECORD_HEADER 5U
#define RECORD_HANDSHAKE 22
#define CLIENT_HELLO 1
#define EXTENSION_SNI 0

/* Takes over a host name. IPv6 literals and whatever else a name cannot hold are refused: no rule by name is about them. */
static bool add_name(struct sniff *out, const unsigned char *text, size_t length) {
    if (length > 0 && text[length - 1] == '.')
        length--;
    if (length == 0 || length >= SNIFF_NAME || out->count == 2)
        return false;
    char *name = out->names[out->count];
    for (size_t i = 0; i < length; i++) {
        unsigned char c = text[i];
        if (c >= 'A' && c <= 'Z')
            c = (unsigned char)(c + 32);
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.'))
            return false;
        name[i] = (char)c;
    }
    name[length] = '\0';
    out->count++;
    return true;
}

/* ---- TLS ---- */

struct reader {
    const unsigned char *at;
    size_t left;
    bool bad;
};

static size_t number(struct reader *r, unsigned bytes) {
    size_t value = 0;
    if (r->left < bytes) {
        r->bad = true;
        r->left = 0;
        return 0;
    }
    for (unsigned i = 0; i < bytes; i++)
        value = value << 8 | r->at[i];
    r->at += bytes;
    r->left -= bytes;
    return value;
}

/* A vector with a length of `bytes` bytes in front. */
static struct reader vector(struct reader *r, unsigned bytes) {
    size_t n = number(r, bytes);
    struct reader v = {r->at, n, r->bad || n > r->left};
    if (v.bad) {
        r->bad = true;
        v.left = r->left = 0;
        return v;
    }
    r->at += n;
    r->left -= n;
    return v;
}

static enum sniff_result read_hello(struct reader hello, struct sniff *out) {
    (void)number(&hello, 2); /* version */
    for (int i = 0; i < 32; i++)
        (void)number(&hello, 1); /* random */
    (void)vector(&hello, 1);     /* session */
    (void)vector(&hello, 2);     /* cipher suites */
    (void)vector(&hello, 1);     /* compression */
    if (hello.bad)
        return SNIFF_UNKNOWN;
    if (hello.left == 0)
        return SNIFF_TLS; /* no extensions */
    struct reader extensions = vector(&hello, 2);
    bool seen = false;
    while (!extensions.bad && extensions.left > 0) {
        size_t type = number(&extensions, 2);
        struct reader body = vector(&extensions, 2);
        if (body.bad || extensions.bad)
            return SNIFF_UNKNOWN;
        if (type != EXTENSION_SNI)
            continue;
        /* Twice the extension, or a list of several names, is forbidden, and two readers could differ on it. */
        if (seen)
            return SNIFF_UNKNOWN;
        seen = true;
        struct reader list = vector(&body, 2);
        size_t kind = number(&list, 1);
        struct reader name = vector(&list, 2);
        if (body.bad || list.bad || name.bad || body.left > 0 || list.left > 0 || kind != 0 || !add_name(out, name.at, name.left))
            return SNIFF_UNKNOWN;
    }
    return extensions.bad || hello.bad || hello.left > 0 ? SNIFF_UNKNOWN : SNIFF_TLS;
}

/* The ClientHello may be spread over records; their payloads are joined. */
static enum sniff_result read_tls(const unsigned char *bytes, size_t length, struct sniff *out) {
    unsigned char joined[SNIFF_MAX];
    size_t have = 0, at = 0;
    for (;;) {
        size_t want = have >= 4 ? 4 + ((size_t)joined[1] << 16 | (size_t)joined[2] << 8 | joined[3]) : 4;
        if (want > SNIFF_MAX)
            return SNIFF_UNKNOWN;
        if (have > 0 && joined[0] != CLIENT_HELLO)
            return SNIFF_UNKNOWN;
        if (have >= 4 && have >= want)
            return read_hello((struct reader){joined + 4, want - 4, false}, out);
        if (length - at >= 1 && bytes[at] != RECORD_HANDSHAKE)
            return SNIFF_UNKNOWN;
        if (length - at >= 2 && bytes[at + 1] != 3)
            return SNIFF_UNKNOWN;
        if (length - at < RECORD_HEADER)
            return SNIFF_MORE;
        size_t n = (size_t)bytes[at + 3] << 8 | bytes[at + 4];
        if (n == 0)
            return SNIFF_UNKNOWN;
        at += RECORD_HEADER;
        size_t take = n < length - at ? n : length - at;
        if (take > SNIFF_MAX - have)
            return SNIFF_UNKNOWN;
        memcpy(joined + have, bytes + at, take);
        have += take;
        at += take;
        if (take < n) { /* the rest is under way, unless what is there says enough */
            want = have >= 4 ? 4 + ((size_t)joined[1] << 16 | (size_t)joined[2] << 8 | joined[3]) : 4;
            if (have < want || have < 4)
                return have > 0 && joined[0] != CLIENT_HELLO ? SNIFF_UNKNOWN : SNIFF_MORE;
        }
    }
}

/* ---- HTTP ---- */

static bool token(unsigned char c) { return c > 0x20 && c < 0x7f; }

/* host[:port]; the port must be a number. */
static bool add_authority(struct sniff *out, const unsigned char *text, size_t length) {
    size_t n = 0;
    while (n < length && text[n] != ':')
        n++;
    for (size_t i = n + 1; i < length; i++)
        if (text[i] < '0' || text[i] > '9')
            return false;
    return add_name(out, text, n);
}

/* The request target: a path, or an URI or authority that servers obey instead of the Host field. */
static bool read_target(struct sniff *out, const unsigned char *method, size_t method_length, const unsigned char *text,
                        size_t length) {
    if (length == 0)
        return false;
    if (method_length == 7 && memcmp(method, "CONNECT", 7) == 0)
        return add_authority(out, text, length);
    if (text[0] == '/' || (length == 1 && text[0] == '*'))
        return true;
    size_t at = 0;
    while (at + 2 < length && memcmp(text + at, "://", 3) != 0)
        at++;
    if (at + 2 >= length)
        return false;
    at += 3;
    size_t end = at;
    while (end < length && text[end] != '/' && text[end] != '?' && text[end] != '#')
        end++;
    return add_authority(out, text + at, end - at);
}

static bool is_host(const unsigned char *line, size_t length) {
    static const char name[] = "host";
    for (size_t i = 0; i < 4; i++)
        if (length < 5 || (line[i] | 0x20) != name[i])
            return false;
    return true;
}

static enum sniff_result read_http(const unsigned char *bytes, size_t length, struct sniff *out) {
    bool first = true, host = false;
    for (size_t at = 0; at < length;) {
        const unsigned char *line = bytes + at, *newline = memchr(line, '\n', length - at);
        if (first) { /* a method: so that other protocols are recognised before their first newline */
            size_t n = 0;
            while (n < length && bytes[n] >= 'A' && bytes[n] <= 'Z')
                n++;
            if (n > 32 || n == 0 || (n < length && bytes[n] != ' '))
                return SNIFF_UNKNOWN;
        }
        if (newline == NULL)
            return SNIFF_MORE;
        size_t n = (size_t)(newline - line);
        at += n + 1;
        if (n > 0 && line[n - 1] == '\r')
            n--;
        if (memchr(line, '\r', n) != NULL || memchr(line, '\0', n) != NULL)
            return SNIFF_UNKNOWN; /* where a line ends must not be a matter of opinion */
        if (first) {
            const unsigned char *method_end = memchr(line, ' ', n);
            if (method_end == NULL)
                return SNIFF_UNKNOWN;
            size_t method = (size_t)(method_end - line), target = 0;
            while (method + 1 + target < n && token(method_end[1 + target]))
                target++;
            if (n - method - 1 - target != 9 || memcmp(method_end + 1 + target, " HTTP/1.", 8) != 0 ||
                !read_target(out, line, method, method_end + 1, target))
                return SNIFF_UNKNOWN;
            first = false;
            continue;
        }
        if (n == 0)
            return host ? SNIFF_HTTP : SNIFF_UNKNOWN;
        if (line[0] == ' ' || line[0] == '\t')
            return SNIFF_UNKNOWN; /* a folded line could hide a Host field from one of two readers */
        if (!is_host(line, n))
            continue;
        if (line[4] != ':') {
            if (line[4] == ' ' || line[4] == '\t')
                return SNIFF_UNKNOWN;
            continue; /* another field that begins so */
        }
        size_t from = 5, to = n;
        while (from < to && (line[from] == ' ' || line[from] == '\t'))
            from++;
        while (to > from && (line[to - 1] == ' ' || line[to - 1] == '\t'))
            to--;
        if (host || !add_authority(out, line + from, to - from))
            return SNIFF_UNKNOWN;
        host = true;
    }
    return SNIFF_MORE;
}

enum sniff_result sniff(const unsigned char *bytes, size_t length, struct sniff *out) {
    out->count = 0;
    if (length == 0)
        return SNIFF_MORE;
    enum sniff_result r = bytes[0] == RECORD_HANDSHAKE ? read_tls(bytes, length, out) : read_http(bytes, length, out);
    return r == SNIFF_MORE && length >= SNIFF_MAX ? SNIFF_UNKNOWN : r;
}
