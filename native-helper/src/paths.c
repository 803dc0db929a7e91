#include "paths.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "confine.h"
#include "file.h"
#include "inodes.h"
#include "util.h"

#define BELOW (PATH_OWN | PATH_PROTECTED | PATH_CREDENTIAL)
#define ABOVE(class) ((class) << 3)

/* All listed paths and the directories above them (open addressing). */
static struct {
    struct listed {
        char *path;
        unsigned class;
    } *slots;
    size_t count, mask;
} list;

static const struct path_list *writable; /* NULL without `files block` */
static char **writable_names;
static struct path_list trees; /* canonical: confine.h */

static struct listed *slot(const char *path, size_t length) {
    size_t at = hash_bytes(path, length) & list.mask;
    while (list.slots[at].path != NULL &&
           (strncmp(list.slots[at].path, path, length) != 0 || list.slots[at].path[length] != '\0'))
        at = (at + 1) & list.mask;
    return &list.slots[at];
}

static void grow(void) {
    struct listed *old = list.slots;
    size_t size = list.mask + 1;
    list.mask = 2 * size - 1;
    list.slots = must_alloc(2 * size, sizeof *list.slots);
    for (size_t i = 0; i < size; i++)
        if (old[i].path != NULL)
            *slot(old[i].path, strlen(old[i].path)) = old[i];
    free(old);
}

/* Returns what the path was listed as before. */
static unsigned put(const char *path, size_t length, unsigned class) {
    if (2 * (list.count + 1) > list.mask)
        grow();
    struct listed *s = slot(path, length);
    unsigned before = s->class;
    if (s->path == NULL) {
        s->path = must_alloc(length + 1, 1);
        memcpy(s->path, path, length);
        list.count++;
    }
    s->class |= class;
    return before;
}

/* The canonical form of a path of which the end need not exist. */
static void canonical_anew(const char *path, size_t n, char out[PATHS_MAX]) {
    char head[PATHS_MAX], real[PATH_MAX] = "";
    size_t at = n;
    while (at > 0) { /* the longest part that exists, without following a link at the very end */
        while (at > 0 && path[at - 1] != '/')
            at--;
        snprintf(head, sizeof head, "%.*s", at > 1 ? (int)at - 1 : 1, path);
        if (realpath(head, real) != NULL)
            break;
        at = at > 0 ? at - 1 : 0;
    }
    snprintf(out, PATHS_MAX, "%s/%.*s", strcmp(real, "/") == 0 ? "" : real, (int)(n - at), path + at);
    int fd = open(head, O_PATH | O_CLOEXEC);
    struct harden_statx st;
    char other[PATHS_MAX];
    if (fd >= 0 && file_facts(fd, "", AT_EMPTY_PATH, &st) == 0 &&
        mounts_canonical(st.stx_mnt_id, out, other, sizeof other))
        memcpy(out, other, sizeof other);
    if (fd >= 0)
        close(fd);
}

/* The same. Of 100,000 protected files most share their directory with the one before: its form is kept. That is done
 * before the command starts, so that nothing of the block can put another directory in its place meanwhile. */
static void canonical(const char *path, char out[PATHS_MAX]) {
    static char last_directory[PATHS_MAX], last_canonical[PATHS_MAX];
    size_t n = strlen(path);
    while (n > 1 && path[n - 1] == '/')
        n--;
    size_t directory = n;
    while (directory > 0 && path[directory - 1] != '/')
        directory--;
    const char *name = path + directory;
    size_t length = n - directory;
    if (directory > 1 && strlen(last_directory) == directory && memcmp(path, last_directory, directory) == 0 &&
        (size_t)snprintf(out, PATHS_MAX, "%s%.*s", last_canonical, (int)length, name) < PATHS_MAX)
        return;
    canonical_anew(path, n, out);
    size_t end = strlen(out);
    *last_directory = '\0';
    if (directory > 1 && directory < PATHS_MAX && end > length && out[end - length - 1] == '/' &&
        memcmp(out + end - length, name, length) == 0) {
        memcpy(last_directory, path, directory);
        last_directory[directory] = '\0';
        memcpy(last_canonical, out, end - length);
        last_canonical[end - length] = '\0';
    }
}

