/* Rules of a policy, read in one pass over their bytes: policies have thousands of them, and each launch reads its
 * policy anew. */
#ifndef HARDEN_RULE_H
#define HARDEN_RULE_H

#include "policy.h"

#define RULE_ID_MAX 64U
#define RULE_NUMBER_MAX 999999999U /* nine digits */

/* Divides an identifier into letters and the number that ends it; RULE_UNNUMBERED where there are no digits, more than
 * nine, or a leading zero. Then the letters are the whole, so that equal parts are equal identifiers and the reverse. */
uint32_t rule_number(const char *id, size_t length, size_t *letters);

/* Reads a rule of a name, a suffix or an IPv4 network with at most two ports or ranges from a text that POLICY_PAD zero
 * bytes end: a line `rule …`, or behind the rule `before` (or NULL) a line that begins with a space. Returns the
 * beginning of the next line and fills *out, whose id and key point into the text; puts a NUL behind each.
 * Of whatever is not exactly such a line, or holds a mistake, the text is left as it is, and NULL returned: policy_parse
 * reads it field by field and has the messages. */
char *rule_read(char *line, const struct rule *before, struct rule *out);

#endif
