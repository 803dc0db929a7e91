#include "mounts.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>

#include "util.h"

struct mount {
    uint64_t id;
    unsigned major, minor;
    char *root, *point;
    enum mount_kind kind;
    bool passed_on; /* inode numbers come from file systems behind it and may repeat */
    const struct mount *stands_for_us; /* another mount through which the same files have their canonical name, or NULL */
};

static struct mount *mounts;
static size_t count;
static uint32_t *by_id; /* open addressing, index + 1 */
static size_t mask;
static const struct mount *own_proc;

static const struct {
    const char *name;
    unsigned magic;
    enum mount_kind kind;
} kinds[] = {
    {"proc", 0x9fa0, MOUNT_PROC},
    {"sysfs", 0x62656572, MOUNT_CONTROL},
    {"cgroup", 0x27e0eb, MOUNT_CONTROL},
    {"cgroup2", 0x63677270, MOUNT_CONTROL},
    {"debugfs", 0x64626720, MOUNT_CONTROL},
    {"tracefs", 0x74726163, MOUNT_CONTROL},
    {"securityfs", 0x73636673, MOUNT_CONTROL},
    {"efivarfs", 0xde5e81e4, MOUNT_CONTROL},
    {"configfs", 0x62656570, MOUNT_CONTROL},
    {"bpf", 0xcafe4a11, MOUNT_CONTROL},
    {"pstore", 0x6165676c, MOUNT_CONTROL},
    {"fusectl", 0x65735543, MOUNT_CONTROL},
    {"selinuxfs", 0xf97cff8c, MOUNT_CONTROL},
    {"smackfs", 0x43415d53, MOUNT_CONTROL},
    {"binfmt_misc", 0x42494e4d, MOUNT_CONTROL},
    {"fuse", 0x65735546, MOUNT_FUSE},
    {"fuseblk", 0x65735546, MOUNT_FUSE},
};

static enum mount_kind kind_of_type(const char *type) {
    for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++)
        if (strcmp(kinds[i].name, type) == 0 || (kinds[i].kind == MOUNT_FUSE && strncmp(type, "fuse.", 5) == 0))
            return kinds[i].kind;
    return MOUNT_PLAIN;
}

/* Spaces and the like stand as \ooo. */
static void unescape(char *s) {
    char *out = s;
    for (; *s != '\0'; s++)
        if (s[0] == '\\' && s[1] >= '0' && s[1] <= '3' && s[2] >= '0' && s[2] <= '7' && s[3] >= '0' && s[3] <= '7') {
            *out++ = (char)((s[1] - '0') * 64 + (s[2] - '0') * 8 + (s[3] - '0'));
            s += 3;
        } else {
            *out++ = *s;
        }
    *out = '\0';
}

/* The part of `path` below `top`, with its slash; NULL if it is not below. */
static const char *below(const char *path, const char *top) {
    size_t n = strcmp(top, "/") == 0 ? 0 : strlen(top);
    return strncmp(path, top, n) == 0 && (path[n] == '\0' || path[n] == '/') ? path + n : NULL;
}

static bool read_line(char *line, struct mount *m) {
    /* ID PARENT MAJOR:MINOR ROOT POINT OPTIONS [FIELD…] - TYPE SOURCE OPTIONS */
    char *save, *id = strtok_r(line, " \n", &save);
    (void)strtok_r(NULL, " ", &save);
    char *device = strtok_r(NULL, " ", &save), *root = strtok_r(NULL, " ", &save), *point = strtok_r(NULL, " ", &save);
    char *field = point;
    while (field != NULL && strcmp(field, "-") != 0)
        field = strtok_r(NULL, " ", &save);
    char *type = field != NULL ? strtok_r(NULL, " ", &save) : NULL;
    if (type == NULL || sscanf(device, "%u:%u", &m->major, &m->minor) != 2)
        return false;
    unescape(root);
    unescape(point);
    m->id = strtoull(id, NULL, 10);
    m->kind = kind_of_type(type);
    static const char *const passing[] = {"9p", "virtiofs", "cifs", "smb3", "nfs", "nfs4", "ceph"};
    for (size_t i = 0; i < ARRAY_LENGTH(passing); i++)
        m->passed_on |= strcmp(type, passing[i]) == 0;
    m->root = strdup(root);
    m->point = strdup(point);
    return m->root != NULL && m->point != NULL;
}

