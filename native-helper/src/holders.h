/* Which processes hold which sockets, from /proc. */
#ifndef HARDEN_HOLDERS_H
#define HARDEN_HOLDERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The inode number in a link "socket:[N]"; 0 for anything else. */
uint64_t holders_socket(const char *link);

enum holders_answer { HOLDERS_NONE, HOLDERS_SOME, HOLDERS_UNKNOWN };
/* Whether the thread's table holds a socket for which `is` is true. */
enum holders_answer holders_table(pid_t tid, bool (*is)(uint64_t inode, void *context), void *context);

struct holders_wanted {
    uint64_t inode; /* first: holders_by_number compares it */
    pid_t holder;
    int number;
    bool found;
};
int holders_by_number(const void *a, const void *b);
/* Looks through all processes; sorts `wanted`. False if a process of the block could not be looked into. Processes that
 * move what they hold while it runs may hide it. */
bool holders_search(struct holders_wanted *wanted, size_t count);

#endif
