#include "event.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sha256.h"
#include "util.h"

#define HASH_TAIL (sizeof(",\"h\":\"") - 1 + 64 + sizeof("\"}\n") - 1)
#define FINAL_RESERVE 12288U /* exit, tampered and end always fit */

static struct {
    int fd;
    int folder; /* O_PATH: a build that moves directories above it must not choose where we write at the end */
} at = {.fd = -1, .folder = -1};
static struct { /* apart, so that its buffers are not part of the binary */
    const char *path, *name; /* the name is below the folder */
    unsigned char initial[SHA256_SIZE], hash[SHA256_SIZE];
    uint64_t seq, bytes, dropped, started_us, last_m;
    uint64_t limit_events, limit_bytes;
    bool truncated;
    bool lost, lost_told;
    uint64_t last_file; /* when the newest allowed file operation was */
    uint64_t batch_t;   /* wall clock of the first one gathered */
    struct batch batch;
    struct json line, note, gathered;
    char out[JSON_CAPACITY + HASH_TAIL];
} file;

/*
 * In a container the command often is another user than the agent, which made the folder and has to read the file.
 * Whoever may enter that folder is for its owner to say.
 */
static void let_owner_read(int fd) {
    struct stat owner;
    if (fstat(at.folder, &owner) == 0 && owner.st_uid != geteuid())
        (void)fchmod(fd, 0644); /* if it fails the controller finds no evidence, which is a finding of its own */
}

/*
 * The lock is for the agent to see whether somebody still writes: the kernel gives it up with the last descriptor, and no
 * supervised process can hold it in our place, since none may open the file for writing. Without locks it sees nothing.
 */
static int create(void) {
    int fd = openat(at.folder, file.name, O_CREAT | O_EXCL | O_APPEND | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600);
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fd >= 0)
        (void)fcntl(fd, F_OFD_SETLK, &whole);
    return fd;
}

int event_open(const char *path, const char *nonce, uint64_t limit_events, uint64_t limit_bytes) {
    const char *slash = strrchr(path, '/');
    if (slash == NULL)
        return -EINVAL;
    char *folder = strndup(path, slash == path ? 1 : (size_t)(slash - path));
    at.folder = folder != NULL ? open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;
    int error = folder != NULL ? errno : ENOMEM;
    free(folder);
    if (at.folder < 0)
        return -error;
    file.path = path;
    file.name = slash + 1;
    at.fd = create();
    if (at.fd < 0)
        return -errno;
    let_owner_read(at.fd);
    file.started_us = monotonic_us();
    file.limit_events = limit_events;
    file.limit_bytes = limit_bytes;
    struct sha256 s;
    sha256_init(&s);
    sha256_update(&s, "harden-events 1\n", 16);
    sha256_update(&s, nonce, strlen(nonce));
    sha256_final(&s, file.initial);
    memcpy(file.hash, file.initial, SHA256_SIZE);
    return 0;
}

static uint64_t elapsed(void) {
    uint64_t m = monotonic_us() - file.started_us;
    if (m > file.last_m)
        file.last_m = m;
    return file.last_m;
}

static void begin(struct json *j, const char *kind, uint64_t t, uint64_t m) {
    j->cut = j->overflow = false;
    j->length = 0;
    json_raw(j, "{\"seq\":");
    json_decimal(j, (int64_t)file.seq + 1);
    json_number(j, "t", (int64_t)t);
    json_number(j, "m", (int64_t)m);
    json_raw(j, ",\"k\":\"");
    json_raw(j, kind);
    json_raw(j, "\"");
}

struct json *event_begin(const char *kind) {
    event_flush();
    begin(&file.line, kind, wall_ms(), elapsed());
    return &file.line;
}

/* Appends one finished line of `events` events. The hash covers the body as it stands in the file, so it is computed here
 * only. */
static int append(struct json *j, uint64_t events) {
    if (j->cut)
        json_true(j, "cut");
    if (j->overflow)
        return -EOVERFLOW;
    struct sha256 s;
    unsigned char digest[SHA256_SIZE];
    sha256_init(&s);
    sha256_update(&s, file.hash, SHA256_SIZE);
    sha256_update(&s, j->text, j->length);
    sha256_final(&s, digest);
    size_t n = j->length;
    memcpy(file.out, j->text, n);
    memcpy(file.out + n, ",\"h\":\"", 6);
    char hex[65];
    sha256_hex(digest, hex);
    memcpy(file.out + n + 6, hex, 64);
    memcpy(file.out + n + 70, "\"}\n", 3);
    n += HASH_TAIL;
    int rc = write_all(at.fd, file.out, n);
    if (rc != 0) {
        /* A full disk may have taken half a line: a reader must never see it. */
        if (ftruncate(at.fd, (off_t)file.bytes) != 0)
            return rc;
        return rc;
    }
    memcpy(file.hash, digest, SHA256_SIZE);
    file.seq += events;
    file.bytes += n;
    return 0;
}

/* Whether `count` events in a line of `size` bytes still fit; what stops them is stored in *limit. */
static bool fits(uint64_t count, size_t size, enum event_priority priority, const char **limit) {
    if (priority == EVENT_ALWAYS)
        return true;
    uint64_t events = file.limit_events, bytes = file.limit_bytes - FINAL_RESERVE;
    if (priority == EVENT_REFUSED)
        events += file.limit_events / 8 + 16;
    else
        bytes -= bytes / 8;
    *limit = file.seq + count > events ? "events" : file.bytes + size > bytes ? "bytes" : NULL;
    return *limit == NULL;
}

static int note(const char *limit) {
    begin(&file.note, "truncated", wall_ms(), elapsed());
    json_text(&file.note, "limit", limit);
    return append(&file.note, 1);
}

