/*
 * What all hostile programs share: the three ways to end, and addresses from arguments.
 *
 * Exit status: 0 the bypass reached its goal, 1 it was stopped, 77 it cannot be tried on this kernel or as this user
 * (with the reason). One line on standard output says what happened. The runner does not trust that line alone: it
 * looks at what arrived or changed.
 */
#ifndef ATTACK_H
#define ATTACK_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#define TOKEN "bypass-payload"
#define UNUSED __attribute__((unused))

UNUSED __attribute__((noreturn, format(printf, 2, 3))) static void finish(int status, const char *format, ...) {
    va_list list;
    va_start(list, format);
    fputs(status == 0 ? "reached: " : status == 1 ? "stopped: " : "cannot: ", stdout);
    vprintf(format, list);
    putchar('\n');
    fflush(stdout);
    va_end(list);
    _exit(status);
}
#define reached(...) finish(0, __VA_ARGS__)
#define stopped(...) finish(1, __VA_ARGS__)
#define cannot(...) finish(77, __VA_ARGS__)

/* Ends with `stopped` and the error's text. */
UNUSED __attribute__((noreturn)) static void stopped_at(const char *what) { stopped("%s: %s", what, strerror(errno)); }

struct target {
    struct sockaddr_storage address;
    socklen_t length;
    int family;
};

/* "127.0.1.9", "2001:db8::9", "fe80::1%lo" */
UNUSED static struct target target_of(const char *address, const char *port) {
    struct target t = {.length = 0};
    struct sockaddr_in *four = (struct sockaddr_in *)&t.address;
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)&t.address;
    char text[64];
    snprintf(text, sizeof text, "%s", address);
    char *zone = strchr(text, '%');
    if (zone != NULL)
        *zone++ = '\0';
    if (inet_pton(AF_INET, text, &four->sin_addr) == 1) {
        four->sin_family = AF_INET;
        four->sin_port = htons((uint16_t)atoi(port));
        t.length = sizeof *four;
    } else if (inet_pton(AF_INET6, text, &six->sin6_addr) == 1) {
        six->sin6_family = AF_INET6;
        six->sin6_port = htons((uint16_t)atoi(port));
        six->sin6_scope_id = zone != NULL ? if_nametoindex(zone) : 0;
        t.length = sizeof *six;
    } else {
        cannot("bad address %s", address);
    }
    t.family = t.address.ss_family;
    return t;
}

/* Errors that say "this kernel does not have it" before anybody refused anything. */
UNUSED static int is_missing(int error) {
    return error == EPROTONOSUPPORT || error == EAFNOSUPPORT || error == ESOCKTNOSUPPORT || error == ENOSYS ||
           error == EOPNOTSUPP || error == ENODEV || error == ENOPROTOOPT;
}

/*
 * The runner sets BYPASS_PHASE. Only without supervision may "not there" count as "cannot be tried": under the helper
 * the same error is its refusal.
 */
UNUSED static int unsupervised(void) {
    const char *phase = getenv("BYPASS_PHASE");
    return phase == NULL || strcmp(phase, "unsupervised") == 0;
}

UNUSED __attribute__((noreturn)) static void failed(const char *what) {
    if (unsupervised() && (is_missing(errno) || errno == EPERM))
        cannot("%s: %s", what, strerror(errno));
    stopped_at(what);
}

/* Creates, connects, sends the token. Returns -1 with errno. */
UNUSED static int deliver(const struct target *t) {
    int fd = socket(t->family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    if (connect(fd, (const struct sockaddr *)&t->address, t->length) != 0 ||
        send(fd, TOKEN, strlen(TOKEN), MSG_NOSIGNAL) < 0) {
        int error = errno;
        close(fd);
        errno = error;
        return -1;
    }
    close(fd);
    return 0;
}

#endif
