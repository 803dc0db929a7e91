/* dns-server PORTFILE [LOOP]: answers DNS on 127.0.0.1, UDP and TCP on one port that the kernel chooses and that is written to
 * PORTFILE. Every name that ends in ".test" has one A record (192.0.2.7, or LOOP, by default 127.0.0.1, below "loop.test") and no AAAA;
 * "big.test" is truncated over UDP; everything else is NXDOMAIN. Runs until it is killed. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

static struct in_addr loop;

static size_t answer(const unsigned char *q, size_t n, unsigned char *out, int tcp) {
    char name[256] = "";
    size_t at = 12, used = 0;
    if (n < 17)
        return 0;
    while (at < n && q[at] != 0 && at + 1 + q[at] < n && used + q[at] + 2 < sizeof name) {
        memcpy(name + used, q + at + 1, q[at]);
        used += q[at];
        name[used++] = '.';
        at += 1u + q[at];
    }
    if (used > 0)
        name[used - 1] = '\0';
    size_t end = at + 5, len = strlen(name);
    if (end > n)
        return 0;
    unsigned type = (unsigned)(q[at + 1] << 8 | q[at + 2]);
    memcpy(out, q, end);
    memset(out + 4, 0, 8);
    out[2] = 0x81;
    out[3] = 0x80;
    out[5] = 1;
    if (len < 5 || strcasecmp(name + len - 5, ".test") != 0) {
        out[3] = 0x83;
        return end;
    }
    if (!tcp && strcasecmp(name, "big.test") == 0) {
        out[2] |= 2;
        return end;
    }
    if (type != 1)
        return end;
    int local = len >= 9 && strcasecmp(name + len - 9, "loop.test") == 0;
    unsigned char record[16] = {0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 7};
    if (local)
        memcpy(record + 12, &loop, 4);
    memcpy(out + end, record, 16);
    out[7] = 1;
    return end + 16;
}

int main(int argc, char **argv) {
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof a;
    int udp = socket(AF_INET, SOCK_DGRAM, 0), tcp = socket(AF_INET, SOCK_STREAM, 0);
    FILE *f;
    loop.s_addr = htonl(INADDR_LOOPBACK);
    if (argc < 2 || argc > 3 || (argc == 3 && inet_pton(AF_INET, argv[2], &loop) != 1) || bind(udp, (struct sockaddr *)&a, sizeof a) || getsockname(udp, (struct sockaddr *)&a, &n) ||
        bind(tcp, (struct sockaddr *)&a, sizeof a) || listen(tcp, 16) || !(f = fopen(argv[1], "w")))
        return 1;
    fprintf(f, "%d\n", ntohs(a.sin_port));
    fclose(f);
    for (;;) {
        static unsigned char in[65600], out[65600];
        struct pollfd p[2] = {{udp, POLLIN, 0}, {tcp, POLLIN, 0}};
        if (poll(p, 2, -1) < 0)
            return 1;
        if (p[0].revents) {
            struct sockaddr_in from;
            n = sizeof from;
            ssize_t got = recvfrom(udp, in, sizeof in, 0, (struct sockaddr *)&from, &n);
            size_t size = got > 0 ? answer(in, (size_t)got, out, 0) : 0;
            if (size)
                sendto(udp, out, size, 0, (struct sockaddr *)&from, n);
        }
        if (p[1].revents) {
            int c = accept(tcp, NULL, NULL);
            size_t have = 0;
            ssize_t got;
            while (c >= 0 && (got = read(c, in + have, sizeof in - have)) > 0) {
                have += (size_t)got;
                if (have >= 2 && have >= 2u + (unsigned)(in[0] << 8 | in[1]))
                    break;
            }
            size_t size = have > 2 ? answer(in + 2, have - 2, out + 2, 1) : 0;
            out[0] = (unsigned char)(size >> 8);
            out[1] = (unsigned char)size;
            if (size && write(c, out, size + 2) < 0)
                perror("write");
            if (c >= 0)
                close(c);
        }
    }
}
