/*
 * A supervised thread as the kernel knows it: its /proc folder, its root, its credentials. Opening /proc/TID costs more
 * than using it, so the receiver keeps the last ones. A descriptor of /proc/TID belongs to the process, not to its
 * number: once the process has ended it opens nothing, whoever has the number then.
 */
#ifndef HARDEN_THREAD_H
#define HARDEN_THREAD_H

#include <stdbool.h>

#include "call.h"
#include "creds.h"
#include "target.h"

struct thread {
    pid_t tid;
    int proc;       /* O_PATH descriptor of /proc/TID */
    bool same_root; /* its root directory is the supervisor's, in the same mount namespace */
    uint64_t looked_us; /* when that was seen */
    bool foreign;       /* its user namespace is not the supervisor's */
    uint64_t foreign_us; /* when that was seen, 0: never */
    bool known;     /* `who` has been read since it could last change */
    struct target_credentials who;
};

/* What an operation uses: a kept thread, or one of its own in a worker. */
struct thread_use {
    struct thread *thread, own;
};

/* statx with what is looked at here. 0, or -errno. */
int file_facts(int directory, const char *path, int flags, struct harden_statx *out);

void thread_start(void);

/* 0, or -errno: -ESRCH if it is gone, -EACCES if it cannot be looked into. */
int thread_open(const struct call *c, struct thread_use *use);
void thread_close(struct thread_use *use);

/* O_PATH descriptors, or -errno. `directory` is a descriptor of the thread, or AT_FDCWD for its working directory. */
int thread_root(const struct thread *t);
int thread_descriptor(const struct thread *t, int directory);

/* Its credentials and umask, NULL if it is gone. In a user namespace that is not the supervisor's, capabilities say
 * nothing about files outside of it: they are left out. */
const struct target_credentials *thread_who(struct thread *t);
int thread_assume(struct thread *t, struct creds_saved *saved); /* acts as the thread would; creds_restore() ends it */
bool thread_foreign_user_namespace(struct thread *t);

/* The thread is about to change its credentials or umask, or to start a program: what is kept about it is dropped. */
void thread_changes(pid_t tid, bool umask);

/* The root directory or user namespace of some thread is about to change: from now on each one's is looked at for every
 * operation. */
void thread_roots_change(void);

#endif
