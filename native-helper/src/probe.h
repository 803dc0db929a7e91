/* What this kernel, container and user allow. */
#ifndef HARDEN_PROBE_H
#define HARDEN_PROBE_H

#include "policy.h"

/* Prints one JSON object on standard output: what was tried, and the state that `policy` would get. Exit status. */
int probe_print(const struct policy *policy);

#endif
