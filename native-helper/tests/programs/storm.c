/* storm MODE …: many file operations in quick succession, as a hostile build would make them.
 *
 * bytes DIR PAUSE    makes and removes a file of every name that can trip a writer up, PAUSE microseconds between two calls;
 * mixed DIR N        three processes of two threads each make N files in directories of their own, named by who made them;
 * refused DIR N FILE EVENTS   makes N files, tries to write to FILE, and prints how many of the N are in EVENTS by then;
 * alone DIR EVENTS   makes one file after a rest, and prints whether it is in EVENTS when the call returns;
 * idle DIR N EVENTS  makes N files, does nothing more, and prints whether they get into EVENTS all the same;
 * endless DIR        until it is killed. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void die(const char *what) {
    perror(what);
    exit(1);
}

static void make(const char *path) {
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd < 0)
        die(path);
    close(fd);
}

static void rest(long us) {
    struct timespec t = {us / 1000000, us % 1000000 * 1000};
    if (us > 0)
        nanosleep(&t, NULL);
}

static void bytes(const char *dir, long pause) {
    char path[700], name[260];
    for (int b = 1; b < 256 + 6; b++) {
        if (b == '/')
            continue;
        switch (b) {
        case 256: memset(name, 'x', 255), name[255] = '\0'; break;
        case 257: memset(name, 1, 255), name[255] = '\0'; break; /* six bytes each in JSON */
        case 258: strcpy(name, "\",\"h\":\"00\"}\n{\"seq\":9,\"k\":\"end\"}"); break;
        case 259: strcpy(name, "\xe2\x82"); break; /* half a character */
        case 260: strcpy(name, "\xf0\x9f\x98\x80 \xed\xa0\x80"); break; /* one of four bytes, and a surrogate */
        case 261: strcpy(name, "-"); break;
        default: snprintf(name, sizeof name, "%c<%c>%d", b == '.' ? '_' : b, b, b);
        }
        snprintf(path, sizeof path, "%s/%s", dir, name);
        make(path);
        rest(pause);
        if (chmod(path, 0600))
            die("chmod");
        rest(pause);
        if (unlink(path))
            die("unlink");
        rest(pause);
    }
}

static const char *where;
static long count;

static void *some(void *unused) {
    char path[500];
    long tid = syscall(SYS_gettid);
    (void)unused;
    snprintf(path, sizeof path, "%s/%ld", where, tid);
    if (mkdir(path, 0755))
        die(path);
    for (long i = 0; i < count; i++) {
        snprintf(path, sizeof path, "%s/%ld/%ld.%ld", where, tid, tid, i);
        make(path);
    }
    return NULL;
}

static void mixed(void) {
    for (int i = 0; i < 3; i++)
        if (fork() == 0) {
            pthread_t other;
            if (pthread_create(&other, NULL, some, NULL))
                die("thread");
            some(NULL);
            pthread_join(other, NULL);
            exit(0);
        }
    while (wait(NULL) > 0) {}
}

/* How many names beginning with `prefix` are in the event file, as it is on the disk now. */
static long seen(const char *events, const char *prefix) {
    static char text[8 << 20];
    int fd = open(events, O_RDONLY | O_CLOEXEC);
    ssize_t n, have = 0;
    long found = 0;
    if (fd < 0)
        die(events);
    while ((n = read(fd, text + have, sizeof text - 1 - (size_t)have)) > 0)
        have += n;
    close(fd);
    text[have] = '\0';
    for (char *at = text; (at = strstr(at, prefix)) != NULL; at++)
        found++;
    return found;
}

static void many(const char *dir, const char *prefix, long n) {
    char path[500];
    for (long i = 0; i < n; i++) {
        snprintf(path, sizeof path, "%s/%s%ld", dir, prefix, i);
        make(path);
    }
}

int main(int argc, char **argv) {
    const char *mode = argc > 2 ? argv[1] : "", *dir = argv[2];
    char path[500];
    if (strcmp(mode, "bytes") == 0 && argc == 4) {
        bytes(dir, atol(argv[3]));
    } else if (strcmp(mode, "mixed") == 0 && argc == 4) {
        where = dir;
        count = atol(argv[3]);
        mixed();
    } else if (strcmp(mode, "refused") == 0 && argc == 6) {
        many(dir, "before-", atol(argv[3]));
        if (open(argv[4], O_WRONLY | O_CLOEXEC) >= 0 || errno != EACCES)
            die("the refused file was opened");
        printf("%ld\n", seen(argv[5], "before-"));
    } else if (strcmp(mode, "alone") == 0 && argc == 4) {
        rest(100000);
        snprintf(path, sizeof path, "%s/alone-0", dir);
        make(path);
        printf("%ld\n", seen(argv[3], "alone-"));
    } else if (strcmp(mode, "idle") == 0 && argc == 5) {
        long n = atol(argv[3]), in = 0;
        many(dir, "idle-", n);
        for (int tries = 0; tries < 1000 && (in = seen(argv[4], "idle-")) < n; tries++)
            rest(10000);
        printf("%ld\n", in);
    } else if (strcmp(mode, "endless") == 0) {
        for (long i = 0;; i++) {
            snprintf(path, sizeof path, "%s/%ld", dir, i);
            int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
            if (fd < 0)
                return 0; /* without a supervisor the call fails, which is what is wanted */
            close(fd);
        }
    } else {
        fprintf(stderr, "usage: see the head of storm.c\n");
        return 2;
    }
    return 0;
}
