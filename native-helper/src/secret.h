/*
 * What must not appear in the event file: values that are known to be secret, in every usual notation, and text that
 * looks like one. Filled before threads start, then only read.
 */
#ifndef HARDEN_SECRET_H
#define HARDEN_SECRET_H

#include <stdbool.h>
#include <stddef.h>

/* Values shorter than this are not hidden: replacing single letters would destroy the evidence and hide nothing. */
#define SECRET_MINIMUM 3
/* Values of variables that only their name makes suspicious: "true" and "8080" are no secrets. */
#define SECRET_GUESSED_MINIMUM 8

/* Adds a value; the bytes are copied. Its hexadecimal and base64 forms, and its lines, are added with it. */
void secret_add(const char *value);

/* Adds the values of all variables of the environment whose name matches; `*` stands for any characters, case counts not. */
void secret_add_environment(const char *name_pattern);

#define SECRET_MAX_PATTERNS 64
#define SECRET_MAX_ATOMS 64
struct secret_atom {
    unsigned char set[32]; /* bit n: byte n fits */
    unsigned least, most;
};
struct secret_pattern {
    struct secret_atom atoms[SECRET_MAX_ATOMS];
    size_t count, kept; /* the atoms at the beginning that match one byte each, and stay visible */
};

/* Compiles a pattern (docs/policy-file.md). NULL, or what is wrong with it; *at is the index of the character. */
const char *secret_pattern_parse(const char *text, struct secret_pattern *out, size_t *at);
/* Adds a pattern that parses. */
void secret_pattern_add(const char *text);

/* Adds an option of commands, such as --password, whose value is secret: after `=`, a space, or as the next argument.
 * The text is kept by reference. */
void secret_option_add(const char *option);
bool secret_follows(const char *argument, size_t length);

/* Whether anything begins with this byte: ordinary text costs one look-up a byte. */
extern bool secret_start[256];

/*
 * How many bytes from here are to be hidden; 0 for none. *kept of them, at the beginning, may be shown. With `cut` the
 * text ends where somebody's buffer ended, and the beginning of a secret counts as one.
 */
size_t secret_at(const char *p, size_t left, bool cut, size_t *kept);

#endif
