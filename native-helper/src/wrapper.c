#include "wrapper.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "target.h"
#include "util.h"

static const char SLEEP[] = "sleep\0" "3"; /* with the NUL that ends it, as /proc/PID/cmdline has it */
#define ATTEMPTS 20 /* the loop may be at its `touch`; after a second there is little left to end */
#define PAUSE_NS 50000000L
#define STACK (64U << 10)

static int watch = -1;
static const char *name;   /* of the result in its folder */
static char *line;         /* "sh -c SCRIPT", each with its NUL */
static size_t line_length;

static bool has_line(pid_t pid, const char *wanted, size_t length) {
    char *found = malloc(length + 2); /* target_proc ends it with a NUL; one byte more shows that there is more */
    bool same = found != NULL && target_proc(pid, "cmdline", found, length + 2) == (ssize_t)length &&
                memcmp(found, wanted, length) == 0;
    free(found);
    return same;
}

/* Parent and time of start, in clock ticks since boot; false if the process is gone. */
static bool origin(pid_t pid, pid_t *parent, unsigned long long *start) {
    char text[1024];
    if (target_proc(pid, "stat", text, sizeof text) <= 0)
        return false;
    const char *end = strrchr(text, ')'); /* the name before it may hold anything */
    return end != NULL && sscanf(end + 1, " %*c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %llu",
                                 parent, start) == 2;
}

static bool is_parent(pid_t parent, pid_t child) {
    pid_t actual;
    unsigned long long start;
    return origin(child, &actual, &start) && actual == parent;
}

static bool same_program(pid_t a, pid_t b) {
    char path[2][32];
    struct stat st[2];
    for (int i = 0; i < 2; i++) {
        snprintf(path[i], sizeof path[i], "/proc/%d/exe", i == 0 ? a : b);
        if (stat(path[i], &st[i]) != 0)
            return false;
    }
    return st[0].st_dev == st[1].st_dev && st[0].st_ino == st[1].st_ino;
}

/* The next child in a list as /proc/PID/task/PID/children has it, or 0. */
static pid_t next_child(char **list) {
    char *end;
    long pid = strtol(*list, &end, 10);
    *list = end;
    return (pid_t)pid;
}

/*
 * The oldest child of `parent` that has the wrapper's command line; 0 if there is none. A build that gives a process of its
 * own the same command line comes after the wrapper, which started it: whoever is older than all others is the wrapper.
 * Where two are of the same tick, neither is trusted and nothing is ended.
 */
static pid_t oldest(pid_t parent) {
    char path[64], list[4096], *rest = list;
    unsigned long long start, first = 0;
    pid_t found = 0, child, actual;
    snprintf(path, sizeof path, "task/%d/children", parent);
    if (target_proc(parent, path, list, sizeof list) <= 0)
        return 0;
    bool twice = false;
    while ((child = next_child(&rest)) > 0) {
        if (!has_line(child, line, line_length) || !origin(child, &actual, &start) || actual != parent)
            continue;
        twice = found != 0 && start == first ? true : found != 0 && start > first ? twice : false;
        if (found == 0 || start < first) {
            found = child;
            first = start;
        }
    }
    return twice ? 0 : found;
}

/*
 * Numbers of processes may be given away anew between two looks. The descriptor is taken first and is what the signal goes
 * to. A process whose parent is P before and after the look at P had P for a parent all the while, since nobody gets a
 * parent back: so the looks in between were at the same processes, up to ourselves.
 */
static bool end_sleep(pid_t script, pid_t loop, pid_t sleeping) {
    int handle = (int)syscall(SYS_pidfd_open, sleeping, 0);
    if (handle < 0)
        return false;
    bool ended = is_parent(loop, sleeping) && is_parent(script, loop) && is_parent(getpid(), script) &&
                 has_line(sleeping, SLEEP, sizeof SLEEP) && has_line(loop, line, line_length) &&
                 has_line(script, line, line_length) && same_program(script, loop) && is_parent(script, loop) &&
                 is_parent(loop, sleeping) && syscall(SYS_pidfd_send_signal, handle, SIGKILL, NULL, 0) == 0;
    close(handle);
    return ended;
}

/* Whether there is nothing left to do. */
static bool end_heartbeat(void) {
    pid_t script = oldest(getpid()), loop = script > 0 ? oldest(script) : 0, child;
    if (script <= 0)
        return true;
    char path[64], list[256], *rest = list;
    snprintf(path, sizeof path, "task/%d/children", loop);
    if (loop <= 0 || target_proc(loop, path, list, sizeof list) <= 0)
        return false;
    while ((child = next_child(&rest)) > 0)
        if (end_sleep(script, loop, child))
            return true;
    return false;
}

/* A build can make the result appear early, or put another folder in the place of this one: the loop ends at the next
 * look, earlier or later, as it does without us. */
static bool appeared(void) {
    _Alignas(struct inotify_event) char events[4096];
    for (;;) {
        ssize_t n = read(watch, events, sizeof events);
        if (n <= 0 && errno != EINTR)
            return false;
        for (ssize_t at = 0; at < n;) {
            const struct inotify_event *e = (const struct inotify_event *)(events + at);
            if (e->mask & IN_IGNORED)
                return false; /* the folder has gone */
            if (e->len > 0 && strcmp(e->name, name) == 0)
                return true;
            at += (ssize_t)(sizeof *e + e->len);
        }
    }
}

static void *wait_for_result(void *unused) {
    (void)unused;
    bool ready = appeared();
    close(watch);
    for (int i = 0; ready && i < ATTEMPTS && !end_heartbeat(); i++)
        nanosleep(&(struct timespec){0, PAUSE_NS}, NULL);
    return NULL;
}

static bool start(void) {
    pthread_attr_t attributes;
    pthread_t thread;
    if (pthread_attr_init(&attributes) != 0)
        return false;
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, STACK);
    int rc = pthread_create(&thread, &attributes, wait_for_result, NULL);
    pthread_attr_destroy(&attributes);
    return rc == 0;
}

void wrapper_watch(const char *result, char *const *command) {
    size_t words = 0;
    while (command[words] != NULL)
        words++;
    const char *slash = result == NULL ? NULL : strrchr(result, '/');
    if (slash == NULL || slash == result || words < 3 || strcmp(command[words - 2], "-c") != 0)
        return;
    for (size_t i = words - 3; i < words; i++)
        line_length += strlen(command[i]) + 1;
    char *folder = strndup(result, (size_t)(slash - result));
    name = slash + 1;
    line = malloc(line_length);
    watch = inotify_init1(IN_CLOEXEC);
    char *to = line;
    for (size_t i = words - 3; to != NULL && i < words; i++)
        to = stpcpy(to, command[i]) + 1;
    bool watching = folder != NULL && line != NULL && watch >= 0 &&
                    inotify_add_watch(watch, folder, IN_MOVED_TO | IN_ONLYDIR) >= 0 && start();
    if (!watching && watch >= 0)
        close(watch);
    free(folder);
}
