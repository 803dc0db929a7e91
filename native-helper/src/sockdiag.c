#include "sockdiag.h"

#include <linux/sock_diag.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A dump ends with an error of its own: one that the kernel could not begin ends like any other. */
static bool done_well(const struct nlmsghdr *h) {
    int error = 0;
    if (h->nlmsg_len >= SOCKDIAG_ALIGNED(sizeof *h) + sizeof error)
        memcpy(&error, (const char *)h + SOCKDIAG_ALIGNED(sizeof *h), sizeof error);
    return error == 0;
}

bool sockdiag_dump(struct nlmsghdr *question, size_t size, bool (*each)(const struct nlmsghdr *answer, void *context), void *context) {
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
    if (fd < 0)
        return false;
    question->nlmsg_len = (uint32_t)size;
    question->nlmsg_type = SOCK_DIAG_BY_FAMILY;
    question->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
    bool whole = false, changed = false, more = send(fd, question, size, 0) == (ssize_t)size;
    while (more) {
        _Alignas(struct nlmsghdr) char answer[32768]; /* the kernel fills no more than this into one */
        ssize_t n = recv(fd, answer, sizeof answer, 0);
        if (n <= 0)
            break;
        size_t left = (size_t)n;
        for (const struct nlmsghdr *h = (const struct nlmsghdr *)answer; more && left >= sizeof *h && h->nlmsg_len >= sizeof *h &&
                                                                         h->nlmsg_len <= left;) {
            /* The table has changed meanwhile, something may be missing. */
            changed |= (h->nlmsg_flags & NLM_F_DUMP_INTR) != 0;
            if (h->nlmsg_type != SOCK_DIAG_BY_FAMILY) { /* the end, or an error */
                whole = h->nlmsg_type == NLMSG_DONE && done_well(h);
                more = false;
            } else if (!each(h, context)) {
                whole = true;
                more = false;
            }
            size_t step = SOCKDIAG_ALIGNED(h->nlmsg_len);
            left = step < left ? left - step : 0;
            h = (const struct nlmsghdr *)((const char *)h + step);
        }
    }
    close(fd);
    return whole && !changed;
}
