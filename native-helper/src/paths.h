/*
 * The policy's lists of paths, and whether a place belongs to one of them.
 *
 * A place within a mount that the supervisor knows has one name, which no process of the block can change: whatever is
 * on a list, or above such a thing, is not renamed, linked or covered while it is enforced. Places that have other
 * names as well (hard links) and places in mounts of the build's own are recognised by inode.
 */
#ifndef HARDEN_PATHS_H
#define HARDEN_PATHS_H

#include <stdbool.h>
#include <sys/types.h>

#include "policy.h"
#include "walk.h"

enum path_class {
    PATH_OWN = 1,            /* of the agent or the helper */
    PATH_PROTECTED = 2,      /* of the sources under build */
    PATH_CREDENTIAL = 4,
    PATH_ABOVE_OWN = 8,      /* a directory on the way to such a path: moving it moves the path */
    PATH_ABOVE_PROTECTED = 16,
    PATH_ABOVE_CREDENTIAL = 32,
    PATH_CONTROL = 64,       /* steers the kernel or a process outside of the block */
    PATH_NETWORK_DEVICE = 128,
    PATH_OUTSIDE = 256,      /* with `files block`: not in a tree that stays writable */
    PATH_QUIET = 512,        /* a terminal, a null device, a pipe: writing there changes no file */
    PATH_SCRIPTED = 1024,    /* in a tree in which install scripts are confined: confine.h */
    PATH_SCRIPT_FOREIGN = 2048, /* perhaps: in a mount of the build's own */
    PATH_SCRIPT_ALIAS = 4096, /* a file to which a script has given another name */
};

struct subject {
    char text[PATHS_MAX]; /* canonical, as the supervisor sees it */
    char canonical[PATHS_MAX]; /* its name through the mount that stands for the file system; empty if it is `text` */
    unsigned class;       /* of enum path_class */
    pid_t process;        /* whose entry in /proc it is, or 0 */
};

/* Prepares the lists; `event_file` is the helper's own. */
void paths_start(const struct policy *policy, const char *event_file);

/* Names and classifies the object of a place, or, with `entry`, the name in its directory whatever is there. 0, or
 * -errno. */
int paths_classify(const struct place *place, bool entry, struct subject *out);

/* The tree with confined install scripts that a canonical path lies in, or NULL. */
const char *paths_script_tree(const char *path);

/* The calling thread is the receiver: it keeps the names of the directories that it met last. */
void paths_remember_here(void);
/* A supervised process has given something another name: that may be what is kept, or above it. */
void paths_renamed(void);
unsigned paths_renames(void); /* how many times */

#endif
