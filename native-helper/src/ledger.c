#include "ledger.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "holders.h"
#include "target.h"
#include "uapi.h"
#include "util.h"

#define BUCKETS 1024U      /* a power of two */
#define ENTRIES_MAX 16384U /* beyond that socket() fails */
#define CLEAN 1024U
#define FADED 1024U
#define INTERVAL_MS 50
#define THREAD_STACK (128U << 10)

struct entry {
    struct entry *next;
    uint64_t inode, made_us;
    int fd; /* -1: let go, but alive (a datagram socket whose holders were not found) */
    bool datagram, young;
    pid_t owner, holder;
    int number; /* in the holder's table */
};

bool ledger_is_on;
static struct entry *buckets[BUCKETS];
static unsigned entries, datagrams, entries_max;
static struct {
    pid_t process;
    uint64_t since_us;
} clean[CLEAN]; /* processes that held no datagram socket at a moment that is certain */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int waiting = -1; /* epoll: connections that are being made */
static int kick = -1;
/* epoll, never waited on. A registration does not hold a socket, and ends with it: so what is registered is alive. */
static int alive = -1;
static struct {
    uint64_t inode, cookie;
} faded[FADED];
static unsigned next_faded;

static struct entry **find(uint64_t inode) {
    struct entry **at = &buckets[inode % BUCKETS];
    while (*at != NULL && (*at)->inode != inode)
        at = &(*at)->next;
    return at;
}

static void forget(struct entry **at) {
    struct entry *e = *at;
    *at = e->next;
    entries--;
    datagrams -= e->datagram;
    free(e);
}

/* Closes the copy. A datagram socket is remembered until the kernel says that it is gone: see survivors(). */
static void let_go(struct entry **at) {
    struct entry *e = *at;
    if (e->fd >= 0) {
        uint64_t cookie = 0;
        socklen_t n = sizeof cookie;
        if (!e->datagram && getsockopt(e->fd, SOL_SOCKET, SO_COOKIE, &cookie, &n) == 0) {
            faded[next_faded % FADED].inode = e->inode;
            faded[next_faded++ % FADED].cookie = cookie;
        }
        (void)epoll_ctl(waiting, EPOLL_CTL_DEL, e->fd, NULL);
        close(e->fd);
        e->fd = -1;
    }
    if (!e->datagram)
        forget(at);
}

int64_t ledger_add(int copy, pid_t owner) {
    struct stat st;
    int type = 0, domain = 0;
    socklen_t n = sizeof type, m = sizeof domain;
    struct entry *e = calloc(1, sizeof *e);
    struct epoll_event event = {0};
    bool known = e != NULL && fstat(copy, &st) == 0 && getsockopt(copy, SOL_SOCKET, SO_TYPE, &type, &n) == 0 &&
                 getsockopt(copy, SOL_SOCKET, SO_DOMAIN, &domain, &m) == 0;
    bool datagram = type == SOCK_DGRAM && domain != AF_NETLINK; /* netlink goes to the kernel only */
    pthread_mutex_lock(&lock);
    /* Numbers are 32 bits: after billions of sockets one could come round while its first bearer lives. */
    bool ok = known && entries < entries_max && *find((uint64_t)st.st_ino) == NULL && (!datagram || epoll_ctl(alive, EPOLL_CTL_ADD, copy, &event) == 0);
    if (ok) {
        *e = (struct entry){.inode = st.st_ino, .made_us = boottime_us(), .fd = copy, .datagram = datagram, .young = true, .owner = owner};
        e->next = buckets[e->inode % BUCKETS];
        buckets[e->inode % BUCKETS] = e;
        datagrams += datagram;
        if (entries++ == 0)
            (void)eventfd_write(kick, 1);
    }
    pthread_mutex_unlock(&lock);
    if (ok)
        return (int64_t)st.st_ino;
    close(copy);
    free(e);
    return -ENFILE;
}

void ledger_given(uint64_t inode, pid_t tid, int fd) {
    pthread_mutex_lock(&lock);
    struct entry *e = *find(inode);
    if (e != NULL) {
        e->young = false;
        e->holder = tid;
        e->number = fd;
    }
    pthread_mutex_unlock(&lock);
}

void ledger_drop(uint64_t inode) {
    pthread_mutex_lock(&lock);
    struct entry **at = find(inode);
    if (*at != NULL) {
        (*at)->young = false;
        let_go(at);
    }
    pthread_mutex_unlock(&lock);
}

void ledger_leave(int fd) {
    struct stat st;
    if (fstat(fd, &st) == 0)
        ledger_drop(st.st_ino);
}

void ledger_watch(int fd) {
    struct stat st;
    if (fstat(fd, &st) != 0)
        return;
    pthread_mutex_lock(&lock);
    struct entry *e = *find(st.st_ino);
    if (e != NULL && e->fd >= 0) {
        struct epoll_event event = {.events = EPOLLOUT | EPOLLONESHOT, .data.u64 = e->inode};
        if (epoll_ctl(waiting, EPOLL_CTL_ADD, e->fd, &event) != 0)
            (void)epoll_ctl(waiting, EPOLL_CTL_MOD, e->fd, &event);
    }
    pthread_mutex_unlock(&lock);
}

