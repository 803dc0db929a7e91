/*
 * File operations in audit: the path is copied and recorded, then the kernel performs the call. A program may swap the
 * path after the copy was taken; the record is an account of what was asked for, and what really changed is found by
 * comparing content afterwards. The files of the agent itself are refused here in both modes.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "call.h"
#include "image.h"
#include "paths.h"
#include "target.h"

/* How the arguments of a call are laid out: positions of directory descriptors, paths and flags, -1 if it has none. */
struct shape {
    const char *op;
    int directory, path, to_directory, to_path;
    bool on_descriptor; /* argument 0 is a descriptor and there is no path */
    bool target_text;   /* `path` is a symbolic link's text, the file is to_path */
};

static bool shape_of(int nr, struct shape *out) {
#define PATH(call, name, p) \
    case SYS_##call: *out = (struct shape){name, -1, p, -1, -1, false, false}; return true;
#define AT(call, name, d, p) \
    case SYS_##call: *out = (struct shape){name, d, p, -1, -1, false, false}; return true;
#define TWO(call, name, d1, p1, d2, p2) \
    case SYS_##call: *out = (struct shape){name, d1, p1, d2, p2, false, false}; return true;
#define FD(call, name) \
    case SYS_##call: *out = (struct shape){name, -1, -1, -1, -1, true, false}; return true;
    switch (nr) {
#ifdef SYS_rename
        PATH(truncate, "truncate", 0)
        TWO(rename, "rename", -1, 0, -1, 1)
        PATH(unlink, "unlink", 0)
        PATH(rmdir, "rmdir", 0)
        PATH(mkdir, "mkdir", 0)
        TWO(link, "link", -1, 0, -1, 1)
        PATH(mknod, "mknod", 0)
        PATH(chmod, "chmod", 0)
        PATH(chown, "chown", 0)
        PATH(lchown, "chown", 0)
        PATH(utime, "utime", 0)
        PATH(utimes, "utime", 0)
        AT(futimesat, "utime", 0, 1)
    case SYS_symlink:
        *out = (struct shape){"symlink", -1, 0, -1, 1, false, true};
        return true;
#else
        PATH(truncate, "truncate", 0)
#endif
#ifdef SYS_renameat
        TWO(renameat, "rename", 0, 1, 2, 3)
#endif
        TWO(renameat2, "rename", 0, 1, 2, 3)
        AT(mkdirat, "mkdir", 0, 1)
        TWO(linkat, "link", 0, 1, 2, 3)
        AT(mknodat, "mknod", 0, 1)
        AT(fchmodat, "chmod", 0, 1)
        AT(fchmodat2, "chmod", 0, 1)
        AT(fchownat, "chown", 0, 1)
        AT(utimensat, "utime", 0, 1)
        FD(fchmod, "chmod")
        FD(fchown, "chown")
        PATH(setxattr, "xattr", 0)
        PATH(lsetxattr, "xattr", 0)
        FD(fsetxattr, "xattr")
        PATH(removexattr, "xattr", 0)
        PATH(lremovexattr, "xattr", 0)
        FD(fremovexattr, "xattr")
    case SYS_symlinkat:
        *out = (struct shape){"symlink", -1, 0, 1, 2, false, true};
        return true;
    case SYS_unlinkat:
        *out = (struct shape){"unlink", 0, 1, -1, -1, false, false};
        return true;
    }
    return false;
}

/* What was recorded last, so that a direct repetition of one image is not recorded again. */
static struct {
    uint32_t image;
    char op[12], path[PATHS_MAX], to[PATHS_MAX];
    bool create, truncate;
} last;

struct file_event {
    const char *op, *path, *to;
    bool create, truncate;
    enum verdict verdict;
    const char *rule;
};

static void record(const struct call *c, const struct file_event *e) {
    pthread_mutex_lock(&sup.lock);
    uint32_t image = image_of(call_tid(c));
    bool refused = e->verdict == VERDICT_BLOCKED;
    const char *to = e->to ? e->to : "";
    if (image == last.image && e->create == last.create && e->truncate == last.truncate && strcmp(last.op, e->op) == 0 &&
        strcmp(last.path, e->path) == 0 && strcmp(last.to, to) == 0) {
        pthread_mutex_unlock(&sup.lock);
        return;
    }
    last.image = image;
    last.create = e->create;
    last.truncate = e->truncate;
    snprintf(last.op, sizeof last.op, "%s", e->op);
    snprintf(last.path, sizeof last.path, "%s", e->path);
    snprintf(last.to, sizeof last.to, "%s", to);
    struct json *j = event_begin("file");
    json_number(j, "p", image);
    json_number(j, "pid", call_tid(c));
    json_text(j, "op", e->op);
    json_text(j, "path", e->path);
    if (e->to != NULL)
        json_text(j, "to", e->to);
    if (e->create)
        json_true(j, "create");
    if (e->truncate)
        json_true(j, "truncate");
    json_text(j, "verdict", verdict_text(e->verdict));
    json_text(j, "rule", e->rule);
    event_commit(j, refused ? EVENT_REFUSED : EVENT_NORMAL);
    pthread_mutex_unlock(&sup.lock);
}

