/* Rules by what they are about: filed once, looked up for every decision. */
#include <stdlib.h>
#include <string.h>

#include "policy.h"
#include "util.h"

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

bool policy_index(struct policy *p) {
    size_t size = 16;
    while (size < p->rule_count + p->rule_count / 2)
        size *= 2;
    p->bucket_mask = size - 1;
    p->buckets = calloc(size, sizeof *p->buckets);
    if (p->buckets == NULL)
        return false;
    prefault(p->buckets, size * sizeof *p->buckets);
    random_bytes(&p->seed, sizeof p->seed); /* whoever can name hosts must not be able to make them collide */
    for (size_t i = p->rule_count; i-- > 0;) { /* backwards, so that each chain is in the order of the file */
        struct rule *r = &p->rules[i];
        r->hash = key_hash(p->seed, r->kind, r->prefix, rule_key(r), r->key_length);
        uint32_t *bucket = &p->buckets[r->hash & p->bucket_mask];
        r->next = *bucket;
        *bucket = (uint32_t)i + 1;
    }
    keep_from_children(p->rules, p->rule_count * sizeof *p->rules);
    keep_from_children(p->buckets, size * sizeof *p->buckets);
    return true;
}

void policy_free(struct policy *p) {
    for (size_t i = 0; i < p->rule_count; i++) {
        if (p->rules[i].port_count > ARRAY_LENGTH(p->rules[i].range))
            free((void *)p->rules[i].ports);
    }
    free(p->rules);
    free(p->buckets);
    free(p->unix_rules);
    free(p->own.items);
    free(p->protect.items);
    free(p->fs_write.items);
    free(p->credential.items);
    free(p->redact.items);
    free(p->redact_env.items);
    free(p->redact_after.items);
    free(p->memory);
    memset(p, 0, sizeof *p);
}

const struct rule *policy_lookup(const struct policy *p, enum rule_kind kind, unsigned prefix, const void *key,
                                 size_t length, uint32_t *cursor) {
    uint32_t hash = *cursor != 0 ? p->rules[*cursor - 1].hash : key_hash(p->seed, kind, prefix, key, length);
    uint32_t i = *cursor != 0 ? p->rules[*cursor - 1].next : p->buckets[hash & p->bucket_mask];
    for (; i != 0; i = p->rules[i - 1].next) {
        const struct rule *r = &p->rules[i - 1];
        if (r->hash == hash && r->kind == kind && r->prefix == prefix && r->key_length == length && memcmp(rule_key(r), key, length) == 0) {
            *cursor = i;
            return r;
        }
    }
    return NULL;
}

bool policy_port_matches(const struct rule *r, uint16_t port) {
    if (r->port_count == 0)
        return true;
    const struct port_range *ports = r->port_count > ARRAY_LENGTH(r->range) ? r->ports : r->range;
    for (uint32_t i = 0; i < r->port_count; i++)
        if (port >= ports[i].first && port <= ports[i].last)
            return true;
    return false;
}