static void connected(uint64_t inode) {
    pthread_mutex_lock(&lock);
    struct entry **at = find(inode);
    struct tcp_info info = {0};
    socklen_t n = sizeof info;
    if (*at != NULL && (*at)->fd >= 0 && getsockopt((*at)->fd, IPPROTO_TCP, TCP_INFO, &info, &n) == 0 &&
        info.tcpi_state != TCP_CLOSE && info.tcpi_state != TCP_SYN_SENT)
        let_go(at); /* otherwise it has failed, and may be tried again */
    pthread_mutex_unlock(&lock);
}

/* The inode of the thread's descriptor if it is a socket; 0 with *error set otherwise. */
static uint64_t inode_of(pid_t tid, int fd, int *error) {
    char name[24], link[64];
    snprintf(name, sizeof name, "fd/%d", fd);
    ssize_t n = fd < 0 ? -ENOENT : target_link(tid, name, link, sizeof link);
    if (n < 0) {
        char any[8];
        *error = n != -ENOENT ? (int)n : target_proc(tid, "comm", any, sizeof any) < 0 ? -ESRCH : -EBADF;
        return 0;
    }
    uint64_t inode = holders_socket(link);
    *error = -ENOTSOCK;
    return inode;
}

int ledger_descriptor(pid_t tid, int fd) {
    int result;
    uint64_t inode = inode_of(tid, fd, &result);
    if (inode == 0)
        return result;
    pthread_mutex_lock(&lock);
    const struct entry *e = *find(inode);
    if (e == NULL || e->fd < 0)
        result = e != NULL ? -EACCES : -EISCONN;
    else if ((result = fcntl(e->fd, F_DUPFD_CLOEXEC, 3)) < 0)
        result = -errno;
    pthread_mutex_unlock(&lock);
    return result;
}

uint64_t ledger_cookie(pid_t tid, int fd) {
    int error;
    uint64_t inode = inode_of(tid, fd, &error), cookie = 0;
    pthread_mutex_lock(&lock);
    for (unsigned i = 0; inode != 0 && i < FADED && cookie == 0; i++)
        if (faded[i].inode == inode)
            cookie = faded[i].cookie;
    pthread_mutex_unlock(&lock);
    return cookie;
}

bool ledger_datagrams(void) {
    pthread_mutex_lock(&lock);
    bool any = datagrams > 0;
    pthread_mutex_unlock(&lock);
    return any;
}

bool ledger_is_tight(void) {
    pthread_mutex_lock(&lock);
    bool tight = entries >= entries_max - entries_max / 8;
    pthread_mutex_unlock(&lock);
    return tight;
}

static bool is_datagram(uint64_t inode, void *unused) {
    (void)unused;
    const struct entry *e = *find(inode);
    return e != NULL && e->datagram;
}

bool ledger_table_has_datagram(pid_t tid) {
    pthread_mutex_lock(&lock);
    enum holders_answer a = holders_table(tid, is_datagram, NULL);
    pthread_mutex_unlock(&lock);
    return a != HOLDERS_NONE;
}

bool ledger_may_hold_datagram(pid_t process) {
    uint64_t started = target_started_us(process), since = 0; /* rounded down */
    bool may = started == 0;
    pthread_mutex_lock(&lock);
    if (clean[(unsigned)process % CLEAN].process == process && clean[(unsigned)process % CLEAN].since_us > started)
        since = clean[(unsigned)process % CLEAN].since_us;
    for (unsigned i = 0; i < BUCKETS && datagrams > 0 && !may; i++)
        for (const struct entry *e = buckets[i]; e != NULL && !may; e = e->next)
            /* A fork that began before the socket was made has copied the table without it. */
            may = e->datagram && e->made_us >= since && (e->owner == process || e->made_us < started + 50000U);
    pthread_mutex_unlock(&lock);
    return may;
}

void ledger_clean(pid_t process, uint64_t moment) {
    pthread_mutex_lock(&lock);
    clean[(unsigned)process % CLEAN].process = process;
    clean[(unsigned)process % CLEAN].since_us = moment;
    pthread_mutex_unlock(&lock);
}

/* ---- letting go ---- */

