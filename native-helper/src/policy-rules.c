/* The rules of a policy file, field by field, with a message for each mistake. What is written in the usual way,
 * rule_read has read before that. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parser.h"
#include "util.h"

static int parse_cidr(struct parser *s, struct rule *r, char *text) {
    char *slash = strchr(text, '/');
    uint64_t prefix;
    unsigned char *address = r->address, masked[16];
    bool v4;
    r->key_length = 16;
    if (slash == NULL)
        return parse_bad(s, "rule %s: '%.*s' has no prefix length", s->id, SHOW(text));
    *slash = '\0';
    if (parse_address(text, address, &v4) != 0)
        return parse_bad(s, "rule %s: '%.*s' is not an address", s->id, SHOW(text));
    if (parse_number(s, "prefix length", slash + 1, 0, v4 ? 32 : 128, &prefix) != 0)
        return -1;
    r->prefix = (uint8_t)(prefix + (v4 ? 96 : 0));
    memcpy(masked, address, 16);
    address_mask(masked, r->prefix);
    if (memcmp(masked, address, 16) != 0)
        return parse_bad(s, "rule %s: the bits of %.*s behind /%llu are not zero", s->id, SHOW(text), (unsigned long long)prefix);
    return 0;
}

static int parse_name(struct parser *s, struct rule *r, char *text) {
    size_t n = strlen(text), label = 0;
    if (n == 0 || n > 253)
        return parse_bad(s, "rule %s: a name has 1 to 253 characters", r->id);
    for (size_t i = 0; i < n; i++) {
        char c = text[i];
        bool ok = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
        if (!ok)
            return parse_bad(s, "rule %s: character '%c' in a name (lower-case letters, digits, '-', '_' and '.')", s->id, c);
        label = c == '.' ? 0 : label + 1;
        if (label > 63 || (c == '.' && (i == 0 || text[i - 1] == '.' || i == n - 1)))
            return parse_bad(s, "rule %s: '%.*s' has an empty or overlong label", s->id, SHOW(text));
    }
    r->name = text;
    r->key_length = (uint16_t)n;
    return 0;
}

static int parse_ports(struct parser *s, struct rule *r, char *text) {
    r->port_count = 0;
    if (strcmp(text, "*") == 0)
        return 0;
    uint32_t count = 1;
    for (const char *c = text; *c; c++)
        count += *c == ',';
    struct port_range *ports = r->range;
    if (count > ARRAY_LENGTH(r->range)) {
        if ((ports = calloc(count, sizeof *ports)) == NULL)
            return parse_bad(s, "out of memory");
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
        if (parse_number(s, "port", text, 1, 65535, &first) != 0)
            return -1;
        last = first;
        if (dash && parse_number(s, "port", dash + 1, 1, 65535, &last) != 0)
            return -1;
        if (last < first)
            return parse_bad(s, "rule %s: port range %llu-%llu is reversed", s->id, (unsigned long long)first, (unsigned long long)last);
        ports[i] = (struct port_range){(uint16_t)first, (uint16_t)last};
        text = comma ? comma + 1 : text;
    }
    return 0;
}

/* Room for every rule that the file can hold is reserved at once, and memory made available as it fills. */
static struct rule *new_rule(struct parser *s) {
    enum { STEP = 2048 };
    struct policy *p = s->p;
    if (p->rule_count == POLICY_MAX_RULES) {
        parse_bad(s, "more than %u rules", POLICY_MAX_RULES);
        return NULL;
    }
    if (p->rules == NULL && (p->rules = malloc(s->rule_room * sizeof *p->rules)) == NULL) {
        parse_bad(s, "out of memory");
        return NULL;
    }
    if (p->rule_count == s->rules_available) {
        s->rules_available = s->rule_room - p->rule_count < STEP ? s->rule_room : p->rule_count + STEP;
        prefault(p->rules + p->rule_count, (s->rules_available - p->rule_count) * sizeof *p->rules);
    }
    return &p->rules[p->rule_count++];
}

static int parse_host(struct parser *s, struct rule *r, const char *kind, char *value) {
    unsigned i;
    if (kind != NULL) {
        if (parse_choice(s, "rule kind", kind, (const char *const[]){"name", "suffix", "cidr", NULL}, &i) != 0)
            return -1;
        r->kind = i & 3;
    }
    r->prefix = 0;
    return r->kind == RULE_CIDR ? parse_cidr(s, r, value) : parse_name(s, r, value);
}

int parse_rule(struct parser *s, char **f) {
    struct rule *r = new_rule(s);
    if (r == NULL)
        return -1;
    memset(r, 0, sizeof *r);
    unsigned i;
    bool block;
    if (parse_head(s, f, &r->id, &block) != 0)
        return -1;
    size_t letters, length = strlen(r->id);
    memcpy(s->id, r->id, length + 1);
    r->block = block;
    r->number = rule_number(r->id, length, &letters);
    r->id_length = (uint8_t)letters;
    if (parse_choice(s, "rule protocol", f[3], (const char *const[]){"tcp", "udp", NULL}, &i) != 0)
        return -1;
    r->protocol = i & 1;
    return parse_host(s, r, f[4], f[5]) != 0 ? -1 : parse_ports(s, r, f[6]);
}

