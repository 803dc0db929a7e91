#include <stddef.h>
#include <stdint.h>
#include "policy.h"
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct policy p;
    struct policy_error e;
    if (policy_parse((const char *)data, size, &p, &e) == 0) {
        uint32_t cursor = 0;
        policy_lookup(&p, RULE_NAME, 0, "a.test", 6, &cursor); /* files the rules */
        policy_free(&p);
    }
    return 0;
}
