#include "own.h"

#include <dirent.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "inetdiag.h"
#include "target.h"
#include "util.h"

#define HELPER "harden-helper" /* as /proc/PID/comm shows it */
#define CACHE 4096U /* a power of two; a lost entry costs one search */
static uint64_t cache[CACHE];

void own_register(uint64_t inode) {
    if (inode != 0)
        cache[inode % CACHE] = inode;
}

/* Whose a socket is. The processes of another helper are of another launch of the same user, most often of the same
 * build: they are supervised as well. */
enum owner { STRANGER, OTHER_BLOCK, THIS_BLOCK };

/* All processes, from one pass over /proc: pairs are read first, then ancestry is followed. */
struct process {
    pid_t pid, parent;
    bool known, helper;
    enum owner owner;
};

static int by_pid(const void *a, const void *b) {
    pid_t x = ((const struct process *)a)->pid, y = ((const struct process *)b)->pid;
    return (x > y) - (x < y);
}

static enum owner owner_of(struct process *all, size_t count, struct process *p, int depth) {
    if (!p->known && depth < 4096) {
        p->known = true;
        if (p->parent == getpid()) {
            p->owner = THIS_BLOCK;
        } else if (p->parent > 1) {
            struct process wanted = {.pid = p->parent};
            struct process *above = bsearch(&wanted, all, count, sizeof *all, by_pid);
            if (above != NULL)
                p->owner = above->helper ? OTHER_BLOCK : owner_of(all, count, above, depth + 1);
        }
    }
    return p->owner;
}

/* Below a process that is called like the helper, and with a filter that cannot be put off. */
static bool filtered(pid_t pid) {
    char status[8192];
    return target_proc(pid, "status", status, sizeof status) > 0 && strstr(status, "\nNoNewPrivs:\t1\n") != NULL &&
           strstr(status, "\nSeccomp:\t2\n") != NULL;
}

static bool holds(pid_t pid, uint64_t inode) {
    char path[64], link[64], wanted[48];
    snprintf(path, sizeof path, "/proc/%d/fd", pid);
    snprintf(wanted, sizeof wanted, "socket:[%llu]", (unsigned long long)inode);
    DIR *d = opendir(path);
    if (d == NULL)
        return false;
    struct dirent *e;
    bool found = false;
    while (!found && (e = readdir(d)) != NULL) {
        ssize_t n = readlinkat(dirfd(d), e->d_name, link, sizeof link - 1);
        if (n > 0) {
            link[n] = '\0';
            found = strcmp(link, wanted) == 0;
        }
    }
    closedir(d);
    return found;
}

static enum owner search(uint64_t inode) {
    struct process *all = NULL;
    size_t count = 0, room = 0;
    struct dirent *e;
    DIR *d = opendir("/proc");
    if (d == NULL)
        return STRANGER;
    while ((e = readdir(d)) != NULL) {
        pid_t pid = (pid_t)strtol(e->d_name, NULL, 10);
        if (pid <= 1)
            continue;
        if (count == room) {
            room = room ? 2 * room : 256;
            struct process *more = realloc(all, room * sizeof *all);
            if (more == NULL)
                break;
            all = more;
        }
        char name[16];
        pid_t parent = target_parent_name(pid, name);
        all[count++] = (struct process){.pid = pid, .parent = parent, .helper = parent >= 0 && strcmp(name, HELPER) == 0};
    }
    closedir(d);
    if (count > 0)
        qsort(all, count, sizeof *all, by_pid);
    enum owner found = STRANGER;
    for (size_t i = 0; i < count && found != THIS_BLOCK; i++) {
        enum owner owner = owner_of(all, count, &all[i], 0);
        if (owner > found && holds(all[i].pid, inode) && (owner == THIS_BLOCK || filtered(all[i].pid)))
            found = owner;
    }
    free(all);
    return found;
}

static enum owner find_owner(uint64_t inode) {
    if (inode == 0)
        return STRANGER;
    if (cache[inode % CACHE] == inode)
        return THIS_BLOCK;
    /* The search costs milliseconds on a machine with many processes. A stranger's socket stays one for a moment; being
     * wrong about that refuses, and what this block listens on is in the cache above. */
    static struct {
        uint64_t inode, until_us;
        enum owner owner;
    } lately[64];
    uint64_t now = monotonic_us();
    if (lately[inode % 64].inode == inode && now < lately[inode % 64].until_us)
        return lately[inode % 64].owner;
    enum owner owner = search(inode);
    if (owner == THIS_BLOCK) {
        own_register(inode);
    } else {
        lately[inode % 64].inode = inode;
        lately[inode % 64].until_us = now + 1000000;
        lately[inode % 64].owner = owner;
    }
    return owner;
}

static bool is_own(uint64_t inode) { return find_owner(inode) == THIS_BLOCK; }

bool own_socket(uint64_t inode) { return find_owner(inode) != STRANGER; }

bool own_process(pid_t pid) {
    char name[16];
    if (target_is_descendant(pid))
        return true;
    bool helper = false;
    pid_t above = target_parent_name(pid, name);
    for (int depth = 0; depth < 4096 && above > 1 && !helper; depth++) {
        pid_t next = target_parent_name(above, name);
        helper = next >= 0 && strcmp(name, HELPER) == 0;
        above = next;
    }
    return helper && filtered(pid);
}

