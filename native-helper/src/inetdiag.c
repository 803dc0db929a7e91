#include "inetdiag.h"

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "sockdiag.h"

struct question {
    struct nlmsghdr header;
    struct inet_diag_req_v2 request;
};

struct search {
    int family;
    uint16_t port;
    bool (*each)(const unsigned char address[16], uint64_t inode, void *context);
    void *context;
};

static bool report(const struct nlmsghdr *h, void *context) {
    const struct search *s = context;
    const struct inet_diag_msg *m = (const struct inet_diag_msg *)((const char *)h + SOCKDIAG_ALIGNED(sizeof *h));
    if (h->nlmsg_len < SOCKDIAG_ALIGNED(sizeof *h) + sizeof *m || ntohs(m->id.idiag_sport) != s->port ||
        m->idiag_state != SOCKDIAG_LISTEN)
        return true;
    unsigned char address[16] = {[10] = 0xff, [11] = 0xff};
    if (s->family == AF_INET)
        memcpy(address + 12, m->id.idiag_src, 4);
    else
        memcpy(address, m->id.idiag_src, 16);
    return s->each(address, m->idiag_inode, s->context);
}

bool inet_listeners(int family, uint16_t port, bool (*each)(const unsigned char address[16], uint64_t inode, void *context),
                    void *context) {
    struct question q = {
        .request = {.sdiag_family = (uint8_t)family, .sdiag_protocol = IPPROTO_TCP, .idiag_states = 1U << SOCKDIAG_LISTEN}};
    struct search s = {family, port, each, context};
    return sockdiag_dump(&q.header, sizeof q, report, &s);
}
