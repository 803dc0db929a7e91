/*
 * From a path as a supervised thread wrote it to the object that it means for that thread. The kernel walks where that
 * gives the same result from here; where it would not (`self` in /proc, magic links, another root), each component is
 * walked by hand. The result is descriptors: what is judged is what is used, whatever happens to the path meanwhile.
 */
#ifndef HARDEN_WALK_H
#define HARDEN_WALK_H

#include <limits.h>
#include <stdbool.h>
#include <sys/stat.h>

#include "mounts.h"
#include "thread.h"

#define PATHS_MAX 4400 /* PATH_MAX and a last component */

/* A file that was met by its descriptor and may be met again, for another of its attributes. */
struct kept_object {
    int fd; /* O_PATH, so that nobody else can have its inode; -1: none */
    pid_t tid;
    int descriptor; /* of that thread; -1: is another one's by now */
    struct harden_statx st;
    uint64_t asked_us; /* when its name was asked for, 0: never */
    unsigned renames;  /* paths_renames() when it was opened */
    size_t length;
    char text[PATHS_MAX];
};

struct place {
    int object;              /* O_PATH descriptor of what is there, or -1 */
    int parent;              /* O_PATH descriptor of its directory, or -1 if that was not asked for or there is none */
    char name[NAME_MAX + 2]; /* below the parent; a slash behind it if the caller wrote one */
    struct harden_statx st;         /* of the object, or of the parent if there is no object */
    enum mount_kind kind;
    struct kept_object *kept; /* the object is kept there: not to be closed; or NULL */
};

enum walk_flags {
    WALK_FOLLOW = 1,  /* follow a symbolic link at the end */
    WALK_PARENT = 2,  /* directory and name are needed; the object is looked up only where walking by hand meets it */
    WALK_QUICK = 4,   /* report ENOENT without making sure that it is the thread's own (a second walk follows) */
};

/* 0, or -errno: then nothing is open. With WALK_PARENT a missing object is no error. */
int walk(struct thread *t, int directory, const char *path, unsigned flags, struct place *out);

/* The object behind a descriptor of the thread (AT_FDCWD: its working directory). */
int walk_descriptor(struct thread *t, int directory, struct place *out);

void place_close(struct place *p);

/* The thread that calls this keeps the directories that names are made and removed in, and the file met last. */
void walk_keeps_here(void);
/* A descriptor of a thread is a new one: what is kept may be another file. (It is looked at in any case; this spares it.) */
void walk_opened(pid_t tid, int descriptor);

#endif
