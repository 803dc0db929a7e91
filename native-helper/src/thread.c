#include "thread.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util.h"

#define KEPT 32U          /* a power of two */
#define LOOK_US 50000U    /* thread numbers cannot be used up and reused within this time */
#define UMASK_US 20000U   /* how long a thread may take from our answer to the end of its umask(2) */

static struct thread kept[KEPT];
static struct harden_statx our_root;
static ino_t our_users;
static uint64_t umask_changed;
static bool roots_change;

int file_facts(int directory, const char *path, int flags, struct harden_statx *out) {
    /* type, mode, links, owner, inode, size */
    const unsigned wanted = 0x1 | 0x2 | 0x4 | 0x8 | 0x100 | 0x200 | HARDEN_STATX_MNT_ID;
    return syscall(SYS_statx, directory, path, flags, wanted, out) == 0 ? 0 : -errno;
}

void thread_start(void) {
    struct stat st;
    for (unsigned i = 0; i < KEPT; i++)
        kept[i].proc = -1;
    (void)file_facts(AT_FDCWD, "/", 0, &our_root);
    our_users = stat("/proc/self/ns/user", &st) == 0 ? st.st_ino : 0;
}

/* Without the mount's number, which kernels before 5.8 do not tell, no root counts as the same. */
static int look_at_root(struct thread *t) {
    struct harden_statx st;
    int rc = file_facts(t->proc, "root", 0, &st);
    if (rc != 0)
        return rc == -ENOENT ? -ESRCH : rc;
    t->looked_us = monotonic_us();
    t->same_root = (st.stx_mask & HARDEN_STATX_MNT_ID) != 0 && st.stx_mnt_id == our_root.stx_mnt_id &&
                   st.stx_ino == our_root.stx_ino && st.stx_dev_major == our_root.stx_dev_major &&
                   st.stx_dev_minor == our_root.stx_dev_minor;
    return 0;
}

static int open_fresh(pid_t tid, struct thread *t) {
    char path[32];
    snprintf(path, sizeof path, "/proc/%d", tid);
    t->tid = tid;
    t->known = false;
    t->foreign_us = 0;
    t->proc = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (t->proc < 0)
        return errno == ENOENT ? -ESRCH : -errno;
    int rc = look_at_root(t);
    if (rc != 0) {
        close(t->proc);
        t->proc = -1;
    }
    return rc;
}

int thread_open(const struct call *c, struct thread_use *use) {
    pid_t tid = call_tid(c);
    if (c->in_worker) {
        use->thread = &use->own;
        return open_fresh(tid, &use->own);
    }
    struct thread *t = use->thread = &kept[(uint32_t)tid % KEPT];
    /* Looking tells two things: that the kept folder is still that of this thread, and which root it has. The first
     * cannot change so soon, the second only by calls that are notified: each sets the flag before it is performed. */
    bool fresh = !__atomic_load_n(&roots_change, __ATOMIC_ACQUIRE) && monotonic_us() - t->looked_us < LOOK_US;
    if (t->proc >= 0 && t->tid == tid && (fresh || look_at_root(t) == 0))
        return 0;
    if (t->proc >= 0)
        close(t->proc);
    return open_fresh(tid, t);
}

void thread_close(struct thread_use *use) {
    if (use->thread == &use->own && use->own.proc >= 0)
        close(use->own.proc);
}

int thread_root(const struct thread *t) {
    int fd = openat(t->proc, "root", O_PATH | O_DIRECTORY | O_CLOEXEC);
    return fd >= 0 ? fd : -errno;
}

int thread_descriptor(const struct thread *t, int directory) {
    char name[24];
    if (directory != AT_FDCWD)
        put_decimal(memcpy(name, "fd/", 3) + 3, (unsigned)directory);
    int fd = openat(t->proc, directory == AT_FDCWD ? "cwd" : name, O_PATH | O_CLOEXEC);
    return fd >= 0 ? fd : errno == ENOENT ? -EBADF : -errno;
}

int thread_assume(struct thread *t, struct creds_saved *saved) {
    *saved = (struct creds_saved){0};
    if (!sup.privileged)
        return 0;
    const struct target_credentials *who = thread_who(t);
    return who == NULL ? -ESRCH : creds_assume_known(who, saved);
}

bool thread_foreign_user_namespace(struct thread *t) {
    struct stat st;
    uint64_t now = monotonic_us();
    /* As for the root: unshare and setns are notified, and a new thread has another number. */
    if (t->foreign_us == 0 || __atomic_load_n(&roots_change, __ATOMIC_ACQUIRE) || now - t->foreign_us >= LOOK_US) {
        t->foreign = fstatat(t->proc, "ns/user", &st, 0) != 0 || st.st_ino != our_users;
        t->foreign_us = now;
    }
    return t->foreign;
}

const struct target_credentials *thread_who(struct thread *t) {
    bool settled = umask_changed == 0 || monotonic_us() - umask_changed > UMASK_US;
    if (t->known && settled)
        return &t->who;
    char status[8192];
    int fd = openat(t->proc, "status", O_RDONLY | O_CLOEXEC);
    ssize_t n = fd >= 0 ? read(fd, status, sizeof status - 1) : -1;
    if (fd >= 0)
        close(fd);
    if (n <= 0)
        return NULL;
    status[n] = '\0';
    if (target_parse_credentials(status, &t->who) != 0)
        return NULL;
    /* CAP_SETFCAP is what the kernel asks of the opener of uid_map when root maps itself (`unshare -r`). */
    if (t->who.capabilities != 0 && thread_foreign_user_namespace(t))
        t->who.capabilities = 1ULL << 31;
    t->known = settled; /* or it may be the umask before the change, which nobody would tell us of again */
    return &t->who;
}

void thread_roots_change(void) { __atomic_store_n(&roots_change, true, __ATOMIC_RELEASE); }

void thread_changes(pid_t tid, bool umask) {
    if (umask) {
        /* Threads share it, and until ours has performed the call the old value can still be read: keep none. */
        umask_changed = monotonic_us();
        for (unsigned i = 0; i < KEPT; i++)
            kept[i].known = false;
    } else if (kept[(uint32_t)tid % KEPT].tid == tid) {
        kept[(uint32_t)tid % KEPT].known = false;
    }
}
