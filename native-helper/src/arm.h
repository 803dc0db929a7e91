/* The child's side: from fork to execve. */
#ifndef HARDEN_ARM_H
#define HARDEN_ARM_H

#include <signal.h>
#include <stdbool.h>

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
    int listener; /* descriptor number in the shared table, or -errno of `stage` */
    int stage;    /* enum arm_stage of a failure */
    bool wait_killable;
};
enum arm_stage { ARM_OK, ARM_NO_NEW_PRIVS, ARM_CAPABILITIES, ARM_LANDLOCK, ARM_SECCOMP };

/* Runs in the child and does not return. */
void arm_child(const struct arming *a) __attribute__((noreturn));

#endif