/* Judges one path. The agent's own files are refused in both modes; protected sources are noted. */
static void judge(const struct path *path, struct file_event *e) {
    if (paths_own(path)) {
        e->verdict = VERDICT_BLOCKED;
        e->rule = "self-protection";
    } else if (e->verdict != VERDICT_BLOCKED && paths_protected(path)) {
        e->verdict = VERDICT_WOULD_BLOCK;
        e->rule = "protected";
    }
}

static int64_t conclude(const struct call *c, struct file_event *e) {
    record(c, e);
    return e->verdict == VERDICT_BLOCKED ? -EACCES : CALL_CONTINUE;
}

/* open, openat and creat with write intent: the filter has looked at the flags, which are register values. */
int64_t file_open(struct call *c) {
    bool at = c->notif.data.nr == SYS_openat;
    int directory = at ? call_int(c, 0) : AT_FDCWD, flags = at ? call_int(c, 2) : call_int(c, 1);
#ifdef SYS_creat
    if (c->notif.data.nr == SYS_creat)
        flags = O_CREAT | O_WRONLY | O_TRUNC;
#endif
    struct path path;
    int rc = paths_read(c, directory, call_arg(c, at ? 1 : 0), &path, !(flags & O_NOFOLLOW));
    if (rc < 0 || paths_uninteresting(&path))
        return CALL_CONTINUE; /* an unreadable path is EFAULT or ENOENT in the kernel too */
    struct file_event e = {.op = "write", .path = path.text, .rule = "default",
                           .create = (flags & O_CREAT) != 0, .truncate = (flags & O_TRUNC) != 0};
    judge(&path, &e);
    return conclude(c, &e);
}

int64_t file_name_operation(struct call *c) {
    struct shape s;
    int nr = c->notif.data.nr;
    struct path path, to;
    char text[4096];
    if (!shape_of(nr, &s)) {
        call_refused(c, "syscall", "unexpected notification", ENOSYS);
        return -ENOSYS;
    }
    if (nr == SYS_unlinkat && (call_int(c, 2) & AT_REMOVEDIR))
        s.op = "rmdir";
    struct file_event e = {.op = s.op, .path = path.text, .rule = "default"};
    if (s.on_descriptor) {
        if (paths_of_descriptor(c, call_int(c, 0), &path) < 0)
            return CALL_CONTINUE;
    } else if (s.target_text) {
        if (target_string(call_tid(c), call_arg(c, (unsigned)s.path), text, sizeof text) < 0 ||
            paths_read(c, s.to_directory >= 0 ? call_int(c, (unsigned)s.to_directory) : AT_FDCWD,
                       call_arg(c, (unsigned)s.to_path), &path, false) < 0)
            return CALL_CONTINUE;
        e.to = text;
    } else {
        bool follow = strcmp(s.op, "chmod") == 0 || strcmp(s.op, "truncate") == 0;
        if (call_arg(c, (unsigned)s.path) == 0) { /* futimens(fd) is utimensat(fd, NULL) */
            if (s.directory < 0 || paths_of_descriptor(c, call_int(c, (unsigned)s.directory), &path) < 0)
                return CALL_CONTINUE;
        } else if (paths_read(c, s.directory >= 0 ? call_int(c, (unsigned)s.directory) : AT_FDCWD,
                              call_arg(c, (unsigned)s.path), &path, follow) < 0) {
            return CALL_CONTINUE;
        }
        if (s.to_path >= 0) {
            if (paths_read(c, s.to_directory >= 0 ? call_int(c, (unsigned)s.to_directory) : AT_FDCWD,
                           call_arg(c, (unsigned)s.to_path), &to, false) < 0)
                return CALL_CONTINUE;
            e.to = to.text;
        }
    }
    if (paths_uninteresting(&path))
        return CALL_CONTINUE;
    judge(&path, &e);
    if (e.to != NULL && !s.target_text)
        judge(&to, &e);
    /* A hard link to the agent's file is a second door to it: its source counts as written as well, see above. */
    return conclude(c, &e);
}