/* Forgets the datagram sockets without a copy that have ended: the kernel has ended their registration. */
static void survivors(void) {
    static uint64_t *left;
    static size_t room;
    char path[48], line[256];
    size_t count = 0;
    snprintf(path, sizeof path, "/proc/self/fdinfo/%d", alive);
    pthread_mutex_lock(&lock);
    FILE *f = fopen(path, "re");
    bool whole = f != NULL;
    while (f != NULL && fgets(line, sizeof line, f) != NULL) {
        const char *at = strstr(line, " ino:");
        if (at == NULL)
            continue;
        if (count == room) {
            uint64_t *more = realloc(left, (room += 256) * sizeof *left);
            if (more == NULL) {
                room -= 256;
                whole = false;
                break;
            }
            left = more;
        }
        left[count++] = strtoull(at + 5, NULL, 16);
    }
    if (f != NULL)
        fclose(f);
    if (count > 0)
        qsort(left, count, sizeof *left, holders_by_number);
    for (unsigned i = 0; i < BUCKETS && whole; i++)
        for (struct entry **at = &buckets[i]; *at != NULL;)
            if ((*at)->fd < 0 && (count == 0 || bsearch(&(*at)->inode, left, count, sizeof *left, holders_by_number) == NULL))
                forget(at);
            else
                at = &(*at)->next;
    pthread_mutex_unlock(&lock);
}

/* Copies of what has no holder where it was last seen. Their number; *out is the caller's to free. */
static size_t suspects(struct holders_wanted **out) {
    size_t count = 0, kept = 0;
    pthread_mutex_lock(&lock);
    struct holders_wanted *all = calloc(entries ? entries : 1, sizeof *all);
    for (unsigned i = 0; i < BUCKETS && all != NULL; i++)
        for (const struct entry *e = buckets[i]; e != NULL; e = e->next)
            if (e->fd >= 0 && !e->young)
                all[count++] = (struct holders_wanted){.inode = e->inode, .holder = e->holder, .number = e->number};
    pthread_mutex_unlock(&lock);
    for (size_t i = 0; i < count; i++) {
        int error;
        if (inode_of(all[i].holder, all[i].number, &error) != all[i].inode)
            all[kept++] = all[i];
    }
    *out = all;
    return kept;
}

void ledger_sweep(void) {
    static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER;
    struct holders_wanted *wanted;
    bool ghosts = false;
    pthread_mutex_lock(&one);
    size_t count = suspects(&wanted);
    if (count > 0) {
        bool whole = holders_search(wanted, count);
        pthread_mutex_lock(&lock);
        for (size_t i = 0; i < count; i++) {
            struct entry **at = find(wanted[i].inode);
            if (*at == NULL)
                continue;
            if (wanted[i].found) {
                (*at)->holder = wanted[i].holder;
                (*at)->number = wanted[i].number;
            } else if (whole) {
                let_go(at);
            }
        }
        pthread_mutex_unlock(&lock);
    }
    free(wanted);
    pthread_mutex_lock(&lock);
    for (unsigned i = 0; i < BUCKETS && datagrams > 0 && !ghosts; i++)
        for (const struct entry *e = buckets[i]; e != NULL && !ghosts; e = e->next)
            ghosts = e->fd < 0;
    pthread_mutex_unlock(&lock);
    if (ghosts)
        survivors();
    pthread_mutex_unlock(&one);
}

static void *watcher(void *unused) {
    (void)unused;
    uint64_t due = 0, pause_us = INTERVAL_MS * 1000U;
    for (;;) {
        struct epoll_event events[64];
        pthread_mutex_lock(&lock);
        bool idle = entries == 0;
        pthread_mutex_unlock(&lock);
        int n = epoll_wait(waiting, events, 64, idle ? -1 : (int)(pause_us / 1000U));
        for (int i = 0; i < n; i++) {
            eventfd_t value;
            if (events[i].data.u64 != 0)
                connected(events[i].data.u64);
            else
                (void)eventfd_read(kick, &value);
        }
        uint64_t now = monotonic_us();
        if (now < due)
            continue;
        ledger_sweep();
        /* At most a twentieth of a processor, however many processes there are. */
        pause_us = (monotonic_us() - now) * 20;
        pause_us = pause_us < INTERVAL_MS * 1000U ? INTERVAL_MS * 1000U : pause_us > 2000000U ? 2000000U : pause_us;
        due = monotonic_us() + pause_us;
    }
    return NULL;
}

int ledger_start(void) {
    pthread_t thread;
    pthread_attr_t attributes;
    struct epoll_event event = {.events = EPOLLIN};
    struct rlimit files;
    /* The supervisor needs descriptors for everything else, too. */
    entries_max = getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_max / 2 < ENTRIES_MAX ? (unsigned)files.rlim_max / 2 : ENTRIES_MAX;
    waiting = epoll_create1(EPOLL_CLOEXEC);
    alive = epoll_create1(EPOLL_CLOEXEC);
    kick = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (waiting < 0 || alive < 0 || kick < 0 || epoll_ctl(waiting, EPOLL_CTL_ADD, kick, &event) != 0)
        return -errno;
    if (pthread_attr_init(&attributes) != 0)
        return -ENOMEM;
    pthread_attr_setstacksize(&attributes, THREAD_STACK);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    int rc = pthread_create(&thread, &attributes, watcher, NULL);
    pthread_attr_destroy(&attributes);
    ledger_is_on = rc == 0;
    return -rc;
}
