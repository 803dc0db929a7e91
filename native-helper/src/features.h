/* What this kernel, container and user allow, found by trying, and what a policy gets from it. */
#ifndef HARDEN_FEATURES_H
#define HARDEN_FEATURES_H

#include <stdbool.h>

#include "policy.h"

#define FEATURES_MAX_DEGRADED 12U

struct features {
    int landlock_abi;    /* 0: none */
    bool seccomp_notify; /* a filter with a listener can be installed */
    int seccomp_error;   /* why not */
    bool wait_killable;  /* signals do not tear a call out of our hands */
    bool sync_wake_up;
    bool pidfd_getfd;
    bool sockets_made; /* where that is refused: the supervisor makes the block's sockets itself */
    bool vm_readv;
    uint64_t capabilities; /* what the command has */
    bool resolver;
    bool relay;
};

struct degraded {
    const char *protection, *reason, *since; /* since: the first kernel that has it, or NULL */
    bool always;   /* without it nothing can be supervised: not even `unsupported warn` starts the command */
    bool required; /* `unsupported fail` refuses to start without it */
};

/* Lists what is missing for the policy. Returns the number of entries. */
unsigned features_degraded(const struct features *f, const struct policy *p, struct degraded out[FEATURES_MAX_DEGRADED]);

#ifdef TEST_MASK
/* Test builds only: HARDEN_TEST_MASK=name,name switches detected features off. */
void features_mask(struct features *f);
#endif

#endif
