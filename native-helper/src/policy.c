#include "policy.h"

#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "caps.h"
#include "glob.h"
#include "parser.h"
#include "secret.h"
#include "util.h"

int parse_bad(struct parser *s, const char *format, ...) {
    va_list args;
    va_start(args, format);
    vsnprintf(s->error->message, sizeof s->error->message, format, args);
    va_end(args);
    s->error->line = s->line;
    return -1;
}

int parse_number(struct parser *s, const char *what, const char *text, uint64_t low, uint64_t high, uint64_t *out) {
    uint64_t value = 0;
    size_t n = strlen(text);
    bool digits = n > 0 && n <= 10 && (n == 1 || text[0] != '0');
    for (size_t i = 0; digits && i < n; i++)
        digits = text[i] >= '0' && text[i] <= '9';
    if (!digits)
        return parse_bad(s, "%s: not a number: '%.*s'", what, SHOW(text));
    for (size_t i = 0; i < n; i++)
        value = value * 10 + (uint64_t)(text[i] - '0');
    if (value < low || value > high)
        return parse_bad(s, "%s: %s is not between %llu and %llu", what, text, (unsigned long long)low, (unsigned long long)high);
    *out = value;
    return 0;
}

int parse_choice(struct parser *s, const char *what, const char *text, const char *const *values, unsigned *out) {
    for (unsigned i = 0; values[i] != NULL; i++)
        if (strcmp(text, values[i]) == 0) {
            *out = i;
            return 0;
        }
    return parse_bad(s, "%s: unknown value '%.*s'", what, SHOW(text));
}

static int mode(struct parser *s, const char *what, const char *text, bool may_be_off, enum policy_mode *out) {
    static const char *const all[] = {"off", "audit", "block", NULL};
    unsigned i;
    if (parse_choice(s, what, text, may_be_off ? all : all + 1, &i) != 0)
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
            return parse_bad(s, "%s: '%%' is not followed by two upper-case hexadecimal digits", what);
        int value = (int)(high - digits) * 16 + (int)(low - digits);
        if (value == 0)
            return parse_bad(s, "%s: the text cannot contain a NUL byte", what);
        *out++ = (char)value;
        in += 2;
    }
    *out = '\0';
    return 0;
}

