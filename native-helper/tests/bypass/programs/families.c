/*
 * Socket families and kinds that carry data past a filter on TCP and UDP.
 * usage: families METHOD [IPV4-ADDRESS PORT]
 *   raw      a UDP datagram with headers of our own, through a raw socket (CAP_NET_RAW)
 *   packet   the same as a frame on the loopback device (CAP_NET_RAW)
 *   ping     an ICMP echo with our payload
 *   tun      the same through a network device of our own (CAP_NET_ADMIN)
 *   old-packet, vsock, alg, xdp, tipc, bluetooth, rds, kcm, netfilter, sock-diag, generic, uevent   the socket itself is the goal
 */
#include "attack.h"

#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <netinet/udp.h>
#include <poll.h>
#include <sys/ioctl.h>

static const struct {
    const char *name;
    int family, type, protocol;
} plain[] = {
    {"vsock", 40, SOCK_STREAM, 0},   {"alg", 38, SOCK_SEQPACKET, 0}, {"xdp", 44, SOCK_RAW, 0},
    {"tipc", 30, SOCK_RDM, 0},       {"bluetooth", 31, SOCK_RAW, 1}, {"rds", 21, SOCK_SEQPACKET, 0},
    {"kcm", 41, SOCK_SEQPACKET, 0},  {"netfilter", 16, SOCK_RAW, 12}, {"sock-diag", 16, SOCK_DGRAM, 4},
    {"generic", 16, SOCK_RAW, 16},   {"uevent", 16, SOCK_DGRAM, 15},   {"old-packet", 2, 10 /* SOCK_PACKET */, 768},
};

static int make(int family, int type, int protocol) {
    int fd = socket(family, type, protocol);
    if (fd < 0) {
        if (unsupervised() && errno == EPERM)
            cannot("socket: needs CAP_NET_RAW");
        failed("socket");
    }
    return fd;
}

static unsigned short checksum(const void *data, size_t n) {
    const unsigned char *p = data;
    unsigned sum = 0;
    for (size_t i = 0; i + 1 < n; i += 2)
        sum += (unsigned)(p[i] << 8 | p[i + 1]);
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return htons((unsigned short)~sum);
}

/* IPv4 and UDP headers and the token; the UDP checksum may be zero. */
static size_t datagram(unsigned char *out, const struct sockaddr_in *to, const char *from) {
    size_t n = sizeof(struct iphdr) + sizeof(struct udphdr) + strlen(TOKEN);
    struct iphdr ip = {.version = 4, .ihl = 5, .tot_len = htons((unsigned short)n), .ttl = 64, .protocol = IPPROTO_UDP};
    ip.saddr = inet_addr(from);
    ip.daddr = to->sin_addr.s_addr;
    ip.check = checksum(&ip, sizeof ip);
    struct udphdr udp = {.source = htons(4444), .dest = to->sin_port, .len = htons((unsigned short)(n - sizeof ip))};
    memcpy(out, &ip, sizeof ip);
    memcpy(out + sizeof ip, &udp, sizeof udp);
    memcpy(out + sizeof ip + sizeof udp, TOKEN, strlen(TOKEN));
    return n;
}

/* What is written to the device comes in as if from a network; with forwarding on, it goes out again. */
static void tunnel(const struct target *t) {
    struct ifreq r = {.ifr_flags = IFF_TUN | IFF_NO_PI}, up = {.ifr_name = ""};
    unsigned char packet[256];
    int fd = open("/dev/net/tun", O_RDWR);
    if (fd < 0 || ioctl(fd, TUNSETIFF, &r) != 0)
        failed("tun device");
    int control = socket(AF_INET, SOCK_DGRAM, 0);
    memcpy(up.ifr_name, r.ifr_name, sizeof up.ifr_name);
    up.ifr_flags = IFF_UP | IFF_RUNNING;
    if (ioctl(control, SIOCSIFFLAGS, &up) != 0)
        failed("tun device up");
    size_t n = datagram(packet, (const struct sockaddr_in *)&t->address, "198.51.100.1");
    if (write(fd, packet, n) != (ssize_t)n)
        stopped_at("write");
    usleep(20000);
    reached("a packet through a network device");
}

static void ping(const struct target *t) {
    int fd = socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP);
    if (fd < 0) {
        if (unsupervised() && errno == EACCES)
            cannot("ping sockets: net.ipv4.ping_group_range leaves this group out");
        failed("socket");
    }
    unsigned char echo[64] = {ICMP_ECHO}, back[256];
    memcpy(echo + 8, TOKEN, strlen(TOKEN));
    if (sendto(fd, echo, 8 + strlen(TOKEN), 0, (const struct sockaddr *)&t->address, t->length) < 0)
        stopped_at("sendto");
    struct pollfd p = {fd, POLLIN, 0};
    if (poll(&p, 1, 1000) != 1 || recv(fd, back, sizeof back, 0) < 8 || memcmp(back + 8, TOKEN, strlen(TOKEN)) != 0)
        stopped("no echo");
    reached("ICMP echo came back");
}

int main(int argc, char **argv) {
    if (argc != 2 && argc != 4)
        cannot("usage: families METHOD [ADDRESS PORT]");
    const char *method = argv[1];
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
        if (strcmp(method, plain[i].name) == 0) {
            make(plain[i].family, plain[i].type, plain[i].protocol);
            reached("a socket of family %d, protocol %d", plain[i].family, plain[i].protocol);
        }
    if (argc != 4)
        cannot("unknown method %s", method);
    struct target t = target_of(argv[2], argv[3]);
    unsigned char packet[256];
    if (strcmp(method, "raw") == 0) {
        int fd = make(AF_INET, SOCK_RAW, IPPROTO_RAW);
        size_t n = datagram(packet, (struct sockaddr_in *)&t.address, "127.0.0.1");
        struct sockaddr_in to = *(struct sockaddr_in *)&t.address;
        to.sin_port = 0;
        if (sendto(fd, packet, n, 0, (struct sockaddr *)&to, sizeof to) < 0)
            stopped_at("sendto");
        reached("a datagram through a raw socket");
    }
    if (strcmp(method, "packet") == 0) {
        int fd = make(AF_PACKET, SOCK_DGRAM, htons(ETH_P_IP));
        /* a loopback source would be dropped as impossible: the frame comes in from a device */
        size_t n = datagram(packet, (struct sockaddr_in *)&t.address, "198.51.100.1");
        struct sockaddr_ll to = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP), .sll_halen = 6};
        to.sll_ifindex = (int)if_nametoindex("lo");
        if (sendto(fd, packet, n, 0, (struct sockaddr *)&to, sizeof to) < 0)
            stopped_at("sendto");
        reached("a frame through a packet socket");
    }
    if (strcmp(method, "tun") == 0)
        tunnel(&t);
    if (strcmp(method, "ping") == 0)
        ping(&t);
    cannot("unknown method %s", method);
}
