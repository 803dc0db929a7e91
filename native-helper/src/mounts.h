/*
 * The mounts that the supervisor sees when it starts. They tell of what kind a file's file system is, and make one name
 * out of several where a tree is mounted at more than one place. A mount that is not among them was made by the build,
 * in a namespace of its own: what stands in it is recognised by inode only (see paths.h).
 */
#ifndef HARDEN_MOUNTS_H
#define HARDEN_MOUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum mount_kind {
    MOUNT_PLAIN,
    MOUNT_PROC,
    MOUNT_CONTROL, /* sysfs, cgroups, debugfs, …: files that steer the kernel */
    MOUNT_FUSE,    /* served by a process, which may be one of ours: never wait for it in the receiver */
};

/* Reads /proc/self/mountinfo. 0, or -errno. */
int mounts_read(void);

/* Whether the mount was there at the start. */
/* True if a directory there can be recognised by its inode and has one name: not for file systems that pass on the inode
 * numbers of several others, nor for what mounts_canonical() may know under another name. */
bool mounts_plain_inodes(uint64_t id);
bool mounts_known(uint64_t id);

/* The kind of file system that `fd` lies on. */
enum mount_kind mounts_kind(uint64_t id, int fd);

/* True for the procfs instance that shows the supervisor's own process ids; *point is where it is mounted. */
bool mounts_own_proc(uint64_t id, const char **point);

/* Rewrites `text`, a path within the mount `id`, to its name through the mount that stands for its file system. False
 * if it is that name already (or does not fit). */
bool mounts_canonical(uint64_t id, const char *text, char *out, size_t size);

#endif
