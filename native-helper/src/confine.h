/*
 * Install scripts stay in their own package: with `files block` and a `script-tree`, what npm runs as the preinstall,
 * install, postinstall or prepare script of a dependency, and everything that comes of it, changes nothing in such a tree
 * but the folder that the package manager started it in, and what a `script-write` line gives to its package. Other
 * packages, sources, build products and what keeps them stay what they are; outside of the trees nothing changes. With
 * `files audit` nothing is refused, and what would be is recorded as such.
 *
 * The scripts of the project itself (started in the tree, in no node_modules) are not confined: they are the build.
 * Whoever descends from a script is recognised as in image.h, by what the kernel gave its address space, not by its
 * parent, environment or working directory, all of which it can change.
 *
 * All functions but confine_start need the supervisor's lock.
 */
#ifndef HARDEN_CONFINE_H
#define HARDEN_CONFINE_H

#include <stdbool.h>
#include <sys/types.h>

#include "paths.h"
#include "policy.h"

/* What an image belongs to: 0 is no script; CONFINE_UNKNOWN a process of which nobody knows where it comes from while
 * scripts have been run: it owns no folder. */
#define CONFINE_UNKNOWN 1U

void confine_start(const struct policy *policy); /* after paths_start */

/* Whether there is a tree at all, and whether some script has been started: until then there is nothing to ask. Without
 * the lock: a script is entered before its first own call is answered. */
bool confine_exists(void);
bool confine_begun(void);

/* A process that has not run yet has been started as the script of this name, by an image that belongs to `outer`. What it
 * belongs to: within a script only a folder below that script's own counts, so that nobody moves to another one. */
unsigned confine_enter(unsigned outer, pid_t pid, const char *event);

/* Whether this process must not change the subject. `access` is of enum file_access. */
bool confine_refuses(pid_t tid, const struct subject *s, unsigned access);

/* A script is about to give a file another name. If the file is not its own, it is remembered, and no script writes to it
 * under any name. False: there is no room to remember it. In audit only what is recorded depends on it. */
bool confine_alias(pid_t tid, const struct subject *s, const struct harden_statx *st);
/* True if the file is remembered so and has more than one name still. */
bool confine_aliased(const struct harden_statx *st);

/* Whether this process may write to the memory of the other one, or control it: a script only what belongs to it. */
bool confine_controls(pid_t tid, pid_t other);

#endif
