/* chmod, chown, utime, extended attributes and attribute ioctls. See file.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <utime.h>

#include "file.h"
#include "ledger.h"
#include "target.h"

#define XATTR_NAME_BYTES 256U
#define XATTR_VALUE_BYTES 65536U

/* Which arguments are what; -1 if the call has none. Without a path the first argument is a descriptor. */
struct shape {
    const char *op;
    int directory, path, flags;
    bool follow;
    unsigned rest; /* the first argument behind those */
};

static bool shape_of(const struct call *c, struct shape *out) {
    switch (c->notif.data.nr) {
#ifdef SYS_chmod
    case SYS_chmod: *out = (struct shape){"chmod", -1, 0, -1, true, 1}; return true;
    case SYS_chown: *out = (struct shape){"chown", -1, 0, -1, true, 1}; return true;
    case SYS_lchown: *out = (struct shape){"chown", -1, 0, -1, false, 1}; return true;
    case SYS_utime: *out = (struct shape){"utime", -1, 0, -1, true, 1}; return true;
    case SYS_utimes: *out = (struct shape){"utime", -1, 0, -1, true, 1}; return true;
    case SYS_futimesat: *out = (struct shape){"utime", 0, 1, -1, true, 2}; return true;
#endif
    case SYS_fchmodat: *out = (struct shape){"chmod", 0, 1, -1, true, 2}; return true;
    case SYS_fchmodat2: *out = (struct shape){"chmod", 0, 1, 3, true, 2}; return true;
    case SYS_fchownat: *out = (struct shape){"chown", 0, 1, 4, true, 2}; return true;
    case SYS_utimensat: *out = (struct shape){"utime", 0, 1, 3, true, 2}; return true;
    case SYS_fchmod: *out = (struct shape){"chmod", -1, -1, -1, true, 1}; return true;
    case SYS_fchown: *out = (struct shape){"chown", -1, -1, -1, true, 1}; return true;
    case SYS_setxattr: *out = (struct shape){"xattr", -1, 0, -1, true, 1}; return true;
    case SYS_lsetxattr: *out = (struct shape){"xattr", -1, 0, -1, false, 1}; return true;
    case SYS_fsetxattr: *out = (struct shape){"xattr", -1, -1, -1, true, 1}; return true;
    case SYS_removexattr: *out = (struct shape){"xattr", -1, 0, -1, true, 1}; return true;
    case SYS_lremovexattr: *out = (struct shape){"xattr", -1, 0, -1, false, 1}; return true;
    case SYS_fremovexattr: *out = (struct shape){"xattr", -1, -1, -1, true, 1}; return true;
    case SYS_ioctl: *out = (struct shape){"xattr", -1, -1, -1, true, 1}; return true;
    }
    return false;
}

/* ---- what is to be set ---- */

static int read_times(const struct call *c, unsigned at, struct timespec out[2], bool *now) {
    uint64_t address = call_arg(c, at);
    *now = address == 0;
    if (*now)
        return 0;
    int nr = c->notif.data.nr;
#ifdef SYS_utime
    if (nr == SYS_utime) {
        struct utimbuf times;
        int rc = target_read(call_tid(c), address, &times, sizeof times);
        out[0] = (struct timespec){times.actime, 0};
        out[1] = (struct timespec){times.modtime, 0};
        return rc;
    }
    if (nr == SYS_utimes || nr == SYS_futimesat) {
        struct timeval times[2];
        int rc = target_read(call_tid(c), address, times, sizeof times);
        for (int i = 0; rc == 0 && i < 2; i++) {
            if (times[i].tv_usec < 0 || times[i].tv_usec >= 1000000)
                return -EINVAL;
            out[i] = (struct timespec){times[i].tv_sec, times[i].tv_usec * 1000};
        }
        return rc;
    }
#endif
    (void)nr;
    return target_read(call_tid(c), address, out, 2 * sizeof *out);
}

