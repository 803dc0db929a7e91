/* soak WRITES CONNECTS EXECS DIRECTORY: a day's events in one run: opens files for writing (under 1000 names), connects
 * to a listener of its own, starts processes. Prints "done". */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static int die(const char *what) {
    perror(what);
    return 1;
}

int main(int argc, char **argv) {
    if (argc != 5)
        return 2;
    char path[4096];
    for (long i = 0; i < atol(argv[1]); i++) {
        snprintf(path, sizeof path, "%s/file-%ld", argv[4], i % 1000);
        int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        if (fd < 0)
            return die(path);
        close(fd);
    }
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof a;
    if (bind(listener, (struct sockaddr *)&a, sizeof a) || listen(listener, 8) || getsockname(listener, (struct sockaddr *)&a, &n))
        return die("listener");
    for (long i = 0; i < atol(argv[2]); i++) {
        struct linger reset = {1, 0};
        int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (connect(s, (struct sockaddr *)&a, sizeof a))
            return die("connect");
        setsockopt(s, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
        close(s);
        close(accept(listener, NULL, NULL));
    }
    for (long i = 0; i < atol(argv[3]); i++) {
        pid_t pid = vfork();
        if (pid == 0) {
            execl("/bin/true", "true", (char *)NULL);
            _exit(127);
        }
        waitpid(pid, NULL, 0);
    }
    puts("done");
    return 0;
}
