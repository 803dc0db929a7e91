/*
 * Looking into a supervised thread: its memory, its descriptors, its /proc entries. Everything read here was written
 * by a hostile program and may change at once; a caller uses the copy and never reads twice. The thread may also be
 * gone and its number reused: a caller asks call_alive() after reading and before acting.
 */
#ifndef HARDEN_TARGET_H
#define HARDEN_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Copies `length` bytes of the thread's memory. 0, or -EFAULT, -EPERM, -ESRCH. */
int target_read(pid_t tid, uint64_t address, void *out, size_t length);
/* As target_read; for a range that may end in unmapped memory. Returns the bytes copied (at least 1), or -errno. */
ssize_t target_read_some(pid_t tid, uint64_t address, void *out, size_t length);
int target_write(pid_t tid, uint64_t address, const void *data, size_t length);
/* Copies a NUL-terminated string. Its length, -ENAMETOOLONG when there is no NUL within `room`, or -errno. */
ssize_t target_string(pid_t tid, uint64_t address, char *out, size_t room);

/* A duplicate of the thread's descriptor `fd`, close-on-exec, or -errno (-EBADF, -EPERM, …). */
int target_descriptor(pid_t tid, int fd);
/* Lets the calling thread keep its last handle of a thread for its next target_descriptor: calls come in runs. */
void target_keep_handle(void);

/* Reads /proc/TID/NAME. The bytes read (NUL-terminated behind them), or -errno. */
ssize_t target_proc(pid_t tid, const char *name, char *out, size_t room);
/* The target of a /proc/TID link such as "cwd" or "exe". Its length (NUL-terminated), or -errno. */
ssize_t target_link(pid_t tid, const char *name, char *out, size_t room);

/* Parent process id, or -errno. */
/* The same, with its name as the kernel knows it. */
pid_t target_parent_name(pid_t tid, char name[16]);
pid_t target_parent(pid_t tid);
/* How many threads the process of this thread has, or -errno. */
int target_threads(pid_t tid);
/* When the process was started, in microseconds of CLOCK_BOOTTIME, rounded down to the kernel's clock ticks; 0: not known. */
uint64_t target_started_us(pid_t pid);
/* Thread group id, or -errno. */
pid_t target_group(pid_t tid);

struct target_credentials {
    uid_t uid, gid;             /* for file systems: what accesses are checked against */
    gid_t groups[64];
    int group_count;            /* -1: more than fit */
    uint64_t capabilities;      /* effective */
    mode_t umask;
};
int target_credentials(pid_t tid, struct target_credentials *out);
/* The same from the text of /proc/TID/status. 0, or -ESRCH if lines are missing. */
int target_parse_credentials(const char *status, struct target_credentials *out);

/* True when a caught signal is waiting that would interrupt a blocking call of this thread. `*shared` tells that it is
 * pending for the process, so that another thread may take it. */
bool target_interrupted(pid_t tid, bool *shared);

/* True if `pid` is a descendant of this process. */
bool target_is_descendant(pid_t pid);

#endif
