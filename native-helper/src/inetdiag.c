#include "inetdiag.h"

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ALIGNED(n) (((size_t)(n) + 3) & ~(size_t)3)
#define STATE_LISTEN 10U

struct question {
    struct nlmsghdr header;
    struct inet_diag_req_v2 request;
};

static bool report(const struct nlmsghdr *h, int family, uint16_t port,
                   bool (*each)(const unsigned char address[16], uint64_t inode, void *context), void *context) {
    const struct inet_diag_msg *m = (const struct inet_diag_msg *)((const char *)h + ALIGNED(sizeof *h));
    if (h->nlmsg_len < ALIGNED(sizeof *h) + sizeof *m || ntohs(m->id.idiag_sport) != port || m->idiag_state != STATE_LISTEN)
        return true;
    unsigned char address[16] = {[10] = 0xff, [11] = 0xff};
    if (family == AF_INET)
        memcpy(address + 12, m->id.idiag_src, 4);
    else
        memcpy(address, m->id.idiag_src, 16);
    return each(address, m->idiag_inode, context);
}

bool inet_listeners(int family, uint16_t port, bool (*each)(const unsigned char address[16], uint64_t inode, void *context),
                    void *context) {
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
    if (fd < 0)
        return false;
    struct question q = {.header = {.nlmsg_len = sizeof q, .nlmsg_type = SOCK_DIAG_BY_FAMILY, .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP},
                         .request = {.sdiag_family = (uint8_t)family, .sdiag_protocol = IPPROTO_TCP, .idiag_states = 1U << STATE_LISTEN}};
    bool whole = false, more = send(fd, &q, sizeof q, 0) == (ssize_t)sizeof q;
    while (more) {
        _Alignas(struct nlmsghdr) char answer[32768]; /* the kernel fills no more than this into one */
        ssize_t n = recv(fd, answer, sizeof answer, 0);
        if (n <= 0)
            break;
        size_t left = (size_t)n;
        for (const struct nlmsghdr *h = (const struct nlmsghdr *)answer; more && left >= sizeof *h && h->nlmsg_len >= sizeof *h &&
                                                                         h->nlmsg_len <= left;) {
            if (h->nlmsg_flags & NLM_F_DUMP_INTR) {
                more = false; /* the table has changed meanwhile, something may be missing */
            } else if (h->nlmsg_type == NLMSG_DONE) {
                int error = 0; /* it carries one: a dump that the kernel could not begin ends like any other */
                if (h->nlmsg_len >= ALIGNED(sizeof *h) + sizeof error)
                    memcpy(&error, (const char *)h + ALIGNED(sizeof *h), sizeof error);
                whole = error == 0;
                more = false;
            } else if (h->nlmsg_type != SOCK_DIAG_BY_FAMILY) {
                more = false; /* an error */
            } else if (!report(h, family, port, each, context)) {
                whole = true;
                more = false;
            }
            size_t step = ALIGNED(h->nlmsg_len);
            left = step < left ? left - step : 0;
            h = (const struct nlmsghdr *)((const char *)h + step);
        }
    }
    close(fd);
    return whole;
}
