/*
 * File operations. The supervisor resolves the path, judges what it has found by descriptor, records, and performs the
 * operation itself on these descriptors, with the caller's credentials and umask; an opened file is put into the
 * caller's table. The kernel never reads the caller's path again, so there is nothing to swap after the check.
 */
#ifndef HARDEN_FILE_H
#define HARDEN_FILE_H

#include "call.h"
#include "paths.h"
#include "thread.h"

enum file_access {
    ACCESS_READ = 1,
    ACCESS_WRITE = 2,  /* content or attributes change, or something new appears */
    ACCESS_NAME = 4,   /* the name comes to mean something else: rename, unlink, link over it */
    ACCESS_ALIAS = 8,  /* gets another name */
    ACCESS_CLOSE = 16, /* its owner may not enter or read it any more */
};

struct file_event {
    pid_t tid;
    const char *op, *path, *to; /* to: NULL if there is none */
    bool create, truncate;
    bool quiet;                 /* changes no file: recorded only if it is refused */
    enum verdict verdict;
    const char *rule;
};

/* Begins an event. */
struct file_event file_event(const struct call *c, const char *op, const struct subject *s);

/* Weighs one of the places that the operation concerns. */
void file_judge(const struct subject *s, unsigned access, struct file_event *e);

/* Records. 0: go on, or -EACCES. */
int file_decide(struct call *c, const struct file_event *e);

/* The caller's path argument, NUL-terminated. Its length, or the -errno for the caller. */
ssize_t file_path(struct call *c, unsigned argument, char out[PATH_MAX]);

/* Looks at the calling thread: 0, or the -errno for the caller. */
int file_thread(struct call *c, struct thread_use *use);

/* Sees to it that what this thread of the supervisor now makes in `directory` (an O_PATH descriptor) with `*mode` gets the
 * mode that the caller's umask gives it. 0, or -errno. */
int file_umask(struct thread *t, int directory, mode_t *mode);

/* Where the supervisor's rights differ from the caller's (a user namespace of its own) an operation may fail that the
 * caller could perform. In audit it is then left to the kernel, in block it stays refused. */
int64_t file_result(struct thread *t, int64_t result);

/* True if the operation has to wait for somebody else (a file system that a process serves) and this is the receiver. */
bool file_needs_worker(const struct call *c, const struct place *p);

/* "/proc/self/fd/N": an O_PATH descriptor by a path, for calls that take none. */
const char *file_link(int fd, char out[32]);

int64_t file_truncate(struct call *c);   /* open.c */
int64_t file_attribute(struct call *c);  /* attributes.c: chmod, chown, utime, xattr, ioctl */
int64_t file_entry(struct call *c);      /* entries.c: mkdir, unlink, rename, link, … */

#endif
