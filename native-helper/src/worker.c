#include "worker.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "target.h"

#define IDLE_MAX 4U
#define STACK_BYTES (160U << 10)
#define TICK_NS 20000000L

enum interruption { NOT_INTERRUPTED, BY_SIGNAL, BY_DEATH };

struct worker {
    struct worker *next; /* in `busy` */
    pthread_t thread;
    struct call call;
    bool blocking;       /* inside a blocking operation, may be interrupted */
    enum interruption interruption;
    bool shared_before;  /* a process-wide signal was pending at the last tick already */
};

struct job {
    struct job *next;
    struct call call;
};

static pthread_mutex_t pool_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t work = PTHREAD_COND_INITIALIZER, watch = PTHREAD_COND_INITIALIZER;
static struct worker *busy;
static struct job *queue, **queue_end = &queue;
static unsigned workers, idle, queued;
static bool monitor_runs;
static _Thread_local struct worker *self;

static void wake_up(int number) { (void)number; /* only so that a blocking call returns EINTR */ }

/* SIGUSR1 interrupts the calling thread, whatever mask the front was started with. */
static void worker_signals(void) {
    struct sigaction action = {.sa_handler = wake_up}; /* without SA_RESTART */
    sigaction(SIGUSR1, &action, NULL);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

static bool start(void *(*body)(void *), void *argument) {
    pthread_attr_t attributes;
    pthread_t thread;
    if (pthread_attr_init(&attributes) != 0)
        return false;
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    int rc = pthread_create(&thread, &attributes, body, argument);
    pthread_attr_destroy(&attributes);
    return rc == 0;
}

/* Looks after the callers of blocked workers: a signal for a caller or its death must end the wait that it would have
 * ended without a supervisor. The signal cannot be seen otherwise, because the kernel keeps signals from interrupting
 * a wait for an answer. */
static void *monitor(void *unused) {
    (void)unused;
    pthread_mutex_lock(&pool_lock);
    for (;;) {
        bool any = false;
        for (struct worker *w = busy; w != NULL; w = w->next) {
            if (!w->blocking)
                continue;
            any = true;
            bool shared = false;
            if (w->interruption == NOT_INTERRUPTED) {
                if (!call_alive(&w->call)) {
                    w->interruption = BY_DEATH;
                } else if (target_interrupted(call_tid(&w->call), &shared)) {
                    /* A signal to the process may be about to be taken by another thread: wait one tick. */
                    if (!shared || w->shared_before)
                        w->interruption = BY_SIGNAL;
                    w->shared_before = shared;
                } else {
                    w->shared_before = false;
                }
            }
            /* Repeated each tick: the signal may come before the thread is inside the blocking call. */
            if (w->interruption != NOT_INTERRUPTED)
                pthread_kill(w->thread, SIGUSR1);
        }
        if (!any) {
            pthread_cond_wait(&watch, &pool_lock);
            continue;
        }
        pthread_mutex_unlock(&pool_lock);
        struct timespec tick = {0, TICK_NS};
        nanosleep(&tick, NULL);
        pthread_mutex_lock(&pool_lock);
    }
    return NULL;
}

int64_t call_blocking(struct call *c, int64_t (*operation)(struct call *, void *), void *argument) {
    struct worker *w = self;
    pthread_mutex_lock(&pool_lock);
    w->call.notif = c->notif;
    w->blocking = true;
    w->interruption = NOT_INTERRUPTED;
    w->shared_before = false;
    pthread_cond_signal(&watch);
    pthread_mutex_unlock(&pool_lock);

    int64_t result = operation(c, argument);

    pthread_mutex_lock(&pool_lock);
    w->blocking = false;
    enum interruption why = w->interruption;
    pthread_mutex_unlock(&pool_lock);
    if (why == BY_DEATH)
        return result == -EINTR ? CALL_DONE : result;
    return result == -EINTR ? -KERNEL_ERESTARTSYS : result;
}

static void *body(void *argument) {
    struct worker w = {.call = *(struct call *)argument};
    free(argument);
    w.thread = pthread_self();
    worker_signals();
    self = &w;
    pthread_mutex_lock(&pool_lock);
    for (;;) {
        w.next = busy;
        busy = &w;
        pthread_mutex_unlock(&pool_lock);
        struct call call = w.call;
        call_run(&call);
        pthread_mutex_lock(&pool_lock);
        for (struct worker **at = &busy; *at != NULL; at = &(*at)->next)
            if (*at == &w) {
                *at = w.next;
                break;
            }
        if (queue == NULL && idle >= IDLE_MAX)
            break;
        idle++;
        while (queue == NULL)
            pthread_cond_wait(&work, &pool_lock);
        idle--;
        struct job *job = queue;
        queue = job->next;
        if (queue == NULL)
            queue_end = &queue;
        queued--;
        w.call = job->call;
        free(job);
    }
    workers--;
    pthread_mutex_unlock(&pool_lock);
    return NULL;
}

bool worker_submit(const struct call *c) {
    bool ok = false;
    pthread_mutex_lock(&pool_lock);
    if (!monitor_runs) {
        monitor_runs = start(monitor, NULL);
        if (!monitor_runs)
            goto out;
    }
    if (idle > queued) {
        struct job *job = malloc(sizeof *job);
        if (job != NULL) {
            job->next = NULL;
            job->call = *c;
            *queue_end = job;
            queue_end = &job->next;
            queued++;
            pthread_cond_signal(&work);
            ok = true;
        }
    } else if (workers < WORKERS_MAX) {
        struct call *copy = malloc(sizeof *copy);
        if (copy != NULL) {
            *copy = *c;
            workers++;
            ok = start(body, copy);
            if (!ok) {
                workers--;
                free(copy);
            }
        }
    }
out:
    pthread_mutex_unlock(&pool_lock);
    return ok;
}
