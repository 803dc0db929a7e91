/*
 * One notified system call on its way from the kernel to its answer, and what all handlers share.
 */
#ifndef HARDEN_CALL_H
#define HARDEN_CALL_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "decide.h"
#include "event.h"
#include "policy.h"
#include "redirect.h"
#include "uapi.h"

/* Results of a handler beside values (≥ 0) and -errno. */
#define CALL_CONTINUE INT64_MIN     /* let the kernel perform it: only where no decision rests on memory */
#define CALL_WORKER (INT64_MIN + 1) /* would block: run the handler again in a worker */
#define CALL_DONE (INT64_MIN + 2)   /* answered already, or nobody waits for the answer */

struct call {
    struct seccomp_notif notif;
    bool in_worker;   /* may block */
    int fd;           /* duplicate of the caller's socket, or -1; closed when the call ends */
    int pinned;       /* O_PATH descriptor of a unix socket, or -1 */
    unsigned index;   /* sendmmsg: messages done */
    size_t progress;  /* stream sends: bytes done of the current message */
    bool decided;     /* the decision for the current message has been taken and recorded */
    bool connected;   /* the connect of a fast-open send has been done */
    bool relay;       /* goes through the relay: relay.h */
    bool begun;       /* a blocking connect was begun by the receiver; the worker's joins it */
    bool unknown_peer; /* a unix path whose owner shows only once it is connected */
    bool abstract;    /* the destination is an abstract unix name, whose owner is verified after connecting */
    struct sockaddr_storage address; /* what will be used: the caller's, or the resolver's */
    socklen_t address_length;
    struct redirect_address asked; /* the address as the caller gave it, when it is connected elsewhere */
};

static inline pid_t call_tid(const struct call *c) { return (pid_t)c->notif.pid; }
static inline uint64_t call_arg(const struct call *c, unsigned i) { return c->notif.data.args[i]; }
static inline int call_int(const struct call *c, unsigned i) { return (int)(uint32_t)c->notif.data.args[i]; }

/* The supervisor's state. `lock` guards images, events, names and own sockets. */
struct supervisor {
    const struct policy *policy;
    pthread_mutex_t lock;
    int listener;
    pid_t command;
    uint64_t notifications;
    bool relay;                              /* connections that rules by name allow are checked: relay.h */
    uint16_t resolver_port4, resolver_port6; /* 0: the resolver could not be started */
    bool privileged;                         /* may do what a supervised process may not: see creds.h */
    atomic_bool paths_may_wait;              /* see call_may_wait */
};
extern struct supervisor sup;

/* True while the caller still waits. Everything read from its memory before belongs to it and to nobody else. */
bool call_alive(const struct call *c);

/*
 * True if the handler must not look at a path here, but in a worker. Somebody in the block has opened /dev/fuse: a file
 * system may have been mounted that a supervised process serves, and looking at a path then waits for a process whose
 * own calls wait for us. (Who holds /dev/fuse for reading only can mount, but not answer, and hangs only itself.)
 */
static inline bool call_may_wait(const struct call *c) {
    return !c->in_worker && atomic_load_explicit(&sup.paths_may_wait, memory_order_relaxed);
}

/* Sends the answer (value ≥ 0, or -errno). */
void call_answer(const struct call *c, int64_t result);

/* Duplicates the caller's descriptor into c->fd. 0, or the -errno for the caller. */
int call_take_fd(struct call *c, int fd);

/* Records a refusal of kind `what`. Takes the lock. */
void call_refused(const struct call *c, const char *what, const char *detail, int error);

/* A blocking operation of a worker: runs it with interruption by signals of the caller and by its death.
 * Returns the operation's result, or -KERNEL_ERESTARTSYS, or CALL_DONE when the caller is gone. */
int64_t call_blocking(struct call *c, int64_t (*operation)(struct call *, void *), void *argument);

/* Dispatch: runs the handler of the call and answers, or hands it to a worker. */
void call_dispatch(struct call *c);
/* Runs the handler and answers; c is finished afterwards. */
void call_run(struct call *c);
void call_release(struct call *c);

/* Handlers (return value: see above). */
int64_t net_connect(struct call *c);
int64_t net_listen(struct call *c);
int64_t net_join(struct call *c); /* setsockopt that joins a multicast group */
int64_t net_bind(struct call *c);
int64_t net_sendto(struct call *c);
int64_t net_socket(struct call *c);
int64_t msg_sendmsg(struct call *c);
int64_t msg_sendmmsg(struct call *c);
int64_t msg_shared_table(void);
bool msg_tables_shared(void); /* some process shares its descriptor table with another one */
int64_t recv_from(struct call *c);
int64_t recv_msg(struct call *c);
int64_t net_getpeername(struct call *c);
int64_t file_open(struct call *c);
int64_t file_other(struct call *c); /* names, attributes, control of processes */

#endif