static void add(const char *path, unsigned class) {
    char name[PATHS_MAX];
    canonical(path, name);
    size_t n = strlen(name);
    put(name, n, class);
    inodes_add(path, class);
    for (;;) {
        while (n > 0 && name[n - 1] != '/')
            n--;
        if (n <= 1)
            break;
        n--;
        if (put(name, n, ABOVE(class)) & ABOVE(class))
            break; /* and so are all above it */
    }
}

void paths_start(const struct policy *policy, const char *event_file) {
    list.mask = 63;
    list.slots = must_alloc(list.mask + 1, sizeof *list.slots);
    (void)mounts_read();
    for (size_t i = 0; i < policy->own.count; i++)
        add(policy->own.items[i], PATH_OWN);
    add(event_file, PATH_OWN);
    for (size_t i = 0; i < policy->protect.count; i++)
        add(policy->protect.items[i], PATH_PROTECTED);
    for (size_t i = 0; i < policy->credential.count; i++)
        add(policy->credential.items[i], PATH_CREDENTIAL);
    trees = (struct path_list){must_alloc(policy->script_tree.count + 1, sizeof *trees.items), policy->script_tree.count};
    for (size_t i = 0; i < trees.count; i++) {
        char name[PATHS_MAX];
        canonical(policy->script_tree.items[i], name);
        if ((trees.items[i] = strdup(name)) == NULL)
            trees.count = i;
    }
    if (policy->files != MODE_BLOCK)
        return;
    writable = &policy->fs_write;
    writable_names = must_alloc(writable->count, sizeof *writable_names);
    for (size_t i = 0; i < writable->count; i++) {
        char real[PATH_MAX];
        writable_names[i] = strdup(realpath(writable->items[i], real) != NULL ? real : writable->items[i]);
    }
}

static bool beneath(const char *path, const char *top) {
    size_t n = strcmp(top, "/") == 0 ? 0 : strlen(top);
    return strncmp(path, top, n) == 0 && (path[n] == '\0' || path[n] == '/');
}

/* Landlock refuses these anyway; here it is noticed and recorded. */
static bool outside(const char *text) {
    if (writable == NULL || beneath(text, "/dev") || beneath(text, "/proc"))
        return false;
    for (size_t i = 0; i < writable->count; i++)
        if (writable_names[i] != NULL && beneath(text, writable_names[i]))
            return false;
    return true;
}

const char *paths_script_tree(const char *path) {
    for (size_t i = 0; i < trees.count; i++)
        if (beneath(path, trees.items[i]))
            return trees.items[i];
    return NULL;
}

/* What the lists say about a name: itself, and everything above it. */
static unsigned listed(const char *text) {
    size_t n = strlen(text);
    unsigned class = slot(text, n)->class;
    while (n > 1) {
        do
            n--;
        while (n > 0 && text[n] != '/');
        if (n > 0)
            class |= slot(text, n)->class & BELOW;
    }
    return class;
}

static ssize_t name_of(int fd, char *out, size_t size) {
    char link[32];
    ssize_t n = readlink(file_link(fd, link), out, size - 1);
    if (n < 0)
        return -errno;
    out[n] = '\0';
    return n;
}

/* Entries of /proc that belong to processes of the block are theirs; all others steer the kernel or somebody else. */
static unsigned classify_proc(const struct place *p, const char *text, pid_t *process) {
    const char *point;
    if (!mounts_own_proc(p->st.stx_mnt_id, &point) || !beneath(text, point))
        return PATH_CONTROL;
    const char *entry = text + strlen(point);
    char *end;
    long pid = *entry == '/' ? strtol(entry + 1, &end, 10) : 0;
    if (pid <= 0 || (*end != '/' && *end != '\0') || !target_is_descendant((pid_t)pid))
        return PATH_CONTROL;
    *process = (pid_t)pid;
    return PATH_QUIET;
}

