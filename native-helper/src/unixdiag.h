/* Which socket is bound to an inode, asked of the kernel (sock_diag). */
#ifndef HARDEN_UNIXDIAG_H
#define HARDEN_UNIXDIAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "uapi.h"

/*
 * Finds the socket of this network namespace that listens on (or, for datagrams, is bound to) the socket file. True with
 * its number and the path by which it was bound, NUL-terminated. False if there is none, or if the kernel does not tell:
 * a file system may have other inode numbers inside than it shows.
 */
bool unix_listener(const struct harden_statx *file, uint64_t *socket, char *bound, size_t size);

#endif
