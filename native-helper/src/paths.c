#include "paths.h"

#include <errno.h>
#include <limits.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "target.h"
#include "util.h"

/* A set of canonical paths (open addressing over pointers). */
static struct {
    char **items;
    size_t count, mask;
    char **table;
    /* Inodes of the protected files, made when the first file with several names is written. */
    struct file_id {
        dev_t device;
        ino_t inode;
    } *inodes;
    size_t inode_count;
    bool inodes_read;
} protect;

static char *own[POLICY_MAX_OWN + 1];
static size_t own_count;

static bool find(const char *path, size_t length) {
    if (protect.count == 0)
        return false;
    for (size_t at = hash_bytes(path, length) & protect.mask; protect.table[at] != NULL; at = (at + 1) & protect.mask)
        if (strncmp(protect.table[at], path, length) == 0 && protect.table[at][length] == '\0')
            return true;
    return false;
}

/* The canonical form of a path whose last component need not exist. Directories repeat, so the last one is kept. */
static char *canonical(const char *path) {
    static char last_directory[PATHS_MAX], last_real[PATHS_MAX];
    const char *slash = strrchr(path, '/');
    char directory[PATHS_MAX], joined[2 * PATHS_MAX];
    size_t n = (size_t)(slash - path);
    if (n == 0 || n >= sizeof directory)
        return strdup(path);
    memcpy(directory, path, n);
    directory[n] = '\0';
    if (strcmp(directory, last_directory) != 0) {
        char real[PATH_MAX];
        snprintf(last_directory, sizeof last_directory, "%s", directory);
        snprintf(last_real, sizeof last_real, "%s", realpath(directory, real) != NULL ? real : directory);
    }
    snprintf(joined, sizeof joined, "%s%s", strcmp(last_real, "/") == 0 ? "" : last_real, slash);
    return strdup(joined);
}

void paths_start(const struct policy *policy, const char *event_file) {
    for (size_t i = 0; i < policy->own.count; i++)
        own[own_count++] = canonical(policy->own.items[i]);
    own[own_count++] = canonical(event_file);
    size_t size = 16;
    while (size < 2 * policy->protect.count)
        size *= 2;
    protect.mask = size - 1;
    protect.table = must_alloc(size, sizeof *protect.table);
    for (size_t i = 0; i < policy->protect.count; i++) {
        char *path = canonical(policy->protect.items[i]);
        if (path == NULL)
            continue;
        size_t n = strlen(path), at = hash_bytes(path, n) & protect.mask;
        while (protect.table[at] != NULL && strcmp(protect.table[at], path) != 0)
            at = (at + 1) & protect.mask;
        protect.table[at] = path;
    }
    protect.items = policy->protect.items;
    protect.count = policy->protect.count;
}

/* What the text means for the thread, as a path that this process can open. */
static void seen_from_here(pid_t tid, int directory, const char *raw, char *out, size_t size) {
    static const char *const streams[] = {"/dev/stdin", "/dev/stdout", "/dev/stderr"};
    for (int i = 0; i < 3; i++)
        if (strcmp(raw, streams[i]) == 0) {
            snprintf(out, size, "/proc/%d/fd/%d", tid, i);
            return;
        }
    if (strncmp(raw, "/dev/fd/", 8) == 0)
        snprintf(out, size, "/proc/%d/fd/%s", tid, raw + 8);
    else if (strncmp(raw, "/proc/self/", 11) == 0)
        snprintf(out, size, "/proc/%d/%s", tid, raw + 11);
    else if (strncmp(raw, "/proc/thread-self/", 18) == 0)
        snprintf(out, size, "/proc/%d/%s", tid, raw + 18);
    else if (raw[0] == '/')
        snprintf(out, size, "/proc/%d/root%s", tid, raw);
    else if (directory == AT_FDCWD)
        snprintf(out, size, "/proc/%d/cwd/%s", tid, raw);
    else
        snprintf(out, size, "/proc/%d/fd/%d/%s", tid, directory, raw);
}

static int name_of(int fd, struct path *out) {
    char link[32];
    struct stat st;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, out->text, sizeof out->text - 1);
    if (n < 0 || fstat(fd, &st) != 0)
        return -errno;
    out->text[n] = '\0';
    out->exists = true;
    out->device = st.st_dev;
    out->inode = st.st_ino;
    out->links = st.st_nlink;
    return 0;
}