/* An address of /proc/net/{tcp,udp}[6]: 32-bit words in host byte order. */
static bool parse_hex_address(const char *text, bool six, unsigned char out[16]) {
    unsigned words = six ? 4 : 1;
    unsigned char *at = six ? out : out + 12;
    if (!six) {
        memset(out, 0, 10);
        out[10] = out[11] = 0xff;
    }
    for (unsigned i = 0; i < words; i++) {
        char part[9] = {0};
        memcpy(part, text + 8 * i, 8);
        char *end;
        uint32_t word = (uint32_t)strtoul(part, &end, 16);
        if (end != part + 8)
            return false;
        memcpy(at + 4 * i, &word, 4);
    }
    return true;
}

/* Whether a packet to `e` could be given to a socket bound to `bound`. */
static bool receives(const unsigned char bound[16], const struct endpoint *e) {
    static const unsigned char zero[16], mapped_any[16] = {[10] = 0xff, [11] = 0xff};
    bool any4 = memcmp(bound, mapped_any, 16) == 0, any6 = memcmp(bound, zero, 16) == 0;
    if (any6)
        return true; /* also IPv4, unless IPV6_V6ONLY, which /proc does not tell: then the answer is stricter */
    if (e->v4)
        return any4 || memcmp(bound, e->address, 16) == 0 || memcmp(e->address + 12, zero, 4) == 0;
    return memcmp(bound, e->address, 16) == 0 || memcmp(e->address, zero, 16) == 0;
}

struct listening {
    const struct endpoint *endpoint;
    bool some, all_own;
};

static bool consider(const unsigned char bound[16], uint64_t inode, void *context) {
    struct listening *l = context;
    if (receives(bound, l->endpoint)) {
        l->some = true;
        l->all_own = is_own(inode);
    }
    return l->all_own;
}

/* Adds up the sockets of one table: *some when one could receive, false when one of those is not the block's. */
static bool scan(const char *path, bool six, bool tcp, const struct endpoint *e, bool *some) {
    struct listening l = {.endpoint = e, .all_own = true};
    if (tcp && inet_listeners(six ? AF_INET6 : AF_INET, e->port, consider, &l)) {
        *some |= l.some;
        return l.all_own;
    }
    /* The supervisor's own network namespace, never the caller's: a process that has entered a namespace of its own
     * could otherwise listen there and be let through to a stranger's port here. */
    FILE *f = fopen(path, "re");
    if (f == NULL)
        return true;
    char line[512];
    bool all_own = true;
    if (fgets(line, sizeof line, f) == NULL) /* the headings */
        all_own = false;
    while (all_own && fgets(line, sizeof line, f) != NULL) {
        char local[40], remote[40];
        unsigned local_port, state;
        unsigned long long inode;
        if (sscanf(line, " %*d: %32[0-9A-Fa-f]:%4x %32[0-9A-Fa-f]:%*4x %2x %*s %*s %*s %*u %*d %llu", local, &local_port,
                   remote, &state, &inode) != 5)
            continue;
        unsigned char bound[16];
        if (local_port != e->port || (tcp && state != 10 /* TCP_LISTEN */) || strlen(local) != (six ? 32u : 8u) ||
            !parse_hex_address(local, six, bound) || !receives(bound, e))
            continue;
        *some = true;
        all_own = is_own(inode);
    }
    fclose(f);
    return all_own;
}

bool own_listener(enum protocol protocol, const struct endpoint *e) {
    bool tcp = protocol == PROTOCOL_TCP, some = false;
    /* An IPv6 socket bound to :: receives IPv4 too, so both tables count. */
    if (e->v4 && !scan(tcp ? "/proc/self/net/tcp" : "/proc/self/net/udp", false, tcp, e, &some))
        return false;
    return scan(tcp ? "/proc/self/net/tcp6" : "/proc/self/net/udp6", true, tcp, e, &some) && some;
}

bool own_abstract(const char *name, size_t length, bool *found) {
    /* Each socket is a line there, in which such a name is not to be found. Nobody but an attacker chooses one. */
    *found = memchr(name, '\n', length) != NULL;
    if (*found)
        return false;
    FILE *f = fopen("/proc/self/net/unix", "re");
    if (f == NULL)
        return false;
    char line[512];
    bool own = true;
    if (fgets(line, sizeof line, f) == NULL) /* the headings */
        own = false;
    while (fgets(line, sizeof line, f) != NULL) {
        unsigned long long inode;
        int at = 0;
        if (sscanf(line, "%*x: %*x %*x %*x %*x %*x %llu %n", &inode, &at) != 1 || at == 0 || line[at] != '@')
            continue;
        size_t n = strcspn(line + at + 1, "\n");
        /* /proc shows NUL bytes inside the name as '@'. */
        bool same = n == length;
        for (size_t i = 0; same && i < n; i++)
            same = line[at + 1 + (int)i] == name[i] || (name[i] == '\0' && line[at + 1 + (int)i] == '@');
        if (same) {
            *found = true;
            own = own && is_own(inode);
        }
    }
    fclose(f);
    return *found && own;
}
