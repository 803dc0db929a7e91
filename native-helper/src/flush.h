/* The thread that writes gathered file operations (event.h) when their time is over, whether or not anything else comes. */
#ifndef HARDEN_FLUSH_H
#define HARDEN_FLUSH_H

/* 0, or an error number. */
int flush_start(void);

/* Something was gathered. The caller holds the supervisor's lock. */
void flush_soon(void);

#endif
