/* open, openat, creat and truncate. See file.h for why nothing here can be raced. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file.h"
#include "target.h"

#define TRIES 16 /* somebody creates and removes the file all the time */

struct opening {
    struct call *call;
    struct thread *thread;
    int directory, flags;
    mode_t mode;
    unsigned access;
    char path[PATH_MAX];
};

/* Puts an open file into the caller's table, which answers the call. */
static int64_t hand_over(const struct call *c, int fd, int flags) {
    struct seccomp_notif_addfd add = {.id = c->notif.id, .flags = SECCOMP_ADDFD_FLAG_SEND, .srcfd = (uint32_t)fd,
                                      .newfd_flags = (flags & O_CLOEXEC) ? O_CLOEXEC : 0};
    int rc = (int)syscall(SYS_ioctl, sup.listener, SECCOMP_IOCTL_NOTIF_ADDFD, &add);
    int error = errno;
    if (rc < 0 && error == EINVAL) { /* before 5.14: in two steps */
        add.flags = 0;
        rc = (int)syscall(SYS_ioctl, sup.listener, SECCOMP_IOCTL_NOTIF_ADDFD, &add);
        error = errno;
        close(fd);
        return rc >= 0 ? rc : -error;
    }
    /* Closed before the next call is received: a program that was written and closed can be executed at once. */
    close(fd);
    if (rc >= 0)
        walk_opened(call_tid(c), rc);
    return rc >= 0 ? CALL_DONE : error == ENOENT ? CALL_DONE : -error;
}

/* The caller's terminal, which /dev/tty stands for: the supervisor has none. */
static int open_terminal(const struct opening *o) {
    char stat[1024], path[32];
    struct stat st;
    int number = 0;
    const char *at = target_proc(o->thread->tid, "stat", stat, sizeof stat) > 0 ? strrchr(stat, ')') : NULL;
    if (at == NULL || sscanf(at + 1, " %*c %*d %*d %*d %d", &number) != 1 || number == 0)
        return -ENXIO;
    unsigned minor = ((unsigned)number & 0xff) | (((unsigned)number >> 12) & 0xfff00), major = ((unsigned)number >> 8) & 0xfff;
    snprintf(path, sizeof path, major == 4 ? "/dev/tty%u" : "/dev/pts/%u", major == 4 ? minor : (major - 136) * 256 + minor);
    struct place p;
    int rc = walk(o->thread, AT_FDCWD, path, WALK_FOLLOW, &p);
    if (rc != 0)
        return -ENXIO;
    char link[32];
    struct creds_saved saved;
    int fd = thread_assume(o->thread, &saved);
    if (fd == 0) {
        fd = open(file_link(p.object, link), (o->flags & ~(O_CREAT | O_EXCL | O_NOFOLLOW)) | O_NOCTTY | O_CLOEXEC);
        if (fd < 0)
            fd = -errno;
        creds_restore(&saved);
    }
    place_close(&p);
    if (fd < 0)
        return fd;
    if (fstat(fd, &st) != 0 || !S_ISCHR(st.st_mode) || (int)st.st_rdev != number) {
        close(fd);
        return -ENXIO;
    }
    return fd;
}

static int64_t reopen(struct call *c, void *argument) {
    const struct opening *o = argument;
    char link[32];
    int flags = (o->flags & ~(O_CREAT | O_EXCL | O_NOFOLLOW)) | O_NOCTTY | O_CLOEXEC;
    int fd = open(file_link(c->pinned, link), flags);
    return fd >= 0 ? fd : -errno;
}

/* What the kernel checks for O_CREAT on a file that is there (fs.protected_regular, fs.protected_fifos): in a sticky
 * directory that everybody can write to, a stranger's file may be a trap. */
static bool trap(const struct opening *o, const struct place *p) {
    struct place entry;
    struct harden_statx directory;
    const struct target_credentials *who = sup.privileged ? thread_who(o->thread) : NULL;
    if (!(o->flags & O_CREAT) || (!S_ISREG(p->st.stx_mode) && !S_ISFIFO(p->st.stx_mode)) ||
        p->st.stx_uid == (who != NULL ? who->uid : geteuid()) ||
        walk(o->thread, o->directory, o->path, WALK_PARENT, &entry) != 0)
        return false;
    bool found = entry.parent >= 0 && file_facts(entry.parent, "", AT_EMPTY_PATH, &directory) == 0 &&
                 (directory.stx_mode & S_ISVTX) && (directory.stx_mode & (S_IWOTH | S_IWGRP)) &&
                 p->st.stx_uid != directory.stx_uid;
    place_close(&entry);
    return found;
}

