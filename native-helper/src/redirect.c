#include "redirect.h"

#include <pthread.h>
#include <string.h>

#include "uapi.h"

#define SETS 128U
#define WAYS 8U

static struct entry {
    uint64_t cookie, used; /* used 0: free */
    uint32_t id;
    struct redirect_address peer;
} table[SETS][WAYS];
static uint64_t clock_ticks;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static struct entry *set_of(int fd, uint64_t *cookie) {
    socklen_t n = sizeof *cookie;
    if (getsockopt(fd, SOL_SOCKET, SO_COOKIE, cookie, &n) != 0)
        return NULL;
    return table[*cookie % SETS];
}

void redirect_note(int fd, uint32_t id, const struct redirect_address *peer) {
    uint64_t cookie;
    struct entry *set = set_of(fd, &cookie);
    if (set == NULL)
        return;
    pthread_mutex_lock(&lock);
    struct entry *use = &set[0];
    for (unsigned i = 0; i < WAYS; i++) {
        if (set[i].used != 0 && set[i].cookie == cookie && set[i].id == id) {
            use = &set[i];
            break;
        }
        if (set[i].used < use->used)
            use = &set[i];
    }
    *use = (struct entry){cookie, __atomic_add_fetch(&clock_ticks, 1, __ATOMIC_RELEASE), id, *peer};
    pthread_mutex_unlock(&lock);
}

bool redirect_none(void) { return __atomic_load_n(&clock_ticks, __ATOMIC_ACQUIRE) == 0; }

bool redirect_find(int fd, uint32_t id, struct redirect_address *peer) {
    uint64_t cookie;
    return set_of(fd, &cookie) != NULL && redirect_find_cookie(cookie, id, peer);
}

bool redirect_find_cookie(uint64_t cookie, uint32_t id, struct redirect_address *peer) {
    const struct entry *set = table[cookie % SETS], *best = NULL;
    pthread_mutex_lock(&lock);
    for (unsigned i = 0; i < WAYS; i++) {
        if (set[i].used == 0 || set[i].cookie != cookie)
            continue;
        if (set[i].id == id) {
            best = &set[i];
            break;
        }
        bool connection = set[i].id == REDIRECT_ANY;
        if (best == NULL || connection || (best->id != REDIRECT_ANY && set[i].used > best->used))
            best = &set[i];
    }
    if (best != NULL)
        *peer = best->peer;
    pthread_mutex_unlock(&lock);
    return best != NULL;
}
