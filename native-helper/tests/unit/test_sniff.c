/* First bytes of TLS and HTTP clients: what is said, in every truncation and spread over records, and what hides it. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "sniff.h"

struct bytes {
    unsigned char at[4096];
    size_t n;
};

static void put(struct bytes *b, const void *data, size_t n) {
    memcpy(b->at + b->n, data, n);
    b->n += n;
}
static void put16(struct bytes *b, size_t v) { put(b, (unsigned char[]){(unsigned char)(v >> 8), (unsigned char)v}, 2); }

static void put_sni(struct bytes *b, const char *name, int kind) {
    size_t n = strlen(name);
    put16(b, 0);
    put16(b, n + 5);
    put16(b, n + 3);
    put(b, (unsigned char[]){(unsigned char)kind}, 1);
    put16(b, n);
    put(b, name, n);
}

/* A handshake message: `names` server_name extensions between two others. */
static struct bytes hello(const char *name, int names, int kind) {
    struct bytes e = {.n = 0}, b = {.n = 0};
    put(&e, "\x0a\x0a\0\0", 4); /* GREASE */
    for (int i = 0; i < names; i++)
        put_sni(&e, name, kind);
    put(&e, "\0\x2b\0\3\2\3\4", 7);
    size_t body = 2 + 32 + 1 + 32 + 2 + 2 + 2 + 2 + e.n;
    put(&b, (unsigned char[]){1, 0, (unsigned char)(body >> 8), (unsigned char)body, 3, 3}, 6);
    put(&b, (unsigned char[32]){7}, 32);
    put(&b, "\x20", 1);
    put(&b, (unsigned char[32]){9}, 32);
    put(&b, "\0\2\x13\1\1\0", 6);
    put16(&b, e.n);
    put(&b, e.at, e.n);
    return b;
}

/* The message in records of at most `size` bytes. */
static struct bytes records(const struct bytes *m, size_t size) {
    struct bytes b = {.n = 0};
    for (size_t at = 0; at < m->n; at += size) {
        size_t n = m->n - at < size ? m->n - at : size;
        put(&b, "\x16\3\1", 3);
        put16(&b, n);
        put(&b, m->at + at, n);
    }
    return b;
}

/* In memory of exactly that size, so that the sanitizer sees each byte read too far. */
static enum sniff_result exact(const unsigned char *bytes, size_t n, struct sniff *s) {
    unsigned char *copy = malloc(n ? n : 1);
    memcpy(copy, bytes, n);
    enum sniff_result r = sniff(copy, n, s);
    free(copy);
    return r;
}

static void tls(void) {
    struct sniff s;
    struct bytes m = hello("Good.Test.", 1, 0);
    for (size_t size = 4; size < 300; size += 37) {
        struct bytes b = records(&m, size);
        enum sniff_result r = exact(b.at, b.n, &s);
        CHECK(r == SNIFF_TLS && s.count == 1 && strcmp(s.names[0], "good.test") == 0, "records of %zu: %d", size, (int)r);
        for (size_t n = 0; n < b.n; n++)
            CHECK((r = exact(b.at, n, &s)) == SNIFF_MORE, "records of %zu, %zu of %zu bytes: %d", size, n, b.n, (int)r);
    }
    struct bytes b = records(&m, 4096);
    for (size_t i = 0; i < b.n; i++)
        for (int v = 0; v < 256; v += 51) { /* no byte may lead outside */
            struct bytes changed = b;
            changed.at[i] = (unsigned char)v;
            (void)exact(changed.at, changed.n, &s);
        }
    m = hello("", 0, 0);
    b = records(&m, 4096);
    CHECK(exact(b.at, b.n, &s) == SNIFF_TLS && s.count == 0, "no name");
    const struct { const char *name; int names, kind; } bad[] = {
        {"good.test", 2, 0}, {"good.test", 1, 1}, {"192.0.2.1:80", 1, 0}, {"a b", 1, 0}, {"", 1, 0}, {".", 1, 0}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        m = hello(bad[i].name, bad[i].names, bad[i].kind);
        b = records(&m, 4096);
        CHECK(exact(b.at, b.n, &s) == SNIFF_UNKNOWN, "'%s' %d times", bad[i].name, bad[i].names);
    }
    CHECK(exact((const unsigned char *)"\x16\3\1\0\0", 5, &s) == SNIFF_UNKNOWN, "an empty record");
    CHECK(exact((const unsigned char *)"\x16\3\1\0\4\2\0\0\x10", 9, &s) == SNIFF_UNKNOWN, "another handshake message");
    CHECK(exact((const unsigned char *)"\x16\3\1\0\4\1\xff\xff\xff", 9, &s) == SNIFF_UNKNOWN, "16 MiB of hello");
}

