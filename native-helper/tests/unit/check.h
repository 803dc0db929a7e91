/* A check counts and prints one line; the totals are printed at the end in the form that tests/summary reads. */
#ifndef HARDEN_CHECK_H
#define HARDEN_CHECK_H

#include <stdbool.h>
#include <stdio.h>

extern unsigned check_passed, check_failed;

#define CHECK(condition, ...)                                                                                          \
    do {                                                                                                               \
        bool check_ok = (condition);                                                                                   \
        if (check_ok)                                                                                                  \
            check_passed++;                                                                                            \
        else                                                                                                           \
            check_failed++;                                                                                            \
        if (!check_ok) {                                                                                               \
            printf("not ok - %s:%d %s: ", __FILE__, __LINE__, #condition);                                             \
            printf(__VA_ARGS__);                                                                                       \
            putchar('\n');                                                                                             \
        }                                                                                                              \
    } while (0)

void test_policy(void);
void test_decide(void);
void test_sockaddr(void);
void test_sha256(void);
void test_json(void);
void test_batch(void);
void test_secret(void);
void test_budget(void);
void test_dns(void);
void test_sniff(void);
void test_names(void);
void test_unixpeer(void);
void test_glob(void);

#endif
