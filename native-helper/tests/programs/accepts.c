/* accepts serve ADDRESS PORT COUNT [hold]: listens, prints "ready", takes COUNT connections one after the other and ends;
 *                                          with `hold` they are open until it ends
 * accepts call ADDRESS PORT COUNT:         connects so often, sends a byte, waits for the other side's end
 * accepts close ADDRESS PORT FROM:         listens, ends listening, and a moment later connects from that port to port FROM of ADDRESS */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
static struct sockaddr_storage address;
static socklen_t length;
static int parse(const char *text, int port) {
    struct sockaddr_in *four = (void *)&address;
    struct sockaddr_in6 *six = (void *)&address;
    memset(&address, 0, sizeof address);
    if (strchr(text, ':') != NULL) {
        *six = (struct sockaddr_in6){.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)};
        length = sizeof *six;
        return inet_pton(AF_INET6, text, &six->sin6_addr) == 1 ? AF_INET6 : -1;
    }
    *four = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    length = sizeof *four;
    return inet_pton(AF_INET, text, &four->sin_addr) == 1 ? AF_INET : -1;
}
static int listener(const char *text, int port) {
    int one = 1, fd = socket(parse(text, port), SOCK_STREAM, 0);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(fd, (struct sockaddr *)&address, length) != 0 || listen(fd, 16) != 0) {
        perror("accepts: listen");
        exit(1);
    }
    return fd;
}
int main(int argc, char **argv) {
    char byte;
    if (argc < 5)
        return 2;
    int port = atoi(argv[3]), count = atoi(argv[4]), hold = argc > 5;
    if (strcmp(argv[1], "serve") == 0) {
        int fd = listener(argv[2], port);
        puts("ready");
        fflush(stdout);
        for (int i = 0; i < count; i++) {
            int peer = accept(fd, NULL, NULL);
            if (peer >= 0 && read(peer, &byte, 1) == 1 && !hold)
                close(peer);
        }
    } else if (strcmp(argv[1], "call") == 0) {
        for (int i = 0; i < count; i++) {
            int fd = socket(parse(argv[2], port), SOCK_STREAM, 0);
            if (connect(fd, (struct sockaddr *)&address, length) != 0) {
                perror("accepts: connect");
                return 1;
            }
            if (write(fd, "x", 1) != 1 || read(fd, &byte, 1) != 0)
                return 1;
            close(fd);
        }
    } else {
        int one = 1;
        close(listener("0.0.0.0", port));
        usleep(300000);
        int fd = socket(parse("0.0.0.0", port), SOCK_STREAM, 0);
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
        if (bind(fd, (struct sockaddr *)&address, length) != 0)
            return 1;
        parse(argv[2], count);
        if (connect(fd, (struct sockaddr *)&address, length) != 0 || write(fd, "x", 1) != 1 || read(fd, &byte, 1) != 0)
            return 1;
    }
    return 0;
}
