#include "decide.h"

#include <string.h>

const char *verdict_text(enum verdict v) {
    return v == VERDICT_ALLOWED ? "allowed" : v == VERDICT_BLOCKED ? "blocked" : "would-block";
}

/* What a rule must agree with; protocol -1 and any_port serve questions, which have neither. */
struct wanted {
    bool block;
    int protocol;
    uint16_t port;
    bool any_port;
    const char *open; /* a name of which the rule must leave a port open beside block rules, or NULL */
};

static bool leaves_open(const struct policy *p, const char *name, const struct rule *allow);

static const struct rule *better(const struct rule *a, const struct rule *b) {
    return a == NULL || (b != NULL && b < a) ? b : a; /* the one that stands first in the file */
}

static const struct rule *search(const struct policy *p, enum rule_kind kind, unsigned prefix, const void *key,
                                 size_t length, const struct wanted *w) {
    uint32_t cursor = 0;
    const struct rule *r;
    while ((r = policy_lookup(p, kind, prefix, key, length, &cursor)) != NULL)
        if (r->block == w->block && (w->protocol < 0 || r->protocol == w->protocol) &&
            (w->any_port || policy_port_matches(r, w->port)) && (w->open == NULL || leaves_open(p, w->open, r)))
            return r;
    return NULL;
}

static const struct rule *match_name(const struct policy *p, const char *name, const struct wanted *w) {
    const struct rule *best = search(p, RULE_NAME, 0, name, strlen(name), w);
    for (const char *dot = strchr(name, '.'); dot != NULL; dot = strchr(dot + 1, '.'))
        best = better(best, search(p, RULE_SUFFIX, 0, dot + 1, strlen(dot + 1), w));
    return best;
}

static const struct rule *match_address(const struct policy *p, const struct endpoint *e, const struct wanted *w) {
    const struct rule *best = NULL;
    /* An IPv4 address meets IPv4 rules only: ::/0 must not open it. */
    for (unsigned prefix = e->v4 ? 96 : 0; prefix <= 128; prefix++) {
        if (!(p->prefixes[prefix / 64] & (1ULL << (prefix % 64))))
            continue;
        unsigned char key[16];
        memcpy(key, e->address, 16);
        address_mask(key, prefix);
        best = better(best, search(p, RULE_CIDR, prefix, key, 16, w));
    }
    return best;
}

static const struct rule *match_names(const struct policy *p, const struct destination *d, const struct wanted *w) {
    const struct rule *best = NULL;
    for (unsigned i = 0; i < d->name_count; i++)
        best = better(best, match_name(p, d->names[i], w));
    return best;
}

static struct decision refused(const struct policy *p, const char *rule) {
    return (struct decision){.verdict = p->egress == MODE_BLOCK ? VERDICT_BLOCKED : VERDICT_WOULD_BLOCK, .rule = rule};
}

struct decision decide(const struct policy *p, const struct destination *d) {
    struct wanted w = {.block = true, .protocol = (int)d->protocol, .port = d->endpoint.port};
    const struct rule *r = better(match_address(p, &d->endpoint, &w), match_names(p, d, &w));
    if (r != NULL)
        return (struct decision){.verdict = VERDICT_BLOCKED, .rule = r->id, .shown = r->kind == RULE_CIDR ? NULL : r};
    w.block = false;
    if ((r = match_address(p, &d->endpoint, &w)) != NULL)
        return (struct decision){.verdict = VERDICT_ALLOWED, .rule = r->id};
    if (address_is_loopback(&d->endpoint)) {
        if (!p->loopback_own)
            return (struct decision){.verdict = VERDICT_ALLOWED, .rule = "loopback"};
        if (d->own_listener != NULL && d->own_listener(d->context))
            return (struct decision){.verdict = VERDICT_ALLOWED, .rule = "own-listener"};
    }
    /* Before rules by name: whoever runs an allowed name's DNS server chooses its addresses. */
    if (!p->metadata_allow && address_is_special(&d->endpoint))
        return refused(p, "metadata");
    if ((r = match_names(p, d, &w)) != NULL)
        return (struct decision){VERDICT_ALLOWED, r->id, r, r};
    return refused(p, "default");
}

/* Whether the allow rule names a port that no block rule for that name takes back. */
static bool leaves_open(const struct policy *p, const char *name, const struct rule *allow) {
    static const struct port_range every = {0, UINT16_MAX};
    for (unsigned i = 0; i == 0 || i < allow->port_count; i++) {
        struct port_range r = allow->port_count == 0 ? every : policy_ports(allow)[i];
        for (uint32_t port = r.first; port <= r.last;) {
            struct wanted w = {.block = true, .protocol = (int)allow->protocol, .port = (uint16_t)port};
            const struct rule *block = match_name(p, name, &w);
            if (block == NULL)
                return true;
            if (block->port_count == 0)
                break;
            for (unsigned k = 0; k < block->port_count; k++)
                if (policy_ports(block)[k].first <= port && port <= policy_ports(block)[k].last)
                    port = policy_ports(block)[k].last + 1U;
        }
    }
    return false;
}

struct decision decide_name(const struct policy *p, const char *name, bool plain) {
    if (plain) {
        struct wanted w = {.block = true, .protocol = -1, .any_port = true};
        const struct rule *r = match_name(p, name, &w), *allow;
        /* A question has no port: one blocked port must not close those that are allowed beside it. */
        w.block = false;
        w.open = r != NULL ? name : NULL;
        if ((allow = match_name(p, name, &w)) != NULL)
            return (struct decision){VERDICT_ALLOWED, allow->id, allow, allow};
        if (r != NULL)
            return (struct decision){.verdict = VERDICT_BLOCKED, .rule = r->id};
    }
    return refused(p, "default");
}

struct decision decide_presented(const struct policy *p, const char *name, uint16_t port) {
    struct wanted w = {.block = true, .protocol = PROTOCOL_TCP, .port = port};
    const struct rule *r = match_name(p, name, &w);
    if (r != NULL)
        return (struct decision){.verdict = VERDICT_BLOCKED, .rule = r->id};
    w.block = false;
    if ((r = match_name(p, name, &w)) != NULL)
        return (struct decision){VERDICT_ALLOWED, r->id, r, r};
    return refused(p, "sni");
}
