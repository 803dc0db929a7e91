#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "confine.h"
#include "control.h"
#include "flush.h"
#include "image.h"
#include "target.h"
#include "util.h"

/* What was recorded last, so that a direct repetition of one image is not recorded again. */
static struct {
    uint32_t image;
    size_t length, to_length;
    char op[12], path[PATHS_MAX], to[PATHS_MAX];
    bool create, truncate;
    enum verdict verdict;
} last;

static bool repeated(uint32_t image, const struct file_event *e, size_t length, const char *to, size_t to_length) {
    if (image == last.image && e->create == last.create && e->truncate == last.truncate && e->verdict == last.verdict &&
        length == last.length && to_length == last.to_length && memcmp(last.path, e->path, length) == 0 &&
        strcmp(last.op, e->op) == 0 && memcmp(last.to, to, to_length) == 0)
        return true;
    last.image = image;
    last.create = e->create;
    last.truncate = e->truncate;
    last.verdict = e->verdict;
    last.length = length;
    last.to_length = to_length;
    strncpy(last.op, e->op, sizeof last.op - 1);
    memcpy(last.path, e->path, length);
    memcpy(last.to, to, to_length);
    return false;
}

static void record(const struct call *c, const struct file_event *e) {
    const char *to = e->to ? e->to : "";
    size_t length = strnlen(e->path, PATHS_MAX), to_length = strnlen(to, PATHS_MAX);
    pthread_mutex_lock(&sup.lock);
    uint32_t image = image_of(call_tid(c));
    struct batch_operation gathered = {.image = image, .pid = call_tid(c), .op = e->op, .path = e->path, .length = length,
                                       .create = e->create, .truncate = e->truncate};
    if (repeated(image, e, length, to, to_length)) {
        pthread_mutex_unlock(&sup.lock);
        return;
    }
    if (e->verdict == VERDICT_ALLOWED && e->to == NULL && event_gather(&gathered)) {
        flush_soon();
        pthread_mutex_unlock(&sup.lock);
        return;
    }
    if (event_full() && e->verdict != VERDICT_ALLOWED)
        image_ensure(image, EVENT_REFUSED);
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
    event_commit(j, e->verdict == VERDICT_BLOCKED ? EVENT_REFUSED : EVENT_NORMAL);
    pthread_mutex_unlock(&sup.lock);
}

struct file_event file_event(const struct call *c, const char *op, const struct subject *s) {
    return (struct file_event){.tid = call_tid(c), .op = op, .path = s->text, .verdict = VERDICT_ALLOWED, .rule = "default",
                               .quiet = (s->class & PATH_QUIET) != 0};
}

static void verdict(struct file_event *e, bool refuse, const char *rule) {
    if (e->verdict == VERDICT_BLOCKED || (e->verdict == VERDICT_WOULD_BLOCK && !refuse))
        return;
    e->verdict = refuse ? VERDICT_BLOCKED : VERDICT_WOULD_BLOCK;
    e->rule = rule;
}

void file_judge(const struct subject *s, unsigned access, struct file_event *e) {
    const struct policy *p = sup.policy;
    bool change = access & (ACCESS_WRITE | ACCESS_NAME | ACCESS_ALIAS), name = access & ACCESS_NAME;
    if (change && (s->class & (PATH_OWN | PATH_CONTROL)))
        verdict(e, true, "self-protection");
    if ((access & (ACCESS_NAME | ACCESS_CLOSE)) && (s->class & PATH_ABOVE_OWN))
        verdict(e, true, "self-protection");
    if (change && (s->class & PATH_NETWORK_DEVICE))
        verdict(e, p->egress == MODE_BLOCK, "self-protection");
    if (p->files != MODE_OFF &&
        ((change && (s->class & PATH_PROTECTED)) || (name && (s->class & PATH_ABOVE_PROTECTED))))
        verdict(e, p->files == MODE_BLOCK, "protected");
    /* Whoever moves a credential or gives it another name could read it under that. Writing one (a login) is no leak. */
    if (p->credentials != MODE_OFF &&
        (((access & (ACCESS_READ | ACCESS_NAME | ACCESS_ALIAS)) && (s->class & PATH_CREDENTIAL)) ||
         (name && (s->class & PATH_ABOVE_CREDENTIAL))))
        verdict(e, p->credentials == MODE_BLOCK, "credential");
    if (change && (s->class & PATH_OUTSIDE))
        verdict(e, true, "fs-write");
    /* Giving a file of others another name harms nobody; entries.c sees to what is done with it. */
    if ((access & (ACCESS_WRITE | ACCESS_NAME)) && e->verdict != VERDICT_BLOCKED && confine_begun()) {
        pthread_mutex_lock(&sup.lock);
        bool refuse = confine_refuses(e->tid, s, access);
        pthread_mutex_unlock(&sup.lock);
        if (refuse)
            verdict(e, p->files == MODE_BLOCK, "install-script");
    }
}

