#include "names.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util.h"

#define BUCKETS 1024U
#define ADDRESSES_MAX 65536U

struct binding {
    char *name;
    uint64_t until_us;
};
struct host {
    struct host *next;
    unsigned char address[16];
    unsigned count;
    struct binding names[]; /* NAMES_PER_ADDRESS */
};
static struct host *buckets[BUCKETS];
static unsigned hosts;

/* One allocation for each address with room that grows by doubling keeps ordinary builds within a few kilobytes. */
static struct host *find(const unsigned char address[16], struct host ***link) {
    struct host **at = &buckets[hash_bytes(address, 16) % BUCKETS];
    while (*at != NULL && memcmp((*at)->address, address, 16) != 0)
        at = &(*at)->next;
    *link = at;
    return *at;
}

void names_bind(const unsigned char address[16], const char *name, uint32_t ttl_s) {
    uint64_t now = monotonic_us(), until = UINT64_MAX;
    if (ttl_s != NAMES_FOR_EVER) {
        if (ttl_s > 86400)
            ttl_s = 86400;
        until = now + ((uint64_t)ttl_s + (ttl_s > NAMES_GRACE_S ? ttl_s : NAMES_GRACE_S)) * 1000000U;
    }
    struct host **link, *h = find(address, &link);
    unsigned free_at = UINT32_MAX, oldest = 0;
    for (unsigned i = 0; h != NULL && i < h->count; i++) {
        if (strcmp(h->names[i].name, name) == 0) {
            if (h->names[i].until_us < until)
                h->names[i].until_us = until;
            return;
        }
        if (h->names[i].until_us <= now)
            free_at = i;
        if (h->names[i].until_us < h->names[oldest].until_us)
            oldest = i;
    }
    char *copy = strdup(name);
    if (copy == NULL)
        return; /* an address without its name is judged as a bare address: stricter, not weaker */
    if (h != NULL && free_at == UINT32_MAX && h->count == NAMES_PER_ADDRESS)
        free_at = oldest;
    if (free_at != UINT32_MAX) {
        free(h->names[free_at].name);
        h->names[free_at] = (struct binding){copy, until};
        return;
    }
    unsigned count = h != NULL ? h->count : 0;
    if (h == NULL && hosts >= ADDRESSES_MAX) {
        free(copy);
        return;
    }
    if ((count & (count - 1)) == 0) { /* 0, 1, 2, 4, …: full, double it */
        struct host *more = realloc(h, sizeof *more + (count ? 2 * count : 1) * sizeof more->names[0]);
        if (more == NULL) {
            free(copy);
            return;
        }
        if (h == NULL) {
            more->next = NULL;
            memcpy(more->address, address, 16);
            more->count = 0;
            hosts++;
        }
        *link = h = more;
    }
    h->names[h->count++] = (struct binding){copy, until};
}

unsigned names_of(const unsigned char address[16], const char *out[NAMES_PER_ADDRESS]) {
    struct host **link, *h = find(address, &link);
    uint64_t now = monotonic_us();
    unsigned n = 0;
    for (unsigned i = 0; h != NULL && i < h->count; i++)
        if (h->names[i].until_us > now)
            out[n++] = h->names[i].name;
    return n;
}

const char *names_shown(const unsigned char address[16], bool loopback) {
    struct host **link, *h = find(address, &link);
    const struct binding *asked = NULL, *listed = NULL;
    uint64_t now = monotonic_us();
    for (unsigned i = 0; h != NULL && i < h->count; i++) {
        const struct binding *b = &h->names[i];
        if (b->until_us != UINT64_MAX && b->until_us > now)
            asked = b; /* they stand in the order in which they came, but for reused places */
        else if (b->until_us == UINT64_MAX && (loopback ? strcmp(b->name, "localhost") == 0 : listed == NULL))
            listed = b;
    }
    return asked != NULL ? asked->name : listed != NULL ? listed->name : NULL;
}

void names_read_hosts(const char *path) {
    FILE *f = fopen(path, "re");
    if (f == NULL)
        return; /* then libc has no entries either */
    char *line = NULL; /* of any length, as libc reads them */
    size_t room = 0;
    while (getline(&line, &room, f) > 0) {
        char *rest = NULL, *comment = strchr(line, '#');
        if (comment != NULL)
            *comment = '\0';
        char *word = strtok_r(line, " \t\r\n", &rest);
        unsigned char address[16] = {[10] = 0xff, [11] = 0xff};
        if (word == NULL)
            continue;
        if (inet_pton(AF_INET, word, address + 12) != 1 && inet_pton(AF_INET6, word, address) != 1)
            continue;
        while ((word = strtok_r(NULL, " \t\r\n", &rest)) != NULL) {
            for (char *c = word; *c; c++)
                *c = (char)tolower((unsigned char)*c);
            names_bind(address, word, NAMES_FOR_EVER);
        }
    }
    free(line);
    fclose(f);
}
