/*
 * Stands for everything that a build must not reach: listens on TCP, UDP and unix sockets and counts what arrives.
 *
 * usage: sink LABEL:PROTO:ADDRESS:PORT...   (fields are separated by commas, because addresses hold colons)
 *   PROTO    tcp, udp, dns (UDP and TCP, answers with 127.0.1.9, for meta.* with 169.254.169.254), unix (ADDRESS is a path or @abstract), unixgram, udplite,
 *            packet (ADDRESS is a network device: frames that it receives with the programs' token in them)
 *   PORT     a number, or a capital letter: a free port, the same one for every socket that names that letter
 *
 * Prints "port LETTER NUMBER" and "absent LABEL REASON" lines, then "ready". Commands on standard input:
 *   mark     takes everything that has arrived, prints one line "LABEL arrivals=N bytes=N" for each label with any,
 *            one line "asked NAME" for each DNS question, then "."; and starts counting anew
 * Ends with its standard input.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define SOCKETS 64
#define CONNECTIONS 8192
#define ASKED 4096
#define PROTOS (sizeof proto_names / sizeof proto_names[0])

enum proto { TCP, UDP, DNS, UNIX, UNIXGRAM, UDPLITE, PACKET };
static const char *const proto_names[] = {"tcp", "udp", "dns", "unix", "unixgram", "udplite", "packet"};

struct service {
    char label[32], address[108];
    enum proto proto;
    char letter;
    unsigned port;
    int stream, datagram; /* descriptors or -1 */
    unsigned long arrivals, bytes;
};
static struct service services[SOCKETS];
static int service_count;

static struct connection {
    int fd, service;
} connections[CONNECTIONS];
static int connection_count;

static char asked[ASKED][256];
static int asked_count;

static void die(const char *what) {
    fprintf(stderr, "sink: %s: %s\n", what, strerror(errno));
    exit(2);
}

static socklen_t address_of(const struct service *s, struct sockaddr_storage *out) {
    memset(out, 0, sizeof *out);
    if (s->proto == PACKET) {
        struct sockaddr_ll *device = (struct sockaddr_ll *)out;
        *device = (struct sockaddr_ll){.sll_family = AF_PACKET, .sll_protocol = htons(3 /* ETH_P_ALL */),
                                       .sll_ifindex = (int)if_nametoindex(s->address)};
        return sizeof *device;
    }
    if (s->proto == UNIX || s->proto == UNIXGRAM) {
        struct sockaddr_un *un = (struct sockaddr_un *)out;
        un->sun_family = AF_UNIX;
        size_t n = strlen(s->address);
        memcpy(un->sun_path, s->address, n);
        if (s->address[0] == '@')
            un->sun_path[0] = '\0';
        return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n + (s->address[0] != '@'));
    }
    struct sockaddr_in *four = (struct sockaddr_in *)out;
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)out;
    char text[108];
    snprintf(text, sizeof text, "%s", s->address);
    char *zone = strchr(text, '%');
    if (zone != NULL)
        *zone++ = '\0';
    if (inet_pton(AF_INET, text, &four->sin_addr) == 1) {
        four->sin_family = AF_INET;
        four->sin_port = htons((uint16_t)s->port);
        return sizeof *four;
    }
    if (inet_pton(AF_INET6, text, &six->sin6_addr) != 1) {
        fprintf(stderr, "sink: bad address %s\n", s->address);
        exit(2);
    }
    six->sin6_family = AF_INET6;
    six->sin6_port = htons((uint16_t)s->port);
    six->sin6_scope_id = zone != NULL ? if_nametoindex(zone) : 0;
    return sizeof *six;
}

static int listen_on(struct service *s, int type) {
    struct sockaddr_storage address;
    socklen_t length = address_of(s, &address);
    int fd = socket(address.ss_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, s->proto == UDPLITE ? 136 : 0), one = 1;
    if (fd < 0)
        return -1;
    if (address.ss_family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one);
    if (address.ss_family != AF_UNIX && type == SOCK_STREAM)
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(fd, (struct sockaddr *)&address, length) != 0 || (type == SOCK_STREAM && listen(fd, 4096) != 0)) {
        int error = errno;
        close(fd);
        errno = error;
        return -1;
    }
    return fd;
}