/* A line that begins with a space, so that f[0] is empty: VALUE, VALUE PORTS or KIND VALUE PORTS of a rule that is like
 * the one before it otherwise, and whose identifier has the next number. */
int parse_next_rule(struct parser *s, char **f, unsigned count) {
    if (!s->after_rule)
        return parse_bad(s, "the line begins with a space, but the one before it is no rule");
    if (count < 2 || count > 4)
        return parse_bad(s, "a line that begins with a space has 1 to 3 fields: VALUE, VALUE PORTS or KIND VALUE PORTS");
    struct rule *r = new_rule(s);
    if (r == NULL)
        return -1;
    *r = r[-1];
    if (r->number == RULE_UNNUMBERED)
        return parse_bad(s, "the identifier before has no number to count on from: write the line out with 'rule'");
    int length = snprintf(s->id, sizeof s->id, "%.*s%u", r->id_length, r->id, r->number + 1);
    if (r->number >= RULE_NUMBER_MAX || length >= (int)sizeof s->id)
        return parse_bad(s, "the next identifier would be too long: write the line out with 'rule'");
    r->number++;
    r->counted = true;
    if (parse_host(s, r, count == 4 ? f[1] : NULL, f[count == 4 ? 2 : 1]) != 0)
        return -1;
    return count == 2 ? 0 : parse_ports(s, r, f[count - 1]);
}

/* Some order of identifiers in which those that the engine numbers (a1, a2, … a10, b1) ascend. */
static bool ascending(const struct rule *a, const struct rule *b) {
    if (a->id_length != b->id_length)
        return a->id_length < b->id_length;
    int order = a->id == b->id ? 0 : memcmp(a->id, b->id, a->id_length);
    return order != 0 ? order < 0 : a->number < b->number;
}

void parsed_rule(struct parser *s) {
    const struct rule *r = &s->p->rules[s->p->rule_count - 1];
    if (r->kind == RULE_CIDR)
        s->p->prefixes[r->prefix / 64] |= 1ULL << (r->prefix % 64);
    if (r->counted)
        s->id_room += r->id_length + 10U;
    else
        s->unsorted |= r > s->p->rules && !ascending(r - 1, r);
    s->after_rule = true;
}

char *parse_rule_line(struct parser *s, char *line) {
    if (*line != ' ' && *line != 'r')
        return NULL; /* not a rule: a policy can have a million other lines */
    struct rule *r = new_rule(s);
    if (r == NULL) {
        memset(s->error, 0, sizeof *s->error); /* parse_line reports it if it is about a rule */
        return NULL;
    }
    char *next = rule_read(line, s->after_rule ? r - 1 : NULL, r);
    if (next == NULL) {
        s->p->rule_count--;
        return NULL;
    }
    parsed_rule(s);
    return next;
}

static int by_identifier(const void *a, const void *b) {
    const struct rule *const *x = a, *const *y = b;
    return ascending(*x, *y) ? -1 : ascending(*y, *x);
}

/* Events name rules by their identifiers, so none may stand twice. Where each is above the one before, none does. */
int check_identifiers(struct parser *s) {
    struct policy *p = s->p;
    if (s->unsorted) {
        const struct rule **order = malloc(p->rule_count * sizeof *order), *twice = NULL;
        if (order == NULL)
            return parse_bad(s, "out of memory");
        for (size_t i = 0; i < p->rule_count; i++)
            order[i] = &p->rules[i];
        qsort(order, p->rule_count, sizeof *order, by_identifier);
        for (size_t i = 1; twice == NULL && i < p->rule_count; i++)
            twice = ascending(order[i - 1], order[i]) ? NULL : order[i];
        free(order);
        if (twice != NULL && twice->number == RULE_UNNUMBERED)
            return parse_bad(s, "rule: the identifier '%s' stands twice", twice->id);
        if (twice != NULL)
            return parse_bad(s, "rule: the identifier '%.*s%u' stands twice", twice->id_length, twice->id, twice->number);
    }
    for (size_t u = 0; u < p->unix_count; u++) {
        struct rule same = {.id = p->unix_rules[u].id};
        size_t letters;
        same.number = rule_number(same.id, strlen(same.id), &letters);
        same.id_length = (uint8_t)letters;
        for (size_t i = 0; i < p->rule_count; i++)
            if (!ascending(&same, &p->rules[i]) && !ascending(&p->rules[i], &same))
                return parse_bad(s, "unix: the identifier '%s' stands twice", same.id);
    }
    return 0;
}
