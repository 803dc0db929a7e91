#include "flush.h"

#include <stdbool.h>
#include <time.h>

#include "call.h"

#define STACK_BYTES (64U << 10)
#define IDLE_ROUNDS 10 /* empty ones before the thread sleeps until it is called: calling it costs a system call */

static pthread_cond_t something = PTHREAD_COND_INITIALIZER;
static bool asleep;

static void *body(void *unused) {
    (void)unused;
    unsigned idle = 0;
    pthread_mutex_lock(&sup.lock);
    for (;;) {
        uint64_t due = event_due();
        if (due == 0) {
            event_flush();
            idle = 0;
        } else if (!event_gathered() && ++idle > IDLE_ROUNDS) {
            asleep = true;
            while (asleep)
                pthread_cond_wait(&something, &sup.lock);
            idle = 0;
        }
        due = event_due();
        pthread_mutex_unlock(&sup.lock);
        struct timespec pause = {0, (long)due * 1000};
        nanosleep(&pause, NULL);
        pthread_mutex_lock(&sup.lock);
    }
    return NULL;
}

int flush_start(void) {
    pthread_attr_t attributes;
    pthread_t thread;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    int rc = pthread_create(&thread, &attributes, body, NULL);
    pthread_attr_destroy(&attributes);
    return rc;
}

void flush_soon(void) {
    if (asleep && event_gathered()) {
        asleep = false;
        pthread_cond_signal(&something);
    }
}
