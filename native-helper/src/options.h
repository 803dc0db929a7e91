/* The command line of `harden-helper run`. */
#ifndef HARDEN_OPTIONS_H
#define HARDEN_OPTIONS_H

#include <stddef.h>

#define OPTIONS_MAX_TAGS 64U

struct options {
    const char *policy_file;
    char *events_file; /* absolute */
    const char *tags[OPTIONS_MAX_TAGS]; /* "K=V" */
    size_t tag_count;
    char **command; /* NULL-terminated */
};

#endif