/* Entries of an outside process that its permissions leave open to everybody. The others are checked against whoever
 * opens them, and that would be the supervisor. */
static bool harmless(const char *text) {
    static const char *const names[] = {"stat", "statm", "status", "cmdline", "comm", "cgroup", "limits", "oom_score",
                                        "oom_score_adj", "loginuid", "sessionid", "sched", "schedstat", "task"};
    const char *name = strrchr(text, '/');
    if (name != NULL && name[1 + strspn(name + 1, "0123456789")] == '\0')
        return true; /* the folder of a process or a thread */
    for (size_t i = 0; name != NULL && i < sizeof names / sizeof names[0]; i++)
        if (strcmp(name + 1, names[i]) == 0)
            return true;
    return false;
}

/* Does the path begin with a process's number? (Of procfs as a whole, /proc/meminfo and the like are for everybody.) */
static bool of_a_process(const struct place *p, const char *text) {
    const char *point;
    if (p->kind != MOUNT_PROC)
        return false;
    if (!mounts_own_proc(p->st.stx_mnt_id, &point))
        return true;
    const char *entry = text + strlen(point);
    return entry[0] == '/' && entry[1] >= '0' && entry[1] <= '9';
}

static bool fuse_device(const struct place *p) {
    return S_ISCHR(p->st.stx_mode) && p->st.stx_rdev_major == 10 && p->st.stx_rdev_minor == 229;
}

/* The kernel takes the maps of a nested user namespace, and a FUSE mount in it, only from who opened the file inside of
 * the namespace (the maps: or of its parent), which the supervisor is not. In audit the kernel opens them (and reads the
 * path again, which can be raced); where files or credentials are refused it stays unmapped and without mounts. */
static bool needs_own_opener(const struct opening *o, const struct place *p, const struct subject *s) {
    const char *name = strrchr(s->text, '/');
    bool map = p->kind == MOUNT_PROC && (s->class & PATH_QUIET) && name != NULL &&
               (strcmp(name, "/uid_map") == 0 || strcmp(name, "/gid_map") == 0 || strcmp(name, "/projid_map") == 0);
    return (map || fuse_device(p)) && sup.policy->files != MODE_BLOCK && sup.policy->credentials != MODE_BLOCK &&
           thread_foreign_user_namespace(o->thread);
}

/* 1: leave it to the kernel. */
static int judge(struct opening *o, const struct place *p, bool entry, bool create) {
    struct subject s;
    int rc = paths_classify(p, entry, &s);
    if (rc != 0)
        return rc;
    struct file_event e = file_event(o->call, (o->access & ACCESS_WRITE) ? "write" : "read", &s);
    e.create = create;
    e.truncate = (o->flags & O_TRUNC) != 0;
    file_judge(&s, o->access, &e);
    if (!(o->access & ACCESS_WRITE) && (s.class & PATH_CONTROL) && of_a_process(p, s.text) && !harmless(s.text))
        return -EACCES;
    if ((o->access & ACCESS_WRITE) && e.verdict != VERDICT_ALLOWED && strcmp(e.rule, "credential") == 0)
        e.op = "read"; /* opened for both: reading is what is judged */
    rc = file_decide(o->call, &e);
    if (rc == 0 && fuse_device(p))
        atomic_store(&sup.paths_may_wait, true);
    return rc == 0 && needs_own_opener(o, p, &s) ? 1 : rc;
}

