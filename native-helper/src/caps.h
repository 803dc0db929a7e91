/*
 * Capabilities of a build. A build that runs as root could use some of them to get past the supervisor or at the agent,
 * whatever the filter and Landlock say; those are taken away before the command starts, for good.
 */
#ifndef HARDEN_CAPS_H
#define HARDEN_CAPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CAPS_COUNT 41 /* CAP_CHECKPOINT_RESTORE is the last one that this version knows by name */

/* What a build may keep without the policy naming it. */
extern const uint64_t caps_harmless;
/* What only the supervisor keeps: it looks into processes of other users and of none (PR_SET_DUMPABLE). */
extern const uint64_t caps_supervisor;

/* "CAP_CHOWN" for 0 and so on; the number of a name, or -1. */
const char *caps_name(unsigned number);
int caps_number(const char *name);

/* The permitted set of this thread; 0 where it cannot be asked. */
uint64_t caps_permitted(void);
/* The effective set: what this thread may do now. 0, or -errno. */
int caps_effective(uint64_t *set);

/* Takes everything that is not in `keep` out of all sets of this thread. 0, or -errno. */
int caps_reduce(uint64_t keep);

#endif
