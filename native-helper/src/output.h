/*
 * Output that ends with the command. A caller such as Jenkins reads the command's output until nobody can write to it
 * any more, so that a process left behind with the output open (`sleep 300 &`) keeps it waiting. With an output grace
 * the command writes into pipes of ours; the front passes everything on until the command has ended and the grace after
 * it is over, and then ends whether or not somebody still holds them.
 */
#ifndef HARDEN_OUTPUT_H
#define HARDEN_OUTPUT_H

#include <poll.h>

#define OUTPUT_STREAMS 2

/* Puts pipes of ours in the place of standard output and error where those are pipes. Call before the fork. */
void output_interpose(void);
/* In the front after the fork: standard output and error are the caller's again. */
void output_front(void);
/* In the supervisor after the fork: keeps no end that the front needs for itself. */
void output_supervisor(void);

/* What to wait for, OUTPUT_STREAMS entries; then what to do about it. */
void output_poll(struct pollfd *entries);
void output_move(const struct pollfd *entries);

/* After the command's end: passes on until all is read or the grace, in milliseconds, is over or a signal that ends
 * processes has come. Whoever holds a pipe still gets a reader that throws away what comes: it must not die of it. */
void output_finish(unsigned grace_ms, int signals);

/* `harden-helper drain`: that reader. Returns at the end of standard input. */
int output_drain(void);

#endif