static void close_service(struct service *s) {
    if (s->stream >= 0)
        close(s->stream);
    if (s->datagram >= 0)
        close(s->datagram);
    s->stream = s->datagram = -1;
}

/* False when the port is taken by somebody else, so that another one must be tried. */
static int open_service(struct service *s) {
    int stream = s->proto == TCP || s->proto == DNS || s->proto == UNIX;
    int datagram = s->proto == UDP || s->proto == DNS || s->proto == UNIXGRAM || s->proto == UDPLITE ||
                   s->proto == PACKET;
    if ((stream && (s->stream = listen_on(s, SOCK_STREAM)) < 0) ||
        (datagram && (s->datagram = listen_on(s, SOCK_DGRAM)) < 0)) {
        int error = errno;
        close_service(s);
        if (error == EADDRINUSE && s->letter)
            return 0;
        printf("absent %s %s\n", s->label, strerror(error));
    }
    return 1;
}

static void open_all(void) {
    for (char letter = 'A' - 1; letter <= 'Z'; letter++) {
        char wanted = letter < 'A' ? 0 : letter;
        for (int tries = 0, done = 0; !done; tries++) {
            unsigned port = 20000 + (unsigned)(((unsigned)getpid() * 7919U + (unsigned)tries * 104729U + (unsigned)letter * 331U) % 12000U);
            int any = 0;
            done = 1;
            for (int i = 0; i < service_count && done; i++) {
                if (services[i].letter != wanted)
                    continue;
                any = 1;
                if (wanted)
                    services[i].port = port;
                done = open_service(&services[i]);
            }
            if (done && any && wanted)
                printf("port %c %u\n", wanted, port);
            if (!done) {
                for (int i = 0; i < service_count; i++)
                    if (services[i].letter == wanted)
                        close_service(&services[i]);
                if (tries > 200)
                    die("no free port");
            }
        }
    }
}

/* Reads the name of a query and makes the answer in place. Returns its length, or 0. */
static size_t answer(unsigned char *m, size_t n, size_t room) {
    static const unsigned char record[16] = {0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 1, 9};
    char name[256] = "";
    size_t at = 12, length = 0;
    if (n < 17)
        return 0;
    while (at < n && m[at] != 0) {
        unsigned label = m[at++];
        if (label > 63 || at + label >= n || length + label + 1 >= sizeof name)
            return 0;
        memcpy(name + length, m + at, label);
        length += label;
        name[length++] = '.';
        at += label;
    }
    if (at + 5 > n || at + 5 + sizeof record > room)
        return 0;
    if (length > 0)
        name[length - 1] = '\0';
    if (asked_count < ASKED)
        snprintf(asked[asked_count++], sizeof asked[0], "%s", name);
    int is_a = m[at + 1] == 0 && m[at + 2] == 1;
    size_t end = at + 5;
    memset(m + 6, 0, 6);
    m[2] = 0x84 | (m[2] & 1);
    m[3] = 0;
    if (is_a) {
        m[7] = 1;
        memcpy(m + end, record, sizeof record);
        if (strncmp(name, "meta.", 5) == 0)
            memcpy(m + end + 12, "\xa9\xfe\xa9\xfe", 4);
        end += sizeof record;
    }
    return end;
}

static void take_datagrams(struct service *s) {
    unsigned char data[65536];
    struct sockaddr_storage from;
    socklen_t length = sizeof from;
    ssize_t n;
    while ((n = recvfrom(s->datagram, data, sizeof data, 0, (struct sockaddr *)&from, &length)) >= 0) {
        if (s->proto == PACKET && memmem(data, (size_t)n, "bypass-payload", 14) == NULL) {
            length = sizeof from;
            continue;
        }
        s->arrivals++;
        s->bytes += (unsigned long)n;
        if (s->proto == DNS) {
            size_t reply = answer(data, (size_t)n, sizeof data);
            if (reply > 0)
                sendto(s->datagram, data, reply, 0, (struct sockaddr *)&from, length);
        }
        length = sizeof from;
    }
}

