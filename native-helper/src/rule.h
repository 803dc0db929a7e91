/* Lines `rule …` of a policy, read in one pass over their bytes: policies have thousands of them, and each launch reads
 * its policy anew. */
#ifndef HARDEN_RULE_H
#define HARDEN_RULE_H

#include "policy.h"

/* Reads a rule of a name, a suffix or an IPv4 network with at most two ports or ranges from a text that POLICY_PAD zero
 * bytes end. Returns the beginning of the next line and fills *out, whose id and key point into the text; puts a NUL behind each.
 * Of whatever is not exactly such a line, or holds a mistake, the text is left as it is, and NULL returned: policy_parse
 * reads it field by field and has the messages. */
char *rule_read(char *line, struct rule *out);

#endif
