/*
 * Who listens on a unix socket, and whether a block may talk to it. Pure.
 */
#ifndef HARDEN_UNIXPEER_H
#define HARDEN_UNIXPEER_H

#include "decide.h"

struct unix_peer {
    const char *path;  /* of the socket, canonical; NULL for an abstract name */
    const char *name;  /* abstract name without its leading NUL byte */
    size_t name_length;
    const char *bound; /* the path by which its owner bound it, where it still means this very socket; or NULL */
    bool own;          /* a process under this or another helper listens */
    bool hidden;       /* the path belongs to a mount of the build's own, where it can be anything */
};

/* A refusal of a name service cache comes in both modes, with the error of a daemon that is not there: libc then asks
 * DNS itself, which is where names become visible. */
struct unix_decision {
    enum verdict verdict;
    const char *rule;
    bool absent;
};

struct unix_decision unix_decide(const struct policy *policy, const struct unix_peer *peer);

/* The n-th daemon socket that has a path of its own, NULL behind the last: for telling one by its inode. */
const char *unix_known_path(unsigned n);

#endif
