/*
 * Changes which file stands under a protected name, or its attributes, without opening it for writing.
 * usage: file_name METHOD FILE SCRATCH-DIRECTORY
 */
#include "attack.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/xattr.h>
#include <utime.h>

static char evil[4096], name[4200];

static void make_evil(const char *scratch) {
    snprintf(evil, sizeof evil, "%s/evil", scratch);
    int fd = open(evil, O_CREAT | O_WRONLY | O_TRUNC, 0644);
    if (fd < 0 || write(fd, "evil\n", 5) != 5)
        stopped_at("file in the scratch directory");
    close(fd);
}

static void check(long rc, const char *how) {
    if (rc != 0)
        failed(how);
    reached("%s", how);
}

/* struct xattr_args of setxattrat(2) */
struct late_xattr {
    uint64_t value;
    uint32_t size, flags;
};

static void attributes(const char *m, const char *file, const char *directory, const char *base) {
    struct timeval past[2] = {{1000, 0}, {1000, 0}};
    struct timespec past_ns[2] = {{1000, 0}, {1000, 0}};
    struct utimbuf past_s = {1000, 1000};
    int fd = open(file, O_RDONLY), at = open(directory, O_RDONLY | O_DIRECTORY);
    if (strcmp(m, "chmod") == 0)
        check(chmod(file, 0777), m);
    if (strcmp(m, "fchmod") == 0)
        check(fchmod(fd, 0777), m);
    if (strcmp(m, "fchmodat") == 0)
        check(fchmodat(at, base, 0777, 0), m);
    if (strcmp(m, "fchmodat2") == 0)
        check(syscall(452, at, base, 0777, 0), m);
    if (strcmp(m, "chown") == 0) /* clears set-user-ID bits and changes the time even when the owner stays */
        check(chown(file, getuid(), getgid()), m);
    if (strcmp(m, "fchownat") == 0)
        check(fchownat(at, base, getuid(), getgid(), 0), m);
    if (strcmp(m, "setxattr") == 0)
        check(setxattr(file, "user.evil", "1", 1, 0), m);
    if (strcmp(m, "fsetxattr") == 0)
        check(fsetxattr(fd, "user.evil", "1", 1, 0), m);
    if (strcmp(m, "setxattrat") == 0) {
        struct late_xattr a = {(uintptr_t) "1", 1, 0};
        check(syscall(463, AT_FDCWD, file, 0, "user.evil", &a, sizeof a), m);
    }
    if (strcmp(m, "utimensat") == 0)
        check(utimensat(AT_FDCWD, file, past_ns, 0), m);
    if (strcmp(m, "futimens") == 0)
        check(futimens(fd, past_ns), m);
    if (strcmp(m, "utimes") == 0)
        check(utimes(file, past), m);
    if (strcmp(m, "utime") == 0)
        check(utime(file, &past_s), m);
    /* no path at all: the descriptor itself */
    if (strcmp(m, "empty-chmod") == 0)
        check(syscall(452, fd, "", 0777, AT_EMPTY_PATH), m);
    if (strcmp(m, "empty-chown") == 0)
        check(fchownat(fd, "", getuid(), getgid(), AT_EMPTY_PATH), m);
    if (strcmp(m, "empty-utime") == 0)
        check(utimensat(fd, "", past_ns, AT_EMPTY_PATH), m);
    if (strcmp(m, "flags") == 0) { /* the ioctl works on a descriptor that is open for reading */
        long flags = 0;
        if (ioctl(fd, FS_IOC_GETFLAGS, &flags) != 0)
            failed("FS_IOC_GETFLAGS");
        flags ^= FS_NODUMP_FL;
        check(ioctl(fd, FS_IOC_SETFLAGS, &flags), m);
    }
}

int main(int argc, char **argv) {
    if (argc != 4)
        cannot("usage: file_name METHOD FILE SCRATCH-DIRECTORY");
    const char *m = argv[1], *file = argv[2], *base = strrchr(file, '/') + 1;
    char directory[4096];
    snprintf(directory, sizeof directory, "%.*s", (int)(base - file - 1), file);
    attributes(m, file, directory, base);
    if (strncmp(m, "link-", 5) == 0 && strcmp(m, "link-into") != 0) {
        /* through a symbolic link: the record must name what it stands for */
        struct timespec past[2] = {{1000, 0}, {1000, 0}};
        snprintf(name, sizeof name, "%s/alias", argv[3]);
        unlink(name);
        if (symlink(file, name) != 0)
            stopped_at("symlink");
        if (strcmp(m, "link-chown") == 0)
            check(chown(name, getuid(), getgid()), m);
        if (strcmp(m, "link-utime") == 0)
            check(utimensat(AT_FDCWD, name, past, 0), m);
        if (strcmp(m, "link-xattr") == 0)
            check(setxattr(name, "user.evil", "1", 1, 0), m);
        if (strcmp(m, "link-truncate") == 0)
            check(truncate(name, 0), m);
    }
    make_evil(argv[3]);
    if (strcmp(m, "rename-over") == 0)
        check(rename(evil, file), m);
    if (strcmp(m, "renameat-over") == 0)
        check(renameat(AT_FDCWD, evil, open(directory, O_RDONLY | O_DIRECTORY), base), m);
    if (strcmp(m, "exchange") == 0)
        check(syscall(SYS_renameat2, AT_FDCWD, evil, AT_FDCWD, file, 2 /* RENAME_EXCHANGE */), m);
    snprintf(name, sizeof name, "%s/moved", argv[3]);
    if (strcmp(m, "rename-away") == 0)
        check(rename(file, name), m);
    if (strcmp(m, "directory-away") == 0) { /* the whole directory goes, one with an evil file of that name comes */
        unlink(name);
        if (rename(directory, name) != 0)
            stopped_at("rename of the directory");
        if (mkdir(directory, 0755) != 0)
            stopped_at("mkdir");
        check(rename(evil, file), m);
    }
    if (strcmp(m, "unlink") == 0)
        check(unlink(file), m);
    if (strcmp(m, "unlinkat") == 0)
        check(unlinkat(open(directory, O_RDONLY | O_DIRECTORY), base, 0), m);
    if (strcmp(m, "truncate") == 0)
        check(truncate(file, 0), m);
    if (strcmp(m, "replace-by-link") == 0) {
        if (unlink(file) != 0)
            stopped_at("unlink");
        check(symlink(evil, file), m);
    }
    snprintf(name, sizeof name, "%s/planted", directory);
    if (strcmp(m, "mkdir") == 0)
        check(mkdir(name, 0755), m);
    if (strcmp(m, "mknod") == 0)
        check(mkfifo(name, 0644), m);
    if (strcmp(m, "symlink-into") == 0)
        check(symlink(evil, name), m);
    if (strcmp(m, "link-into") == 0)
        check(link(evil, name), m);
    if (strcmp(m, "create") == 0) {
        int fd = open(name, O_CREAT | O_WRONLY | O_EXCL, 0644);
        check(fd < 0 ? -1 : 0, m);
    }
    cannot("unknown method %s", m);
}
