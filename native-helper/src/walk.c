#include "walk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "paths.h"
#include "uapi.h"
#include "util.h"

#define LINKS_MAX 40 /* as in the kernel */
#define PROC_ROOT_INODE 1 /* of every procfs instance */

void place_close(struct place *p) {
    if (p->object >= 0 && p->kept == NULL)
        close(p->object);
    if (p->parent >= 0)
        close(p->parent);
    p->object = p->parent = -1;
    p->kept = NULL;
}

static int look(int fd, struct harden_statx *st) {
    return file_facts(fd, "", AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW, st);
}

static int open_beneath(int base, const char *path, uint64_t flags) {
    struct harden_open_how how = {.flags = flags | O_PATH | O_CLOEXEC, .resolve = RESOLVE_NO_MAGICLINKS};
    int fd = (int)syscall(SYS_openat2, base, path, &how, sizeof how);
    return fd >= 0 ? fd : -errno;
}

static int start_of(struct thread *t, int directory, const char *path) {
    return path[0] == '/' ? AT_FDCWD : thread_descriptor(t, directory);
}

/* Splits off the last component. `head` gets the directory's path. */
static int split(const char *path, char *head, size_t size, char name[NAME_MAX + 2]) {
    size_t n = strlen(path);
    bool slash = false;
    while (n > 1 && path[n - 1] == '/') {
        n--;
        slash = true;
    }
    size_t at = n;
    while (at > 0 && path[at - 1] != '/')
        at--;
    if (n - at > NAME_MAX || at + 2 > size)
        return -ENAMETOOLONG;
    if (path[n - 1] == '/') { /* nothing but slashes: the root, which has no name */
        memcpy(head, "/", 2);
        memcpy(name, ".", 2);
        return 0;
    }
    memcpy(name, path + at, n - at);
    memcpy(name + (n - at), slash ? "/" : "", slash ? 2 : 1);
    if (at == 0)
        memcpy(head, ".", 2);
    else
        memcpy(head, path, at), head[at] = '\0';
    return 0;
}

/* ---- kept directories ---- */

/*
 * A program works in one directory for many calls. Where the path of the directory is written as it was before, one statx
 * tells whether it still means the directory that is held open here, whose inode nobody else can have meanwhile: then that
 * one is used, and it is judged as any other. If it means another one by now, it is walked to. The text is compared since
 * the walk refuses what this look cannot: a link of /proc that means something else for the thread.
 */
#define KEPT 4U
#define HEAD_BYTES 256U
static struct kept {
    int fd; /* -1: only the text has been met, once */
    int directory;
    struct harden_statx st;
    char head[HEAD_BYTES];
} kept[KEPT];
static unsigned kept_turn;
static _Thread_local bool keeps;

void walk_keeps_here(void) {
    for (unsigned i = 0; i < KEPT; i++)
        kept[i].fd = -1;
    keeps = true;
}

static struct kept *kept_of(int directory, const char *head) {
    for (unsigned i = 0; keeps && i < KEPT; i++)
        if (strcmp(kept[i].head, head) == 0 && (head[0] == '/' || kept[i].directory == directory))
            return &kept[i];
    return NULL;
}

/* The path of a directory from a thread's folder in /proc. */
static void from_thread(char *out, int directory, const char *head) {
    char *at = out;
    if (directory == AT_FDCWD) {
        memcpy(at, "cwd", 3);
        at += 3;
    } else {
        memcpy(at, "fd/", 3);
        at = put_decimal(at + 3, (unsigned)directory);
    }
    *at++ = '/';
    strcpy(at, head);
}

static bool same(const struct harden_statx *a, const struct harden_statx *b) {
    return a->stx_ino == b->stx_ino && a->stx_mnt_id == b->stx_mnt_id && a->stx_dev_major == b->stx_dev_major &&
           a->stx_dev_minor == b->stx_dev_minor;
}

/* True: `out` has the kept directory, by a descriptor of its own: a rename has two places, and walking to the second may
 * keep another directory instead of the first one's. The caller acts as the thread. */
static bool give(const struct thread *t, const struct kept *k, struct place *out) {
    char path[HEAD_BYTES + 16];
    bool absolute = k->head[0] == '/';
    if (!absolute)
        from_thread(path, k->directory, k->head);
    if (file_facts(absolute ? AT_FDCWD : t->proc, absolute ? k->head : path, 0, &out->st) != 0 || !same(&out->st, &k->st))
        return false;
    out->parent = fcntl(k->fd, F_DUPFD_CLOEXEC, 0);
    out->kind = MOUNT_PLAIN;
    return out->parent >= 0;
}