static int put(struct json *line, uint64_t events) {
    int rc = append(line, events);
    if (rc != 0) {
        file.dropped += events;
        file.lost = true;
    } else if (file.lost && !file.lost_told) {
        /* There was no room on the disk. The reader must learn it, even if it never sees the end. */
        file.lost_told = note("disk") == 0;
    }
    return rc;
}

int event_commit(struct json *line, enum event_priority priority) {
    const char *limit;
    if (!fits(1, line->length + HASH_TAIL, priority, &limit)) {
        file.dropped++;
        if (!file.truncated) {
            file.truncated = true;
            (void)note(limit);
        }
        return 1;
    }
    return put(line, 1);
}

bool event_gather(const struct batch_operation *o) {
    if (file.truncated) {
        file.dropped++;
        return true;
    }
    uint64_t m = elapsed(), before = file.last_file;
    const char *limit;
    file.last_file = m;
    if ((file.batch.count == 0 && m - before > EVENT_QUICK_US) || !batch_takes(o->path, o->length))
        return false;
    for (int attempt = 0; attempt < 2; attempt++) {
        bool room = fits(file.batch.count + 1, batch_size(&file.batch) + HASH_TAIL, EVENT_NORMAL, &limit);
        if (room && batch_add(&file.batch, o, m)) {
            if (file.batch.count == 1)
                file.batch_t = wall_ms();
            return true;
        }
        event_flush();
    }
    return false; /* the cap is reached: event_commit says so */
}

bool event_gathered(void) { return file.batch.count > 0; }

uint64_t event_due(void) {
    if (file.batch.count == 0)
        return EVENT_DELAY_US;
    uint64_t age = elapsed() - file.batch.m;
    return age < EVENT_DELAY_US ? EVENT_DELAY_US - age : 0;
}

void event_flush(void) {
    struct batch *b = &file.batch;
    if (b->count == 0)
        return;
    begin(&file.gathered, "files", file.batch_t, b->m);
    batch_fields(b, &file.gathered);
    uint64_t events = b->count;
    batch_clear(b); /* before anything that might come back here */
    (void)put(&file.gathered, events);
}

bool event_full(void) { return file.truncated; }

struct event_totals event_totals(void) { return (struct event_totals){file.seq, file.dropped}; }

/* Recomputes the chain of what is on the disk now. */
static bool chain_matches(void) {
    unsigned char hash[SHA256_SIZE];
    memcpy(hash, file.initial, SHA256_SIZE);
    static char buffer[2 * (JSON_CAPACITY + HASH_TAIL)];
    size_t have = 0;
    uint64_t offset = 0;
    while (offset < file.bytes || have > 0) {
        if (offset < file.bytes && have < sizeof buffer) {
            size_t want = sizeof buffer - have;
            if (want > file.bytes - offset)
                want = (size_t)(file.bytes - offset);
            ssize_t n = pread(at.fd, buffer + have, want, (off_t)offset);
            if (n <= 0)
                return false;
            have += (size_t)n;
            offset += (uint64_t)n;
        }
        char *end = memchr(buffer, '\n', have);
        if (end == NULL)
            return false;
        size_t length = (size_t)(end - buffer) + 1;
        if (length <= HASH_TAIL)
            return false;
        struct sha256 s;
        char hex[65];
        sha256_init(&s);
        sha256_update(&s, hash, SHA256_SIZE);
        sha256_update(&s, buffer, length - HASH_TAIL);
        sha256_final(&s, hash);
        sha256_hex(hash, hex);
        if (memcmp(end - 66, hex, 64) != 0 || memcmp(end - 2, "\"}", 2) != 0)
            return false;
        have -= length;
        memmove(buffer, end + 1, have);
    }
    return memcmp(hash, file.hash, SHA256_SIZE) == 0;
}

static bool recreate(void) {
    (void)unlinkat(at.folder, file.name, 0);
    int fd = create();
    if (fd < 0)
        return false;
    let_owner_read(fd);
    char buffer[16384];
    for (off_t offset = 0;;) {
        ssize_t n = pread(at.fd, buffer, sizeof buffer, offset);
        if (n == 0)
            break;
        if (n < 0 || write_all(fd, buffer, (size_t)n) != 0) {
            close(fd);
            return false;
        }
        offset += n;
    }
    close(at.fd);
    at.fd = fd;
    return true;
}

const char *event_verify(void) {
    struct stat open_file, at_path;
    event_flush();
    if (fstat(at.fd, &open_file) != 0)
        return "the event file cannot be examined";
    const char *wrong = NULL;
    if ((uint64_t)open_file.st_size != file.bytes)
        wrong = (uint64_t)open_file.st_size < file.bytes ? "shorter than written" : "longer than written";
    else if (!chain_matches())
        wrong = "content differs from what was written";
    if (fstatat(at.folder, file.name, &at_path, AT_SYMLINK_NOFOLLOW) != 0 || at_path.st_ino != open_file.st_ino || at_path.st_dev != open_file.st_dev) {
        bool restored = recreate();
        return restored ? "removed or replaced at its path; restored from the open file"
                        : "removed or replaced at its path; could not be restored";
    }
    /* The file is where it was made, and its folder is not: nothing is written to what stands at the path now. */
    if (wrong == NULL && (lstat(file.path, &at_path) != 0 || at_path.st_ino != open_file.st_ino || at_path.st_dev != open_file.st_dev))
        wrong = "its folder was moved away from its path; the file is in it, unchanged";
    if (wrong == NULL && open_file.st_nlink != 1)
        wrong = "has additional hard links";
    return wrong;
}