/* An id of the caller's user namespace as the supervisor knows it. */
static int translate(struct thread *t, const char *map, uint32_t *id) {
    char text[4096];
    if (*id == (uint32_t)-1 || !thread_foreign_user_namespace(t))
        return 0;
    int fd = openat(t->proc, map, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd >= 0 ? read(fd, text, sizeof text - 1) : -1;
    if (fd >= 0)
        close(fd);
    if (n < 0)
        return -EPERM;
    text[n] = '\0';
    for (char *save, *line = strtok_r(text, "\n", &save); line != NULL; line = strtok_r(NULL, "\n", &save)) {
        unsigned inside, outside, count;
        if (sscanf(line, "%u %u %u", &inside, &outside, &count) == 3 && *id >= inside && *id - inside < count) {
            *id = outside + (*id - inside);
            return 0;
        }
    }
    return -EINVAL;
}

/* ---- setting it on an object ---- */

/* "/proc/self/fd/N" stands for the object; a symbolic link itself is reached through its directory. */
static const char *name_for(const struct place *p, char out[NAME_MAX + 40]) {
    if (S_ISLNK(p->st.stx_mode) && p->parent >= 0)
        snprintf(out, NAME_MAX + 40, "/proc/self/fd/%d/%s", p->parent, p->name);
    else
        snprintf(out, NAME_MAX + 40, "/proc/self/fd/%d", p->object);
    return out;
}

/* By the descriptor alone, without a walk through /proc, where the kernel can: fchmodat2 since 6.6, an empty path for
 * utimensat since 5.8. */
static int set_mode(const struct place *p, mode_t mode) {
    char link[32];
    if (S_ISLNK(p->st.stx_mode)) {
        errno = EOPNOTSUPP; /* a symbolic link has no mode */
        return -1;
    }
    int rc = (int)syscall(SYS_fchmodat2, p->object, "", mode, AT_EMPTY_PATH);
    return rc == 0 || errno != ENOSYS ? rc : chmod(file_link(p->object, link), mode);
}

static int set_times(const struct place *p, const struct timespec *times) {
    char name[NAME_MAX + 40];
    int rc = (int)syscall(SYS_utimensat, p->object, "", times, AT_EMPTY_PATH);
    return rc == 0 || errno != EINVAL
               ? rc : utimensat(AT_FDCWD, name_for(p, name), times, S_ISLNK(p->st.stx_mode) ? AT_SYMLINK_NOFOLLOW : 0);
}

static int set_xattr(const struct call *c, const struct shape *s, const struct place *p, const char *attribute,
                     const void *value) {
    char name[NAME_MAX + 40];
    int nr = c->notif.data.nr;
    bool link = S_ISLNK(p->st.stx_mode);
    name_for(p, name);
    if (nr == SYS_removexattr || nr == SYS_lremovexattr || nr == SYS_fremovexattr)
        return link ? lremovexattr(name, attribute) : removexattr(name, attribute);
    size_t size = (size_t)call_arg(c, s->rest + 2);
    int flags = call_int(c, s->rest + 3);
    return link ? lsetxattr(name, attribute, value, size, flags) : setxattr(name, attribute, value, size, flags);
}

/* The ioctl works on a descriptor that is open for reading, which the caller has; a duplicate of it is used here, or,
 * where none is to be had, the object that was judged is opened as the caller could. */
static int set_flags(struct call *c, const struct place *p, const void *value) {
    char name[NAME_MAX + 40];
    name_for(p, name);
    if (c->fd < 0 && (c->fd = open(name, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)) < 0)
        return -1;
    return (int)syscall(SYS_ioctl, c->fd, (unsigned long)(uint32_t)call_arg(c, 1), value);
}

static int64_t apply(struct call *c, struct thread *t, const struct shape *s, const struct place *p) {
    char attribute[XATTR_NAME_BYTES];
    struct timespec times[2];
    struct creds_saved saved;
    bool now = false;
    void *value = NULL;
    uint32_t uid = (uint32_t)call_arg(c, s->rest), gid = (uint32_t)call_arg(c, s->rest + 1);
    int nr = c->notif.data.nr;
    int64_t rc = 0;
    /* All memory is read before the caller's credentials are taken on: with them it may be closed to us. */
    if (strcmp(s->op, "utime") == 0) {
        rc = read_times(c, s->rest, times, &now);
    } else if (strcmp(s->op, "chown") == 0) {
        rc = translate(t, "uid_map", &uid);
        if (rc == 0)
            rc = translate(t, "gid_map", &gid);
    } else if (nr == SYS_ioctl) {
        value = calloc(1, 64);
        rc = value == NULL ? -ENOMEM : target_read(call_tid(c), call_arg(c, 2), value, (call_arg(c, 1) >> 16) & 0x3f);
        if (rc == 0 && !ledger_on())
            rc = call_take_fd(c, call_int(c, 0));
    } else if (strcmp(s->op, "xattr") == 0) {
        ssize_t n = target_string(call_tid(c), call_arg(c, s->rest), attribute, sizeof attribute);
        rc = n == -ENAMETOOLONG ? -ERANGE : n < 0 ? n : 0;
        bool sets = nr == SYS_setxattr || nr == SYS_lsetxattr || nr == SYS_fsetxattr;
        size_t size = sets ? (size_t)call_arg(c, s->rest + 2) : 0;
        if (rc == 0 && size > XATTR_VALUE_BYTES)
            rc = -E2BIG;
        if (rc == 0 && (value = malloc(size + 1)) == NULL)
            rc = -ENOMEM;
        if (rc == 0 && size > 0)
            rc = target_read(call_tid(c), call_arg(c, s->rest + 1), value, size);
    }
    if (rc == 0 && !call_alive(c))
        rc = -ESRCH;
    if (rc == 0 && (rc = thread_assume(t, &saved)) == 0) {
        int done;
        if (strcmp(s->op, "chmod") == 0) {
            done = set_mode(p, (mode_t)call_int(c, s->rest) & 07777);
        } else if (strcmp(s->op, "chown") == 0) {
            done = fchownat(p->object, "", uid, gid, AT_EMPTY_PATH);
        } else if (strcmp(s->op, "utime") == 0) {
            done = set_times(p, now ? NULL : times);
        } else if (nr == SYS_ioctl) {
            done = set_flags(c, p, value);
        } else {
            done = set_xattr(c, s, p, attribute, value);
        }
        rc = done == 0 ? 0 : -errno;
        creds_restore(&saved);
        rc = file_result(t, rc);
    }
    free(value);
    return rc;
}

static int64_t find(struct call *c, struct thread *t, const struct shape *s, struct place *out) {
    char path[PATH_MAX];
    int flags = s->flags >= 0 ? call_int(c, (unsigned)s->flags) : 0;
    if (s->path < 0)
        return call_int(c, 0) < 0 ? -EBADF : walk_descriptor(t, call_int(c, 0), out);
    if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
        return -EINVAL;
    int directory = s->directory >= 0 ? call_int(c, (unsigned)s->directory) : AT_FDCWD;
    bool unnamed = call_arg(c, (unsigned)s->path) == 0 && s->directory >= 0 && strcmp(s->op, "utime") == 0;
    ssize_t n = unnamed ? 0 : file_path(c, (unsigned)s->path, path);
    if (n < 0)
        return n;
    if (unnamed || (n == 0 && (flags & AT_EMPTY_PATH)))
        return walk_descriptor(t, directory, out);
    bool follow = s->follow && !(flags & AT_SYMLINK_NOFOLLOW);
    int rc = walk(t, directory, path, follow ? WALK_FOLLOW : 0, out);
    if (rc == 0 && S_ISLNK(out->st.stx_mode) && out->parent < 0) {
        place_close(out);
        struct place entry;
        rc = walk(t, directory, path, WALK_PARENT, &entry);
        if (rc != 0)
            return rc;
        *out = entry;
        if (out->object < 0) {
            out->object = openat(out->parent, out->name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
            rc = out->object < 0 ? -errno : file_facts(out->object, "", AT_EMPTY_PATH, &out->st);
            if (rc != 0)
                place_close(out);
        }
    }
    return rc;
}

int64_t file_attribute(struct call *c) {
    struct shape s;
    struct thread_use use;
    struct place p;
    struct subject subject;
    if (!shape_of(c, &s))
        return CALL_CONTINUE;
    int64_t rc = file_thread(c, &use);
    if (rc != 0)
        return rc;
    rc = find(c, use.thread, &s, &p);
    if (rc == 0) {
        rc = file_needs_worker(c, &p) ? CALL_WORKER : paths_classify(&p, false, &subject);
        if (rc == 0) {
            struct file_event e = file_event(c, s.op, &subject);
            /* The agent runs as the same user: a directory above its files, or above the events, that lets nobody in any more
             * would take them from it. */
            bool closes = strcmp(s.op, "chmod") == 0 && ((unsigned)call_int(c, s.rest) & (S_IRUSR | S_IXUSR)) != (S_IRUSR | S_IXUSR);
            file_judge(&subject, ACCESS_WRITE | (closes ? ACCESS_CLOSE : 0), &e);
            rc = file_decide(c, &e);
        }
        if (rc == 0)
            rc = apply(c, use.thread, &s, &p);
        place_close(&p);
    }
    thread_close(&use);
    return rc;
}