/* Met for the second time in a row of a few, and of a kind in which an inode is one directory. */
static void keep(struct kept *k, int directory, const char *head, const struct place *place) {
    if (!keeps || strlen(head) >= HEAD_BYTES || place->kind != MOUNT_PLAIN || !mounts_plain_inodes(place->st.stx_mnt_id))
        return;
    int fd = k != NULL ? fcntl(place->parent, F_DUPFD_CLOEXEC, 0) : -1;
    if (k == NULL)
        k = &kept[kept_turn++ % KEPT];
    if (k->fd >= 0)
        close(k->fd);
    k->fd = fd;
    k->directory = directory;
    k->st = place->st;
    strcpy(k->head, head);
}

/* ---- by the kernel ---- */

/* -EAGAIN: the result could differ from the thread's own view. */
static int walk_by_kernel(struct thread *t, int directory, const char *path, unsigned flags, struct place *out) {
    char head[PATH_MAX + 2];
    bool parent = flags & WALK_PARENT;
    if (!t->same_root)
        return -EAGAIN;
    int rc = parent ? split(path, head, sizeof head, out->name) : 0;
    struct kept *known = parent && rc == 0 ? kept_of(directory, head) : NULL;
    struct creds_saved saved;
    if (known != NULL && known->fd >= 0) {
        if ((rc = thread_assume(t, &saved)) != 0)
            return rc == -ENAMETOOLONG ? rc : -EAGAIN;
        bool given = give(t, known, out);
        creds_restore(&saved);
        if (given)
            return 0;
    }
    int base = start_of(t, directory, path);
    if (base < 0 && base != AT_FDCWD)
        return base;
    int fd = rc;
    if (fd == 0)
        fd = thread_assume(t, &saved);
    if (fd == 0) {
        fd = open_beneath(base, parent ? head : path,
                          parent ? O_DIRECTORY : (flags & WALK_FOLLOW) ? 0 : O_NOFOLLOW);
        creds_restore(&saved);
    }
    if (base >= 0)
        close(base);
    if (fd == -ENOENT && (flags & WALK_QUICK))
        return -ENOENT;
    if (fd < 0) /* `self` is another one here; the walk by hand gives the error that is the thread's */
        return fd == -ENAMETOOLONG ? fd : -EAGAIN;
    if (parent)
        out->parent = fd;
    else
        out->object = fd;
    rc = look(fd, &out->st);
    if (rc != 0)
        return rc;
    out->kind = mounts_kind(out->st.stx_mnt_id, fd);
    /* A file in a mount of the build's own is recognised by its directory. */
    bool unknown = !parent && !S_ISDIR(out->st.stx_mode) && !mounts_known(out->st.stx_mnt_id);
    if (out->kind == MOUNT_PROC || unknown)
        return -EAGAIN;
    if (parent)
        keep(known, directory, head, out);
    return 0;
}

/* ---- by hand ---- */

struct walker {
    struct thread *t;
    int current, root;
    char rest[2 * PATH_MAX];
    unsigned links;
};

/* Replaces what is left to walk by a link's target in front of it. */
static int prepend(struct walker *w, const char *target, size_t n, const char *rest) {
    size_t more = strlen(rest); /* empty, or beginning with a slash */
    if (n + more + 1 > sizeof w->rest)
        return -ENAMETOOLONG;
    memmove(w->rest + n, rest, more + 1);
    memcpy(w->rest, target, n);
    return 0;
}

/* A link that is more than its text (/proc/PID/fd/3, cwd, root, exe) leads wherever that process could reach. From here
 * it works for every process of our user, so only those inside of the block are followed: a build must not use the
 * supervisor to open the agent's files. */
static bool may_follow(int directory, const struct harden_statx *st) {
    char link[32], path[PATH_MAX];
    const char *point;
    if (!mounts_own_proc(st->stx_mnt_id, &point))
        return false;
    snprintf(link, sizeof link, "/proc/self/fd/%d", directory);
    ssize_t n = readlink(link, path, sizeof path - 1);
    size_t top = strlen(point);
    if (n <= (ssize_t)top || strncmp(path, point, top) != 0 || path[top] != '/')
        return false;
    path[n] = '\0';
    char *end;
    long pid = strtol(path + top + 1, &end, 10);
    return end != path + top + 1 && (*end == '/' || *end == '\0') && target_is_descendant((pid_t)pid);
}

/* The thread's fsuid may not follow a stranger's link in a sticky directory that everybody can write to
 * (fs.protected_symlinks): the kernel would have refused. */
