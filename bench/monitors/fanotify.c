/* fanotify LOG DIRECTORY…: records what a fanotify monitor sees of the file systems of the directories: names made, moved
 * and removed, files changed, programs started, each with its path in LOG, one write for each. Prints "ready", and ends
 * on SIGTERM. It sees no connections. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/fanotify.h>
#include <unistd.h>

enum { ROOTS = 8 };
static int roots[ROOTS], count;

/* The directory of the event by its handle, as a path; the handle says which file system only by its id, so each is tried. */
static ssize_t directory_of(struct fanotify_event_info_fid *info, char *path, size_t size) {
    char link[64];
    for (int i = 0; i < count; i++) {
        int fd = open_by_handle_at(roots[i], (struct file_handle *)info->handle, O_PATH | O_CLOEXEC);
        if (fd < 0)
            continue;
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        ssize_t n = readlink(link, path, size - 1);
        close(fd);
        return n;
    }
    return -1;
}

int main(int argc, char **argv) {
    static char buffer[65536], path[4096], line[8192];
    int log = argc > 2 ? open(argv[1], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
    if (log < 0 || argc - 2 > ROOTS) {
        fprintf(stderr, "usage: fanotify LOG DIRECTORY...\n");
        return 2;
    }
    int group = fanotify_init(FAN_CLASS_NOTIF | FAN_REPORT_DFID_NAME | FAN_CLOEXEC | FAN_UNLIMITED_QUEUE, O_RDONLY);
    if (group < 0) {
        perror("fanotify_init");
        return 1;
    }
    for (int i = 2; i < argc; i++) {
        roots[count] = open(argv[i], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (roots[count++] < 0 || fanotify_mark(group, FAN_MARK_ADD | FAN_MARK_FILESYSTEM,
                FAN_CREATE | FAN_DELETE | FAN_MOVED_FROM | FAN_MOVED_TO | FAN_MODIFY | FAN_CLOSE_WRITE | FAN_ATTRIB | FAN_OPEN_EXEC | FAN_ONDIR,
                AT_FDCWD, argv[i]) != 0) {
            perror(argv[i]);
            return 1;
        }
    }
    puts("ready");
    fflush(stdout);
    for (;;) {
        ssize_t n = read(group, buffer, sizeof buffer);
        if (n <= 0)
            return n == 0 || errno == EINTR ? 0 : 1;
        struct fanotify_event_metadata *event = (struct fanotify_event_metadata *)buffer;
        for (; FAN_EVENT_OK(event, n); event = FAN_EVENT_NEXT(event, n)) {
            struct fanotify_event_info_fid *info = (struct fanotify_event_info_fid *)(event + 1);
            if (event->event_len <= sizeof *event || event->pid == getpid())
                continue;
            struct file_handle *handle = (struct file_handle *)info->handle;
            const char *name = (const char *)(handle->f_handle + handle->handle_bytes);
            ssize_t length = directory_of(info, path, sizeof path);
            int used = snprintf(line, sizeof line, "%llx %d %.*s/%s\n", (unsigned long long)event->mask, event->pid,
                                length > 0 ? (int)length : 0, path, name);
            if (write(log, line, (size_t)used) < 0)
                return 1;
        }
    }
}
