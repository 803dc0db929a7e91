/* The decision of docs/policy-file.md. Pure: everything it depends on is an argument. */
#ifndef HARDEN_DECIDE_H
#define HARDEN_DECIDE_H

#include "policy.h"
#include "sockaddr.h"

enum verdict { VERDICT_ALLOWED, VERDICT_WOULD_BLOCK, VERDICT_BLOCKED };

struct decision {
    enum verdict verdict;
    const char *rule; /* a rule's id, or a built-in one */
    const struct rule *named; /* the rule about a name that allowed it, or NULL */
    const struct rule *shown; /* the rule about a name that decided, either way, or NULL */
};

/* Names bound to the destination, and the question whether a process of this block listens there (asked only when the
 * answer matters). */
struct destination {
    enum protocol protocol;
    struct endpoint endpoint;
    const char *const *names;
    unsigned name_count;
    bool (*own_listener)(void *context);
    void *context;
};

struct decision decide(const struct policy *policy, const struct destination *d);

/* A DNS question; the name in lower case without a final dot. `plain` is false when the name has bytes that host names
 * do not have: such a name matches no rule. */
struct decision decide_name(const struct policy *policy, const char *name, bool plain);

/* The name that a client presents (SNI, Host) on a connection that was allowed by name; "" if it presents none. */
struct decision decide_presented(const struct policy *policy, const char *name, uint16_t port);

const char *verdict_text(enum verdict v);

#endif
