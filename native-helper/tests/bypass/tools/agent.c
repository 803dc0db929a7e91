/*
 * Stands for the agent's JVM: a process of the same user outside of the supervised tree, with secrets in its memory,
 * an open connection, and unix sockets over which it hands out descriptors to whoever asks.
 *
 * usage: AGENT_SECRET=… agent ADDRESS PORT SOCKET-PATH ABSTRACT-NAME FILE -secret TEXT
 *   descriptor 9   connected to ADDRESS:PORT
 *   descriptor 8   FILE, open for reading and writing
 *   SOCKET-PATH and @ABSTRACT-NAME send a duplicate of descriptor 9 to each client (SCM_RIGHTS)
 *
 * Prints "PID ADDRESS-OF-SECRET LENGTH". Commands on standard input: "check" prints "intact" or "modified" (the secret
 * in memory). Ends with its standard input.
 */
#include "../programs/attack.h"

#include <fcntl.h>
#include <poll.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/un.h>

#ifndef PR_SET_PTRACER
#define PR_SET_PTRACER 0x59616d61
#endif

static int serve(const char *name, int abstract) {
    struct sockaddr_un un = {.sun_family = AF_UNIX};
    size_t n = strlen(name);
    memcpy(un.sun_path + abstract, name, n);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    socklen_t length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n + 1);
    if (!abstract)
        unlink(name);
    if (fd < 0 || bind(fd, (struct sockaddr *)&un, length) != 0 || listen(fd, 16) != 0) {
        perror(name);
        exit(2);
    }
    return fd;
}

static void hand_out(int listener) {
    int client = accept(listener, NULL, NULL), fd = 9;
    if (client < 0)
        return;
    char byte = 'x';
    union {
        char space[CMSG_SPACE(sizeof(int))];
        struct cmsghdr align;
    } control = {.space = {0}};
    struct iovec iov = {&byte, 1};
    struct msghdr m = {.msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    struct cmsghdr *c = CMSG_FIRSTHDR(&m);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(sizeof fd);
    memcpy(CMSG_DATA(c), &fd, sizeof fd);
    sendmsg(client, &m, MSG_NOSIGNAL);
    close(client);
}

int main(int argc, char **argv) {
    const char *secret = getenv("AGENT_SECRET");
    if (argc < 6 || secret == NULL) {
        fprintf(stderr, "usage: AGENT_SECRET=... agent ADDRESS PORT PATH ABSTRACT FILE ...\n");
        return 2;
    }
    /* Where Yama restricts ptrace, the attack must still work without supervision. */
    prctl(PR_SET_PTRACER, (unsigned long)-1, 0, 0, 0);
    struct target t = target_of(argv[1], argv[2]);
    int fd = socket(t.family, SOCK_STREAM, 0), file = open(argv[5], O_RDWR);
    if (fd < 0 || connect(fd, (struct sockaddr *)&t.address, t.length) != 0 || dup2(fd, 9) != 9) {
        perror("agent: connect");
        return 2;
    }
    if (file < 0 || dup2(file, 8) != 8) {
        perror("agent: file");
        return 2;
    }
    char *memory = strdup(secret);
    struct pollfd polls[3] = {{0, POLLIN, 0}, {serve(argv[3], 0), POLLIN, 0}, {serve(argv[4], 1), POLLIN, 0}};
    printf("%d %p %zu\n", getpid(), (void *)memory, strlen(memory));
    fflush(stdout);
    for (;;) {
        if (poll(polls, 3, -1) < 0)
            continue;
        for (int i = 1; i < 3; i++)
            if (polls[i].revents)
                hand_out(polls[i].fd);
        if (polls[0].revents) {
            char line[64];
            if (read(0, line, sizeof line) <= 0)
                return 0;
            puts(strcmp(memory, secret) == 0 ? "intact" : "modified");
            fflush(stdout);
        }
    }
}
