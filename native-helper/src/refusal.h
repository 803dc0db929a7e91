/*
 * Where else to say that the command was not started. Callers such as durable-task put the command into the background
 * and look into files for its output and status; without them they would wait for a command that never ran.
 */
#ifndef HARDEN_REFUSAL_H
#define HARDEN_REFUSAL_H

/* `log` gets what is complained about, `status` the exit status, if the command is not started. Either may be NULL. */
void refusal_files(const char *log, const char *status);
/* The command has been started: its files are its own from now on. */
void refusal_settled(void);
/* The file that complaints go to as well; NULL if there is none (any more). */
const char *refusal_log(void);

/* The file in which the caller looks for the exit status; NULL likewise. */
const char *refusal_status(void);

#endif
