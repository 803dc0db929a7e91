/*
 * Writes into a file that belongs to the sources under build, by every way to get a descriptor for it.
 * usage: file_open METHOD FILE SCRATCH-DIRECTORY
 */
#include "attack.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>

static const char *file, *scratch, *base;
static char directory[4096], other[4096];

static void spoil(int fd, const char *how) {
    if (fd < 0)
        stopped_at(how);
    if (write(fd, "evil\n", 5) != 5)
        stopped_at("write");
    reached("%s", how);
}

static const char *in_scratch(const char *name) {
    snprintf(other, sizeof other, "%s/%s", scratch, name);
    unlink(other);
    return other;
}

static void through_descriptor(const char *format) {
    char path[4300];
    int fd = open(file, O_RDONLY);
    if (fd < 0)
        stopped_at("open for reading");
    snprintf(path, sizeof path, format, fd);
    spoil(open(path, O_WRONLY), path);
}

static void by_openat2(void) {
    struct {
        uint64_t flags, mode, resolve;
    } how = {O_WRONLY | O_TRUNC, 0, 0};
    int fd = (int)syscall(437 /* openat2 */, AT_FDCWD, file, &how, sizeof how);
    if (fd < 0)
        failed("openat2");
    spoil(fd, "openat2");
}

static void put(const char *path, const char *text) {
    int fd = open(path, O_WRONLY);
    if (fd < 0 || write(fd, text, strlen(text)) < 0)
        failed(path);
    close(fd);
}

static void own_mounts(void) {
    char map[32], group[32];
    snprintf(map, sizeof map, "0 %d 1", getuid());
    snprintf(group, sizeof group, "0 %d 1", getgid());
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0)
        failed("user and mount namespace");
    put("/proc/self/setgroups", "deny");
    put("/proc/self/uid_map", map);
    put("/proc/self/gid_map", group);
}

