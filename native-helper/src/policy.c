#include "policy.h"

#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "caps.h"
#include "rule.h"
#include "secret.h"
#include "util.h"

struct parser {
    struct policy *p;
    struct policy_error *error;
    unsigned line;
    uint32_t once; /* bits of single_keywords seen */
    size_t rule_room, expected; /* rules, by the length of the file */
    struct {
        size_t own, protect, fs_write, credential, redact, redact_env, redact_after;
    } room;
};

static int bad(struct parser *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
static int bad(struct parser *s, const char *format, ...) {
    va_list args;
    va_start(args, format);
    vsnprintf(s->error->message, sizeof s->error->message, format, args);
    va_end(args);
    s->error->line = s->line;
    return -1;
}

/* Text of the file in messages: short, and free of anything but the ASCII that was checked before. */
#define SHOW(text) (int)(strlen(text) > 60 ? 60 : strlen(text)), (text)

static int number(struct parser *s, const char *what, const char *text, uint64_t low, uint64_t high, uint64_t *out) {
    uint64_t value = 0;
    size_t n = strlen(text);
    bool digits = n > 0 && n <= 10 && (n == 1 || text[0] != '0');
    for (size_t i = 0; digits && i < n; i++)
        digits = text[i] >= '0' && text[i] <= '9';
    if (!digits)
        return bad(s, "%s: not a number: '%.*s'", what, SHOW(text));
    for (size_t i = 0; i < n; i++)
        value = value * 10 + (uint64_t)(text[i] - '0');
    if (value < low || value > high)
        return bad(s, "%s: %s is not between %llu and %llu", what, text, (unsigned long long)low, (unsigned long long)high);
    *out = value;
    return 0;
}

static int choice(struct parser *s, const char *what, const char *text, const char *const *values, unsigned *out) {
    for (unsigned i = 0; values[i] != NULL; i++)
        if (strcmp(text, values[i]) == 0) {
            *out = i;
            return 0;
        }
    return bad(s, "%s: unknown value '%.*s'", what, SHOW(text));
}

static int mode(struct parser *s, const char *what, const char *text, bool may_be_off, enum policy_mode *out) {
    static const char *const all[] = {"off", "audit", "block", NULL};
    unsigned i;
    if (choice(s, what, text, may_be_off ? all : all + 1, &i) != 0)
        return -1;
    *out = (enum policy_mode)(may_be_off ? i : i + 1);
    return 0;
}

/* Decodes %HH in place. The text has no NUL and no unescaped byte outside 0x21..0x7e. */
static int decode(struct parser *s, const char *what, char *text) {
    char *out = text;
    for (const char *in = text; *in != '\0'; in++) {
        if (*in != '%') {
            *out++ = *in;
            continue;
        }
        static const char digits[] = "0123456789ABCDEF";
        const char *high = in[1] ? strchr(digits, in[1]) : NULL;
        const char *low = high && in[2] ? strchr(digits, in[2]) : NULL;
        if (high == NULL || low == NULL)
            return bad(s, "%s: '%%' is not followed by two upper-case hexadecimal digits", what);
        int value = (int)(high - digits) * 16 + (int)(low - digits);
        if (value == 0)
            return bad(s, "%s: the text cannot contain a NUL byte", what);
        *out++ = (char)value;
        in += 2;
    }
    *out = '\0';
    return 0;
}

static int add_text(struct parser *s, const char *what, char *text, struct path_list *list, size_t *room, size_t limit) {
    if (list->count == limit)
        return bad(s, "%s: more than %zu lines", what, limit);
    if (list->count == *room) {
        size_t grown = *room ? *room * 2 : 16;
        char **items = realloc(list->items, grown * sizeof *items);
        if (items == NULL)
            return bad(s, "out of memory");
        list->items = items;
        *room = grown;
    }
    list->items[list->count++] = text;
    return 0;
}

static int add_path(struct parser *s, const char *what, char *text, struct path_list *list, size_t *room, size_t limit) {
    if (decode(s, what, text) != 0)
        return -1;
    if (text[0] != '/')
        return bad(s, "%s: the path is not absolute", what);
    /* A final slash would keep the path from comparing equal. */
    size_t n = strlen(text);
    while (n > 1 && text[n - 1] == '/')
        text[--n] = '\0';
    return add_text(s, what, text, list, room, limit);
}

/* What is to be hidden in events: a pattern, the name of variables, or an option of commands. */
static int add_redaction(struct parser *s, const char *what, char *text, struct path_list *list, size_t *room) {
    struct secret_pattern pattern;
    size_t at = 0;
    if (decode(s, what, text) != 0)
        return -1;
    const char *wrong = list == &s->p->redact ? secret_pattern_parse(text, &pattern, &at) : NULL;
    if (wrong != NULL)
        return bad(s, "%s: character %zu: %s", what, at + 1, wrong);
    if (strlen(text) < 2)
        return bad(s, "%s: shorter than two characters", what);
    return add_text(s, what, text, list, room, POLICY_MAX_REDACT);
}

static int parse_address(const char *text, unsigned char out[16], bool *v4) {
    struct in_addr four;
    if (inet_pton(AF_INET, text, &four) == 1) {
        memset(out, 0, 10);
        out[10] = out[11] = 0xff;
        memcpy(out + 12, &four, 4);
        *v4 = true;
        return 0;
    }
    *v4 = false;
    return inet_pton(AF_INET6, text, out) == 1 ? 0 : -1;
}

static int parse_cidr(struct parser *s, struct rule *r, char *text) {
    char *slash = strchr(text, '/');
    uint64_t prefix;
    unsigned char *address = r->address, masked[16];
    bool v4;
    r->key_length = 16;
    if (slash == NULL)
        return bad(s, "rule %s: '%.*s' has no prefix length", r->id, SHOW(text));
    *slash = '\0';
    if (parse_address(text, address, &v4) != 0)
        return bad(s, "rule %s: '%.*s' is not an address", r->id, SHOW(text));
    if (number(s, "prefix length", slash + 1, 0, v4 ? 32 : 128, &prefix) != 0)
        return -1;
    r->prefix = (uint8_t)(prefix + (v4 ? 96 : 0));
    memcpy(masked, address, 16);
    address_mask(masked, r->prefix);
    if (memcmp(masked, address, 16) != 0)
        return bad(s, "rule %s: the bits of %.*s behind /%llu are not zero", r->id, SHOW(text), (unsigned long long)prefix);
    s->p->prefixes[r->prefix / 64] |= 1ULL << (r->prefix % 64);
    return 0;
}

static int parse_name(struct parser *s, struct rule *r, char *text) {
    size_t n = strlen(text), label = 0;
    if (n == 0 || n > 253)
        return bad(s, "rule %s: a name has 1 to 253 characters", r->id);
    for (size_t i = 0; i < n; i++) {
        char c = text[i];
        bool ok = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
        if (!ok)
            return bad(s, "rule %s: character '%c' in a name (lower-case letters, digits, '-', '_' and '.')", r->id, c);
        label = c == '.' ? 0 : label + 1;
        if (label > 63 || (c == '.' && (i == 0 || text[i - 1] == '.' || i == n - 1)))
            return bad(s, "rule %s: '%.*s' has an empty or overlong label", r->id, SHOW(text));
    }
    r->name = text;
    r->key_length = (uint16_t)n;
    return 0;
}

static int parse_ports(struct parser *s, struct rule *r, char *text) {
    if (strcmp(text, "*") == 0)
        return 0;
    uint32_t count = 1;
    for (const char *c = text; *c; c++)
        count += *c == ',';
    struct port_range *ports = r->range;
    if (count > ARRAY_LENGTH(r->range)) {
        if ((ports = calloc(count, sizeof *ports)) == NULL)
            return bad(s, "out of memory");
        r->ports = ports;
    }
    r->port_count = (uint16_t)count; /* of a line of 4096 bytes */
    for (uint32_t i = 0; i < count; i++) {
        char *comma = strchr(text, ',');
        if (comma)
            *comma = '\0';
        char *dash = strchr(text, '-');
        if (dash)
            *dash = '\0';
        uint64_t first, last;
        if (number(s, "port", text, 1, 65535, &first) != 0)
            return -1;
        last = first;
        if (dash && number(s, "port", dash + 1, 1, 65535, &last) != 0)
            return -1;
        if (last < first)
            return bad(s, "rule %s: port range %llu-%llu is reversed", r->id, (unsigned long long)first, (unsigned long long)last);
        ports[i] = (struct port_range){(uint16_t)first, (uint16_t)last};
        text = comma ? comma + 1 : text;
    }
    return 0;
}

static struct rule *new_rule(struct parser *s) {
    struct policy *p = s->p;
    if (p->rule_count == POLICY_MAX_RULES) {
        bad(s, "more than %u rules", POLICY_MAX_RULES);
        return NULL;
    }
    if (p->rule_count == s->rule_room) {
        size_t grown = s->rule_room ? s->rule_room * 2 : s->expected;
        struct rule *rules = realloc(p->rules, grown * sizeof *rules);
        if (rules == NULL) {
            bad(s, "out of memory");
            return NULL;
        }
        p->rules = rules;
        s->rule_room = grown;
        prefault(rules + p->rule_count, (grown - p->rule_count) * sizeof *rules);
    }
    return &p->rules[p->rule_count++];
}

static int head_of_rule(struct parser *s, char **f, const char **id, bool *block) {
    size_t n = strlen(f[1]);
    unsigned i;
    if (n == 0 || n > 64 ||
        strspn(f[1], "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") != n)
        return bad(s, "%s: '%.*s' is not an identifier of 1 to 64 letters, digits, '.', '_' and '-'", f[0], SHOW(f[1]));
    *id = f[1];
    if (choice(s, "rule action", f[2], (const char *const[]){"allow", "block", NULL}, &i) != 0)
        return -1;
    *block = i == 1;
    return 0;
}

static int parse_unix(struct parser *s, char **f) {
    struct policy *p = s->p;
    if (p->unix_count == POLICY_MAX_UNIX)
        return bad(s, "unix: more than %u lines", POLICY_MAX_UNIX);
    if (p->unix_rules == NULL && (p->unix_rules = calloc(POLICY_MAX_UNIX, sizeof *p->unix_rules)) == NULL)
        return bad(s, "out of memory");
    struct unix_rule *r = &p->unix_rules[p->unix_count];
    if (head_of_rule(s, f, &r->id, &r->block) != 0)
        return -1;
    if (decode(s, f[0], f[3]) != 0)
        return -1;
    if (f[3][0] != '/' && f[3][0] != '@')
        return bad(s, "unix: '%.*s' is neither an absolute path nor a name behind '@'", SHOW(f[3]));
    if (f[3][1] == '\0')
        return bad(s, "unix: a socket needs a name");
    for (size_t i = 0; i < p->unix_count; i++)
        if (strcmp(p->unix_rules[i].id, r->id) == 0)
            return bad(s, "unix: the identifier '%s' stands twice", r->id);
    r->path = f[3];
    p->unix_count++;
    return 0;
}

static int parse_rule(struct parser *s, char **f) {
    struct rule *r = new_rule(s);
    if (r == NULL)
        return -1;
    memset(r, 0, sizeof *r);
    unsigned i;
    bool block;
    if (head_of_rule(s, f, &r->id, &block) != 0)
        return -1;
    r->block = block;
    r->id_length = (uint8_t)strlen(r->id);
    if (choice(s, "rule protocol", f[3], (const char *const[]){"tcp", "udp", NULL}, &i) != 0)
        return -1;
    r->protocol = i & 1;
    if (choice(s, "rule kind", f[4], (const char *const[]){"name", "suffix", "cidr", NULL}, &i) != 0)
        return -1;
    r->kind = i & 3;
    if ((r->kind == RULE_CIDR ? parse_cidr(s, r, f[5]) : parse_name(s, r, f[5])) != 0)
        return -1;
    return parse_ports(s, r, f[6]);
}

/* The fast way for a line; the beginning of the next one, or NULL if parse_line has to see it. */
static char *fast_line(struct parser *s, char *line) {
    struct rule *r = new_rule(s);
    if (r == NULL) {
        memset(s->error, 0, sizeof *s->error); /* parse_line reports it if it is about a rule */
        return NULL;
    }
    char *next = rule_read(line, r);
    if (next == NULL)
        s->p->rule_count--;
    else if (r->kind == RULE_CIDR)
        s->p->prefixes[r->prefix / 64] |= 1ULL << (r->prefix % 64);
    return next;
}

static int parse_upstream(struct parser *s, char **f) {
    uint64_t port;
    bool v4;
    if (s->p->upstream_count == POLICY_MAX_UPSTREAM)
        return bad(s, "dns-upstream: more than %u lines", POLICY_MAX_UPSTREAM);
    struct upstream *u = &s->p->upstreams[s->p->upstream_count];
    if (parse_address(f[1], u->address, &v4) != 0)
        return bad(s, "dns-upstream: '%.*s' is not an address", SHOW(f[1]));
    if (number(s, "dns-upstream port", f[2], 1, 65535, &port) != 0)
        return -1;
    u->port = (uint16_t)port;
    s->p->upstream_count++;
    return 0;
}

static int add_capability(struct parser *s, const char *name) {
    int number = caps_number(name);
    if (number < 0)
        return bad(s, "capability: unknown name '%.*s' (as in CAP_SYS_ADMIN)", SHOW(name));
    if (s->p->capabilities & (1ULL << number))
        return bad(s, "capability %s stands twice", name);
    s->p->capabilities |= 1ULL << number;
    return 0;
}

enum keyword { K_EGRESS, K_FILES, K_CREDENTIALS, K_LOOPBACK, K_INBOUND, K_METADATA, K_SNI, K_UNSUPPORTED, K_NONCE, K_EVENTS, K_BYTES,
               K_SINGLE, K_UPSTREAM = K_SINGLE, K_RULE, K_OWN, K_PROTECT, K_WRITE, K_CREDENTIAL, K_UNIX, K_CAPABILITY, K_REDACT,
               K_REDACT_ENV, K_REDACT_AFTER, K_END, K_COUNT };
static const struct {
    const char *word;
    unsigned fields;
} keywords[K_COUNT] = {
    {"egress", 2}, {"files", 2}, {"credentials", 2}, {"loopback", 2}, {"inbound", 2}, {"metadata", 2}, {"sni", 2}, {"unsupported", 2}, {"nonce", 2},
    {"limit-events", 2}, {"limit-bytes", 2}, {"dns-upstream", 3}, {"rule", 7}, {"own-path", 2}, {"protect", 2},
    {"fs-write", 2}, {"credential", 2}, {"unix", 4}, {"capability", 2}, {"redact", 2}, {"redact-env", 2}, {"redact-after", 2}, {"end", 1}};

static int parse_line(struct parser *s, char **f, unsigned count, bool *end) {
    struct policy *p = s->p;
    unsigned k = 0, i;
    while (k < K_COUNT && strcmp(keywords[k].word, f[0]) != 0)
        k++;
    if (k == K_COUNT)
        return bad(s, "unknown keyword '%.*s'", SHOW(f[0]));
    if (count != keywords[k].fields)
        return bad(s, "%s: %u fields instead of %u", f[0], count, keywords[k].fields);
    if (k < K_SINGLE) {
        if (s->once & (1U << k))
            return bad(s, "%s stands twice", f[0]);
        s->once |= 1U << k;
    }
    switch ((enum keyword)k) {
    case K_EGRESS:
        return mode(s, f[0], f[1], false, &p->egress);
    case K_FILES:
        return mode(s, f[0], f[1], true, &p->files);
    case K_CREDENTIALS:
        return mode(s, f[0], f[1], true, &p->credentials);
    case K_LOOPBACK:
        if (choice(s, f[0], f[1], (const char *const[]){"allow", "own", NULL}, &i) != 0)
            return -1;
        p->loopback_own = i == 1;
        return 0;
    case K_INBOUND:
        if (choice(s, f[0], f[1], (const char *const[]){"allow", "loopback", NULL}, &i) != 0)
            return -1;
        p->inbound_loopback = i == 1;
        return 0;
    case K_METADATA:
        if (choice(s, f[0], f[1], (const char *const[]){"deny", "allow", NULL}, &i) != 0)
            return -1;
        p->metadata_allow = i == 1;
        return 0;
    case K_SNI:
        if (choice(s, f[0], f[1], (const char *const[]){"off", "check", NULL}, &i) != 0)
            return -1;
        p->sni_check = i == 1;
        p->sni_off = i == 0;
        return 0;
    case K_UNSUPPORTED:
        if (choice(s, f[0], f[1], (const char *const[]){"warn", "fail", NULL}, &i) != 0)
            return -1;
        p->unsupported_fail = i == 1;
        return 0;
    case K_NONCE: {
        size_t n = strlen(f[1]);
        if (n > 64 || strspn(f[1], "0123456789abcdefABCDEF") != n)
            return bad(s, "nonce: not 0 to 64 hexadecimal digits");
        memcpy(p->nonce, f[1], n + 1);
        return 0;
    }
    case K_EVENTS:
        return number(s, f[0], f[1], 1, 100000000, &p->limit_events);
    case K_BYTES:
        return number(s, f[0], f[1], 65536, 1073741824, &p->limit_bytes);
    case K_UPSTREAM:
        return parse_upstream(s, f);
    case K_RULE:
        return parse_rule(s, f);
    case K_OWN:
        return add_path(s, f[0], f[1], &p->own, &s->room.own, POLICY_MAX_OWN);
    case K_PROTECT:
        return add_path(s, f[0], f[1], &p->protect, &s->room.protect, POLICY_MAX_PROTECT);
    case K_WRITE:
        return add_path(s, f[0], f[1], &p->fs_write, &s->room.fs_write, POLICY_MAX_WRITE);
    case K_CREDENTIAL:
        return add_path(s, f[0], f[1], &p->credential, &s->room.credential, POLICY_MAX_CREDENTIAL);
    case K_UNIX:
        return parse_unix(s, f);
    case K_CAPABILITY:
        return add_capability(s, f[1]);
    case K_REDACT:
        return add_redaction(s, f[0], f[1], &p->redact, &s->room.redact);
    case K_REDACT_ENV:
        return add_redaction(s, f[0], f[1], &p->redact_env, &s->room.redact_env);
    case K_REDACT_AFTER:
        return add_redaction(s, f[0], f[1], &p->redact_after, &s->room.redact_after);
    case K_END:
        *end = true;
        return 0;
    case K_COUNT:
        break;
    }
    return bad(s, "unknown keyword");
}

/* Some order of identifiers in which those that the engine numbers (a1, a2, … a10, b1) ascend. */
static bool ascending(const struct rule *a, const struct rule *b) {
    if (a->id[0] != b->id[0])
        return (unsigned char)a->id[0] < (unsigned char)b->id[0];
    if (a->id_length != b->id_length)
        return a->id_length < b->id_length;
    return memcmp(a->id, b->id, a->id_length) < 0;
}

static int by_identifier(const void *a, const void *b) {
    const struct rule *const *x = a, *const *y = b;
    return ascending(*x, *y) ? -1 : ascending(*y, *x);
}

/* Events name rules by their identifiers, so none may stand twice. Where each is above the one before, none does. */
static int check_identifiers(struct parser *s) {
    struct policy *p = s->p;
    bool sorted = true;
    for (size_t i = 1; sorted && i < p->rule_count; i++)
        sorted = ascending(&p->rules[i - 1], &p->rules[i]);
    if (!sorted) {
        const struct rule **order = malloc(p->rule_count * sizeof *order), *twice = NULL;
        if (order == NULL)
            return bad(s, "out of memory");
        for (size_t i = 0; i < p->rule_count; i++)
            order[i] = &p->rules[i];
        qsort(order, p->rule_count, sizeof *order, by_identifier);
        for (size_t i = 1; twice == NULL && i < p->rule_count; i++)
            twice = ascending(order[i - 1], order[i]) ? NULL : order[i];
        free(order);
        if (twice != NULL)
            return bad(s, "rule: the identifier '%s' stands twice", twice->id);
    }
    for (size_t u = 0; u < p->unix_count; u++) {
        const char *id = p->unix_rules[u].id;
        size_t length = strlen(id);
        for (size_t i = 0; i < p->rule_count; i++)
            if (p->rules[i].id_length == length && memcmp(p->rules[i].id, id, length) == 0)
                return bad(s, "unix: the identifier '%s' stands twice", id);
    }
    return 0;
}

static int parse(struct parser *s, char *text, size_t length) {
    struct policy *p = s->p;
    bool end = false;
    s->expected = length / 48 + 64;
    for (size_t at = 0; at < length;) {
        s->line++;
        char *line = text + at, *next = s->line > 1 && !end ? fast_line(s, line) : NULL;
        if (next != NULL) {
            at = (size_t)(next - text);
            continue;
        }
        char *newline = memchr(line, '\n', length - at);
        if (newline == NULL)
            return bad(s, "the line does not end: the file is truncated");
        size_t n = (size_t)(newline - line);
        at += n + 1;
        if (n + 1 > POLICY_MAX_LINE)
            return bad(s, "the line is longer than %u bytes", POLICY_MAX_LINE);
        for (size_t i = 0; i < n; i++)
            if (line[i] < 0x20 || line[i] > 0x7e)
                return bad(s, "byte 0x%02x at column %zu", (unsigned char)line[i], i + 1);
        *newline = '\0';
        if (s->line == 1) {
            if (strncmp(line, "harden-policy ", 14) != 0)
                return bad(s, "the first line is not 'harden-policy 1'");
            if (strcmp(line + 14, "1") != 0)
                return bad(s, "version '%.*s' is not supported (this helper reads version 1)", SHOW(line + 14));
            continue;
        }
        if (end)
            return bad(s, "text behind 'end'");
        if (n == 0)
            return bad(s, "empty line");
        char *fields[8];
        unsigned count = 0;
        for (char *f = line; f != NULL;) {
            if (count == ARRAY_LENGTH(fields))
                return bad(s, "too many fields");
            fields[count++] = f;
            f = strchr(f, ' ');
            if (f != NULL)
                *f++ = '\0';
        }
        if (parse_line(s, fields, count, &end) != 0)
            return -1;
    }
    s->line = 0;
    if (length == 0)
        return bad(s, "the file is empty");
    if (!end)
        return bad(s, "there is no last line 'end': the file is truncated");
    if (!(s->once & (1U << K_EGRESS)))
        return bad(s, "there is no line 'egress audit' or 'egress block'");
    if (p->fs_write.count > 0 && p->files != MODE_BLOCK)
        return bad(s, "fs-write stands without 'files block'");
    if (p->credential.count > 0 && p->credentials == MODE_OFF)
        return bad(s, "credential stands without 'credentials audit' or 'credentials block'");
    if (!policy_index(p))
        return bad(s, "out of memory");
    return check_identifiers(s);
}

int policy_parse_own(char *text, size_t length, struct policy *out, struct policy_error *error) {
    struct parser s = {.p = out, .error = error};
    memset(out, 0, sizeof *out);
    memset(error, 0, sizeof *error);
    out->memory = text;
    out->length = length;
    out->files = MODE_AUDIT;
    out->unsupported_fail = true;
    out->limit_events = 200000;
    out->limit_bytes = 33554432;
    int result = length > POLICY_MAX_BYTES ? bad(&s, "the file is larger than %u bytes", POLICY_MAX_BYTES) : 0;
    if (result == 0) {
        memset(text + length, 0, POLICY_PAD);
        result = parse(&s, text, length);
    }
    if (result != 0)
        policy_free(out);
    return result;
}

int policy_parse(const char *text, size_t length, struct policy *out, struct policy_error *error) {
    char *copy = malloc((length > POLICY_MAX_BYTES ? 0 : length) + POLICY_PAD);
    if (copy == NULL) {
        memset(out, 0, sizeof *out);
        return bad(&(struct parser){.p = out, .error = error}, "out of memory");
    }
    if (length <= POLICY_MAX_BYTES)
        memcpy(copy, text, length);
    return policy_parse_own(copy, length, out, error);
}
