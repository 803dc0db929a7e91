/*
 * How much a block may say in DNS names. A rule `suffix example.com` lets every name below it be asked, and whoever runs
 * that domain's name server reads them; answers are cached, so a tunnel needs a new name for each piece of data. In
 * block, each such rule therefore has a budget of different names, and of the information that long labels hold.
 */
#ifndef HARDEN_BUDGET_H
#define HARDEN_BUDGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BUDGET_NAMES 50U   /* different names under one rule */
#define BUDGET_BITS 1024U  /* of the labels of BUDGET_LABEL and more characters in them */
#define BUDGET_LABEL 20U

struct budget {
    unsigned names, bits;
    uint64_t seen[BUDGET_NAMES]; /* hashes of the names that were let through */
};

/* Whether `name` may be asked; `below` is the length of its part before the rule's suffix. A name that was let through
 * once costs nothing more. */
bool budget_spend(struct budget *b, const char *name, size_t below);

/* Shannon information of a label in bits: its length times the entropy of its characters. */
unsigned budget_information(const char *label, size_t length);

#endif