static void http(const char *text, enum sniff_result wanted, const char *first, const char *second) {
    struct sniff s;
    enum sniff_result r = exact((const unsigned char *)text, strlen(text), &s);
    CHECK(r == wanted, "%s: %d", text, (int)r);
    if (r != SNIFF_HTTP || wanted != SNIFF_HTTP)
        return;
    CHECK(s.count == (second ? 2u : 1u) && strcmp(s.names[0], first) == 0 && (!second || strcmp(s.names[1], second) == 0),
          "%s: %u names, %s", text, s.count, s.count ? s.names[0] : "-");
    for (size_t n = 0; n < strlen(text) - 1; n++)
        CHECK((r = exact((const unsigned char *)text, n, &s)) == SNIFF_MORE, "%zu bytes of %s: %d", n, text, (int)r);
}

void test_sniff(void) {
    tls();
    http("GET / HTTP/1.1\r\nHost: Good.test\r\n\r\n", SNIFF_HTTP, "good.test", NULL);
    http("POST /a?b=http://evil.test/ HTTP/1.1\nuser-agent: x\nhOST:good.test:80 \nHosting: evil\n\n", SNIFF_HTTP, "good.test", NULL);
    http("GET http://evil.test/x HTTP/1.1\r\nHost: good.test\r\n\r\n", SNIFF_HTTP, "evil.test", "good.test");
    http("CONNECT evil.test:443 HTTP/1.1\r\nHost: good.test\r\n\r\n", SNIFF_HTTP, "evil.test", "good.test");
    http("OPTIONS * HTTP/1.1\r\nHost: good.test.\r\n\r\n", SNIFF_HTTP, "good.test", NULL);
    static const char *const bad[] = {
        "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: good.test\r\nHost: evil.test\r\n\r\n",
        "GET / HTTP/1.1\r\nX: 1\r\n Host: good.test\r\n\r\n", "GET / HTTP/1.1\r\nHost : good.test\r\n\r\n",
        "GET / HTTP/1.1\r\nHost:\r\n\r\n", "GET / HTTP/1.1\r\nHost: good.test@evil.test\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: [2001:db8::1]\r\n\r\n", "GET / HTTP/1.1\r\nX: \rHost: a\r\nHost: good.test\r\n\r\n",
        "GET http://user@evil.test/ HTTP/1.1\r\nHost: good.test\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET /\r\n",
        "SSH-2.0-x\r\n", "\x80\x2e\x01", "get / HTTP/1.1\r\n", "GET  / HTTP/1.1\r\nHost: good.test\r\n\r\n", " GET"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        http(bad[i], SNIFF_UNKNOWN, NULL, NULL);
    struct sniff s;
    unsigned char *endless = malloc(SNIFF_MAX);
    memset(endless, 'a', SNIFF_MAX);
    memcpy(endless, "GET /", 5);
    CHECK(sniff(endless, SNIFF_MAX - 1, &s) == SNIFF_MORE && sniff(endless, SNIFF_MAX, &s) == SNIFF_UNKNOWN, "an endless line");
    free(endless);
}
