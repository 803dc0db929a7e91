/* workload connects|creates|unlinks|forks N [DIR]: one kind of system call N times, nothing else.
 *
 * connects: a TCP connection to a listener of this process on 127.0.0.1, accepted and closed;
 * creates:  files DIR/0 … DIR/N-1, created and closed;   unlinks: the same files removed;
 * forks:    fork and exec of /bin/true, waited for. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static void die(const char *what) {
    perror(what);
    exit(1);
}

static void connects(long n) {
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 8)
        || getsockname(listener, (struct sockaddr *)&address, &length)) die("listener");
    for (long i = 0; i < n; i++) {
        int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (s < 0 || connect(s, (struct sockaddr *)&address, sizeof address)) die("connect");
        int peer = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        if (peer < 0) die("accept");
        /* A reset instead of TIME_WAIT, or 10,000 rounds use up the ports of the machine. */
        struct linger reset = {.l_onoff = 1, .l_linger = 0};
        setsockopt(s, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
        close(s);
        close(peer);
    }
}

static void files(long n, const char *dir, int create) {
    char path[4096];
    for (long i = 0; i < n; i++) {
        if (snprintf(path, sizeof path, "%s/%ld", dir, i) >= (int)sizeof path) die("path");
        if (create) {
            int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
            if (fd < 0) die(path);
            close(fd);
        } else if (unlink(path)) die(path);
    }
}

static void forks(long n) {
    for (long i = 0; i < n; i++) {
        pid_t pid = fork();
        if (pid < 0) die("fork");
        if (pid == 0) {
            execl("/bin/true", "true", (char *)NULL);
            _exit(127);
        }
        int status;
        if (waitpid(pid, &status, 0) != pid || status != 0) die("/bin/true");
    }
}

int main(int argc, char **argv) {
    long n = argc > 2 ? atol(argv[2]) : 0;
    if (n > 0 && strcmp(argv[1], "connects") == 0) connects(n);
    else if (n > 0 && argc > 3 && strcmp(argv[1], "creates") == 0) files(n, argv[3], 1);
    else if (n > 0 && argc > 3 && strcmp(argv[1], "unlinks") == 0) files(n, argv[3], 0);
    else if (n > 0 && strcmp(argv[1], "forks") == 0) forks(n);
    else {
        fprintf(stderr, "usage: workload connects|creates|unlinks|forks N [DIR]\n");
        return 2;
    }
    return 0;
}
