/* The seccomp programs that gen-filter makes at build time. */
#ifndef HARDEN_FILTERS_H
#define HARDEN_FILTERS_H

#include <linux/filter.h>

/* Bits of a variant's number. */
#define FILTER_FILES 1U /* write-intent opens and name operations notify */
#define FILTER_READS 2U /* every open notifies (credentials) */
#define FILTER_RECV 4U  /* receives with a source address, and getpeername, notify (redirect.h) */
#define FILTER_MADE 8U  /* the supervisor makes the sockets: making.h */
#define FILTER_VARIANTS 16U

struct harden_filter {
    unsigned short length;
    const struct sock_filter *program;
};
extern const struct harden_filter harden_filters[FILTER_VARIANTS];

#endif