static bool planted(const struct walker *w, const struct harden_statx *link) {
    struct harden_statx directory;
    if (look(w->current, &directory) != 0)
        return true;
    return (directory.stx_mode & (S_ISVTX | S_IWOTH)) == (S_ISVTX | S_IWOTH) && link->stx_uid != geteuid() &&
           link->stx_uid != directory.stx_uid;
}

static int move_to(struct walker *w, int fd) {
    if (fd < 0)
        return fd;
    close(w->current);
    w->current = fd;
    return 0;
}

static int follow(struct walker *w, int link, const struct harden_statx *st, const char *name, const char *rest) {
    char target[PATH_MAX];
    if (++w->links > LINKS_MAX)
        return -ELOOP;
    if (mounts_kind(st->stx_mnt_id, link) == MOUNT_PROC) {
        struct harden_statx directory;
        int rc = look(w->current, &directory);
        if (rc != 0)
            return rc;
        bool top = directory.stx_ino == PROC_ROOT_INODE;
        if (!top || strcmp(name, "self") == 0 || strcmp(name, "thread-self") == 0) {
            if (!top && !may_follow(w->current, &directory))
                return -EACCES;
            int fd = top ? fcntl(w->t->proc, F_DUPFD_CLOEXEC, 0) : openat(w->current, name, O_PATH | O_CLOEXEC);
            rc = prepend(w, "", 0, rest);
            return rc != 0 ? rc : move_to(w, fd >= 0 ? fd : -errno);
        }
    } else if (planted(w, st)) {
        return -EACCES;
    }
    ssize_t n = readlinkat(link, "", target, sizeof target - 1);
    if (n <= 0)
        return n == 0 ? -ENOENT : -errno;
    int rc = prepend(w, target, (size_t)n, rest);
    if (rc == 0 && target[0] == '/')
        rc = move_to(w, fcntl(w->root, F_DUPFD_CLOEXEC, 0));
    return rc;
}

