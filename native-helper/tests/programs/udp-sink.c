/* udp-sink PORTFILE COUNTFILE: receives on 127.0.0.1 and appends one byte to COUNTFILE for each datagram. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>

int main(int argc, char **argv) {
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof a;
    int s = socket(AF_INET, SOCK_DGRAM, 0);
    FILE *f;
    char buffer[2048];
    if (argc != 3 || bind(s, (struct sockaddr *)&a, sizeof a) || getsockname(s, (struct sockaddr *)&a, &n) || !(f = fopen(argv[1], "w")))
        return 1;
    fprintf(f, "%d\n", ntohs(a.sin_port));
    fclose(f);
    while (recv(s, buffer, sizeof buffer, 0) >= 0) {
        if (!(f = fopen(argv[2], "a")) || fputc('.', f) == EOF || fclose(f))
            return 1;
    }
    return 1;
}