/* The object is there: it is judged, and that very object is opened. */
static int64_t open_existing(struct opening *o, struct place *p) {
    struct call *c = o->call;
    mode_t type = p->st.stx_mode & S_IFMT;
    if (file_needs_worker(c, p))
        return CALL_WORKER;
    if (type == S_IFLNK)
        return -ELOOP;
    if (type == S_IFDIR && (o->flags & O_CREAT))
        return -EISDIR;
    int rc = judge(o, p, false, (o->flags & O_CREAT) != 0);
    if (rc != 0)
        return rc == 1 ? CALL_CONTINUE : rc;
    if (sup.policy->credentials == MODE_AUDIT && !(o->access & ACCESS_WRITE))
        return CALL_CONTINUE; /* a record, and no decision */
    c->decided = true;
    c->pinned = p->object;
    p->object = -1;
    bool terminal = type == S_IFCHR && p->st.stx_rdev_major == 5 && p->st.stx_rdev_minor == 0;
    bool waits = type == S_IFIFO || (type == S_IFCHR && p->st.stx_rdev_major != 1 && p->st.stx_rdev_major != 5);
    if (waits && !(o->flags & O_NONBLOCK) && !c->in_worker)
        return CALL_WORKER;
    if (trap(o, p))
        return -EACCES;
    if (terminal) {
        rc = open_terminal(o);
        return rc >= 0 ? hand_over(c, rc, o->flags) : rc;
    }
    struct creds_saved saved;
    if ((rc = thread_assume(o->thread, &saved)) != 0)
        return rc;
    /* Where somebody holds a lease the kernel waits for it to be given back: not here. */
    struct opening quick = *o;
    bool lease = type == S_IFREG && !(o->flags & O_NONBLOCK) && !c->in_worker;
    if (lease)
        quick.flags |= O_NONBLOCK;
    int64_t fd = c->in_worker ? call_blocking(c, reopen, o) : reopen(c, &quick);
    creds_restore(&saved);
    if (fd == -EAGAIN && lease)
        return CALL_WORKER;
    if (fd >= 0 && lease)
        (void)fcntl((int)fd, F_SETFL, o->flags & ~(O_CREAT | O_EXCL | O_TRUNC | O_NOFOLLOW | O_CLOEXEC));
    return fd >= 0 ? hand_over(c, (int)fd, o->flags) : fd == CALL_DONE ? fd : file_result(o->thread, fd);
}

/* A worker goes on with the object that the receiver has judged. */
static int64_t open_pinned(struct opening *o) {
    struct creds_saved saved;
    int rc = thread_assume(o->thread, &saved);
    if (rc != 0)
        return rc;
    int64_t fd = call_blocking(o->call, reopen, o);
    creds_restore(&saved);
    return fd >= 0 ? hand_over(o->call, (int)fd, o->flags) : fd == CALL_DONE ? fd : file_result(o->thread, fd);
}

/* Nothing is there: the directory is judged, and the file is made in that very directory. O_EXCL and O_NOFOLLOW keep
 * the name from meaning anything else by now. */
static int64_t create(struct opening *o, const struct place *p) {
    if (file_needs_worker(o->call, p))
        return CALL_WORKER;
    if (strchr(p->name, '/') != NULL)
        return -EISDIR;
    int rc = judge(o, p, true, true);
    struct creds_saved saved;
    if (rc == 0)
        rc = file_umask(o->thread, p->parent, &o->mode);
    if (rc == 0)
        rc = thread_assume(o->thread, &saved);
    if (rc != 0)
        return rc;
    int fd = openat(p->parent, p->name, o->flags | O_CREAT | O_EXCL | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC, o->mode);
    int error = errno;
    creds_restore(&saved);
    if (fd >= 0)
        return hand_over(o->call, fd, o->flags);
    return error == EEXIST ? -EEXIST : file_result(o->thread, -error);
}

static int64_t open_unnamed(struct opening *o, const struct place *p) {
    if (file_needs_worker(o->call, p))
        return CALL_WORKER;
    int rc = judge(o, p, false, true);
    struct creds_saved saved;
    if (rc == 0)
        rc = file_umask(o->thread, p->object, &o->mode);
    if (rc == 0)
        rc = thread_assume(o->thread, &saved);
    if (rc != 0)
        return rc;
    int fd = openat(p->object, ".", o->flags | O_CLOEXEC, o->mode), error = errno;
    creds_restore(&saved);
    return fd >= 0 ? hand_over(o->call, fd, o->flags) : file_result(o->thread, -error);
}

static int64_t open_path(struct opening *o) {
    bool create_it = o->flags & O_CREAT, exclusive = create_it && (o->flags & O_EXCL);
    unsigned follow = (o->flags & O_NOFOLLOW) || exclusive ? 0 : WALK_FOLLOW;
    struct place p;
    if ((o->flags & O_TMPFILE) == O_TMPFILE) {
        int rc = walk(o->thread, o->directory, o->path, follow, &p);
        if (rc != 0)
            return rc;
        int64_t result = open_unnamed(o, &p);
        place_close(&p);
        return result;
    }
    for (unsigned tries = 0; tries < TRIES; tries++) {
        bool by_hand = tries > 0; /* the name was a link to what is not there yet, or has just been made */
        if (!exclusive && !by_hand) {
            int rc = walk(o->thread, o->directory, o->path, follow | (create_it ? WALK_QUICK : 0), &p);
            if (rc == 0) {
                int64_t result = open_existing(o, &p);
                place_close(&p);
                return result;
            }
            if (rc != -ENOENT || !create_it)
                return rc;
        }
        int rc = walk(o->thread, o->directory, o->path, WALK_PARENT | (by_hand ? follow : 0), &p);
        if (rc != 0)
            return rc;
        /* Walking by hand looks whether the object is there. */
        bool link = p.object >= 0 && S_ISLNK(p.st.stx_mode);
        int64_t result = p.object < 0 ? create(o, &p)
                         : exclusive || (link && follow != 0) ? -EEXIST
                                                              : open_existing(o, &p);
        place_close(&p);
        if (result != -EEXIST || exclusive)
            return result;
    }
    return -EEXIST;
}