int main(int argc, char **argv) {
    if (argc != 4)
        cannot("usage: file_open METHOD FILE SCRATCH-DIRECTORY");
    const char *m = argv[1];
    file = argv[2];
    scratch = argv[3];
    base = strrchr(file, '/') + 1;
    snprintf(directory, sizeof directory, "%.*s", (int)(base - file - 1), file);
    int at = open(directory, O_RDONLY | O_DIRECTORY);
    if (strcmp(m, "write-only") == 0)
        spoil(open(file, O_WRONLY), m);
    if (strcmp(m, "read-write") == 0)
        spoil(open(file, O_RDWR), m);
    if (strcmp(m, "append") == 0)
        spoil(open(file, O_WRONLY | O_APPEND), m);
    if (strcmp(m, "both-bits") == 0) { /* access mode 3: no reading, no writing, but ioctl; needs write permission */
        if (open(file, 3) < 0)
            stopped_at(m);
        reached("%s", m);
    }
    if (strcmp(m, "truncate-read-only") == 0) { /* truncates although it only asks to read */
        if (open(file, O_RDONLY | O_TRUNC) < 0)
            stopped_at(m);
        reached("%s", m);
    }
    if (strcmp(m, "creat") == 0)
        spoil(creat(file, 0644), m);
    if (strcmp(m, "openat") == 0)
        spoil(openat(at, base, O_WRONLY), m);
    if (strcmp(m, "openat2") == 0)
        by_openat2();
#ifdef SYS_open
    if (strcmp(m, "old-open") == 0)
        spoil((int)syscall(SYS_open, file, O_WRONLY | O_TRUNC), m);
#endif
    if (strcmp(m, "chdir") == 0) {
        if (chdir(directory) != 0)
            stopped_at("chdir");
        spoil(open(base, O_WRONLY), m);
    }
    if (strcmp(m, "fd-alias") == 0)
        through_descriptor("/proc/self/fd/%d");
    if (strcmp(m, "dev-alias") == 0)
        through_descriptor("/dev/fd/%d");
    if (strcmp(m, "thread-alias") == 0)
        through_descriptor("/proc/thread-self/fd/%d");
    if (strcmp(m, "odd-alias") == 0) /* the same place, but not the same text */
        through_descriptor("/proc//self/fd/%d");
    if (strcmp(m, "link-alias") == 0) { /* a link of our own into /proc/self: whose self? */
        if (symlink("/proc/self/fd", in_scratch("alias")) != 0)
            stopped_at("symlink");
        char format[4200];
        snprintf(format, sizeof format, "%s/%%d", other);
        through_descriptor(format);
    }
    if (strcmp(m, "long-path") == 0) { /* as long as the kernel takes: longer ones with anything in front fail */
        static char path[4096];
        size_t n = strlen(directory), tail = strlen(base) + 1, at_most = sizeof path - 1;
        memcpy(path, directory, n);
        while (n + 2 + tail <= at_most) {
            memcpy(path + n, "/.", 2);
            n += 2;
        }
        snprintf(path + n, sizeof path - n, "/%s", base);
        spoil(open(path, O_WRONLY), m);
    }
    if (strcmp(m, "dangling") == 0) { /* a link to what is not there yet: opening it creates it there */
        char name[4200];
        snprintf(name, sizeof name, "%s/planted", directory);
        if (symlink(name, in_scratch("alias")) != 0)
            stopped_at("symlink");
        spoil(open(other, O_CREAT | O_WRONLY, 0644), m);
    }
    if (strcmp(m, "unnamed-empty") == 0) { /* linkat without a path: the descriptor itself */
        int fd = open(scratch, O_TMPFILE | O_RDWR, 0644);
        if (fd < 0 || write(fd, "evil\n", 5) != 5)
            stopped_at("O_TMPFILE");
        if (linkat(fd, "", at, "planted", AT_EMPTY_PATH) != 0)
            failed("linkat with AT_EMPTY_PATH");
        reached("%s", m);
    }
    if (strcmp(m, "root-alias") == 0) {
        snprintf(other, sizeof other, "/proc/self/root%s", file);
        spoil(open(other, O_WRONLY), m);
    }
    if (strcmp(m, "cwd-alias") == 0) {
        if (chdir(directory) != 0)
            stopped_at("chdir");
        snprintf(other, sizeof other, "/proc/self/cwd/%s", base);
        spoil(open(other, O_WRONLY), m);
    }
    if (strcmp(m, "symlink") == 0) {
        if (symlink(file, in_scratch("alias")) != 0)
            stopped_at("symlink");
        spoil(open(other, O_WRONLY), m);
    }
    if (strcmp(m, "hardlink") == 0) {
        if (link(file, in_scratch("alias")) != 0)
            stopped_at("link");
        spoil(open(other, O_WRONLY), m);
    }
    if (strcmp(m, "path-only") == 0) { /* O_PATH first, which no check sees as a write; then link it elsewhere */
        char path[64];
        int fd = open(file, O_PATH);
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
        if (linkat(AT_FDCWD, path, AT_FDCWD, in_scratch("alias"), AT_SYMLINK_FOLLOW) != 0)
            stopped_at("linkat");
        spoil(open(other, O_WRONLY), m);
    }
    if (strcmp(m, "unnamed") == 0) { /* O_TMPFILE and linkat: a new file in the protected directory */
        int fd = open(directory, O_TMPFILE | O_RDWR, 0644);
        if (fd < 0)
            stopped_at("O_TMPFILE");
        if (write(fd, "evil\n", 5) != 5)
            stopped_at("write");
        char path[64], name[4200];
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
        snprintf(name, sizeof name, "%s/planted", directory);
        if (linkat(AT_FDCWD, path, AT_FDCWD, name, AT_SYMLINK_FOLLOW) != 0)
            stopped_at("linkat");
        reached("%s", m);
    }
    if (strcmp(m, "shared-mapping") == 0) {
        int fd = open(file, O_RDWR);
        if (fd < 0)
            stopped_at("open");
        char *map = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        if (map == MAP_FAILED)
            stopped_at("mmap");
        memcpy(map, "evil", 4);
        reached("%s", m);
    }
    if (strcmp(m, "inherited-mapping") == 0) { /* descriptor 9 was open before */
        char *map = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, 9, 0);
        if (map == MAP_FAILED)
            stopped_at("mmap of an inherited descriptor");
        memcpy(map, "evil", 4);
        reached("%s", m);
    }
    if (strcmp(m, "bind-alias") == 0) {
        own_mounts();
        mkdir(in_scratch("elsewhere"), 0700);
        if (mount(directory, other, NULL, MS_BIND, NULL) != 0)
            failed("bind mount");
        char name[8300];
        snprintf(name, sizeof name, "%s/%s", other, base);
        spoil(open(name, O_WRONLY), m);
    }
    if (strcmp(m, "chroot-alias") == 0) {
        own_mounts();
        if (chroot(directory) != 0 || chdir("/") != 0)
            failed("chroot");
        snprintf(other, sizeof other, "/%s", base);
        spoil(open(other, O_WRONLY), m);
    }
    if (strcmp(m, "bind-hidden") == 0) { /* under a name that looks like a terminal */
        own_mounts();
        if (mount(directory, "/dev/pts", NULL, MS_BIND, NULL) != 0)
            failed("bind mount");
        snprintf(other, sizeof other, "/dev/pts/%s", base);
        spoil(open(other, O_WRONLY), m);
    }
    if (strcmp(m, "chroot-link") == 0) { /* an absolute link, which means another place from inside */
        own_mounts();
        if (chroot(directory) != 0 || chdir("/") != 0)
            failed("chroot");
        snprintf(other, sizeof other, "/%s", base);
        unlink("link");
        if (symlink(other, "link") != 0)
            stopped_at("symlink");
        int fd = open("link", O_WRONLY);
        unlink("link");
        spoil(fd, m);
    }
    if (strcmp(m, "mount-over") == 0) { /* the file stays; everybody sees another one (CAP_SYS_ADMIN) */
        int fd = open(in_scratch("false"), O_CREAT | O_WRONLY | O_TRUNC, 0644);
        if (write(fd, "evil\n", 5) != 5)
            stopped_at("write");
        if (mount(other, file, NULL, MS_BIND, NULL) != 0)
            failed("mount");
        reached("%s", m);
    }
    cannot("unknown method %s", m);
}
