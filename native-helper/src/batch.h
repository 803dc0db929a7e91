/*
 * Allowed operations on files in quick succession, gathered for one `files` line (docs/events.md): who does what in which
 * directory stands once, and each operation adds its name and the time since the one before. Nothing here writes or knows
 * of hashes: event.c does.
 */
#ifndef HARDEN_BATCH_H
#define HARDEN_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "json.h"

#define BATCH_SETS 64U
/* A path of this length stays below the cap of a path in its escaped form, six bytes for one. Longer ones are no batch's. */
#define BATCH_PATH 680U
/* What sets, names and numbers may take: with the line's beginning they fit into a line. */
#define BATCH_BYTES (JSON_CAPACITY - 512U)

struct batch_operation {
    uint32_t image;
    pid_t pid;
    const char *op; /* lives for ever */
    const char *path;
    size_t length;
    bool create, truncate;
};

struct batch {
    unsigned count, set_count, last_set;
    uint64_t m, last_m; /* of the first and the newest operation, as event.c counts */
    struct batch_set {
        uint32_t image;
        pid_t pid;
        const char *op;
        bool create, truncate;
        size_t directory, length; /* in `directories` */
    } set[BATCH_SETS];
    size_t directories_length, of_length, after_length;
    struct json sets, names;
    char directories[JSON_CAPACITY], of[JSON_CAPACITY], after[JSON_CAPACITY];
};

void batch_clear(struct batch *b);

/* Whether the path may be taken apart: it is short enough, and no secret in it could begin in the directory and end in the
 * name, where neither half alone would be recognised. */
bool batch_takes(const char *path, size_t length);

/* Adds an operation whose path batch_takes. False: there is no room, nothing was changed. */
bool batch_add(struct batch *b, const struct batch_operation *o, uint64_t m);

/* An upper bound of what the line takes, hash left out. */
size_t batch_size(const struct batch *b);

/* Writes the fields behind "k". */
void batch_fields(const struct batch *b, struct json *j);

#endif
