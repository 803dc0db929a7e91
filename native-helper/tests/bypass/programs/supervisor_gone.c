/*
 * What a supervised process can do once its supervisor has been killed or stopped by somebody else (the kernel when
 * memory is out, an administrator): nothing more than before.
 * usage: supervisor_gone killed|stopped ADDRESS PORT FILE
 * Prints "ready PID-OF-SUPERVISOR", waits for a line on standard input, then tries everything at once.
 */
#include "attack.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

static struct target t;
static const char *path;

static int attempt(int kind) {
    int fd;
    switch (kind) {
    case 0:
        return deliver(&t) == 0;
    case 1:
        fd = socket(t.family, SOCK_DGRAM, 0);
        return sendto(fd, TOKEN, strlen(TOKEN), 0, (struct sockaddr *)&t.address, t.length) > 0;
    case 2: {
        struct iovec iov = {TOKEN, strlen(TOKEN)};
        struct msghdr m = {.msg_name = &t.address, .msg_namelen = t.length, .msg_iov = &iov, .msg_iovlen = 1};
        fd = socket(t.family, SOCK_DGRAM, 0);
        return sendmsg(fd, &m, 0) > 0;
    }
    default:
        fd = open(path, O_WRONLY);
        return fd >= 0 && write(fd, "evil\n", 5) == 5;
    }
}

int main(int argc, char **argv) {
    if (argc != 5)
        cannot("usage: supervisor_gone killed|stopped ADDRESS PORT FILE");
    t = target_of(argv[2], argv[3]);
    path = argv[4];
    printf("ready %d\n", getppid());
    fflush(stdout);
    char line[16];
    if (read(0, line, sizeof line) <= 0)
        cannot("nobody said go");
    /* each in a child of its own: with a stopped supervisor each hangs, which is a refusal, too */
    pid_t children[4];
    int won = 0;
    for (int kind = 0; kind < 4; kind++) {
        children[kind] = fork();
        if (children[kind] == 0) {
            alarm(1);
            _exit(attempt(kind) ? 0 : 1);
        }
    }
    usleep(1200000);
    for (int kind = 0; kind < 4; kind++) {
        int status = 1;
        if (waitpid(children[kind], &status, WNOHANG) == 0)
            kill(children[kind], SIGKILL);
        won += WIFEXITED(status) && WEXITSTATUS(status) == 0;
    }
    if (won > 0)
        reached("%d of 4 ways were open", won);
    stopped("all 4 ways were closed");
}
