#include "inodes.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "util.h"

#define ENTRIES_MAX 400000U  /* of the index: trees beyond it are incomplete for hard links and foreign mounts */
#define DEPTH_MAX 32U
#define FRESH_US 2000000U    /* files may appear beneath a listed directory; a foreign mount is rare enough to look again */

struct listed_inode {
    uint64_t inode;
    dev_t device;
    unsigned class;
    char *path;
};

static struct {
    char *path;
    unsigned class;
} *roots;
static size_t root_count, root_room;

static struct {
    struct listed_inode *items;
    size_t count, room;
    uint64_t made_us;
} index_;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* workers may ask as well */

void inodes_add(const char *path, unsigned class) {
    if (root_count == root_room) {
        root_room = root_room ? 2 * root_room : 64;
        roots = realloc(roots, root_room * sizeof *roots);
        if (roots == NULL) {
            complain("out of memory");
            _exit(EXIT_CANNOT_ARM);
        }
    }
    roots[root_count].path = strdup(path);
    roots[root_count++].class = class;
}

static bool put(const struct stat *st, const char *path, unsigned class) {
    if (index_.count == ENTRIES_MAX)
        return false;
    if (index_.count == index_.room) {
        size_t room = index_.room ? 2 * index_.room : 256;
        struct listed_inode *more = realloc(index_.items, room * sizeof *more);
        if (more == NULL)
            return false;
        index_.items = more;
        index_.room = room;
    }
    char *copy = strdup(path);
    if (copy == NULL)
        return false;
    index_.items[index_.count++] = (struct listed_inode){st->st_ino, st->st_dev, class, copy};
    return true;
}

static void read_tree(int directory, const char *name, const char *path, unsigned class, unsigned depth) {
    struct stat st;
    char below[PATHS_MAX];
    if (fstatat(directory, name, &st, AT_SYMLINK_NOFOLLOW) != 0 || !put(&st, path, class) || !S_ISDIR(st.st_mode) ||
        depth == DEPTH_MAX)
        return;
    int fd = openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
    if (d == NULL) {
        if (fd >= 0)
            close(fd);
        return;
    }
    for (struct dirent *e; (e = readdir(d)) != NULL;)
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0 &&
            (size_t)snprintf(below, sizeof below, "%s/%s", path, e->d_name) < sizeof below)
            read_tree(fd, e->d_name, below, class, depth + 1);
    closedir(d);
}

static int by_inode(const void *a, const void *b) {
    const struct listed_inode *x = a, *y = b;
    if (x->inode != y->inode)
        return x->inode < y->inode ? -1 : 1;
    return x->device < y->device ? -1 : x->device > y->device;
}

static void refresh(uint64_t age_us) {
    uint64_t now = monotonic_us();
    if (index_.made_us != 0 && now - index_.made_us < age_us)
        return;
    for (size_t i = 0; i < index_.count; i++)
        free(index_.items[i].path);
    index_.count = 0;
    for (size_t i = 0; i < root_count; i++)
        read_tree(AT_FDCWD, roots[i].path, roots[i].path, roots[i].class, 0);
    if (index_.count > 0)
        qsort(index_.items, index_.count, sizeof *index_.items, by_inode);
    index_.made_us = monotonic_us();
}

static const struct listed_inode *find(const struct harden_statx *st) {
    struct listed_inode wanted = {.inode = st->stx_ino, .device = makedev(st->stx_dev_major, st->stx_dev_minor)};
    return index_.count > 0 ? bsearch(&wanted, index_.items, index_.count, sizeof wanted, by_inode) : NULL;
}

/* The class of what is listed, 0 if it is not, and its path. The lock is not held by whoever looks at directories: one of
 * them may belong to a file system that a supervised process serves, which waits for another worker. */
static unsigned listed(const struct harden_statx *st, uint64_t age_us, char path[PATHS_MAX]) {
    unsigned class = 0;
    pthread_mutex_lock(&lock);
    refresh(age_us);
    const struct listed_inode *found = find(st);
    if (found != NULL) {
        class = found->class;
        snprintf(path, PATHS_MAX, "%s", found->path);
    }
    pthread_mutex_unlock(&lock);
    return class;
}

unsigned inodes_find(const struct harden_statx *st, struct subject *out) { return listed(st, UINT64_MAX, out->text); }

/* Climbs from a directory towards the top of its mount until a listed one is met. `rest` collects the way down. */
static unsigned climb(int from, const char *name, struct subject *out) {
    char rest[PATHS_MAX], path[PATHS_MAX];
    int fd = fcntl(from, F_DUPFD_CLOEXEC, 0);
    struct harden_statx st, first;
    unsigned class = 0;
    snprintf(rest, sizeof rest, "%s%.*s", *name != '\0' ? "/" : "", (int)strcspn(name, "/"), name);
    bool have = fd >= 0 && file_facts(fd, "", AT_EMPTY_PATH, &first) == 0;
    st = first;
    for (unsigned depth = 0; have && depth < 4096; depth++) {
        if ((class = listed(&st, FRESH_US, path)) != 0) {
            size_t above_it = strlen(path), below_it = strlen(rest);
            if (above_it + below_it < sizeof out->text) {
                memcpy(out->text, path, above_it);
                memcpy(out->text + above_it, rest, below_it + 1);
            }
            break;
        }
        int up = openat(fd, "..", O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (up < 0)
            break;
        struct harden_statx above;
        char link[32];
        bool same = file_facts(up, "", AT_EMPTY_PATH, &above) == 0 && above.stx_mnt_id == first.stx_mnt_id &&
                    above.stx_ino != st.stx_ino;
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        ssize_t n = readlink(link, path, sizeof path - 1);
        close(fd);
        fd = up;
        if (!same || n <= 0)
            break;
        path[n] = '\0';
        const char *last = strrchr(path, '/');
        char longer[PATHS_MAX];
        if (last == NULL || (size_t)snprintf(longer, sizeof longer, "%s%s", last, rest) >= sizeof longer)
            break;
        memcpy(rest, longer, sizeof longer);
        st = above;
    }
    if (fd >= 0)
        close(fd);
    return class;
}

unsigned inodes_in_foreign_mount(const struct place *place, bool entry, struct subject *out) {
    unsigned class = 0;
    if (place->object >= 0 && !entry) {
        class = listed(&place->st, FRESH_US, out->text);
        if (class == 0 && S_ISDIR(place->st.stx_mode))
            class = climb(place->object, "", out);
    }
    if (class == 0 && place->parent >= 0)
        class = climb(place->parent, place->name, out);
    return class;
}
