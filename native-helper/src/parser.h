/* Parts of the parser of policy files: policy.c reads lines and their values, policy-rules.c the rules among them. */
#ifndef HARDEN_PARSER_H
#define HARDEN_PARSER_H

#include "policy.h"
#include "rule.h"

struct parser {
    struct policy *p;
    struct policy_error *error;
    unsigned line;
    uint32_t once; /* bits of single_keywords seen */
    size_t rule_room, rules_available; /* rules, by the length of the file; memory is there for so many */
    size_t id_room;   /* bytes for the identifiers of counted rules */
    bool after_rule, unsorted; /* unsorted: by identifier */
    char id[RULE_ID_MAX + 1]; /* of the rule that is being read field by field */
    struct {
        size_t own, protect, fs_write, credential, script_tree, script_package, script_write, redact, redact_env, redact_after;
    } room;
};

/* Text of the file in messages: short, and free of anything but the ASCII that was checked before. */
#define SHOW(text) (int)(strlen(text) > 60 ? 60 : strlen(text)), (text)

/* Fills in the error, with the number of the line; -1. */
int parse_bad(struct parser *s, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Values of a line: 0, or -1 with the error filled in. `what` begins the message. */
int parse_number(struct parser *s, const char *what, const char *text, uint64_t low, uint64_t high, uint64_t *out);
int parse_choice(struct parser *s, const char *what, const char *text, const char *const *values, unsigned *out);

/* The address in its 16-byte form; -1, without an error filled in, if it is none. */
int parse_address(const char *text, unsigned char out[16], bool *v4);

/* Identifier and action, which the fields `f` of a rule or of a line `unix` begin with. */
int parse_head(struct parser *s, char **f, const char **id, bool *block);

/* A line `rule`, and one that begins with a space, by their fields. */
int parse_rule(struct parser *s, char **f);
int parse_next_rule(struct parser *s, char **f, unsigned count);

/* Takes note of the rule that was read last. */
void parsed_rule(struct parser *s);

/* The fast way for a rule; the beginning of the next line, or NULL if the line has to be read by its fields. */
char *parse_rule_line(struct parser *s, char *line);

/* No identifier stands twice: 0, or -1 with the error filled in. */
int check_identifiers(struct parser *s);

#endif