static int step_up(struct walker *w) {
    struct harden_statx here, top;
    if (look(w->current, &here) != 0 || look(w->root, &top) != 0)
        return -EACCES;
    if (here.stx_ino == top.stx_ino && here.stx_mnt_id == top.stx_mnt_id)
        return 0;
    int fd = openat(w->current, "..", O_PATH | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    return move_to(w, fd >= 0 ? fd : -errno);
}

static int walk_components(struct walker *w, unsigned flags, struct place *out) {
    out->name[0] = '\0';
    for (;;) {
        char name[NAME_MAX + 2];
        char *at = w->rest + strspn(w->rest, "/");
        size_t n = strcspn(at, "/");
        if (n == 0)
            break; /* `current` is the result */
        if (n > NAME_MAX)
            return -ENAMETOOLONG;
        char *rest = at + n;
        bool slash = *rest == '/', last = rest[strspn(rest, "/")] == '\0';
        memcpy(name, at, n);
        name[n] = '\0';
        bool special = strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
        if (special && !(last && (flags & WALK_PARENT))) {
            int rc = name[1] == '.' ? step_up(w) : 0;
            memmove(w->rest, rest, strlen(rest) + 1);
            if (rc != 0)
                return rc;
            continue;
        }
        int fd = openat(w->current, name, O_PATH | O_NOFOLLOW | O_CLOEXEC), error = errno;
        struct harden_statx st;
        if (fd < 0 && !(last && error == ENOENT && (flags & WALK_PARENT)))
            return -error;
        if (fd >= 0 && look(fd, &st) != 0) {
            close(fd);
            return -EACCES;
        }
        if (fd >= 0 && S_ISLNK(st.stx_mode) && (!last || (flags & WALK_FOLLOW) || (slash && !(flags & WALK_PARENT)))) {
            int rc = follow(w, fd, &st, name, rest);
            close(fd);
            if (rc != 0)
                return rc;
            continue;
        }
        if (!last) {
            if (!S_ISDIR(st.stx_mode)) {
                close(fd);
                return -ENOTDIR;
            }
            memmove(w->rest, rest, strlen(rest) + 1);
            (void)move_to(w, fd);
            continue;
        }
        if (fd >= 0 && slash && !(flags & WALK_PARENT) && !S_ISDIR(st.stx_mode)) {
            close(fd);
            return -ENOTDIR;
        }
        out->object = fd;
        out->parent = w->current;
        w->current = -1;
        memcpy(out->name, name, n);
        memcpy(out->name + n, slash ? "/" : "", slash ? 2 : 1);
        return 0;
    }
    out->object = w->current;
    w->current = -1;
    return 0;
}

static int walk_by_hand(struct thread *t, int directory, const char *path, unsigned flags, struct place *out) {
    struct walker w = {.t = t, .current = -1};
    if (strlen(path) >= PATH_MAX)
        return -ENAMETOOLONG;
    strcpy(w.rest, path);
    w.root = thread_root(t);
    if (w.root < 0)
        return w.root;
    w.current = path[0] == '/' ? fcntl(w.root, F_DUPFD_CLOEXEC, 0) : thread_descriptor(t, directory);
    struct creds_saved saved;
    int rc = w.current < 0 ? w.current : thread_assume(t, &saved);
    if (rc == 0) {
        rc = walk_components(&w, flags, out);
        creds_restore(&saved);
    }
    close(w.root);
    if (w.current >= 0)
        close(w.current);
    if (rc == 0) {
        int fd = out->object >= 0 ? out->object : out->parent;
        rc = look(fd, &out->st);
        out->kind = mounts_kind(out->st.stx_mnt_id, fd);
    }
    /* Nothing but slashes and magic links: there is no entry that could be made or removed. */
    if (rc == 0 && (flags & WALK_PARENT) && out->parent < 0 && !(flags & WALK_FOLLOW))
        rc = -EBUSY;
    return rc;
}

int walk(struct thread *t, int directory, const char *path, unsigned flags, struct place *out) {
    *out = (struct place){.object = -1, .parent = -1};
    if (path[0] == '\0')
        return -ENOENT;
    /* The kernel's walk to a directory and a name does not follow the last link. */
    int rc = (flags & WALK_PARENT) && (flags & WALK_FOLLOW) ? -EAGAIN : walk_by_kernel(t, directory, path, flags, out);
    if (rc == -EAGAIN) {
        place_close(out);
        rc = walk_by_hand(t, directory, path, flags, out);
    }
    if (rc != 0)
        place_close(out);
    return rc;
}

/* ---- by a descriptor ---- */

/* Programs that unpack set one attribute of a file after another: mode, owner, times. One look tells whether the descriptor
 * is that of the same file still; what is then judged and changed is the file that is held here. */
static struct kept_object kept_file = {.fd = -1};

void walk_opened(pid_t tid, int descriptor) {
    if (keeps && kept_file.tid == tid && kept_file.descriptor == descriptor)
        kept_file.descriptor = -1;
}

/* Once anything was renamed or linked, the same file may have been opened by another name than the one held here. */
static bool met_again(const struct thread *t, int descriptor, struct place *out) {
    struct kept_object *k = &kept_file;
    char path[24];
    if (!keeps || k->renames != paths_renames() || k->fd < 0 || descriptor < 0 || k->descriptor != descriptor || k->tid != t->tid)
        return false;
    put_decimal(memcpy(path, "fd/", 3) + 3, (unsigned)descriptor);
    if (file_facts(t->proc, path, 0, &out->st) != 0 || !same(&out->st, &k->st) || out->st.stx_nlink != 1)
        return false;
    out->object = k->fd;
    out->kind = MOUNT_PLAIN;
    out->kept = k;
    return true;
}

/* Of a file with several names, or none, nobody can say by which one it was opened: it is asked each time. */
static void keep_file(const struct thread *t, int descriptor, struct place *place, unsigned renames) {
    struct kept_object *k = &kept_file;
    if (!keeps || descriptor < 0 || place->kind != MOUNT_PLAIN || !S_ISREG(place->st.stx_mode) || place->st.stx_nlink != 1 ||
        !mounts_plain_inodes(place->st.stx_mnt_id))
        return;
    if (k->fd >= 0)
        close(k->fd);
    k->fd = place->object;
    k->tid = t->tid;
    k->descriptor = descriptor;
    k->st = place->st;
    k->renames = renames;
    k->asked_us = 0;
    place->kept = k;
}

int walk_descriptor(struct thread *t, int directory, struct place *out) {
    *out = (struct place){.object = -1, .parent = -1};
    if (met_again(t, directory, out))
        return 0;
    unsigned renames = paths_renames();
    out->object = thread_descriptor(t, directory);
    if (out->object < 0) {
        int rc = out->object;
        out->object = -1;
        return rc;
    }
    int rc = look(out->object, &out->st);
    if (rc != 0) {
        place_close(out);
        return rc;
    }
    out->kind = mounts_kind(out->st.stx_mnt_id, out->object);
    keep_file(t, directory, out, renames);
    return 0;
}
