/*
 * Paths that supervised threads name: read once, resolved as the thread sees them, and compared with the policy's
 * lists. Results are canonical paths in the supervisor's view.
 */
#ifndef HARDEN_PATHS_H
#define HARDEN_PATHS_H

#include <stdbool.h>
#include <sys/stat.h>

#include "call.h"

#define PATHS_MAX 4400 /* PATH_MAX and the longest prefix that is put before it */

struct path {
    char text[PATHS_MAX];
    bool exists;
    dev_t device;
    ino_t inode;
    nlink_t links;
};

/* Prepares the lists of own and protected paths; `event_file` is the helper's own. */
void paths_start(const struct policy *policy, const char *event_file);

/* Reads and resolves argument `address` relative to `directory`. With `follow`, a final symbolic link is followed.
 * 0, or -errno: nothing that the kernel could open. */
int paths_read(const struct call *c, int directory, uint64_t address, struct path *out, bool follow);
int paths_of_descriptor(const struct call *c, int fd, struct path *out);

/* Terminals, null devices, pipes and the process's own /proc entries: writing there changes no file. */
bool paths_uninteresting(const struct path *p);

bool paths_own(const struct path *p);
/* By canonical path of the file or of a directory above it, or by inode when the file has several names. */
bool paths_protected(const struct path *p);

#endif
