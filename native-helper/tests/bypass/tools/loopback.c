/*
 * Run in a fresh network namespace: brings the loopback device up, gives it the addresses named as arguments
 * ("169.254.169.254", "2001:db8::9"), opens ICMP echo sockets to everybody, and switches the reverse path filter off. Prints a line for each that fails.
 */
#include "../programs/attack.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/ipv6.h>
#include <sys/ioctl.h>

/* A new IPv6 address is tentative, so that bind fails, until a work queue of the kernel has come round to it. */
static int usable(const struct target *t) {
    for (int i = 0; i < 500; i++) {
        int s = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        struct sockaddr_in6 address = *(const struct sockaddr_in6 *)&t->address;
        address.sin6_port = 0;
        int rc = bind(s, (struct sockaddr *)&address, sizeof address), error = errno;
        close(s);
        if (rc == 0)
            return 0;
        errno = error;
        usleep(10000);
    }
    return -1;
}

int main(int argc, char **argv) {
    int four = socket(AF_INET, SOCK_DGRAM, 0), six = socket(AF_INET6, SOCK_DGRAM, 0);
    struct ifreq up = {.ifr_name = "lo"};
    up.ifr_flags = IFF_UP | IFF_RUNNING | IFF_LOOPBACK;
    if (ioctl(four, SIOCSIFFLAGS, &up) != 0) {
        perror("loopback: up");
        return 1;
    }
    int labels = 0;
    for (int i = 1; i < argc; i++) {
        struct target t = target_of(argv[i], "0");
        int rc;
        if (t.family == AF_INET) {
            struct ifreq r;
            memset(&r, 0, sizeof r);
            snprintf(r.ifr_name, sizeof r.ifr_name, "lo:%d", labels++);
            memcpy(&r.ifr_addr, &t.address, sizeof(struct sockaddr_in));
            rc = ioctl(four, SIOCSIFADDR, &r);
            ((struct sockaddr_in *)&r.ifr_netmask)->sin_addr.s_addr = 0xffffffff;
            if (rc == 0)
                rc = ioctl(four, SIOCSIFNETMASK, &r);
        } else {
            struct in6_ifreq r = {.ifr6_prefixlen = 128, .ifr6_ifindex = (int)if_nametoindex("lo")};
            r.ifr6_addr = ((struct sockaddr_in6 *)&t.address)->sin6_addr;
            rc = ioctl(six, SIOCSIFADDR, &r);
            if (rc == 0)
                rc = usable(&t);
        }
        if (rc != 0)
            printf("loopback: %s: %s\n", argv[i], strerror(errno));
    }
    static const char *const settings[][2] = {
        {"/proc/sys/net/ipv4/ping_group_range", "0 2147483647"},
        {"/proc/sys/net/ipv4/conf/all/rp_filter", "0"}, /* frames with a source that has no route, for the packet socket */
        {"/proc/sys/net/ipv4/conf/lo/rp_filter", "0"},
    };
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++) {
        int fd = open(settings[i][0], O_WRONLY | O_CLOEXEC);
        size_t n = strlen(settings[i][1]);
        if (fd < 0 || write(fd, settings[i][1], n) != (ssize_t)n)
            printf("loopback: %s: %s\n", settings[i][0], strerror(errno));
        close(fd);
    }
    return 0;
}
