/*
 * Reads a credential file, by every way to get at its bytes.
 * usage: file_read METHOD FILE SCRATCH-DIRECTORY [TRIES]
 * The bytes are printed; the runner knows what stands in the file.
 */
#include "attack.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/stat.h>

static void show(int fd, const char *how) {
    char text[256];
    if (fd < 0)
        stopped_at(how);
    ssize_t n = read(fd, text, sizeof text);
    if (n <= 0)
        stopped_at("read");
    if (write(1, text, (size_t)n) != n)
        stopped_at("write");
    reached("%s", how);
}

/* An overlay that is mounted nowhere: its files have inodes and names of their own. */
static void overlay(const char *file, const char *scratch) {
    char empty[4096], lower[8192];
    const char *base = strrchr(file, '/');
    snprintf(empty, sizeof empty, "%s/empty", scratch);
    snprintf(lower, sizeof lower, "%.*s:%s", (int)(base - file), file, empty);
    mkdir(empty, 0755);
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0)
        failed("a user namespace");
    int context = (int)syscall(430 /* fsopen */, "overlay", 0);
    if (context < 0)
        errno == ENODEV || errno == ENOSYS ? cannot("no overlay: %s", strerror(errno)) : stopped_at("fsopen");
    if (syscall(431 /* fsconfig */, context, 1, "lowerdir", lower, 0) != 0 || syscall(431, context, 6 /* create */, NULL, NULL, 0) != 0)
        stopped_at("fsconfig");
    int mount = (int)syscall(432 /* fsmount */, context, 0, 0);
    if (mount < 0)
        stopped_at("fsmount");
    show(openat(mount, base + 1, O_RDONLY), "overlay");
}

/* What the kernel has to open for a process of a user namespace, and the path exchanged meanwhile. */
static volatile char swapped[4096];
static volatile int rounds;
static const char *paths[2] = {"/proc/self/uid_map"};
static void *swap(void *unused) {
    for (;; rounds++) {
        const char *path = paths[rounds % 2];
        for (size_t at = 0; at <= strlen(path); at++)
            swapped[at] = path[at];
        for (volatile int pause = 0; pause < 200; pause++)
            ;
    }
    return unused;
}
static void race_map(const char *file, int tries) {
    pthread_t thread;
    char text[256];
    paths[1] = file;
    strcpy((char *)swapped, file);
    if (unshare(CLONE_NEWUSER) != 0)
        failed("a user namespace");
    if (pthread_create(&thread, NULL, swap, NULL) != 0)
        cannot("no thread");
    /* A busy machine may not let the other thread run for a while: what counts is how often the path was another one. It
     * goes on after success, as in audit one of the many tries must have been recorded. */
    int hit = -1, exchanges = 0, before = 0;
    for (int i = 0; i < tries || (exchanges < 40 && i < 50 * tries); i++) {
        int fd = open((const char *)swapped, O_RDONLY), now = rounds & 1;
        ssize_t n = fd >= 0 ? read(fd, text, sizeof text) : 0;
        close(fd);
        exchanges += now != before;
        before = now;
        if (hit < 0 && n > 10 && memcmp(text, "credential", 10) == 0) {
            hit = i;
            if (write(1, text, (size_t)n) != n)
                stopped_at("write");
        }
        if (i % 64 == 63)
            sched_yield();
    }
    if (hit >= 0)
        reached("in try %d", hit);
    stopped("%d tries", tries);
}

int main(int argc, char **argv) {
    if (argc < 4)
        cannot("usage: file_read METHOD FILE SCRATCH-DIRECTORY [TRIES]");
    const char *m = argv[1], *file = argv[2];
    char other[4096];
    snprintf(other, sizeof other, "%s/alias", argv[3]);
    unlink(other);
    if (strcmp(m, "open") == 0)
        show(open(file, O_RDONLY), m);
    if (strcmp(m, "openat2") == 0) {
        struct {
            uint64_t flags, mode, resolve;
        } how = {O_RDONLY, 0, 0};
        int fd = (int)syscall(437 /* openat2 */, AT_FDCWD, file, &how, sizeof how);
        if (fd < 0)
            failed(m);
        show(fd, m);
    }
    if (strcmp(m, "symlink") == 0) {
        if (symlink(file, other) != 0)
            stopped_at("symlink");
        show(open(other, O_RDONLY), m);
    }
    if (strcmp(m, "hardlink") == 0) {
        if (link(file, other) != 0)
            stopped_at("link");
        show(open(other, O_RDONLY), m);
    }
    if (strcmp(m, "rename") == 0) {
        if (rename(file, other) != 0)
            stopped_at("rename");
        show(open(other, O_RDONLY), m);
    }
    if (strcmp(m, "directory-rename") == 0) {
        char directory[4096];
        const char *base = strrchr(file, '/');
        snprintf(directory, sizeof directory, "%.*s", (int)(base - file), file);
        if (rename(directory, other) != 0)
            stopped_at("rename of the directory");
        strncat(other, base, sizeof other - strlen(other) - 1);
        show(open(other, O_RDONLY), m);
    }
    if (strcmp(m, "path-only") == 0) {
        char path[64];
        snprintf(path, sizeof path, "/proc/self/fd/%d", open(file, O_PATH));
        show(open(path, O_RDONLY), m);
    }
    if (strcmp(m, "execute") == 0) { /* execve opens it without open(2); the error says whether it could */
        chmod(file, 0700);
        char *none[] = {(char *)file, NULL};
        execve(file, none, none);
        stopped_at("execve");
    }
    if (strcmp(m, "overlay") == 0)
        overlay(file, argv[3]);
    if (strcmp(m, "race-map") == 0 && argc == 5)
        race_map(file, atoi(argv[4]));
    cannot("unknown method %s", m);
}