/* False at the connection's end. */
static int take_stream(struct connection *c) {
    unsigned char data[65536];
    struct service *s = &services[c->service];
    ssize_t n;
    while ((n = recv(c->fd, data, sizeof data - 64, 0)) > 0) {
        s->bytes += (unsigned long)n;
        if (s->proto == DNS && n > 2) {
            size_t reply = answer(data + 2, (size_t)n - 2, sizeof data - 2);
            data[0] = (unsigned char)(reply >> 8);
            data[1] = (unsigned char)reply;
            if (reply > 0)
                send(c->fd, data, reply + 2, MSG_NOSIGNAL);
        }
    }
    return n < 0 && (errno == EAGAIN || errno == EINTR);
}

static void drain(void) {
    for (int i = 0; i < service_count; i++) {
        struct service *s = &services[i];
        if (s->datagram >= 0)
            take_datagrams(s);
        int fd;
        while (s->stream >= 0 && (fd = accept4(s->stream, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
            s->arrivals++;
            if (connection_count == CONNECTIONS)
                close(fd);
            else
                connections[connection_count++] = (struct connection){fd, i};
        }
    }
    for (int i = 0; i < connection_count;) {
        if (take_stream(&connections[i])) {
            i++;
        } else {
            close(connections[i].fd);
            connections[i] = connections[--connection_count];
        }
    }
}

static void report(void) {
    drain();
    for (int i = 0; i < service_count; i++) {
        struct service *s = &services[i];
        if (s->arrivals || s->bytes)
            printf("%s arrivals=%lu bytes=%lu\n", s->label, s->arrivals, s->bytes);
        s->arrivals = s->bytes = 0;
    }
    for (int i = 0; i < asked_count; i++)
        printf("asked %s\n", asked[i]);
    asked_count = 0;
    puts(".");
}

int main(int argc, char **argv) {
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (int i = 1; i < argc && service_count < SOCKETS; i++) {
        struct service *s = &services[service_count++];
        char proto[16], port[16];
        s->stream = s->datagram = -1;
        if (sscanf(argv[i], "%31[^,],%15[^,],%107[^,],%15s", s->label, proto, s->address, port) != 4) {
            fprintf(stderr, "sink: %s: want LABEL,PROTO,ADDRESS,PORT\n", argv[i]);
            return 2;
        }
        unsigned k = 0;
        while (k < PROTOS && strcmp(proto, proto_names[k]) != 0)
            k++;
        if (k == PROTOS) {
            fprintf(stderr, "sink: unknown protocol %s\n", proto);
            return 2;
        }
        s->proto = (enum proto)k;
        if (port[0] >= 'A' && port[0] <= 'Z')
            s->letter = port[0];
        else
            s->port = (unsigned)atoi(port);
    }
    open_all();
    puts("ready");
    for (;;) {
        static struct pollfd polls[1 + 2 * SOCKETS + CONNECTIONS];
        nfds_t n = 0;
        polls[n++] = (struct pollfd){0, POLLIN, 0};
        for (int i = 0; i < service_count; i++) {
            if (services[i].stream >= 0)
                polls[n++] = (struct pollfd){services[i].stream, POLLIN, 0};
            if (services[i].datagram >= 0)
                polls[n++] = (struct pollfd){services[i].datagram, POLLIN, 0};
        }
        for (int i = 0; i < connection_count; i++)
            polls[n++] = (struct pollfd){connections[i].fd, POLLIN, 0};
        if (poll(polls, n, -1) < 0 && errno != EINTR)
            die("poll");
        if (polls[0].revents) {
            char line[64];
            ssize_t got = read(0, line, sizeof line - 1);
            if (got <= 0)
                return 0;
            line[got] = '\0';
            if (strncmp(line, "mark", 4) == 0)
                report();
        } else {
            drain();
        }
    }
}
