/* The child's side: from fork to execve. */
#ifndef HARDEN_ARM_H
#define HARDEN_ARM_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

#include "policy.h"

struct arming {
    const struct policy *policy;
    int landlock_abi;
    unsigned filter; /* variant */
    int ready;       /* the child writes a struct arm_report */
    int go;          /* the child reads one byte before it goes on */
    const sigset_t *mask; /* signal mask to restore */
    char **command;
    void (*instead)(void); /* probe: run this instead of the command; must not return */
};

struct arm_report {
    int listener; /* descriptor, or -errno of `stage` */
    pid_t pid;    /* the armed child; -1: there is none */
    int stage;    /* enum arm_stage of a failure */
    bool wait_killable;
};
enum arm_stage { ARM_OK, ARM_NO_NEW_PRIVS, ARM_CAPABILITIES, ARM_LANDLOCK, ARM_SECCOMP, ARM_FORK };

/*
 * Runs in a child of the supervisor, the carrier, and does not return. It starts the armed child, as another child of the
 * supervisor, on its own descriptor table: so it finds there the listener that the filter gives birth to, hands it over
 * through `to` (a struct arm_report with the listener attached) and takes it out of the table. The armed child cannot
 * send it itself, because its filter stops sendmsg already; pidfd_getfd is not everywhere to be had.
 */
void arm_carry(struct arming *a, int to) __attribute__((noreturn));

#endif
