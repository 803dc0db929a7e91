/* Asks the kernel for a key that it does not have, with callout information: it starts /sbin/request-key for it, outside
 * of whatever the caller is confined to. Prints the error. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
    long key = syscall(SYS_request_key, "user", "harden-runner-test", "callout", -3 /* KEY_SPEC_SESSION_KEYRING */);
    puts(key >= 0 ? "a key" : strerror(errno));
    return 0;
}