static unsigned classify_device(const struct harden_statx *st) {
    unsigned major = st->stx_rdev_major, minor = st->stx_rdev_minor;
    /* A disk is another name of every file on it, credentials included; a loop device only of one that was opened. */
    unsigned all = PATH_CONTROL | PATH_CREDENTIAL;
    if (S_ISBLK(st->stx_mode))
        return major == 7 ? 0 : all;
    if (!S_ISCHR(st->stx_mode))
        return 0;
    if (major == 21 || major == 90)
        return all; /* disks by SCSI commands; flash memory */
    if (major == 1)
        return minor == 1 || minor == 2 || minor == 4 ? all : /* memory, ports */
               minor == 3 || minor == 5 || minor == 7 ? PATH_QUIET : 0;
    if (major == 10 && minor == 200)
        return PATH_NETWORK_DEVICE; /* tun: packets past every decision about sockets */
    return major == 5 || (major >= 136 && major <= 143) ? PATH_QUIET : 0;
}

/*
 * The directories that new names appear in or vanish from, as the receiver has met them last: a program works in one
 * directory for many calls, and asking the kernel for its name costs as much as the rest of the decision. The directory
 * itself is resolved for every call; it is recognised by its inode, which is held open and so cannot become another
 * one's. Its name changes by renaming something above it: by a supervised process, which is told here and forgets
 * everything, or by a process outside, which could do so after the question as well; within this time it is not noticed.
 */
#define NAME_US 10000U
static struct directory {
    int fd;
    struct harden_statx st;
    uint64_t asked_us;
    unsigned renames;
    unsigned below; /* what it and the directories above it are listed as */
    size_t length;
    char text[PATHS_MAX];
} directories[2] = {{.fd = -1}, {.fd = -1}};
static unsigned renames, turn;
static _Thread_local bool remembers;

void paths_remember_here(void) { remembers = true; }

void paths_renamed(void) { __atomic_add_fetch(&renames, 1, __ATOMIC_ACQ_REL); }
unsigned paths_renames(void) { return __atomic_load_n(&renames, __ATOMIC_ACQUIRE); }

static const struct directory *remembered(const struct place *place, uint64_t now) {
    for (unsigned i = 0; i < ARRAY_LENGTH(directories); i++) {
        const struct directory *d = &directories[i];
        if (d->fd >= 0 && d->st.stx_ino == place->st.stx_ino && d->st.stx_mnt_id == place->st.stx_mnt_id &&
            d->st.stx_dev_major == place->st.stx_dev_major && d->st.stx_dev_minor == place->st.stx_dev_minor &&
            now - d->asked_us < NAME_US && d->renames == paths_renames())
            return d;
    }
    return NULL;
}

static void remember(const struct place *place, const char *text, size_t length, uint64_t now, unsigned before) {
    struct directory *d = &directories[turn++ % ARRAY_LENGTH(directories)];
    int fd = fcntl(place->parent, F_DUPFD_CLOEXEC, 0);
    if (d->fd >= 0)
        close(d->fd);
    d->fd = fd;
    d->st = place->st;
    d->asked_us = now;
    d->renames = before;
    d->below = listed(text) & BELOW;
    d->length = length;
    memcpy(d->text, text, length + 1);
}

/* A new or vanishing name in an ordinary directory. False: not one of those. */
static bool classify_entry(const struct place *place, struct subject *out, int *rc) {
    uint64_t now = monotonic_us();
    unsigned before = paths_renames();
    if (!remembers || place->object >= 0 || place->kind != MOUNT_PLAIN || !mounts_plain_inodes(place->st.stx_mnt_id))
        return false;
    const struct directory *d = remembered(place, now);
    if (d == NULL) {
        ssize_t n = name_of(place->parent, out->text, sizeof out->text);
        if (n < 0) {
            *rc = (int)n;
            return true;
        }
        remember(place, out->text, (size_t)n, now, before);
        d = remembered(place, now);
        if (d == NULL)
            return false;
    }
    size_t name = strcspn(place->name, "/"), start = d->length == 1 ? 0 : d->length;
    *rc = start + name + 2 > sizeof out->text ? -ENAMETOOLONG : 0;
    if (*rc != 0)
        return true;
    memcpy(out->text, d->text, start);
    out->text[start] = '/';
    memcpy(out->text + start + 1, place->name, name);
    out->text[start + 1 + name] = '\0';
    out->class = d->below | slot(out->text, start + 1 + name)->class;
    if (outside(out->text))
        out->class |= PATH_OUTSIDE;
    if (paths_script_tree(out->text) != NULL)
        out->class |= PATH_SCRIPTED;
    return true;
}

