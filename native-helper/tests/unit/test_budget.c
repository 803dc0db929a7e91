/* What a block may say in names under one suffix rule. */
#include <stdlib.h>
#include <string.h>

#include "budget.h"
#include "check.h"

static bool ask(struct budget *b, const char *below) {
    char name[300];
    snprintf(name, sizeof name, "%s.example.com", below);
    return budget_spend(b, name, strlen(below));
}

void test_budget(void) {
    struct budget b = {0};
    char label[64];
    CHECK(budget_information("aaaaaaaa", 8) == 0, "one letter says nothing");
    unsigned bits = budget_information("0123456789abcdef", 16);
    CHECK(bits == 64, "16 different characters: %u bits", bits);
    bits = budget_information("abcabcabcabc", 12); /* 12 * log2(3) = 19.02 */
    CHECK(bits == 18 || bits == 19, "three letters: %u bits", bits);
    CHECK(budget_information("", 0) == 0, "empty");

    for (unsigned i = 0; i < BUDGET_NAMES; i++) {
        snprintf(label, sizeof label, "host-%u", i);
        CHECK(ask(&b, label), "name %u", i);
    }
    CHECK(!ask(&b, "one-too-many"), "name %u", BUDGET_NAMES + 1);
    CHECK(ask(&b, "host-7") && ask(&b, "host-49"), "a name that was let through");

    memset(&b, 0, sizeof b);
    unsigned sent = 0;
    for (unsigned i = 0; i < 20; i++) { /* 52 characters of base 32 */
        for (unsigned k = 0; k < 52; k++)
            label[k] = "abcdefghijklmnopqrstuvwxyz234567"[(i * 7 + k * k * 5 + k * 11) % 32];
        label[52] = '\0';
        sent += ask(&b, label);
    }
    CHECK(sent >= 3 && sent <= 6, "%u long labels were let through", sent);
    CHECK(ask(&b, "www") && ask(&b, "packages.eu-west-1"), "honest names go on");
    CHECK(!ask(&b, "abcdefghij0123456789klmnopqrst"), "another long one");
    memset(&b, 0, sizeof b);
    CHECK(ask(&b, "a.b.c"), "short labels");
    CHECK(b.bits == 0 && b.names == 1, "%u bits", b.bits);
}