static int add_text(struct parser *s, const char *what, char *text, struct path_list *list, size_t *room, size_t limit) {
    if (list->count == limit)
        return parse_bad(s, "%s: more than %zu lines", what, limit);
    if (list->count == *room) {
        size_t grown = *room ? *room * 2 : 16;
        char **items = realloc(list->items, grown * sizeof *items);
        if (items == NULL)
            return parse_bad(s, "out of memory");
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
        return parse_bad(s, "%s: the path is not absolute", what);
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
        return parse_bad(s, "%s: character %zu: %s", what, at + 1, wrong);
    if (strlen(text) < 2)
        return parse_bad(s, "%s: shorter than two characters", what);
    return add_text(s, what, text, list, room, POLICY_MAX_REDACT);
}

/* script-write PACKAGE GLOB */
static int add_script_write(struct parser *s, char **f) {
    struct policy *p = s->p;
    for (int i = 1; i <= 2; i++) {
        const char *wrong;
        if (decode(s, f[0], f[i]) != 0)
            return -1;
        struct glob *g = glob_parse(f[i], &wrong);
        if (g == NULL)
            return parse_bad(s, "%s: %s: %s", f[0], i == 1 ? "package" : "path", wrong);
        glob_free(g);
    }
    if (f[2][0] != '/')
        return parse_bad(s, "%s: the path is not absolute", f[0]);
    int rc = add_text(s, f[0], f[1], &p->script_package, &s->room.script_package, POLICY_MAX_SCRIPT);
    return rc != 0 ? rc : add_text(s, f[0], f[2], &p->script_write, &s->room.script_write, POLICY_MAX_SCRIPT);
}

int parse_address(const char *text, unsigned char out[16], bool *v4) {
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

int parse_head(struct parser *s, char **f, const char **id, bool *block) {
    size_t n = strlen(f[1]);
    unsigned i;
    if (n == 0 || n > 64 ||
        strspn(f[1], "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") != n)
        return parse_bad(s, "%s: '%.*s' is not an identifier of 1 to 64 letters, digits, '.', '_' and '-'", f[0], SHOW(f[1]));
    *id = f[1];
    if (parse_choice(s, "rule action", f[2], (const char *const[]){"allow", "block", NULL}, &i) != 0)
        return -1;
    *block = i == 1;
    return 0;
}

static int parse_unix(struct parser *s, char **f) {
    struct policy *p = s->p;
    if (p->unix_count == POLICY_MAX_UNIX)
        return parse_bad(s, "unix: more than %u lines", POLICY_MAX_UNIX);
    if (p->unix_rules == NULL && (p->unix_rules = calloc(POLICY_MAX_UNIX, sizeof *p->unix_rules)) == NULL)
        return parse_bad(s, "out of memory");
    struct unix_rule *r = &p->unix_rules[p->unix_count];
    if (parse_head(s, f, &r->id, &r->block) != 0)
        return -1;
    if (decode(s, f[0], f[3]) != 0)
        return -1;
    if (f[3][0] != '/' && f[3][0] != '@')
        return parse_bad(s, "unix: '%.*s' is neither an absolute path nor a name behind '@'", SHOW(f[3]));
    if (f[3][1] == '\0')
        return parse_bad(s, "unix: a socket needs a name");
    for (size_t i = 0; i < p->unix_count; i++)
        if (strcmp(p->unix_rules[i].id, r->id) == 0)
            return parse_bad(s, "unix: the identifier '%s' stands twice", r->id);
    r->path = f[3];
    p->unix_count++;
    return 0;
}

static int parse_upstream(struct parser *s, char **f) {
    uint64_t port;
    bool v4;
    if (s->p->upstream_count == POLICY_MAX_UPSTREAM)
        return parse_bad(s, "dns-upstream: more than %u lines", POLICY_MAX_UPSTREAM);
    struct upstream *u = &s->p->upstreams[s->p->upstream_count];
    if (parse_address(f[1], u->address, &v4) != 0)
        return parse_bad(s, "dns-upstream: '%.*s' is not an address", SHOW(f[1]));
    if (parse_number(s, "dns-upstream port", f[2], 1, 65535, &port) != 0)
        return -1;
    u->port = (uint16_t)port;
    s->p->upstream_count++;
    return 0;
}

static int add_capability(struct parser *s, const char *name) {
    int number = caps_number(name);
    if (number < 0)
        return parse_bad(s, "capability: unknown name '%.*s' (as in CAP_SYS_ADMIN)", SHOW(name));
    if (s->p->capabilities & (1ULL << number))
        return parse_bad(s, "capability %s stands twice", name);
    s->p->capabilities |= 1ULL << number;
    return 0;
}

enum keyword { K_EGRESS, K_FILES, K_CREDENTIALS, K_LOOPBACK, K_INBOUND, K_METADATA, K_SNI, K_UNSUPPORTED, K_NONCE, K_EVENTS, K_BYTES,
               K_SINGLE, K_UPSTREAM = K_SINGLE, K_RULE, K_OWN, K_PROTECT, K_WRITE, K_CREDENTIAL, K_TREE, K_SCRIPT, K_UNIX, K_CAPABILITY, K_REDACT,
               K_REDACT_ENV, K_REDACT_AFTER, K_END, K_COUNT };
static const struct {
    const char *word;
    unsigned fields;
} keywords[K_COUNT] = {
    {"egress", 2}, {"files", 2}, {"credentials", 2}, {"loopback", 2}, {"inbound", 2}, {"metadata", 2}, {"sni", 2}, {"unsupported", 2}, {"nonce", 2},
    {"limit-events", 2}, {"limit-bytes", 2}, {"dns-upstream", 3}, {"rule", 7}, {"own-path", 2}, {"protect", 2},
    {"fs-write", 2}, {"credential", 2}, {"script-tree", 2}, {"script-write", 3}, {"unix", 4}, {"capability", 2}, {"redact", 2}, {"redact-env", 2}, {"redact-after", 2}, {"end", 1}};

static int parse_line(struct parser *s, char **f, unsigned count, bool *end) {
    struct policy *p = s->p;
    unsigned k = 0, i;
    if (f[0][0] == '\0')
        return parse_next_rule(s, f, count);
    while (k < K_COUNT && strcmp(keywords[k].word, f[0]) != 0)
        k++;
    if (k == K_COUNT)
        return parse_bad(s, "unknown keyword '%.*s'", SHOW(f[0]));
    if (count != keywords[k].fields)
        return parse_bad(s, "%s: %u fields instead of %u", f[0], count, keywords[k].fields);
    if (k < K_SINGLE) {
        if (s->once & (1U << k))
            return parse_bad(s, "%s stands twice", f[0]);
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
        if (parse_choice(s, f[0], f[1], (const char *const[]){"allow", "own", NULL}, &i) != 0)
            return -1;
        p->loopback_own = i == 1;
        return 0;
    case K_INBOUND:
        if (parse_choice(s, f[0], f[1], (const char *const[]){"allow", "loopback", NULL}, &i) != 0)
            return -1;
        p->inbound_loopback = i == 1;
        return 0;
    case K_METADATA:
        if (parse_choice(s, f[0], f[1], (const char *const[]){"deny", "allow", NULL}, &i) != 0)
            return -1;
        p->metadata_allow = i == 1;
        return 0;
    case K_SNI:
        if (parse_choice(s, f[0], f[1], (const char *const[]){"off", "check", NULL}, &i) != 0)
            return -1;
        p->sni_check = i == 1;
        p->sni_off = i == 0;
        return 0;
    case K_UNSUPPORTED:
        if (parse_choice(s, f[0], f[1], (const char *const[]){"warn", "fail", NULL}, &i) != 0)
            return -1;
        p->unsupported_fail = i == 1;
        return 0;
    case K_NONCE: {
        size_t n = strlen(f[1]);
        if (n > 64 || strspn(f[1], "0123456789abcdefABCDEF") != n)
            return parse_bad(s, "nonce: not 0 to 64 hexadecimal digits");
        memcpy(p->nonce, f[1], n + 1);
        return 0;
    }
    case K_EVENTS:
        return parse_number(s, f[0], f[1], 1, 100000000, &p->limit_events);
    case K_BYTES:
        return parse_number(s, f[0], f[1], 65536, 1073741824, &p->limit_bytes);
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
    case K_TREE:
        return add_path(s, f[0], f[1], &p->script_tree, &s->room.script_tree, POLICY_MAX_SCRIPT);
    case K_SCRIPT:
        return add_script_write(s, f);
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
    return parse_bad(s, "unknown keyword");
}

static int parse(struct parser *s, char *text, size_t length) {
    struct policy *p = s->p;
    bool end = false;
    s->rule_room = length / 3 < POLICY_MAX_RULES ? length / 3 + 1 : POLICY_MAX_RULES; /* a line " a" is the shortest */
    for (size_t at = 0; at < length;) {
        s->line++;
        char *line = text + at, *next = s->line > 1 && !end ? parse_rule_line(s, line) : NULL;
        if (next != NULL) {
            at = (size_t)(next - text);
            continue;
        }
        char *newline = memchr(line, '\n', length - at);
        if (newline == NULL)
            return parse_bad(s, "the line does not end: the file is truncated");
        size_t n = (size_t)(newline - line);
        at += n + 1;
        if (n + 1 > POLICY_MAX_LINE)
            return parse_bad(s, "the line is longer than %u bytes", POLICY_MAX_LINE);
        for (size_t i = 0; i < n; i++)
            if (line[i] < 0x20 || line[i] > 0x7e)
                return parse_bad(s, "byte 0x%02x at column %zu", (unsigned char)line[i], i + 1);
        *newline = '\0';
        if (s->line == 1) {
            if (strncmp(line, "harden-policy ", 14) != 0)
                return parse_bad(s, "the first line is not 'harden-policy 1'");
            if (strcmp(line + 14, "1") != 0)
                return parse_bad(s, "version '%.*s' is not supported (this helper reads version 1)", SHOW(line + 14));
            continue;
        }
        if (end)
            return parse_bad(s, "text behind 'end'");
        if (n == 0)
            return parse_bad(s, "empty line");
        char *fields[8];
        unsigned count = 0;
        for (char *f = line; f != NULL;) {
            if (count == ARRAY_LENGTH(fields))
                return parse_bad(s, "too many fields");
            fields[count++] = f;
            f = strchr(f, ' ');
            if (f != NULL)
                *f++ = '\0';
        }
        size_t rules = p->rule_count;
        if (parse_line(s, fields, count, &end) != 0)
            return -1;
        s->after_rule = false;
        if (p->rule_count > rules)
            parsed_rule(s);
    }
    s->line = 0;
    if (length == 0)
        return parse_bad(s, "the file is empty");
    if (!end)
        return parse_bad(s, "there is no last line 'end': the file is truncated");
    if (!(s->once & (1U << K_EGRESS)))
        return parse_bad(s, "there is no line 'egress audit' or 'egress block'");
    if (p->fs_write.count > 0 && p->files != MODE_BLOCK)
        return parse_bad(s, "fs-write stands without 'files block'");
    if ((p->script_tree.count > 0 || p->script_write.count > 0) && p->files == MODE_OFF)
        return parse_bad(s, "%s stands without 'files audit' or 'files block'", p->script_tree.count > 0 ? "script-tree" : "script-write");
    if (p->credential.count > 0 && p->credentials == MODE_OFF)
        return parse_bad(s, "credential stands without 'credentials audit' or 'credentials block'");
    if (check_identifiers(s) != 0)
        return -1;
    if (!policy_index(p, s->id_room))
        return parse_bad(s, "out of memory");
    /* Read by the supervisor alone: not worth a copy of the page tables in each child. */
    keep_from_children(p->rules, p->rule_count * sizeof *p->rules);
    return 0;
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
    int result = length > POLICY_MAX_BYTES ? parse_bad(&s, "the file is larger than %u bytes", POLICY_MAX_BYTES) : 0;
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
        return parse_bad(&(struct parser){.p = out, .error = error}, "out of memory");
    }
    if (length <= POLICY_MAX_BYTES)
        memcpy(copy, text, length);
    return policy_parse_own(copy, length, out, error);
}