int file_decide(struct call *c, const struct file_event *e) {
    bool read = strcmp(e->op, "read") == 0;
    if (e->verdict != VERDICT_ALLOWED || (!e->quiet && !read && sup.policy->files != MODE_OFF))
        record(c, e);
    return e->verdict == VERDICT_BLOCKED ? -EACCES : 0;
}

/* A process that cannot be looked into (an executable that it may not read, or PR_SET_DUMPABLE): nothing can be judged. */
static int opaque(struct call *c, int error) {
    call_refused(c, "process", "its file operation cannot be examined", -error);
    return -EACCES;
}

ssize_t file_path(struct call *c, unsigned argument, char out[PATH_MAX]) {
    ssize_t n = target_string(call_tid(c), call_arg(c, argument), out, PATH_MAX);
    return n == -EPERM || n == -EACCES ? opaque(c, (int)n) : n;
}

int file_thread(struct call *c, struct thread_use *use) {
    int rc = thread_open(c, use);
    /* What has been read so far is the caller's only if it still waits. */
    if (rc == 0 && !call_alive(c)) {
        thread_close(use);
        return -ESRCH;
    }
    return rc == -EACCES || rc == -EPERM ? opaque(c, rc) : rc;
}

/* Where the kernel refuses this thread a umask of its own (a container's profile refuses unshare): the supervisor's is
 * cleared, and each mode reduced by hand. As in the kernel, a directory's default entries take the umask's place. */
static bool emulate_umask(void) {
    static _Thread_local enum { UNTRIED, OWN, SHARED } way;
    if (way == UNTRIED) {
        way = unshare(CLONE_FS) == 0 ? OWN : SHARED; /* threads share it otherwise */
        if (way == SHARED)
            (void)umask(0);
    }
    return way == SHARED;
}

int file_umask(struct thread *t, int directory, mode_t *mode) {
    static _Thread_local mode_t present = (mode_t)-1;
    const struct target_credentials *who = thread_who(t);
    if (who == NULL)
        return -ESRCH;
    if (emulate_umask()) {
        char link[32];
        if (getxattr(file_link(directory, link), "system.posix_acl_default", NULL, 0) < 0)
            *mode &= ~who->umask;
        return 0;
    }
    if (who->umask != present)
        (void)umask(who->umask);
    present = who->umask;
    return 0;
}

int64_t file_result(struct thread *t, int64_t result) {
    bool audit = sup.policy->files != MODE_BLOCK && sup.policy->credentials != MODE_BLOCK;
    if ((result == -EACCES || result == -EPERM) && audit && thread_foreign_user_namespace(t))
        return CALL_CONTINUE;
    return result;
}

bool file_needs_worker(const struct call *c, const struct place *p) { return p->kind == MOUNT_FUSE && !c->in_worker; }

const char *file_link(int fd, char out[32]) {
    put_decimal(memcpy(out, "/proc/self/fd/", 14) + 14, (unsigned)fd);
    return out;
}

int64_t file_other(struct call *c) {
    int64_t result;
    if (control_handle(c, &result))
        return result;
    if (call_may_wait(c))
        return CALL_WORKER;
    switch (c->notif.data.nr) {
    case SYS_truncate:
        return file_truncate(c);
#ifdef SYS_chmod
    case SYS_chmod:
    case SYS_chown:
    case SYS_lchown:
    case SYS_utime:
    case SYS_utimes:
    case SYS_futimesat:
#endif
    case SYS_fchmodat:
    case SYS_fchmodat2:
    case SYS_fchownat:
    case SYS_utimensat:
    case SYS_fchmod:
    case SYS_fchown:
    case SYS_setxattr:
    case SYS_lsetxattr:
    case SYS_fsetxattr:
    case SYS_removexattr:
    case SYS_lremovexattr:
    case SYS_fremovexattr:
    case SYS_ioctl:
        return file_attribute(c);
    default:
        return file_entry(c);
    }
}
