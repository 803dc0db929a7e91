/* Operations on names: mkdir, mknod, unlink, rmdir, rename, link, symlink. See file.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "confine.h"
#include "file.h"
#include "target.h"

#define RENAME_EXCHANGE_FLAG 2U

/* Which arguments are what; -1 if the call has none. */
struct shape {
    const char *op;
    int directory, path, to_directory, to_path, flags;
};

static bool shape_of(const struct call *c, struct shape *out) {
    switch (c->notif.data.nr) {
#ifdef SYS_rename
    case SYS_rename: *out = (struct shape){"rename", -1, 0, -1, 1, -1}; return true;
    case SYS_link: *out = (struct shape){"link", -1, 0, -1, 1, -1}; return true;
    case SYS_symlink: *out = (struct shape){"symlink", -1, 0, -1, 1, -1}; return true;
    case SYS_unlink: *out = (struct shape){"unlink", -1, 0, -1, -1, -1}; return true;
    case SYS_rmdir: *out = (struct shape){"rmdir", -1, 0, -1, -1, -1}; return true;
    case SYS_mkdir: *out = (struct shape){"mkdir", -1, 0, -1, -1, -1}; return true;
    case SYS_mknod: *out = (struct shape){"mknod", -1, 0, -1, -1, -1}; return true;
#endif
#ifdef SYS_renameat
    case SYS_renameat: *out = (struct shape){"rename", 0, 1, 2, 3, -1}; return true;
#endif
    case SYS_renameat2: *out = (struct shape){"rename", 0, 1, 2, 3, 4}; return true;
    case SYS_linkat: *out = (struct shape){"link", 0, 1, 2, 3, 4}; return true;
    case SYS_symlinkat: *out = (struct shape){"symlink", -1, 0, 1, 2, -1}; return true;
    case SYS_unlinkat:
        *out = (struct shape){(call_int(c, 2) & AT_REMOVEDIR) ? "rmdir" : "unlink", 0, 1, -1, -1, 2};
        return true;
    case SYS_mkdirat: *out = (struct shape){"mkdir", 0, 1, -1, -1, -1}; return true;
    case SYS_mknodat: *out = (struct shape){"mknod", 0, 1, -1, -1, -1}; return true;
    }
    return false;
}

static int directory_of(const struct call *c, int argument) {
    return argument >= 0 ? call_int(c, (unsigned)argument) : AT_FDCWD;
}

/* One name in one directory. */
struct entry {
    struct place place;
    struct subject subject;
};

static int find_entry(struct call *c, struct thread *t, int directory, const char *path, struct entry *out) {
    int rc = walk(t, directory, path, WALK_PARENT, &out->place);
    if (rc != 0)
        return rc;
    if (file_needs_worker(c, &out->place))
        rc = 1;
    else
        rc = paths_classify(&out->place, true, &out->subject);
    if (rc != 0)
        place_close(&out->place);
    return rc;
}

/* Performs with the caller's credentials what the arguments of the macro say. */
#define AS_CALLER(t, expression)                                                                                       \
    ({                                                                                                                 \
        struct creds_saved saved_;                                                                                     \
        int64_t rc_ = thread_assume((t), &saved_);                                                                     \
        if (rc_ == 0) {                                                                                                \
            rc_ = (expression) == 0 ? 0 : -errno;                                                                      \
            creds_restore(&saved_);                                                                                    \
            rc_ = file_result((t), rc_);                                                                               \
        }                                                                                                              \
        rc_;                                                                                                           \
    })

/* Programs try to make each folder of a path and to remove what may not be there, and an install script that does so beyond
 * its own folder gets the answer that it would get anyway: -EEXIST, or -ENOENT. Else 0. */
