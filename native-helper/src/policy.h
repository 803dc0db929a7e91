/* The policy file (docs/policy-file.md): parser and the compiled form that decisions read. */
#ifndef HARDEN_POLICY_H
#define HARDEN_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define POLICY_MAX_BYTES (64U << 20) /* room for the names of half a million protected files */
#define POLICY_MAX_LINE 4096U
#define POLICY_MAX_RULES 100000U
#define POLICY_MAX_PROTECT 1000000U
#define POLICY_MAX_OWN 64U
#define POLICY_MAX_WRITE 256U
#define POLICY_MAX_CREDENTIAL 256U
#define POLICY_MAX_UNIX 256U
#define POLICY_MAX_SCRIPT 256U /* trees, and globs */
#define POLICY_MAX_UPSTREAM 3U
#define POLICY_MAX_REDACT 64U /* of each of the three kinds */

enum policy_mode { MODE_OFF, MODE_AUDIT, MODE_BLOCK };
enum protocol { PROTOCOL_TCP, PROTOCOL_UDP };
enum rule_kind { RULE_NAME, RULE_SUFFIX, RULE_CIDR };

struct port_range {
    uint16_t first, last;
};

/* 48 bytes: a policy can have 100,000 of them, and making memory available is a good part of what reading it costs. */
struct rule {
    const char *id; /* of a counted rule, until it is filed: of the rule that was written out */
    union {
        const char *name;          /* RULE_NAME, RULE_SUFFIX */
        unsigned char address[16]; /* RULE_CIDR: IPv4 as ::ffff:a.b.c.d */
    };
    union {
        const struct port_range *ports; /* more than two ports or ranges */
        struct port_range range[2];
    };
    uint32_t hash; /* of kind, prefix and key */
    union {
        uint32_t number; /* until it is filed: that ends the identifier, or RULE_UNNUMBERED */
        uint32_t next;   /* then: next rule in the same bucket, index + 1; 0 ends */
    };
    uint16_t port_count; /* 0: every port */
    uint16_t key_length;
    uint8_t id_length; /* without the number */
    uint8_t prefix; /* RULE_CIDR: bits of the 128-bit form, an IPv4 prefix counts 96 more */
    bool block : 1;
    uint8_t protocol : 1; /* enum protocol */
    uint8_t kind : 2;     /* enum rule_kind */
    bool counted : 1;     /* its identifier is not in the text: the number after that of the rule before */
};
#define RULE_UNNUMBERED UINT32_MAX

/* Host name, or address: `key_length` bytes. */
static inline const char *rule_key(const struct rule *r) {
    return r->kind == RULE_CIDR ? (const char *)r->address : r->name;
}

struct upstream {
    unsigned char address[16]; /* IPv4 as ::ffff:a.b.c.d */
    uint16_t port;
    uint32_t scope; /* IPv6 zone of a link-local name server of resolv.conf */
};

/* Says whether a block may use a local socket although a process outside listens on it. */
struct unix_rule {
    const char *id;
    bool block;
    char *path; /* absolute, `*` for any characters but a slash; or "@name" */
};

struct path_list {
    char **items;
    size_t count;
};

struct policy {
    enum policy_mode egress, files, credentials;
    bool loopback_own, inbound_loopback, metadata_allow, sni_check, sni_off /* said so, not left out */, unsupported_fail;
    char nonce[65];
    uint64_t limit_events, limit_bytes;
    struct upstream upstreams[POLICY_MAX_UPSTREAM];
    unsigned upstream_count;
    struct rule *rules;
    size_t rule_count;
    struct policy_index *index; /* policy-index.c */
    uint64_t prefixes[3]; /* bit n: some rule has prefix length n */
    struct unix_rule *unix_rules;
    size_t unix_count;
    uint64_t capabilities; /* kept beside caps_harmless, bit n: capability n */
    struct path_list own, protect, fs_write, credential;
    struct path_list script_tree, script_package, script_write; /* each glob of the last with the one before: confine.h */
    struct path_list redact, redact_env, redact_after; /* patterns, names of variables, options: secret.h */
    size_t length;
    void *memory; /* the text, which keys and ids point into */
};

struct policy_error {
    unsigned line; /* 1-based; 0 concerns the whole file */
    char message[256];
};

/* Parses `length` bytes. 0, or -1 with *error filled; on failure nothing needs to be freed. policy_parse_own takes the
 * text over, which is from malloc and has room for POLICY_PAD bytes more. */
#define POLICY_PAD 16U
int policy_parse_own(char *text, size_t length, struct policy *out, struct policy_error *error);
int policy_parse(const char *text, size_t length, struct policy *out, struct policy_error *error);
void policy_free(struct policy *p);

/* Sets memory aside for filing the rules by key, which the first look-up does (policy-index.c; part of parsing): many
 * launches never ask. `id_room` bytes are for the identifiers of counted rules. False when memory is out. */
bool policy_index(struct policy *p, size_t id_room);

/* Iterates over the rules filed under a key: pass *cursor = 0 first; NULL at the end. */
const struct rule *policy_lookup(const struct policy *p, enum rule_kind kind, unsigned prefix, const void *key,
                                 size_t length, uint32_t *cursor);

/* The ranges of a rule whose port_count is not 0. */
const struct port_range *policy_ports(const struct rule *r);
bool policy_port_matches(const struct rule *r, uint16_t port);

/* Clears the bits of a 16-byte address behind `prefix`. */
void address_mask(unsigned char address[16], unsigned prefix);

#endif
