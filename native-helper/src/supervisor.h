/* The supervisor: arms the command, supervises until no descendant is left. */
#ifndef HARDEN_SUPERVISOR_H
#define HARDEN_SUPERVISOR_H

#include <stdbool.h>

#include "arm.h"
#include "features.h"
#include "options.h"
#include "policy.h"

/* A child that stands armed in front of its execve. */
struct armed {
    pid_t pid;
    int listener;
    int go; /* write one byte here to let it run; closing it ends the child */
    int probe_fd; /* a descriptor number that the child has open */
    struct features features;
};

/*
 * Forks and arms the child of `arming` (its pipes are filled in here). 0, or -1 with the reason printed: nothing is left
 * running then.
 */
int supervisor_arm(struct arming *arming, struct armed *out);

/* Runs in the process that becomes the supervisor, and does not return. `front` is the pipe to the front process. */
void supervisor_run(const struct options *options, struct policy *policy, const char *policy_digest,
                    const sigset_t *mask, int front) __attribute__((noreturn));

#endif