static int64_t pointless(const struct place *p, const struct shape *s, const struct file_event *e) {
    struct harden_statx st;
    if (e->verdict == VERDICT_ALLOWED || strcmp(e->rule, "install-script") != 0)
        return 0;
    int rc = file_facts(p->parent, p->name, AT_SYMLINK_NOFOLLOW, &st);
    return strcmp(s->op, "mkdir") == 0 ? (rc == 0 ? -EEXIST : 0) : s->op[0] != 'm' && rc == -ENOENT ? rc : 0;
}

static int64_t one_name(struct call *c, struct thread *t, const struct shape *s) {
    char path[PATH_MAX];
    struct entry e;
    unsigned mode_at = s->directory >= 0 ? 2 : 1;
    ssize_t n = file_path(c, (unsigned)s->path, path);
    int64_t rc = n < 0 ? n : find_entry(c, t, directory_of(c, s->directory), path, &e);
    if (rc != 0)
        return rc == 1 ? CALL_WORKER : rc;
    bool makes = s->op[0] == 'm';
    struct file_event event = file_event(c, s->op, &e.subject);
    file_judge(&e.subject, makes && strcmp(s->op, "mkdir") == 0 ? ACCESS_WRITE : ACCESS_WRITE | ACCESS_NAME, &event);
    rc = pointless(&e.place, s, &event);
    if (rc == 0)
        rc = file_decide(c, &event);
    mode_t mode = (mode_t)call_int(c, mode_at);
    if (rc == 0 && makes)
        rc = file_umask(t, e.place.parent, &mode);
    if (rc == 0) {
        int parent = e.place.parent;
        const char *name = e.place.name;
        if (strcmp(s->op, "mkdir") == 0)
            rc = AS_CALLER(t, mkdirat(parent, name, mode));
        else if (makes)
            rc = AS_CALLER(t, mknodat(parent, name, mode, (dev_t)(uint32_t)call_arg(c, mode_at + 1)));
        else
            rc = AS_CALLER(t, unlinkat(parent, name, strcmp(s->op, "rmdir") == 0 ? AT_REMOVEDIR : 0));
    }
    place_close(&e.place);
    return rc;
}

static int64_t make_link(struct call *c, struct thread *t, const struct shape *s) {
    char text[PATH_MAX], path[PATH_MAX];
    struct entry e;
    ssize_t n = file_path(c, (unsigned)s->path, text);
    if (n > 0)
        n = file_path(c, (unsigned)s->to_path, path);
    int64_t rc = n <= 0 ? (n < 0 ? n : -ENOENT) : find_entry(c, t, directory_of(c, s->to_directory), path, &e);
    if (rc != 0)
        return rc == 1 ? CALL_WORKER : rc;
    struct file_event event = file_event(c, s->op, &e.subject);
    event.to = text;
    file_judge(&e.subject, ACCESS_WRITE | ACCESS_NAME, &event);
    rc = file_decide(c, &event);
    if (rc == 0)
        rc = AS_CALLER(t, symlinkat(text, e.place.parent, e.place.name));
    place_close(&e.place);
    return rc;
}

static int64_t rename_entry(struct call *c, struct thread *t, const struct shape *s) {
    char from_path[PATH_MAX], to_path[PATH_MAX];
    struct entry from, to;
    unsigned flags = s->flags >= 0 ? (unsigned)call_int(c, (unsigned)s->flags) : 0;
    ssize_t n = file_path(c, (unsigned)s->path, from_path);
    if (n >= 0)
        n = file_path(c, (unsigned)s->to_path, to_path);
    int64_t rc = n < 0 ? n : find_entry(c, t, directory_of(c, s->directory), from_path, &from);
    if (rc != 0)
        return rc == 1 ? CALL_WORKER : rc;
    rc = find_entry(c, t, directory_of(c, s->to_directory), to_path, &to);
    if (rc == 0) {
        struct file_event event = file_event(c, "rename", &from.subject);
        event.to = to.subject.text;
        file_judge(&from.subject, ACCESS_WRITE | ACCESS_NAME | ACCESS_ALIAS, &event);
        file_judge(&to.subject, ACCESS_WRITE | ACCESS_NAME, &event);
        rc = file_decide(c, &event);
        if (rc == 0)
            paths_renamed(); /* before, as the kernel may do it in the end, and after, as another thread may have asked */
        if (rc == 0)
            rc = AS_CALLER(t, (int)syscall(SYS_renameat2, from.place.parent, from.place.name, to.place.parent,
                                           to.place.name, flags));
        paths_renamed();
        place_close(&to.place);
    }
    place_close(&from.place);
    return rc == 1 ? CALL_WORKER : rc;
}

