/*
 * The event file (docs/events.md): numbered, hash-chained NDJSON. One write for each event, made before the system
 * call that caused it is answered, but for allowed operations on files in quick succession: these are gathered, and are
 * written within EVENT_DELAY_US and before anything else. Not thread-safe: the caller holds the supervisor's lock, from
 * event_begin to event_commit.
 */
#ifndef HARDEN_EVENT_H
#define HARDEN_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "batch.h"
#include "json.h"

/* What is lost at most of a storm of allowed file operations if the supervisor or the machine dies. The tree cannot bring
 * the supervisor down, so this answers no attack; it bounds an accident. */
#define EVENT_DELAY_US 20000U
/* A file operation that comes later than this after the one before is no storm: it is written at once. */
#define EVENT_QUICK_US 1000U

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

/* The line under construction, begun with seq, t, m and k. What was gathered before is written first. */
struct json *event_begin(const char *kind);

/* Takes an allowed operation on a file. False: it is to be written as a line of its own. */
bool event_gather(const struct batch_operation *o);
/* Microseconds until what was gathered must be written; EVENT_DELAY_US if nothing was. */
uint64_t event_due(void);
bool event_gathered(void);
/* Writes what was gathered. */
void event_flush(void);

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
