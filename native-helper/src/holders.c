#include "holders.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "target.h"

uint64_t holders_socket(const char *link) {
    return strncmp(link, "socket:[", 8) == 0 ? strtoull(link + 8, NULL, 10) : 0;
}

int holders_by_number(const void *a, const void *b) {
    uint64_t x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

/* Calls `each` for the sockets of one table until it returns true. Entries seen, or -errno. */
static int table(const char *path, bool (*each)(uint64_t inode, int number, void *context), void *context, bool *stopped) {
    char link[64];
    struct dirent *e;
    int count = 0;
    DIR *d = opendir(path);
    if (d == NULL)
        return -errno;
    *stopped = false;
    while (!*stopped && (e = readdir(d)) != NULL) {
        if (e->d_name[0] == '.')
            continue;
        count++;
        ssize_t n = readlinkat(dirfd(d), e->d_name, link, sizeof link - 1);
        link[n > 0 ? n : 0] = '\0';
        uint64_t inode = holders_socket(link);
        *stopped = inode != 0 && each(inode, (int)strtol(e->d_name, NULL, 10), context);
    }
    closedir(d);
    return count;
}

struct question {
    bool (*is)(uint64_t inode, void *context);
    void *context;
};

static bool ask(uint64_t inode, int number, void *context) {
    const struct question *q = context;
    (void)number;
    return q->is(inode, q->context);
}

enum holders_answer holders_table(pid_t tid, bool (*is)(uint64_t inode, void *context), void *context) {
    char path[32];
    struct question q = {is, context};
    bool stopped;
    snprintf(path, sizeof path, "/proc/%d/fd", tid);
    int n = table(path, ask, &q, &stopped);
    return n < 0 ? HOLDERS_UNKNOWN : stopped ? HOLDERS_SOME : HOLDERS_NONE;
}

struct search {
    struct holders_wanted *wanted;
    size_t count;
    pid_t process;
};

static bool note(uint64_t inode, int number, void *context) {
    struct search *s = context;
    struct holders_wanted *w = bsearch(&inode, s->wanted, s->count, sizeof *s->wanted, holders_by_number);
    if (w != NULL) {
        w->found = true;
        w->holder = s->process;
        w->number = number;
    }
    return false;
}

/* A leader that has ended has no table any more, while its other threads go on with it. */
static void threads(struct search *s) {
    char path[48];
    struct dirent *e;
    pid_t leader = s->process;
    bool stopped;
    snprintf(path, sizeof path, "/proc/%d/task", leader);
    DIR *d = opendir(path);
    while (d != NULL && (e = readdir(d)) != NULL) {
        s->process = (pid_t)strtol(e->d_name, NULL, 10);
        snprintf(path, sizeof path, "/proc/%d/fd", s->process);
        if (s->process > 0 && s->process != leader)
            (void)table(path, note, s, &stopped);
    }
    if (d != NULL)
        closedir(d);
}

bool holders_search(struct holders_wanted *wanted, size_t count) {
    char path[32];
    struct dirent *e;
    bool whole = true, stopped;
    DIR *d = opendir("/proc");
    if (d == NULL)
        return false;
    qsort(wanted, count, sizeof *wanted, holders_by_number);
    struct search s = {wanted, count, 0};
    while ((e = readdir(d)) != NULL) {
        s.process = (pid_t)strtol(e->d_name, NULL, 10);
        if (s.process <= 0 || s.process == getpid())
            continue;
        snprintf(path, sizeof path, "/proc/%d/fd", s.process);
        int n = table(path, note, &s, &stopped);
        if (n == 0)
            threads(&s);
        else if ((n == -EACCES || n == -EPERM) && target_is_descendant(s.process))
            whole = false;
    }
    closedir(d);
    return whole;
}
