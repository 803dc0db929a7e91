#include "stdio-sockets.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "call.h"
#include "ledger.h"
#include "net.h"

static struct found {
    bool socket, of_other_kind;
    enum protocol protocol;
    struct endpoint endpoint;
    struct decision decision;
    ino_t inode;
} found[3];

static bool seen(unsigned fd) {
    for (unsigned i = 0; i < fd; i++)
        if (found[i].socket && found[i].inode == found[fd].inode)
            return true;
    return false;
}

static int replace(int fd) {
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    int rc = null < 0 || dup2(null, fd) < 0 ? -errno : 0;
    if (null > 2)
        close(null);
    return rc;
}

int stdio_sockets_judge(const struct policy *p) {
    for (unsigned fd = 0; fd < 3; fd++) {
        struct found *f = &found[fd];
        struct socket_facts facts;
        struct stat st;
        if (fstat((int)fd, &st) != 0 || !S_ISSOCK(st.st_mode))
            continue;
        /* The other end of a unix socket is whoever started us: it gave the command more than that. */
        if (net_facts((int)fd, &facts) != 0 || facts.domain == AF_UNIX)
            continue;
        f->inode = st.st_ino;
        struct sockaddr_storage peer = {0};
        socklen_t length = sizeof peer;
        struct destination d = {0};
        bool internet = (facts.domain == AF_INET || facts.domain == AF_INET6) && net_protocol(&facts, &d.protocol);
        if (internet && getpeername((int)fd, (struct sockaddr *)&peer, &length) != 0)
            continue; /* not connected: whatever is sent through it has an address, which is judged then */
        f->socket = true;
        f->of_other_kind = !internet || address_read(&peer, length, facts.domain, ADDRESS_CONNECT, &d.endpoint) != ADDRESS_OK;
        f->protocol = d.protocol;
        f->endpoint = d.endpoint;
        if (!f->of_other_kind)
            f->decision = decide(p, &d);
        int rc = f->of_other_kind || f->decision.verdict == VERDICT_BLOCKED ? replace((int)fd) : 0;
        if (rc != 0)
            return rc;
    }
    return 0;
}

void stdio_sockets_keep(pid_t command) {
    for (int fd = 0; fd < 3; fd++) {
        struct socket_facts facts;
        int copy;
        if (net_facts(fd, &facts) != 0 || facts.type != SOCK_DGRAM || (copy = fcntl(fd, F_DUPFD_CLOEXEC, 3)) < 0)
            continue;
        int64_t inode = ledger_add(copy, command);
        if (inode >= 0)
            ledger_given((uint64_t)inode, command, fd);
    }
}

void stdio_sockets_record(uint32_t image) {
    static bool done;
    for (unsigned fd = 0; fd < 3 && !done; fd++) {
        const struct found *f = &found[fd];
        if (!f->socket || seen(fd))
            continue;
        struct json *j = event_begin(f->of_other_kind ? "refused" : "net");
        json_number(j, "p", image);
        json_number(j, "pid", sup.command);
        if (f->of_other_kind) {
            char detail[64];
            snprintf(detail, sizeof detail, "inherited as descriptor %u, replaced by /dev/null", fd);
            json_text(j, "what", "socket");
            json_text(j, "detail", detail);
            json_text(j, "errno", "EBADF");
        } else {
            char address[46];
            address_text(&f->endpoint, address);
            json_text(j, "op", "inherited");
            json_text(j, "proto", f->protocol == PROTOCOL_TCP ? "tcp" : "udp");
            json_text(j, "addr", address);
            json_number(j, "port", f->endpoint.port);
            json_text(j, "verdict", verdict_text(f->decision.verdict));
            json_text(j, "rule", f->decision.rule);
            if (f->decision.verdict == VERDICT_BLOCKED)
                json_text(j, "errno", "EBADF");
        }
        event_commit(j, EVENT_REFUSED);
    }
    done = true;
}
