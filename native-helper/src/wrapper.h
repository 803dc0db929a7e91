/*
 * durable-task, which Jenkins runs its shell steps with, starts the script beside a loop that shows that the machine lives:
 * `{ while [ ! -f RESULT ]; do touch LOG; sleep 3; done } & SCRIPT; mv RESULT.tmp RESULT; wait`. Its last `sleep` outlives the
 * script by up to three seconds, and a block that ends meanwhile would have to say that a process was still running.
 */
#ifndef HARDEN_WRAPPER_H
#define HARDEN_WRAPPER_H

/* When `result` appears in its folder under its final name, ends the `sleep` of the loop that `command` has started. Does
 * nothing where it cannot watch, or for any other command: the loop then ends by itself. Before the command starts. */
void wrapper_watch(const char *result, char *const *command);

#endif
