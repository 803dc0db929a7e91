/*
 * Local sockets, from both sides.
 * unix-peer serve PATH|@NAME           listens, answers each connection with "hello"
 * unix-peer collect PATH FILE          datagrams; appends what arrives to FILE
 * unix-peer connect PATH|@NAME         prints what it is told; 1 and the error if it cannot
 * unix-peer send PATH TEXT             one datagram
 * unix-peer both PATH                  serves and connects in two processes, prints the name that it got
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static struct sockaddr_un un = {.sun_family = AF_UNIX};
static socklen_t length;

static int make(int type, const char *name) {
    size_t n = strlen(name);
    memcpy(un.sun_path, name, n);
    if (name[0] == '@')
        un.sun_path[0] = '\0';
    length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n + (name[0] != '@'));
    return socket(AF_UNIX, type, 0);
}

static int fail(const char *what) {
    printf("%s: %s\n", what, strerror(errno));
    return 1;
}

static int listening(const char *name) {
    int fd = make(SOCK_STREAM, name);
    return bind(fd, (struct sockaddr *)&un, length) == 0 && listen(fd, 8) == 0 ? fd : -1;
}

static int serve(int fd) {
    for (;;) {
        int one = accept(fd, NULL, NULL);
        if (one < 0)
            return fail("accept");
        if (write(one, "hello\n", 6) != 6)
            perror("write");
        close(one);
    }
}

static int visit(const char *name) {
    char text[16];
    int fd = make(SOCK_STREAM, name);
    if (connect(fd, (struct sockaddr *)&un, length) != 0)
        return fail("connect");
    ssize_t n = read(fd, text, sizeof text);
    return n > 0 && write(1, text, (size_t)n) == n ? 0 : 1;
}

int main(int argc, char **argv) {
    if (argc < 3 || strlen(argv[2]) >= sizeof un.sun_path)
        return 2;
    if (strcmp(argv[1], "serve") == 0) {
        int fd = listening(argv[2]);
        return fd < 0 ? fail("listen") : serve(fd);
    }
    if (strcmp(argv[1], "connect") == 0)
        return visit(argv[2]);
    if (strcmp(argv[1], "both") == 0) {
        int fd = listening(argv[2]);
        struct sockaddr_un got = {0};
        socklen_t n = sizeof got;
        if (fd < 0 || getsockname(fd, (struct sockaddr *)&got, &n) != 0)
            return fail("listen");
        pid_t child = fork();
        if (child == 0)
            return serve(fd);
        printf("%s ", got.sun_path);
        fflush(stdout);
        int rc = visit(argv[2]);
        kill(child, SIGKILL);
        return rc;
    }
    int fd = make(SOCK_DGRAM, argv[2]);
    if (argc == 4 && strcmp(argv[1], "send") == 0)
        return sendto(fd, argv[3], strlen(argv[3]), 0, (struct sockaddr *)&un, length) < 0 ? fail("sendto") : 0;
    if (argc == 4 && strcmp(argv[1], "collect") == 0) {
        if (bind(fd, (struct sockaddr *)&un, length) != 0)
            return fail("bind");
        for (char text[64];;) {
            ssize_t n = recv(fd, text, sizeof text, 0);
            int to = open(argv[3], O_WRONLY | O_CREAT | O_APPEND, 0644);
            if (n < 0 || to < 0 || write(to, text, (size_t)n) != n)
                return fail("collect");
            close(to);
        }
    }
    return 2;
}
