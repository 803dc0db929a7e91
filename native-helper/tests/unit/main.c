#include "check.h"

unsigned check_passed, check_failed;

int main(void) {
    test_policy();
    test_decide();
    test_sockaddr();
    test_sha256();
    test_batch();
    test_json();
    test_secret();
    test_budget();
    test_dns();
    test_sniff();
    test_names();
    test_unixpeer();
    test_glob();
    printf("%u passed, %u failed, 0 skipped\n", check_passed, check_failed);
    return check_failed != 0;
}