static const struct mount *find(uint64_t id) {
    for (size_t at = id & mask; by_id != NULL && by_id[at] != 0; at = (at + 1) & mask)
        if (mounts[by_id[at] - 1].id == id)
            return &mounts[by_id[at] - 1];
    return NULL;
}

/* Of the mounts that show the same files, the one with the shortest root stands for the others; the first of equals. */
static void choose_names(void) {
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < count; j++) {
            struct mount *m = &mounts[i];
            const struct mount *other = &mounts[j], *best = m->stands_for_us != NULL ? m->stands_for_us : m;
            if (i == j || other->major != m->major || other->minor != m->minor || below(m->root, other->root) == NULL)
                continue;
            if (strlen(other->root) < strlen(best->root) || (strlen(other->root) == strlen(best->root) && other < best))
                m->stands_for_us = other;
        }
}

int mounts_read(void) {
    FILE *f = fopen("/proc/self/mountinfo", "re");
    if (f == NULL)
        return -errno;
    char *line = NULL;
    size_t size = 0, room = 0;
    while (getline(&line, &size, f) > 0) {
        if (count == room) {
            room = room ? 2 * room : 64;
            struct mount *more = realloc(mounts, room * sizeof *mounts);
            if (more == NULL)
                break;
            mounts = more;
        }
        struct mount m = {0};
        if (read_line(line, &m))
            mounts[count++] = m;
    }
    free(line);
    fclose(f);
    size_t slots = 64;
    while (slots < 2 * count)
        slots *= 2;
    mask = slots - 1;
    by_id = must_alloc(slots, sizeof *by_id);
    for (size_t i = 0; i < count; i++) {
        size_t at = mounts[i].id & mask;
        while (by_id[at] != 0)
            at = (at + 1) & mask;
        by_id[at] = (uint32_t)i + 1;
        if (strcmp(mounts[i].point, "/proc") == 0 && mounts[i].kind == MOUNT_PROC)
            own_proc = &mounts[i];
    }
    choose_names();
    return 0;
}

bool mounts_known(uint64_t id) { return find(id) != NULL; }

enum mount_kind mounts_kind(uint64_t id, int fd) {
    const struct mount *m = find(id);
    if (m != NULL)
        return m->kind;
    struct statfs s;
    if (fstatfs(fd, &s) == 0)
        for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++)
            if ((unsigned)s.f_type == kinds[i].magic)
                return kinds[i].kind;
    return MOUNT_PLAIN;
}

bool mounts_own_proc(uint64_t id, const char **point) {
    const struct mount *m = find(id);
    if (m == NULL || own_proc == NULL || m->major != own_proc->major || m->minor != own_proc->minor ||
        strcmp(m->root, "/") != 0)
        return false;
    *point = m->point;
    return true;
}

bool mounts_plain_inodes(uint64_t id) {
    const struct mount *m = find(id);
    return m != NULL && m->stands_for_us == NULL && !m->passed_on;
}

bool mounts_canonical(uint64_t id, const char *text, char *out, size_t size) {
    const struct mount *m = find(id);
    if (m == NULL || m->stands_for_us == NULL)
        return false;
    const struct mount *p = m->stands_for_us;
    const char *rest = below(text, m->point);
    if (rest == NULL)
        return false;
    const char *inside = below(m->root, p->root); /* from the other mount's root down to ours */
    int n = snprintf(out, size, "%s%s%s", strcmp(p->point, "/") == 0 ? "" : p->point, inside, rest);
    return n > 0 && (size_t)n < size && strcmp(out, text) != 0;
}
