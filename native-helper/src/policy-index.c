/* Rules by what they are about: filed at the first look-up, which is in the supervisor, whatever thread that is in. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "policy.h"
#include "util.h"

struct policy_index {
    pthread_mutex_t filing;
    bool filed;
    size_t bucket_mask;
    uint64_t seed; /* of the hash */
    uint32_t *buckets; /* hash table over (kind, prefix, key): index + 1 */
    char *ids; /* of counted rules */
};

void address_mask(unsigned char address[16], unsigned prefix) {
    for (unsigned i = 0; i < 16; i++) {
        unsigned keep = prefix > 8 * i ? prefix - 8 * i : 0;
        if (keep < 8)
            address[i] = (unsigned char)(address[i] & ~(0xffU >> keep));
    }
}

/* A word at a time: a key is hashed for each rule at the start, and for each level of a name that is looked up. */
static uint32_t key_hash(uint64_t seed, enum rule_kind kind, unsigned prefix, const void *key, size_t length) {
    const unsigned char *c = key;
    uint64_t h = seed ^ ((uint64_t)length << 16 | (uint64_t)prefix << 8 | (uint64_t)kind), word;
    for (; length >= 8; c += 8, length -= 8) {
        memcpy(&word, c, 8);
        h = (h ^ word) * 0x9fb21c651e98df25ULL;
        h ^= h >> 35;
    }
    word = 0;
    memcpy(&word, c, length & 7);
    h = (h ^ word) * 0x9fb21c651e98df25ULL;
    return (uint32_t)(h ^ h >> 32);
}

bool policy_index(struct policy *p, size_t id_room) {
    struct policy_index *x = p->index = calloc(1, sizeof *x);
    if (x == NULL)
        return false;
    size_t size = 16;
    while (size < p->rule_count + p->rule_count / 2)
        size *= 2;
    pthread_mutex_init(&x->filing, NULL);
    x->bucket_mask = size - 1;
    x->buckets = calloc(size, sizeof *x->buckets);
    x->ids = malloc(id_room + 1);
    return x->buckets != NULL && x->ids != NULL;
}

/* The identifier of a counted rule; returns the byte behind it. */
static char *write_id(struct rule *r, char *out) {
    memcpy(out, r->id, r->id_length);
    r->id = out;
    return put_decimal(out + r->id_length, r->number) + 1;
}

static void file_rules(const struct policy *p, struct policy_index *x) {
    char *id = x->ids;
    prefault(x->buckets, (x->bucket_mask + 1) * sizeof *x->buckets);
    random_bytes(&x->seed, sizeof x->seed); /* whoever can name hosts must not be able to make them collide */
    for (size_t i = p->rule_count; i-- > 0;) { /* backwards, so that each chain is in the order of the file */
        struct rule *r = &p->rules[i];
        if (r->counted)
            id = write_id(r, id);
        r->hash = key_hash(x->seed, r->kind, r->prefix, rule_key(r), r->key_length);
        uint32_t *bucket = &x->buckets[r->hash & x->bucket_mask];
        r->next = *bucket;
        *bucket = (uint32_t)i + 1;
    }
}

static const struct policy_index *filed(const struct policy *p) {
    struct policy_index *x = p->index;
    if (!__atomic_load_n(&x->filed, __ATOMIC_ACQUIRE)) {
        pthread_mutex_lock(&x->filing);
        if (!x->filed) {
            file_rules(p, x);
            __atomic_store_n(&x->filed, true, __ATOMIC_RELEASE);
        }
        pthread_mutex_unlock(&x->filing);
    }
    return x;
}

void policy_free(struct policy *p) {
    for (size_t i = 0; i < p->rule_count; i++) {
        const struct rule *r = &p->rules[i];
        bool shared = i > 0 && r[-1].port_count > ARRAY_LENGTH(r->range) && r[-1].ports == r->ports;
        if (r->port_count > ARRAY_LENGTH(r->range) && !shared)
            free((void *)r->ports);
    }
    if (p->index != NULL) {
        free(p->index->buckets);
        free(p->index->ids);
        free(p->index);
    }
    free(p->rules);
    free(p->unix_rules);
    free(p->own.items);
    free(p->protect.items);
    free(p->fs_write.items);
    free(p->credential.items);
    free(p->script_tree.items);
    free(p->script_package.items);
    free(p->script_write.items);
    free(p->redact.items);
    free(p->redact_env.items);
    free(p->redact_after.items);
    free(p->memory);
    memset(p, 0, sizeof *p);
}

const struct rule *policy_lookup(const struct policy *p, enum rule_kind kind, unsigned prefix, const void *key,
                                 size_t length, uint32_t *cursor) {
    const struct policy_index *x = filed(p);
    uint32_t hash = *cursor != 0 ? p->rules[*cursor - 1].hash : key_hash(x->seed, kind, prefix, key, length);
    uint32_t i = *cursor != 0 ? p->rules[*cursor - 1].next : x->buckets[hash & x->bucket_mask];
    for (; i != 0; i = p->rules[i - 1].next) {
        const struct rule *r = &p->rules[i - 1];
        if (r->hash == hash && r->kind == kind && r->prefix == prefix && r->key_length == length && memcmp(rule_key(r), key, length) == 0) {
            *cursor = i;
            return r;
        }
    }
    return NULL;
}

const struct port_range *policy_ports(const struct rule *r) {
    return r->port_count > ARRAY_LENGTH(r->range) ? r->ports : r->range;
}

bool policy_port_matches(const struct rule *r, uint16_t port) {
    if (r->port_count == 0)
        return true;
    const struct port_range *ports = policy_ports(r);
    for (uint32_t i = 0; i < r->port_count; i++)
        if (port >= ports[i].first && port <= ports[i].last)
            return true;
    return false;
}
