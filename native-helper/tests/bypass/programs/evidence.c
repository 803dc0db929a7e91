/*
 * Attacks the record of what was done: the event file, and the policy that was read at the start.
 * usage: evidence METHOD FILE
 *   append, rewrite, truncate, unlink, rename, replace, directory, parent, parent-alias, mapping, link, odd-alias, long-path
 */
#include "attack.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

int main(int argc, char **argv) {
    if (argc != 3)
        cannot("usage: evidence METHOD FILE");
    const char *m = argv[1], *file = argv[2];
    static const char line[] = "{\"seq\":1,\"forged\":true}\n";
    char other[4200], directory[4096];
    snprintf(directory, sizeof directory, "%s", file);
    *strrchr(directory, '/') = '\0';
    snprintf(other, sizeof other, "%s/elsewhere", directory);
    if (strcmp(m, "append") == 0) {
        int fd = open(file, O_WRONLY | O_APPEND);
        if (fd < 0 || write(fd, line, sizeof line - 1) < 0)
            stopped_at(m);
    } else if (strcmp(m, "rewrite") == 0) {
        int fd = open(file, O_WRONLY);
        if (fd < 0 || write(fd, line, sizeof line - 1) < 0)
            stopped_at(m);
    } else if (strcmp(m, "truncate") == 0) {
        if (truncate(file, 0) != 0)
            stopped_at(m);
    } else if (strcmp(m, "unlink") == 0) {
        if (unlink(file) != 0)
            stopped_at(m);
    } else if (strcmp(m, "rename") == 0) {
        if (rename(file, other) != 0)
            stopped_at(m);
    } else if (strcmp(m, "replace") == 0) {
        int fd = open(other, O_CREAT | O_WRONLY | O_TRUNC, 0600);
        if (fd < 0 || write(fd, line, sizeof line - 1) < 0 || rename(other, file) != 0)
            stopped_at(m);
    } else if (strcmp(m, "directory") == 0) {
        snprintf(other, sizeof other, "%s.moved", directory);
        if (rename(directory, other) != 0 || mkdir(directory, 0755) != 0)
            stopped_at(m);
        int fd = open(file, O_CREAT | O_WRONLY, 0600);
        if (fd < 0 || write(fd, line, sizeof line - 1) < 0)
            stopped_at(m);
    } else if (strcmp(m, "parent") == 0) { /* the folder above, which nobody guards */
        char parent[4096], moved[4200];
        snprintf(parent, sizeof parent, "%s", directory);
        *strrchr(parent, '/') = '\0';
        snprintf(moved, sizeof moved, "%s.moved", parent);
        if (rename(parent, moved) != 0 || mkdir(parent, 0755) != 0 || mkdir(directory, 0755) != 0)
            stopped_at(m);
        int fd = open(file, O_CREAT | O_WRONLY, 0600);
        if (fd < 0 || write(fd, line, sizeof line - 1) < 0)
            stopped_at(m);
    } else if (strcmp(m, "parent-alias") == 0) { /* the same, and a forged file put there under a name that hides it */
        char parent[4096], moved[4200], name[64], folder[4300];
        snprintf(parent, sizeof parent, "%s", directory);
        *strrchr(parent, '/') = '\0';
        snprintf(moved, sizeof moved, "%s.moved", parent);
        if (rename(parent, moved) != 0 || mkdir(parent, 0755) != 0)
            stopped_at(m);
        snprintf(name, sizeof name, "/proc//self/fd/%d", open(parent, O_RDONLY | O_DIRECTORY));
        snprintf(folder, sizeof folder, "%s%s", name, strrchr(directory, '/'));
        if (mkdir(folder, 0755) != 0)
            stopped_at("mkdir");
        strncat(folder, strrchr(file, '/'), sizeof folder - strlen(folder) - 1);
        int fd = open(folder, O_CREAT | O_WRONLY, 0644);
        if (fd < 0 || write(fd, line, sizeof line - 1) < 0)
            stopped_at("open");
    } else if (strcmp(m, "odd-alias") == 0) {
        char path[64];
        snprintf(path, sizeof path, "/proc//self/fd/%d", open(file, O_RDONLY));
        int fd = open(path, O_WRONLY);
        if (fd < 0 || write(fd, line, sizeof line - 1) < 0)
            stopped_at(m);
    } else if (strcmp(m, "long-path") == 0) {
        static char path[4096];
        size_t n = strlen(directory);
        const char *base = strrchr(file, '/');
        memcpy(path, directory, n);
        for (; n + 3 + strlen(base) < sizeof path; n += 2)
            memcpy(path + n, "/.", 2);
        snprintf(path + n, sizeof path - n, "%s", base);
        int fd = open(path, O_WRONLY);
        if (fd < 0 || write(fd, line, sizeof line - 1) < 0)
            stopped_at(m);
    } else if (strcmp(m, "mapping") == 0) {
        int fd = open(file, O_RDWR);
        char *map = fd < 0 ? MAP_FAILED : mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        if (map == MAP_FAILED)
            stopped_at(m);
        memcpy(map, line, sizeof line - 1);
    } else if (strcmp(m, "link") == 0) { /* an alias outside of the guarded directory, to write through */
        snprintf(other, sizeof other, "%s/../evidence-alias", directory);
        unlink(other);
        if (link(file, other) != 0)
            stopped_at("link");
        int fd = open(other, O_WRONLY);
        if (fd < 0 || write(fd, line, sizeof line - 1) < 0)
            stopped_at("write through the link");
    } else {
        cannot("unknown method %s", m);
    }
    reached("%s", m);
}