int paths_read(const struct call *c, int directory, uint64_t address, struct path *out, bool follow) {
    char raw[4096], path[PATHS_MAX];
    ssize_t length = target_string(call_tid(c), address, raw, sizeof raw);
    if (length < 0)
        return (int)length;
    if (length == 0)
        return -ENOENT;
    out->exists = false;
    if (strcmp(raw, "/dev/null") == 0) { /* by far the most frequent */
        memcpy(out->text, raw, (size_t)length + 1);
        return 0;
    }
    seen_from_here(call_tid(c), directory, raw, path, sizeof path);
    int fd = open(path, O_PATH | O_CLOEXEC | (follow ? 0 : O_NOFOLLOW));
    if (fd >= 0) {
        int rc = name_of(fd, out);
        close(fd);
        return rc;
    }
    if (errno != ENOENT)
        return -errno;
    /* It does not exist yet: the directory's canonical name and the last component. */
    size_t n = strlen(path);
    while (n > 1 && path[n - 1] == '/')
        path[--n] = '\0';
    char *slash = strrchr(path, '/');
    *slash = '\0';
    fd = open(path, O_PATH | O_CLOEXEC | O_DIRECTORY);
    if (fd < 0)
        return -errno;
    int rc = name_of(fd, out);
    close(fd);
    if (rc != 0)
        return rc;
    out->exists = false;
    n = strcmp(out->text, "/") == 0 ? 0 : strlen(out->text);
    int more = snprintf(out->text + n, sizeof out->text - n, "/%s", slash + 1);
    return more < 0 || (size_t)more >= sizeof out->text - n ? -ENAMETOOLONG : 0;
}

int paths_of_descriptor(const struct call *c, int number, struct path *out) {
    char link[48];
    snprintf(link, sizeof link, number == AT_FDCWD ? "/proc/%d/cwd" : "/proc/%d/fd/%d", call_tid(c), number);
    int fd = open(link, O_PATH | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    int rc = name_of(fd, out);
    close(fd);
    return rc;
}

static bool starts(const char *text, const char *prefix) { return strncmp(text, prefix, strlen(prefix)) == 0; }

bool paths_uninteresting(const struct path *p) {
    const char *t = p->text;
    if (t[0] != '/')
        return true; /* pipe:[…], socket:[…], anon_inode:… */
    if (starts(t, "/dev/"))
        return strcmp(t, "/dev/null") == 0 || strcmp(t, "/dev/zero") == 0 || strcmp(t, "/dev/full") == 0 ||
               strcmp(t, "/dev/tty") == 0 || strcmp(t, "/dev/ptmx") == 0 || starts(t, "/dev/pts/");
    return starts(t, "/proc/") && t[6] >= '0' && t[6] <= '9';
}

static bool beneath(const char *path, const char *top) {
    size_t n = strlen(top);
    return strncmp(path, top, n) == 0 && (path[n] == '\0' || path[n] == '/');
}

bool paths_own(const struct path *p) {
    for (size_t i = 0; i < own_count; i++)
        if (own[i] != NULL && beneath(p->text, own[i]))
            return true;
    return false;
}

static int by_inode(const void *a, const void *b) {
    const struct file_id *x = a, *y = b;
    if (x->inode != y->inode)
        return x->inode < y->inode ? -1 : 1;
    return x->device < y->device ? -1 : x->device > y->device;
}

static void read_inodes(void) {
    protect.inodes_read = true;
    protect.inodes = calloc(protect.count, sizeof *protect.inodes);
    for (size_t i = 0; protect.inodes != NULL && i < protect.count; i++) {
        struct stat st;
        if (lstat(protect.items[i], &st) == 0 && S_ISREG(st.st_mode))
            protect.inodes[protect.inode_count++] = (struct file_id){st.st_dev, st.st_ino};
    }
    if (protect.inode_count > 0)
        qsort(protect.inodes, protect.inode_count, sizeof *protect.inodes, by_inode);
}

bool paths_protected(const struct path *p) {
    if (protect.count == 0)
        return false;
    for (const char *end = p->text + strlen(p->text); end > p->text;) {
        if (find(p->text, (size_t)(end - p->text)))
            return true;
        do
            end--;
        while (end > p->text && *end != '/');
    }
    if (!p->exists || p->links < 2)
        return false;
    pthread_mutex_lock(&sup.lock); /* workers may ask as well */
    if (!protect.inodes_read)
        read_inodes();
    struct file_id wanted = {p->device, p->inode};
    bool found = protect.inode_count > 0 &&
                 bsearch(&wanted, protect.inodes, protect.inode_count, sizeof wanted, by_inode) != NULL;
    pthread_mutex_unlock(&sup.lock);
    return found;
}
