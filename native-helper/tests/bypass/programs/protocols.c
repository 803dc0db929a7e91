/*
 * Internet transports other than TCP and UDP, for which a filter on TCP and UDP is no filter.
 * usage: protocols mptcp|sctp|sctp-connectx|dccp|udplite ADDRESS PORT
 */
#include "attack.h"

#define MPTCP 262
#define SCTP 132
#define DCCP 33
#define UDPLITE 136
#define SCTP_SOCKOPT_CONNECTX 110

static int make(const struct target *t, int type, int protocol) {
    int fd = socket(t->family, type, protocol);
    if (fd < 0)
        failed("socket");
    return fd;
}

int main(int argc, char **argv) {
    if (argc != 4)
        cannot("usage: protocols PROTOCOL ADDRESS PORT");
    const char *method = argv[1];
    struct target t = target_of(argv[2], argv[3]);
    const struct sockaddr *to = (struct sockaddr *)&t.address;
    int fd;
    if (strcmp(method, "mptcp") == 0 || strcmp(method, "sctp") == 0 || strcmp(method, "dccp") == 0) {
        fd = strcmp(method, "mptcp") == 0  ? make(&t, SOCK_STREAM, MPTCP)
             : strcmp(method, "sctp") == 0 ? make(&t, SOCK_STREAM, SCTP)
                                           : make(&t, 6 /* SOCK_DCCP */, DCCP);
        if (connect(fd, to, t.length) != 0)
            stopped_at("connect");
        if (send(fd, TOKEN, strlen(TOKEN), MSG_NOSIGNAL) < 0)
            stopped_at("send");
    } else if (strcmp(method, "sctp-connectx") == 0) {
        fd = make(&t, SOCK_STREAM, SCTP);
        if (setsockopt(fd, SCTP, SCTP_SOCKOPT_CONNECTX, to, t.length) < 0)
            stopped_at("SCTP_SOCKOPT_CONNECTX");
    } else if (strcmp(method, "udplite") == 0) {
        fd = make(&t, SOCK_DGRAM, UDPLITE);
        if (sendto(fd, TOKEN, strlen(TOKEN), 0, to, t.length) < 0)
            stopped_at("sendto");
    } else {
        cannot("unknown method %s", method);
    }
    reached("%s", method);
}