/* True if an install script may give the file a further name. */
static bool alias(struct call *c, const struct subject *s, const struct harden_statx *st, const struct file_event *e) {
    if (e->verdict == VERDICT_BLOCKED || !confine_begun())
        return true;
    pthread_mutex_lock(&sup.lock);
    bool kept = confine_alias(call_tid(c), s, st);
    pthread_mutex_unlock(&sup.lock);
    return kept || sup.policy->files != MODE_BLOCK;
}

/* The source is the object itself: its name may be a magic link, or there may be none (O_TMPFILE, AT_EMPTY_PATH). */
static int64_t hard_link(struct call *c, struct thread *t, const struct shape *s) {
    char from_path[PATH_MAX], to_path[PATH_MAX], link[32];
    struct place source;
    struct subject subject;
    struct entry to;
    int flags = s->flags >= 0 ? call_int(c, (unsigned)s->flags) : 0;
    if (flags & ~(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH))
        return -EINVAL;
    ssize_t n = file_path(c, (unsigned)s->path, from_path);
    if (n < 0)
        return n;
    int directory = directory_of(c, s->directory);
    int64_t rc = n == 0 && (flags & AT_EMPTY_PATH)
                     ? walk_descriptor(t, directory, &source)
                     : walk(t, directory, from_path, (flags & AT_SYMLINK_FOLLOW) ? WALK_FOLLOW : 0, &source);
    if (rc != 0)
        return rc;
    n = file_path(c, (unsigned)s->to_path, to_path);
    rc = n < 0 ? n : paths_classify(&source, false, &subject);
    if (rc == 0)
        rc = find_entry(c, t, directory_of(c, s->to_directory), to_path, &to);
    if (rc == 0) {
        struct file_event event = file_event(c, "link", &subject);
        event.to = to.subject.text;
        event.quiet = false; /* a file without a name gets one */
        /* Another name for a listed file is another door to it: the source counts as written as well. */
        file_judge(&subject, ACCESS_ALIAS, &event);
        file_judge(&to.subject, ACCESS_WRITE | ACCESS_NAME, &event);
        rc = alias(c, &subject, &source.st, &event) ? file_decide(c, &event) : -EACCES;
        if (rc == 0)
            rc = AS_CALLER(t, linkat(AT_FDCWD, file_link(source.object, link), to.place.parent, to.place.name,
                                     AT_SYMLINK_FOLLOW));
        paths_renamed(); /* a file that had lost its name has another one */
        place_close(&to.place);
    }
    place_close(&source);
    return rc == 1 ? CALL_WORKER : rc;
}

int64_t file_entry(struct call *c) {
    struct shape s;
    struct thread_use use;
    if (!shape_of(c, &s)) {
        call_refused(c, "syscall", "unexpected notification", ENOSYS);
        return -ENOSYS;
    }
    int64_t rc = file_thread(c, &use);
    if (rc != 0)
        return rc;
    if (s.to_path < 0)
        rc = one_name(c, use.thread, &s);
    else if (strcmp(s.op, "rename") == 0)
        rc = rename_entry(c, use.thread, &s);
    else if (strcmp(s.op, "link") == 0)
        rc = hard_link(c, use.thread, &s);
    else
        rc = make_link(c, use.thread, &s);
    thread_close(&use);
    return rc;
}
