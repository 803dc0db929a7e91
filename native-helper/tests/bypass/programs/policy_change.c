/*
 * Rewrites the policy after the start, and connects to what it then allows.
 * usage: policy_change POLICY-FILE ADDRESS PORT
 */
#include "attack.h"

#include <fcntl.h>

int main(int argc, char **argv) {
    if (argc != 4)
        cannot("usage: policy_change POLICY-FILE ADDRESS PORT");
    static const char policy[] = "harden-policy 1\negress audit\nend\n";
    int fd = open(argv[1], O_WRONLY | O_TRUNC);
    int written = fd >= 0 && write(fd, policy, sizeof policy - 1) == (ssize_t)sizeof policy - 1;
    usleep(50000);
    struct target t = target_of(argv[2], argv[3]);
    if (deliver(&t) != 0)
        stopped("connect: %s (policy %s)", strerror(errno), written ? "rewritten" : "not writable");
    reached("connected (policy %s)", written ? "rewritten" : "not writable");
}
