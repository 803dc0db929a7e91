/*
 * Threads for calls that block (connect, a full socket, a FIFO). Started on demand, bounded; a call that finds no
 * worker gets an error at once: a caller is never left hanging.
 */
#ifndef HARDEN_WORKER_H
#define HARDEN_WORKER_H

#include "call.h"

#define WORKERS_MAX 512U

/* Takes over a copy of the call (descriptors included). False if no worker can be had: the call stays the caller's. */
bool worker_submit(const struct call *c);

#endif
