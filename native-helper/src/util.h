/* Small helpers without state. */
#ifndef HARDEN_UTIL_H
#define HARDEN_UTIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define EXIT_CANNOT_ARM 125
#define ARRAY_LENGTH(a) (sizeof(a) / sizeof((a)[0]))

/* Prints "harden-helper: MESSAGE\n" to standard error in one write. */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

uint64_t wall_ms(void);
uint64_t monotonic_us(void);
uint64_t boottime_us(void);

/* Writes the number and a NUL; returns where the NUL is. (printf is a good part of the cost of a file operation in musl.) */
char *put_decimal(char *at, uint64_t value);

/* Writes all bytes; 0, or -errno. */
int write_all(int fd, const void *data, size_t length);

/* Reads until end of file or `limit` bytes; the number of bytes, or -errno (-EFBIG when the file is longer). */
ssize_t read_all(int fd, void *buffer, size_t limit);

/* The symbol of an error number ("EACCES"), or "E<number>". The result lives until the next call of the thread. */
const char *errno_symbol(int error);

/* Random bytes from the kernel; aborts if there are none. */
/* Has the kernel make whole pages of the memory available at once, which costs a fraction of as many page faults. Only
 * for memory that is about to be written; where the kernel cannot, nothing happens. */
void prefault(void *memory, size_t length);
/* Leaves whole pages of the memory out of the processes that are forked from now on: they have no use for it, and copying
 * and dropping its page tables would cost them more than the fork. */
void keep_from_children(void *memory, size_t length);
void random_bytes(void *buffer, size_t length);

/* FNV-1a, seeded once with random bytes so that names chosen by a build do not choose the bucket. */
uint64_t hash_bytes(const void *data, size_t length);

/* Allocation that aborts when memory is out: only for start-up. */
void *must_alloc(size_t count, size_t size);

#endif