/* The name of a file that is held open and has not been renamed since: asked for again after a while. */
static ssize_t kept_name(struct kept_object *k, char *out, size_t size) {
    uint64_t now = monotonic_us();
    if (k->asked_us == 0 || now - k->asked_us >= NAME_US) {
        ssize_t n = name_of(k->fd, k->text, sizeof k->text);
        if (n < 0)
            return n;
        k->length = (size_t)n;
        k->asked_us = now;
    }
    if (k->length >= size)
        return -ENAMETOOLONG;
    memcpy(out, k->text, k->length + 1);
    return (ssize_t)k->length;
}

int paths_classify(const struct place *place, bool entry, struct subject *out) {
    int fd = entry || place->object < 0 ? place->parent : place->object;
    bool object = fd == place->object;
    int rc;
    out->canonical[0] = '\0';
    out->process = 0;
    if (!object && classify_entry(place, out, &rc))
        return rc;
    ssize_t n = object && place->kept != NULL ? kept_name(place->kept, out->text, sizeof out->text)
                                              : name_of(fd, out->text, sizeof out->text);
    if (n < 0)
        return (int)n;
    out->class = 0;
    if (!object) {
        size_t name = strcspn(place->name, "/"), start = strcmp(out->text, "/") == 0 ? 0 : (size_t)n;
        if (start + name + 2 > sizeof out->text)
            return -ENAMETOOLONG;
        snprintf(out->text + start, sizeof out->text - start, "/%.*s", (int)name, place->name);
    }
    if (object && (out->text[0] != '/' || place->st.stx_nlink == 0)) {
        out->class = PATH_QUIET; /* a pipe, a socket, or a file without a name */
        return 0;
    }
    if (place->kind == MOUNT_CONTROL)
        out->class = PATH_CONTROL;
    else if (place->kind == MOUNT_PROC)
        out->class = classify_proc(place, out->text, &out->process);
    else if (object)
        out->class = classify_device(&place->st);
    if (!mounts_known(place->st.stx_mnt_id)) {
        out->class |= inodes_in_foreign_mount(place, entry, out);
        if (trees.count > 0)
            out->class |= PATH_SCRIPTED | PATH_SCRIPT_FOREIGN;
        return 0;
    }
    out->class |= listed(out->text);
    if (mounts_canonical(place->st.stx_mnt_id, out->text, out->canonical, sizeof out->canonical))
        out->class |= listed(out->canonical);
    else
        out->canonical[0] = '\0'; /* too long, or the same */
    if (paths_script_tree(out->text) != NULL || (out->canonical[0] != '\0' && paths_script_tree(out->canonical) != NULL))
        out->class |= PATH_SCRIPTED;
    /* A file of several names may be listed under another one. */
    if (object && S_ISREG(place->st.stx_mode) && place->st.stx_nlink > 1 && !(out->class & BELOW))
        out->class |= inodes_find(&place->st, out);
    if (object && S_ISREG(place->st.stx_mode) && place->st.stx_nlink > 1 && confine_begun()) {
        pthread_mutex_lock(&sup.lock);
        out->class |= confine_aliased(&place->st) ? PATH_SCRIPT_ALIAS : 0;
        pthread_mutex_unlock(&sup.lock);
    }
    if (outside(out->text) && !(out->class & PATH_QUIET))
        out->class |= PATH_OUTSIDE;
    return 0;
}
