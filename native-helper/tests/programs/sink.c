/* sink PORTFILE COUNTFILE: listens on one port of 127.0.0.1, TCP and UDP, and appends one byte to COUNTFILE for each
 * connection and each datagram. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof a;
    int udp, tcp, fd, tries = 100;
    FILE *f;
    char buffer[2048];
    for (;; close(udp), close(tcp)) { /* a port that is free for UDP may be taken for TCP */
        udp = socket(AF_INET, SOCK_DGRAM, 0);
        tcp = socket(AF_INET, SOCK_STREAM, 0);
        a.sin_port = 0;
        if (!bind(udp, (struct sockaddr *)&a, sizeof a) && !getsockname(udp, (struct sockaddr *)&a, &n) &&
            !bind(tcp, (struct sockaddr *)&a, sizeof a))
            break;
        if (tries-- == 0)
            return 1;
    }
    if (argc != 3 || listen(tcp, 256) || !(f = fopen(argv[1], "w")))
        return 1;
    fprintf(f, "%d\n", ntohs(a.sin_port));
    fclose(f);
    for (;;) {
        struct pollfd p[2] = {{udp, POLLIN, 0}, {tcp, POLLIN, 0}};
        if (poll(p, 2, -1) < 0 || !(f = fopen(argv[2], "a")))
            return 1;
        if (p[0].revents && recv(udp, buffer, sizeof buffer, 0) >= 0)
            fputc('u', f);
        if (p[1].revents && (fd = accept(tcp, NULL, NULL)) >= 0) {
            fputc('t', f);
            close(fd);
        }
        if (fclose(f))
            return 1;
    }
}
