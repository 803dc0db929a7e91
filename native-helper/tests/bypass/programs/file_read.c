/*
 * Reads a credential file, by every way to get at its bytes.
 * usage: file_read METHOD FILE SCRATCH-DIRECTORY
 * The bytes are printed; the runner knows what stands in the file.
 */
#include "attack.h"

#include <fcntl.h>
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

int main(int argc, char **argv) {
    if (argc != 4)
        cannot("usage: file_read METHOD FILE SCRATCH-DIRECTORY");
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
    cannot("unknown method %s", m);
}
