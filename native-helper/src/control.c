#include "control.h"

#include <errno.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "confine.h"
#include "image.h"
#include "target.h"
#include "thread.h"

/* linux/ioprio.h */
#define IO_PROCESS 1
#define IO_GROUP 2

static int64_t refuse(struct call *c, const char *name) {
    call_refused(c, "process", name, EPERM);
    return -EPERM;
}

/*
 * The number is a register value. Between our look and the kernel's the process of that number may end and the number
 * may be given to a new process; an attacker does not choose to which, and processes that live (the agent, the
 * supervisor, the daemons) keep theirs. So the kernel performs the call.
 */
static int64_t to_process(struct call *c, pid_t pid, const char *name) {
    if (pid <= 0 || pid == call_tid(c))
        return CALL_CONTINUE; /* the caller itself; negative numbers are errors */
    pid_t group = target_group(pid);
    if (group == -ENOENT || group == -ESRCH)
        return -ESRCH;
    return target_is_descendant(group > 0 ? group : pid) ? CALL_CONTINUE : refuse(c, name);
}

/* An install script could have a process that is not confined act for it. The number is a register value, as above. */
static int64_t into_process(struct call *c, pid_t pid, const char *name) {
    if (!confine_begun() || sup.policy->files != MODE_BLOCK)
        return CALL_CONTINUE;
    pthread_mutex_lock(&sup.lock);
    bool may = confine_controls(call_tid(c), pid);
    pthread_mutex_unlock(&sup.lock);
    return may ? CALL_CONTINUE : refuse(c, name);
}

/* A process group may have members outside; its leader tells. All processes of a user always have. */
static int64_t to_group(struct call *c, pid_t group, const char *name) {
    if (group == 0)
        group = getpgid(call_tid(c));
    return group > 0 && target_is_descendant(group) ? CALL_CONTINUE : refuse(c, name);
}

/* The supervisor reads the paths and addresses of each process. A process that closes itself to others (ssh-agent) would
 * be refused every file and connection; it stays open instead, which Landlock confines to this block. */
static int64_t undumpable(struct call *c) {
    if (sup.privileged)
        return CALL_CONTINUE;
    call_refused(c, "process", "PR_SET_DUMPABLE 0 has no effect under supervision", EPERM);
    return 0;
}

/* An overlay shows a listed file under an inode of its own, so in block nothing is mounted. Landlock sees to it where something
 * is mounted on a path; what is only held by a descriptor it does not see. A decision about registers. */
static int64_t mounting(struct call *c) {
    if (sup.policy->files != MODE_BLOCK && sup.policy->credentials != MODE_BLOCK)
        return CALL_CONTINUE;
    call_refused(c, "syscall", "a mount", EPERM);
    return -EPERM;
}

bool control_handle(struct call *c, int64_t *result) {
    *result = CALL_CONTINUE;
    switch (c->notif.data.nr) {
    case SYS_prlimit64:
        *result = to_process(c, call_int(c, 0), "prlimit");
        return true;
    case SYS_sched_setaffinity:
        *result = to_process(c, call_int(c, 0), "sched_setaffinity");
        return true;
    case SYS_sched_setscheduler:
    case SYS_sched_setparam:
    case SYS_sched_setattr:
        *result = to_process(c, call_int(c, 0), "scheduling");
        return true;
    case SYS_setpriority:
        *result = call_int(c, 0) == PRIO_PROCESS ? to_process(c, call_int(c, 1), "setpriority")
                  : call_int(c, 0) == PRIO_PGRP  ? to_group(c, call_int(c, 1), "setpriority")
                                                 : refuse(c, "setpriority");
        return true;
    case SYS_ioprio_set:
        *result = call_int(c, 0) == IO_PROCESS ? to_process(c, call_int(c, 1), "ioprio_set")
                  : call_int(c, 0) == IO_GROUP ? to_group(c, call_int(c, 1), "ioprio_set")
                                               : refuse(c, "ioprio_set");
        return true;
    case SYS_ptrace:
        *result = into_process(c, call_int(c, 1), "ptrace of a process that is not the install script's");
        return true;
    case SYS_process_vm_writev:
        *result = into_process(c, call_int(c, 0), "process_vm_writev to a process that is not the install script's");
        return true;
    case SYS_fsopen:
    case SYS_fspick:
    case SYS_open_tree:
    case HARDEN_NR_OPEN_TREE_ATTR:
        *result = mounting(c);
        return true;
    case SYS_prctl:
        *result = undumpable(c);
        return true;
    case SYS_umask:
        thread_changes(call_tid(c), true);
        return true;
    case SYS_setuid:
    case SYS_setgid:
    case SYS_setreuid:
    case SYS_setregid:
    case SYS_setresuid:
    case SYS_setresgid:
    case SYS_setfsuid:
    case SYS_setfsgid:
    case SYS_setgroups:
    case SYS_capset:
        thread_changes(call_tid(c), false);
        return true;
    case SYS_unshare:
    case SYS_setns:
    case SYS_chroot:
    case SYS_pivot_root:
        thread_changes(call_tid(c), false);
        thread_roots_change();
        return true;
    }
    return false;
}
