/*
 * Threads share a umask: one changes it while another one creates files, and pauses before it creates the next.
 * usage: masks DIRECTORY TRIES
 * Prints how many files were made with a mode that the umask forbids.
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *file = "made-with-a-mask";
static atomic_int busy, changed, make;
static int wrong;

static mode_t made(void) {
    struct stat st = {0};
    int fd = open(file, O_CREAT | O_WRONLY, 0666);
    fstat(fd, &st);
    close(fd);
    unlink(file);
    return st.st_mode & 0777;
}

static void *other(void *unused) {
    for (;;) {
        while (!busy)
            usleep(100);
        while (!changed)
            (void)made();
        busy = 0;
        while (!make)
            usleep(100);
        wrong += made() != 0600;
        make = 0;
    }
    return unused;
}

int main(int argc, char **argv) {
    pthread_t thread;
    if (argc != 3 || chdir(argv[1]) != 0 || pthread_create(&thread, NULL, other, NULL) != 0)
        return 2;
    for (int i = 0; i < atoi(argv[2]); i++) {
        umask(022);
        usleep(45000); /* longer than the supervisor takes a change to be under way */
        changed = 0;
        busy = 1;
        usleep(500 + rand() % 500);
        umask(077);
        changed = 1;
        while (busy)
            usleep(100);
        usleep(30000);
        make = 1;
        while (make)
            usleep(100);
    }
    printf("%d\n", wrong);
    return 0;
}
