/* moves DIR: makes files while the directory that they are made in changes its name and place, faster than anything that
 * remembers it could forget; 1 if a file is not where it should be. As root it ends in a root of its own, DIR. */
#include <errno.h>
#include <fcntl.h>
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

int main(int argc, char **argv) {
    char path[64];
    if (argc != 2 || chdir(argv[1]) != 0)
        return 2;
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
