#include "gate.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "ledger.h"
#include "net.h"
#include "target.h"
#include "util.h"

#define SENDS 256U          /* under way at once; further ones wait */
#define SEND_MS 2000U       /* as long as a name lookup of another thread may take */
#define TAKE_MS 3000U
#define STUBBORN_US 5000000U /* a process that was refused is not waited for again so soon */
#define PAUSE_NS 2000000L

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pid_t sends[SENDS]; /* threads whose send the kernel performs, 0: free */
static unsigned under_way; /* atomic */
static unsigned takers;    /* that wait; they go first */
static struct {
    pid_t process;
    uint64_t until_us;
} stubborn[64];

static void over(unsigned i) {
    sends[i] = 0;
    __atomic_sub_fetch(&under_way, 1, __ATOMIC_RELEASE);
}

void gate_seen(pid_t tid) {
    if (__atomic_load_n(&under_way, __ATOMIC_ACQUIRE) == 0)
        return;
    pthread_mutex_lock(&lock);
    for (unsigned i = 0; i < SENDS; i++)
        if (sends[i] == tid)
            over(i);
    pthread_mutex_unlock(&lock);
}

/* A thread that sleeps in another system call has left this one. While it runs, nothing can be told; nor while it is seen
 * in a send, which may still read the descriptors that the message carries. */
static bool has_left(pid_t tid) {
    char text[256];
    ssize_t n = target_proc(tid, "syscall", text, sizeof text);
    if (n < 0)
        return n == -ENOENT || n == -ESRCH;
    char *end;
    long number = strtol(text, &end, 10);
    return end != text && number != SYS_sendto && number != SYS_sendmsg && number != SYS_sendmmsg;
}

/* Needs the lock. Whether a send of this process may be under way; clears what is known to be over. */
static bool sending(pid_t process) {
    bool any = false;
    for (unsigned i = 0; i < SENDS && __atomic_load_n(&under_way, __ATOMIC_RELAXED) > 0; i++) {
        if (sends[i] == 0)
            continue;
        pid_t group = target_group(sends[i]);
        if (has_left(sends[i]) || group == -ENOENT || group == -ESRCH)
            over(i);
        else if (group == process || group < 0 || msg_tables_shared())
            any = true;
    }
    return any;
}

/* Alone in its table, and waiting (the caller asks call_alive() afterwards): what is there now stays. */
static bool alone(const struct call *c) { return !msg_tables_shared() && target_threads(call_tid(c)) == 1; }

void gate_started(const struct call *c) {
    uint64_t now = boottime_us();
    if (ledger_datagrams() && alone(c) && !ledger_table_has_datagram(call_tid(c)) && call_alive(c))
        ledger_clean(call_tid(c), now); /* the only thread of a process has its number */
}

/* Needs the lock. */
static bool harmless(const struct call *c) {
    if (!ledger_datagrams())
        return true;
    if (msg_tables_shared())
        return false;
    /* Where there are other threads, they could move a socket about while the table is read: only its origin tells. */
    if (alone(c))
        return !ledger_table_has_datagram(call_tid(c));
    pid_t process = target_group(call_tid(c));
    return process > 0 && !ledger_may_hold_datagram(process);
}

static bool pass(const struct call *c) {
    bool passed = false;
    pthread_mutex_lock(&lock);
    unsigned i = 0;
    while (i < SENDS && sends[i] != 0)
        i++;
    if (i == SENDS)
        (void)sending(0); /* clears */
    else if (takers == 0 && harmless(c) && call_alive(c)) {
        sends[i] = call_tid(c);
        __atomic_add_fetch(&under_way, 1, __ATOMIC_RELEASE);
        call_answer(c, CALL_CONTINUE);
        passed = true;
    }
    pthread_mutex_unlock(&lock);
    return passed;
}

static void wait_a_little(void) {
    struct timespec pause = {0, PAUSE_NS};
    nanosleep(&pause, NULL);
}

int64_t gate_send(struct call *c, int flags) {
    if (flags & MSG_FASTOPEN)
        return -EISCONN; /* here an address would count */
    if (pass(c))
        return CALL_DONE;
    pid_t process = target_group(call_tid(c));
    unsigned slot = (unsigned)process % ARRAY_LENGTH(stubborn);
    pthread_mutex_lock(&lock);
    bool given_up = stubborn[slot].process == process && monotonic_us() < stubborn[slot].until_us;
    pthread_mutex_unlock(&lock);
    if (!given_up && !c->in_worker)
        return CALL_WORKER;
    for (uint64_t end = monotonic_us() + SEND_MS * 1000U; !given_up && monotonic_us() < end;) {
        ledger_sweep();
        if (pass(c) || !call_alive(c))
            return CALL_DONE;
        wait_a_little();
    }
    pthread_mutex_lock(&lock);
    stubborn[slot].process = process;
    stubborn[slot].until_us = monotonic_us() + STUBBORN_US;
    pthread_mutex_unlock(&lock);
    call_refused(c, "socket", "sendmsg on a connected socket by a process that holds a datagram socket as well", EACCES);
    return -EACCES;
}

int64_t gate_take(struct call *c) {
    pid_t process = target_group(call_tid(c));
    pthread_mutex_lock(&lock);
    if (!sending(process))
        return 0;
    if (!c->in_worker) {
        pthread_mutex_unlock(&lock);
        return CALL_WORKER;
    }
    takers++;
    uint64_t end = monotonic_us() + TAKE_MS * 1000U;
    bool busy = true;
    while (busy && monotonic_us() < end && call_alive(c)) {
        pthread_mutex_unlock(&lock);
        wait_a_little();
        pthread_mutex_lock(&lock);
        busy = sending(process);
    }
    takers--;
    if (!busy)
        return 0;
    pthread_mutex_unlock(&lock);
    return -ENOBUFS;
}

void gate_given(void) { pthread_mutex_unlock(&lock); }
