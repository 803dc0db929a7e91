/* moves DIR: makes files while the directory that they are made in changes its name and place, faster than anything that
 * remembers it could forget, and in two directories, one and two, by paths that mean now the one and now the other; 1 if a file
 * is not where it should be. As root it ends in a root of its own, DIR. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void need(int ok, const char *what, int i) {
    if (!ok) {
        printf("%s %d\n", what, i);
        exit(1);
    }
}

static void make(const char *path) {
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0644);
    need(fd >= 0 && close(fd) == 0, path, errno);
}

static const char *top;

static void there(const char *directory, const char *name, int i) {
    char path[600];
    snprintf(path, sizeof path, "%s/%s/%s", top, directory, name);
    need(access(path, F_OK) == 0, path, i);
}

static void go(const char *directory) {
    char path[600];
    snprintf(path, sizeof path, "%s/%s", top, directory);
    need(chdir(path) == 0, path, errno);
}

/* A thread with a working directory of its own: the same names at the same time. */
static void *beside(void *unused) {
    char name[64];
    (void)unused;
    need(unshare(CLONE_FS) == 0, "unshare", errno);
    go("two");
    for (int i = 0; i < 100; i++) {
        snprintf(name, sizeof name, "thread-%d", i);
        make(name);
        there("two", name, i);
    }
    return NULL;
}

static void one_or_two(void) {
    char name[64], path[600];
    pthread_t thread;
    for (int i = 0; i < 100; i++) {
        const char *now = i % 3 ? "one" : "two";
        snprintf(name, sizeof name, "cwd-%d", i);
        go(now);
        make(name);
        there(now, name, i);
        snprintf(path, sizeof path, "/proc/self/cwd/proc-%d", i);
        make(path);
        there(now, path + 15, i);
        go(".");
        snprintf(path, sizeof path, "link/link-%d", i);
        (void)unlink("link");
        need(symlink(now, "link") == 0, "symlink", errno);
        make(path);
        there(now, path + 5, i);
        int directory = open(now, O_PATH | O_DIRECTORY | O_CLOEXEC); /* the same number each time */
        snprintf(name, sizeof name, "at-%d", i);
        int fd = openat(directory, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
        need(directory >= 0 && fd >= 0 && close(fd) == 0 && close(directory) == 0, name, errno);
        there(now, name, i);
        need(unlink(path) == 0, path, errno);
        there(now, name, i);
    }
    need(unlink("link") == 0 && pthread_create(&thread, NULL, beside, NULL) == 0, "thread", errno);
    go("one");
    for (int i = 0; i < 100; i++) {
        snprintf(name, sizeof name, "thread-%d", i);
        make(name);
        there("one", name, i);
    }
    pthread_join(thread, NULL);
    go(".");
}

/* Attributes by a descriptor, while the file's name changes, and of one file after another by the same number. */
static void attributes(void) {
    char name[64], other[64], link_to[64];
    for (int i = 0; i < 50; i++) {
        snprintf(name, sizeof name, "mode-%d", i);
        snprintf(other, sizeof other, "renamed-%d", i);
        snprintf(link_to, sizeof link_to, "linked-%d", i);
        int fd = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644), same;
        need(fd >= 0 && fchmod(fd, 0600) == 0 && futimens(fd, NULL) == 0, name, errno);
        need(rename(name, other) == 0 && fchmod(fd, 0640) == 0 && futimens(fd, NULL) == 0, other, errno);
        need(link(other, link_to) == 0 && unlink(other) == 0, link_to, errno);
        need(link(link_to, other) == 0 && unlink(link_to) == 0, other, errno);
        need(close(fd) == 0 && (same = open(other, O_RDONLY | O_CLOEXEC)) == fd && fchmod(fd, 0400) == 0, other, errno);
        need(close(fd) == 0 && (same = open("one", O_RDONLY | O_CLOEXEC)) == fd && fchmod(fd, 0755) == 0 && close(fd) == 0, "one", errno);
        struct stat st;
        need(stat(other, &st) == 0 && (st.st_mode & 07777) == 0400, "mode", (int)st.st_mode);
        need(stat("one", &st) == 0 && (st.st_mode & 07777) == 0755, "mode", (int)st.st_mode);
    }
}

int main(int argc, char **argv) {
    char path[64];
    if (argc != 2 || chdir(argv[1]) != 0)
        return 2;
    top = argv[1];
    need(mkdir("one", 0755) == 0 && mkdir("two", 0755) == 0, "mkdir", 0);
    one_or_two();
    attributes();
    need(mkdir("a", 0755) == 0, "mkdir", 0);
    for (int i = 0; i < 100; i++) {
        snprintf(path, sizeof path, "a/%d", i);
        make(path);
        need(rename("a", "b") == 0 && mkdir("a", 0755) == 0, "rename", i);
        make(path);
        snprintf(path, sizeof path, "b/then-%d", i);
        make(path);
        snprintf(path, sizeof path, "b/%d", i);
        need(access(path, F_OK) == 0, path, i);
        need(rename("b", "c") == 0 && rename("a", "b") == 0 && rename("c", "a") == 0, "back", i);
        snprintf(path, sizeof path, "b/%d", i);
        need(access(path, F_OK) == 0 && unlink(path) == 0 && rmdir("b") == 0, path, i);
    }
    if (geteuid() == 0) {
        make("before");
        need(chroot(".") == 0, "chroot", 0);
        make("/inside");
        need(access("inside", F_OK) == 0, "inside", 0);
    }
    return 0;
}
