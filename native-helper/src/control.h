/*
 * Calls that change another process, or what the supervisor relies on: limits, priorities, scheduling, dumpability,
 * credentials. Landlock has no rule for them.
 */
#ifndef HARDEN_CONTROL_H
#define HARDEN_CONTROL_H

#include "call.h"

/* True if the call is one of these; *result is then its result. */
bool control_handle(struct call *c, int64_t *result);

#endif
