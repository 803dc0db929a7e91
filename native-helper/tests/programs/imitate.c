/*
 * `imitate OUT -- ARG...`: runs itself with the command line ARG..., in a process below another that does the same, as
 * durable-task's wrapper and its loop do, and below that `sleep 3`. Writes to OUT how that one ended.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void act(int out) {
    if (fork() != 0) {
        wait(NULL);
        exit(0);
    }
    pid_t pid = fork();
    if (pid == 0) {
        execlp("sleep", "sleep", "3", (char *)NULL);
        _exit(127);
    }
    int status = -1;
    waitpid(pid, &status, 0);
    dprintf(out, "%s\n", WIFSIGNALED(status) ? "killed" : "slept");
    exit(0);
}

int main(int argc, char **argv) {
    if (getenv("IMITATE") != NULL)
        act(atoi(getenv("IMITATE")));
    if (argc < 4)
        return 2;
    char number[16];
    snprintf(number, sizeof number, "%d", open(argv[1], O_WRONLY | O_CREAT | O_TRUNC, 0666));
    setenv("IMITATE", number, 1);
    if (fork() != 0)
        return 0; /* an orphan now, as the wrapper is */
    setsid();
    execv("/proc/self/exe", argv + 3);
    return 1;
}
