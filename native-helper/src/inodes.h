/*
 * Listed files and directories by inode, for what a name does not tell: hard links, and mounts that the build has made
 * in a namespace of its own. The index is made when it is first needed.
 */
#ifndef HARDEN_INODES_H
#define HARDEN_INODES_H

#include "paths.h"

/* Start-up: a path of the policy (as it stands there) and its class. */
void inodes_add(const char *path, unsigned class);

/* The class of a file of several names; its listed name is put into `out`. 0 if it is on no list. */
unsigned inodes_find(const struct harden_statx *st, struct subject *out);

/* The class of a place in a mount that was not there at the start: its own inode and those of the directories above it,
 * up to the top of that mount. */
unsigned inodes_in_foreign_mount(const struct place *place, bool entry, struct subject *out);

#endif
