#include "refusal.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "util.h"

static const char *log_file, *status_file;

/* In the front only: its children end with _exit. Renamed into place, since somebody waits for it to appear. */
static void write_status(void) {
    char temporary[4096];
    if (status_file == NULL || snprintf(temporary, sizeof temporary, "%s.tmp", status_file) >= (int)sizeof temporary)
        return;
    int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (fd < 0)
        return;
    char text[8];
    int length = snprintf(text, sizeof text, "%d\n", EXIT_CANNOT_ARM);
    if (write_all(fd, text, (size_t)length) == 0)
        (void)rename(temporary, status_file);
    close(fd);
}

void refusal_files(const char *log, const char *status) {
    log_file = log;
    status_file = status;
    (void)atexit(write_status);
}

void refusal_settled(void) { log_file = status_file = NULL; }

const char *refusal_log(void) { return log_file; }

const char *refusal_status(void) { return status_file; }
