/*
 * Acting with the caller's credentials. A supervisor that runs as root performs operations for processes that may
 * have dropped privileges; unix sockets show and check credentials, and files are opened with them. Without this, a
 * build could use the supervisor as its deputy. Credentials are per thread in the kernel: raw system calls change
 * the calling thread only.
 */
#ifndef HARDEN_CREDS_H
#define HARDEN_CREDS_H

#include <stdbool.h>

#include "call.h"
#include "target.h"

struct creds_saved {
    bool changed, reduced;
};

/* Takes on the caller's effective ids, groups and capabilities. 0, or -errno: then nothing was changed and the
 * operation must not be performed. */
int creds_assume(const struct call *c, struct creds_saved *saved);
/* The same, with credentials that the caller has read. */
int creds_assume_known(const struct target_credentials *who, struct creds_saved *saved);
void creds_restore(const struct creds_saved *saved);

/* True if this process holds any effective capability. */
bool creds_privileged(void);

#endif
