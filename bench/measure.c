/* measure COMMAND [ARG…]: CPU time of a command and of everything that it leaves behind.
 *
 * The supervisor of a block is not a child of the command's caller, and it outlives the command by a moment; as child
 * subreaper this program still becomes its parent, so that its CPU time is counted. Prints one line to the file named
 * by MEASURE_OUT: user seconds, system seconds, wall seconds until the command ended, peak resident KiB of the largest
 * process. Exits with the command's status. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds(struct timeval t) { return (double)t.tv_sec + (double)t.tv_usec / 1e6; }

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
    const char *out = getenv("MEASURE_OUT");
    if (argc < 2 || !out) {
        fprintf(stderr, "usage: MEASURE_OUT=FILE measure COMMAND [ARG…]\n");
        return 2;
    }
    if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0) { perror("measure: PR_SET_CHILD_SUBREAPER"); return 2; }
    double start = now();
    pid_t child = fork();
    if (child < 0) { perror("measure: fork"); return 2; }
    if (child == 0) {
        execvp(argv[1], argv + 1);
        perror(argv[1]);
        _exit(127);
    }
    int status = 0, ended = 0;
    double wall = 0;
    for (;;) {
        int s;
        pid_t pid = wait(&s);
        if (pid < 0 && errno == EINTR) continue;
        if (pid < 0) break;
        if (pid == child) { status = s; ended = 1; wall = now() - start; }
    }
    if (!ended) return 2;
    struct rusage usage;
    getrusage(RUSAGE_CHILDREN, &usage);
    FILE *f = fopen(out, "we");
    if (!f) { perror(out); return 2; }
    fprintf(f, "%.6f %.6f %.6f %ld\n", seconds(usage.ru_utime), seconds(usage.ru_stime), wall, usage.ru_maxrss);
    if (fclose(f) != 0) { perror(out); return 2; }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
