#include "util.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <sys/mman.h>
#include <unistd.h>

#include "refusal.h"

void complain(const char *format, ...) {
    char line[4608];
    int prefix = snprintf(line, sizeof line, "harden-helper: ");
    va_list args;
    va_start(args, format);
    int n = vsnprintf(line + prefix, sizeof line - (size_t)prefix - 1, format, args);
    va_end(args);
    size_t length = (size_t)prefix + (n < 0 ? 0 : (size_t)n);
    if (length > sizeof line - 2)
        length = sizeof line - 2;
    line[length++] = '\n';
    (void)write_all(2, line, length);
    int also = refusal_log() == NULL ? -1 : open(refusal_log(), O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (also >= 0) {
        (void)write_all(also, line, length);
        close(also);
    }
}

static uint64_t now(clockid_t clock, uint64_t per_second) {
    struct timespec t;
    clock_gettime(clock, &t);
    return (uint64_t)t.tv_sec * per_second + (uint64_t)t.tv_nsec / (1000000000U / per_second);
}

uint64_t wall_ms(void) { return now(CLOCK_REALTIME, 1000); }
uint64_t monotonic_us(void) { return now(CLOCK_MONOTONIC, 1000000); }
uint64_t boottime_us(void) { return now(CLOCK_BOOTTIME, 1000000); }

char *put_decimal(char *at, uint64_t value) {
    char digits[20];
    size_t n = 0;
    do
        digits[n++] = (char)('0' + value % 10);
    while ((value /= 10) > 0);
    while (n > 0)
        *at++ = digits[--n];
    *at = '\0';
    return at;
}

int write_all(int fd, const void *data, size_t length) {
    const char *p = data;
    while (length > 0) {
        ssize_t n = write(fd, p, length);
        if (n < 0) {
            if (errno == EINTR)
                continue;
            return -errno;
        }
        p += n;
        length -= (size_t)n;
    }
    return 0;
}

ssize_t read_all(int fd, void *buffer, size_t limit) {
    char *p = buffer;
    size_t have = 0;
    for (;;) {
        char extra;
        ssize_t n = have < limit ? read(fd, p + have, limit - have) : read(fd, &extra, 1);
        if (n < 0) {
            if (errno == EINTR)
                continue;
            return -errno;
        }
        if (n == 0)
            return (ssize_t)have;
        if (have == limit)
            return -EFBIG;
        have += (size_t)n;
    }
}

const char *errno_symbol(int error) {
    static const struct {
        int value;
        const char *symbol;
    } table[] = {
#define E(name) {name, #name}
        E(EPERM), E(ENOENT), E(ESRCH), E(EINTR), E(EIO), E(ENXIO), E(EBADF), E(EAGAIN), E(ENOMEM), E(EACCES),
        E(EFAULT), E(EBUSY), E(EEXIST), E(ENODEV), E(ENOTDIR), E(EISDIR), E(EINVAL), E(ENFILE), E(EMFILE),
        E(ENOTTY), E(ETXTBSY), E(EFBIG), E(ENOSPC), E(EROFS), E(EMLINK), E(EPIPE), E(ENAMETOOLONG), E(ENOSYS),
        E(ENOTEMPTY), E(ELOOP), E(ENOTSOCK), E(EMSGSIZE), E(EPROTONOSUPPORT), E(ESOCKTNOSUPPORT), E(EOPNOTSUPP),
        E(EAFNOSUPPORT), E(EADDRINUSE), E(EADDRNOTAVAIL), E(ENETDOWN), E(ENETUNREACH), E(ECONNABORTED),
        E(ECONNRESET), E(ENOBUFS), E(EISCONN), E(ENOTCONN), E(ETIMEDOUT), E(ECONNREFUSED), E(EHOSTUNREACH),
        E(EALREADY), E(EINPROGRESS), E(EXDEV), E(ENOKEY), E(EPROTOTYPE), E(ENOTSUP),
#undef E
    };
    for (size_t i = 0; i < ARRAY_LENGTH(table); i++)
        if (table[i].value == error)
            return table[i].symbol;
    static _Thread_local char other[16];
    snprintf(other, sizeof other, "E%d", error);
    return other;
}

void prefault(void *memory, size_t length) {
    uintptr_t page = 4096, from = ((uintptr_t)memory + page - 1) & ~(page - 1), to = ((uintptr_t)memory + length) & ~(page - 1);
    if (to > from + 16 * page) {
        int error = errno;
        (void)madvise((void *)from, to - from, 23 /* MADV_POPULATE_WRITE, Linux 5.14 */);
        errno = error;
    }
}

void keep_from_children(void *memory, size_t length) {
    uintptr_t page = 4096, from = ((uintptr_t)memory + page - 1) & ~(page - 1), to = ((uintptr_t)memory + length) & ~(page - 1);
    if (to > from + 16 * page)
        (void)madvise((void *)from, to - from, MADV_DONTFORK);
}

void random_bytes(void *buffer, size_t length) {
    char *p = buffer;
    while (length > 0) {
        ssize_t n = getrandom(p, length, 0);
        if (n < 0) {
            if (errno == EINTR)
                continue;
            abort();
        }
        p += n;
        length -= (size_t)n;
    }
}

uint64_t hash_bytes(const void *data, size_t length) {
    static uint64_t seed;
    if (seed == 0) {
        uint64_t value;
        random_bytes(&value, sizeof value);
        seed = value | 1;
    }
    const unsigned char *p = data;
    uint64_t h = 14695981039346656037ULL ^ seed;
    for (size_t i = 0; i < length; i++)
        h = (h ^ p[i]) * 1099511628211ULL;
    return h ^ (h >> 29);
}

void *must_alloc(size_t count, size_t size) {
    void *p = calloc(count ? count : 1, size);
    if (p == NULL) {
        complain("out of memory");
        _exit(EXIT_CANNOT_ARM);
    }
    return p;
}
