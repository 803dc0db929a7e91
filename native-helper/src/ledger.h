/*
 * Where the kernel refuses pidfd_getfd (Docker's default profile without CAP_SYS_PTRACE), the supervisor cannot duplicate
 * a process's socket. It then makes the block's sockets itself (making.h) and keeps a copy of each, found again by the
 * socket's inode number, which the kernel gives to one living socket only. A number of the process is looked up once; what
 * is decided and used is the copy. So a descriptor that is exchanged meanwhile changes nothing.
 *
 * A copy keeps a socket open. It is let go as soon as the socket is connected or listens, because nothing further is
 * performed on it here, and when no process holds the socket any more. Sockets without a copy are therefore connected ones
 * (also those that accept and socketpair make) and listening ones.
 */
#ifndef HARDEN_LEDGER_H
#define HARDEN_LEDGER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* True where sockets are made and not copied. Set once, before the command runs. */
extern bool ledger_is_on;
static inline bool ledger_on(void) { return ledger_is_on; }

/* Starts the thread that lets copies go. 0, or -errno. */
int ledger_start(void);

/* Takes over `copy` of a new socket that the process `owner` will get. Its inode number, or -errno: then it is closed. */
int64_t ledger_add(int copy, pid_t owner);
/* The process of this thread has it, under this number. */
void ledger_given(uint64_t inode, pid_t tid, int fd);
/* Lets the copy go. */
void ledger_drop(uint64_t inode);
/* The same for the socket behind a descriptor of this process; which stays open. */
void ledger_leave(int fd);
/* A connection is being made: the copy is let go when it stands. */
void ledger_watch(int fd);

/* A duplicate of the copy of the thread's socket `fd`; -EISCONN if there is none, -ENOTSOCK, -EBADF, -ESRCH. */
int ledger_descriptor(pid_t tid, int fd);
/* The cookie of a connected socket whose copy was let go; 0 if it is not known. */
uint64_t ledger_cookie(pid_t tid, int fd);

/* Datagram sockets that are alive, with a copy here or without. */
bool ledger_datagrams(void);
/* Whether the thread's table holds one. Exact if nobody else uses the table meanwhile; true if it cannot be told. */
bool ledger_table_has_datagram(pid_t tid);
/* Whether the process could: it was given one, or was forked when one was there. Rests on nothing that it can change. */
bool ledger_may_hold_datagram(pid_t process);

/* The process held no datagram socket at this moment (boottime_us): what was made before it has not inherited. */
void ledger_clean(pid_t process, uint64_t moment);

/* Most of the room is taken: time to sweep before more is added. */
bool ledger_is_tight(void);
/* Lets go what nobody holds. */
void ledger_sweep(void);

#endif
