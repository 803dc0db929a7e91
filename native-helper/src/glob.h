/*
 * Patterns for paths, as the engine's Glob has them: `*` and `?` stay in one name, `**` crosses folders, `[abc]`, `{a,b}`;
 * a backslash takes the next character as it is. Patterns come from the policy, paths from hostile programs: matching
 * takes time in proportion to the product of both lengths, whatever they contain.
 */
#ifndef HARDEN_GLOB_H
#define HARDEN_GLOB_H

#include <stdbool.h>
#include <stddef.h>

struct glob;

/* NULL if the pattern is wrong: then *error says what. The text must outlive the pattern. */
struct glob *glob_parse(const char *text, const char **error);
void glob_free(struct glob *g);

/* Whether the whole path matches. Not for two threads with one pattern at the same time. */
bool glob_matches(struct glob *g, const char *path);

#endif