int64_t file_open(struct call *c) {
    bool at = c->notif.data.nr == SYS_openat;
    struct opening o = {.call = c, .directory = at ? call_int(c, 0) : AT_FDCWD,
                        .flags = at ? call_int(c, 2) : call_int(c, 1), .mode = (mode_t)call_int(c, at ? 3 : 2) & 07777};
#ifdef SYS_creat
    if (c->notif.data.nr == SYS_creat) {
        o.flags = O_CREAT | O_WRONLY | O_TRUNC;
        o.mode = (mode_t)call_int(c, 1) & 07777;
    }
#endif
    if (o.flags & O_PATH)
        return CALL_CONTINUE; /* neither reads nor writes; opening it again comes here */
    if (call_may_wait(c))
        return CALL_WORKER;
    int access = o.flags & O_ACCMODE;
    o.access = (access != O_WRONLY ? ACCESS_READ : 0) |
               (access != O_RDONLY || (o.flags & (O_CREAT | O_TRUNC)) ? ACCESS_WRITE : 0);
    ssize_t n = file_path(c, at ? 1 : 0, o.path);
    if (n <= 0)
        return n == 0 ? -ENOENT : n;
    struct thread_use use;
    int rc = file_thread(c, &use);
    if (rc != 0)
        return rc;
    o.thread = use.thread;
    int64_t result = c->decided && c->pinned >= 0 ? open_pinned(&o) : open_path(&o);
    thread_close(&use);
    return result;
}

static int64_t cut(struct call *c, void *unused) {
    (void)unused;
    char link[32];
    return truncate(file_link(c->pinned, link), (off_t)call_arg(c, 1)) == 0 ? 0 : -errno;
}

/* As open_existing: where somebody holds a lease the kernel waits, up to a minute, and that is no place for the receiver. A
 * file that is open for writing gets no lease. */
static int64_t cut_at_once(struct call *c) {
    char link[32];
    int fd = open(file_link(c->pinned, link), O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0)
        return errno == EAGAIN ? CALL_WORKER : -errno;
    int64_t result = ftruncate(fd, (off_t)call_arg(c, 1)) == 0 ? 0 : -errno;
    close(fd);
    return result;
}

/* Finds, judges and pins the object: 0, CALL_WORKER, or -errno. */
static int64_t pin(struct call *c, struct thread *t, const char *path, bool *regular) {
    struct place p;
    struct subject s;
    int64_t result = walk(t, AT_FDCWD, path, WALK_FOLLOW, &p);
    if (result != 0)
        return result;
    if (file_needs_worker(c, &p)) {
        result = CALL_WORKER;
    } else if ((result = paths_classify(&p, false, &s)) == 0) {
        struct file_event e = file_event(c, "truncate", &s);
        file_judge(&s, ACCESS_WRITE, &e);
        result = file_decide(c, &e);
    }
    *regular = S_ISREG(p.st.stx_mode);
    if (result == 0) {
        c->pinned = p.object;
        p.object = -1;
    }
    place_close(&p);
    return result;
}

int64_t file_truncate(struct call *c) {
    char path[PATH_MAX];
    struct thread_use use;
    struct creds_saved saved;
    bool regular = false;
    ssize_t n = file_path(c, 0, path);
    int rc = n < 0 ? (int)n : file_thread(c, &use);
    if (rc != 0)
        return rc;
    int64_t result = c->pinned >= 0 ? 0 : pin(c, use.thread, path, &regular);
    if (result == 0 && (result = thread_assume(use.thread, &saved)) == 0) {
        result = c->in_worker ? call_blocking(c, cut, NULL) : regular ? cut_at_once(c) : cut(c, NULL);
        creds_restore(&saved);
        result = file_result(use.thread, result);
    }
    thread_close(&use);
    return result;
}
