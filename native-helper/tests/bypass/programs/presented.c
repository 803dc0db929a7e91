/*
 * Asks an allowed name's address for another name, as a build does that hides behind a shared address.
 *
 * usage: presented METHOD ADDRESS PORT NAME
 *   host      HTTP/1.1 with NAME in the Host field
 *   target    the Host field is the allowed name, the request target names NAME
 *   pieces    like host, byte by byte
 *   tls       a ClientHello whose server name is NAME
 *   nameless  a ClientHello without a server name
 *   plain     neither TLS nor HTTP
 */
#include "attack.h"

static unsigned char hello[512];

static size_t client_hello(const char *name) {
    unsigned char *at = hello + 43; /* record 5, handshake 4, version 2, random 32 */
    size_t n = strlen(name);
    *at++ = 0;                                              /* session id */
    memcpy(at, "\0\2\x13\x01\1\0", 6), at += 6;             /* one cipher suite, no compression */
    unsigned char *extensions = at;
    at += 2;
    memcpy(at, "\0\x2b\0\3\2\3\4", 7), at += 7;             /* supported_versions: TLS 1.3 */
    if (n > 0) {
        unsigned char head[9] = {0, 0, 0, (unsigned char)(n + 5), 0, (unsigned char)(n + 3), 0, 0, (unsigned char)n};
        memcpy(at, head, sizeof head), at += sizeof head;
        memcpy(at, name, n), at += n;
    }
    size_t length = (size_t)(at - hello);
    extensions[1] = (unsigned char)(at - extensions - 2);
    memcpy(hello, "\x16\3\1\0", 4);
    hello[4] = (unsigned char)(length - 5);
    memcpy(hello + 5, "\1\0\0", 3);
    hello[8] = (unsigned char)(length - 9);
    memcpy(hello + 9, "\3\3", 2);
    return length;
}

int main(int argc, char **argv) {
    if (argc != 5)
        cannot("usage: presented METHOD ADDRESS PORT NAME");
    const char *method = argv[1], *name = argv[4];
    struct target t = target_of(argv[2], argv[3]);
    char text[512];
    const void *bytes = text;
    size_t n, step;
    if (strcmp(method, "tls") == 0 || strcmp(method, "nameless") == 0) {
        bytes = hello;
        n = client_hello(strcmp(method, "tls") == 0 ? name : "");
    } else if (strcmp(method, "plain") == 0) {
        n = (size_t)snprintf(text, sizeof text, "%s\n", TOKEN);
    } else if (strcmp(method, "target") == 0) {
        n = (size_t)snprintf(text, sizeof text, "GET http://%s/%s HTTP/1.1\r\nHost: a.wild.test\r\n\r\n", name, TOKEN);
    } else {
        n = (size_t)snprintf(text, sizeof text, "GET /%s HTTP/1.1\r\nHost: %s\r\n\r\n", TOKEN, name);
    }
    int s = socket(t.family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (s < 0 || connect(s, (struct sockaddr *)&t.address, t.length) != 0)
        stopped_at("connect");
    step = strcmp(method, "pieces") == 0 ? 1 : n;
    for (size_t done = 0; done < n; done += step)
        if (send(s, (const char *)bytes + done, step, MSG_NOSIGNAL) != (ssize_t)step)
            stopped_at("send");
    shutdown(s, SHUT_WR);
    struct timeval patience = {.tv_sec = 1};
    setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    char answer[64];
    ssize_t got = recv(s, answer, sizeof answer, 0);
    /* What arrived is counted at the other side; an alert or a 403 is the refusal. */
    if (got < 0)
        stopped_at("recv");
    reached("asked for %s, %zd bytes came back", name, got);
}
