/*
 * The front: the process that the caller started. It waits for the command's end and passes signals and the exit
 * status; it supervises nothing and may be killed without any effect on supervision.
 */
#ifndef HARDEN_FRONT_H
#define HARDEN_FRONT_H

#include <signal.h>
#include <sys/types.h>

enum front_kind { FRONT_STARTED, FRONT_ENDED };
struct front_message {
    int kind;
    int value; /* FRONT_STARTED: the command's pid; FRONT_ENDED: its exit code, 128+N for a signal */
};

/* Blocks the signals that the front will forward; *old is what the command gets back. */
void front_block_signals(sigset_t *old);

/* Waits on `pipe` for the supervisor's messages and passes the command's output on, as output.h has it. Returns the exit
 * code. */
int front_wait(int pipe, pid_t supervisor, unsigned output_grace_ms);

#endif
