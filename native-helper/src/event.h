/*
 * The event file (docs/events.md): numbered, hash-chained NDJSON. One write for each event, made before the system
 * call that caused it is answered. Not thread-safe: the caller holds the supervisor's lock from event_begin to
 * event_commit.
 */
#ifndef HARDEN_EVENT_H
#define HARDEN_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "json.h"

enum event_priority {
    EVENT_NORMAL,  /* dropped once a cap is reached */
    EVENT_REFUSED, /* not allowed by the policy: may use the reserve */
    EVENT_ALWAYS,  /* bookkeeping: start, exit, truncated, tampered, end */
};

struct event_totals {
    uint64_t events, dropped;
};

/* Creates the file (O_EXCL, mode 0600). `path` must be absolute and stay valid. 0, or -errno. */
int event_open(const char *path, const char *nonce, uint64_t limit_events, uint64_t limit_bytes);

/* The line under construction, begun with seq, t, m and k. */
struct json *event_begin(const char *kind);

/* Completes, hashes and writes the line. 0: written. 1: dropped because of a cap. -errno: the write failed (the file is
 * restored to its last whole line, the event counts as dropped). */
int event_commit(struct json *line, enum event_priority priority);

/* True once a cap was reached: callers may spare the work of composing ordinary events. */
bool event_full(void);

struct event_totals event_totals(void);

/* Re-reads the file through the open descriptor and compares it with what was written: size, links, identity of the
 * path, chain. NULL if intact, else what is wrong. If the path is gone or is another file, the events are copied to
 * a new file under it and later events go there. */
const char *event_verify(void);

#endif
