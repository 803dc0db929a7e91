/*
 * Unix sockets. A path is resolved once, as the caller sees it, and pinned by an O_PATH descriptor; what is decided is
 * the pinned inode, and the supervisor connects to that (through /proc/self/fd), so that swapping the path afterwards
 * changes nothing.
 *
 * Daemons that act for whoever asks them (containers, systemd, D-Bus) would carry a build out of its supervision:
 * refused in block, recorded in audit. Name service caches are refused in both modes, with the error of a daemon that
 * is not there: libc then asks DNS itself, which is where names become visible.
 */
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "creds.h"
#include "image.h"
#include "net.h"
#include "own.h"
#include "target.h"
#include "util.h"

enum peer { PEER_ORDINARY, PEER_AGENT, PEER_NAMES };

static const struct {
    const char *pattern;
    enum peer kind;
} known[] = {
    {"/run/nscd/socket", PEER_NAMES},
    {"/var/run/nscd/socket", PEER_NAMES},
    {"/run/systemd/resolve/*", PEER_NAMES},
    {"/run/systemd/journal/*", PEER_ORDINARY}, /* syslog */
    {"/run/systemd/userdb/*", PEER_ORDINARY},  /* users and groups for nss-systemd */
    {"/run/docker.sock", PEER_AGENT},
    {"/var/run/docker.sock", PEER_AGENT},
    {"/run/user/*/docker.sock", PEER_AGENT},
    {"/run/containerd/*", PEER_AGENT},
    {"/run/k3s/containerd/*", PEER_AGENT},
    {"/run/crio/*", PEER_AGENT},
    {"/run/podman/*", PEER_AGENT},
    {"/run/user/*/podman/*", PEER_AGENT},
    {"/run/buildkit/*", PEER_AGENT},
    {"/run/user/*/buildkit/*", PEER_AGENT},
    {"/run/systemd/*", PEER_AGENT},
    {"/run/user/*/systemd/*", PEER_AGENT},
    {"/run/user/*/bus", PEER_AGENT},
    {"/run/dbus/*", PEER_AGENT},
    {"/run/snapd*.socket", PEER_AGENT},
    {"/run/libvirt/*", PEER_AGENT},
    {"/var/lib/lxd/*", PEER_AGENT},
    {"/var/snap/lxd/common/lxd/*", PEER_AGENT},
    {"/run/incus/*", PEER_AGENT},
    {"/var/lib/incus/*", PEER_AGENT},
};

/* By canonical path; for docker's socket also by its usual name wherever a container mounts it, and by inode. */
static enum peer classify(const char *path, const struct stat *st) {
    for (size_t i = 0; i < ARRAY_LENGTH(known); i++) {
        if (fnmatch(known[i].pattern, path, 0) == 0)
            return known[i].kind;
        struct stat there;
        if (strpbrk(known[i].pattern, "*") == NULL && stat(known[i].pattern, &there) == 0 &&
            there.st_dev == st->st_dev && there.st_ino == st->st_ino)
            return known[i].kind;
    }
    const char *name = strrchr(path, '/');
    if (name != NULL && (strcmp(name, "/docker.sock") == 0 || strcmp(name, "/containerd.sock") == 0 ||
                         strcmp(name, "/podman.sock") == 0 || strcmp(name, "/buildkitd.sock") == 0))
        return PEER_AGENT;
    return PEER_ORDINARY;
}

static void record(const struct call *c, const char *op, const char *path, size_t length, bool abstract,
                   enum verdict verdict, const char *error) {
    char shown[sizeof(struct sockaddr_un) + 4096];
    size_t n = 0;
    if (abstract)
        shown[n++] = '@';
    memcpy(shown + n, path, length);
    n += length;
    pthread_mutex_lock(&sup.lock);
    enum event_priority priority = verdict == VERDICT_ALLOWED ? EVENT_NORMAL : EVENT_REFUSED;
    uint32_t image = image_of(call_tid(c));
    if (event_full() && priority == EVENT_REFUSED)
        image_ensure(image, priority);
    struct json *j = event_begin("net");
    json_number(j, "p", image);
    json_number(j, "pid", call_tid(c));
    json_text(j, "op", op);
    json_text(j, "proto", "unix");
    json_string(j, "path", shown, n, 4096);
    json_text(j, "verdict", verdict_text(verdict));
    json_text(j, "rule", "unix");
    if (error != NULL)
        json_text(j, "errno", error);
    event_commit(j, priority);
    pthread_mutex_unlock(&sup.lock);
}

/* Opens the socket's path as the caller would, without following anything into our own /proc. */
static int pin(const struct call *c, const char *path) {
    char base[48];
    struct harden_open_how how = {.flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_NO_MAGICLINKS};
    int fd;
    if (path[0] == '/') {
        /* IN_ROOT keeps absolute symbolic links inside the caller's root. */
        snprintf(base, sizeof base, "/proc/%d/root", call_tid(c));
        how.resolve |= RESOLVE_IN_ROOT;
    } else {
        snprintf(base, sizeof base, "/proc/%d/cwd", call_tid(c));
    }
    int directory = open(base, O_PATH | O_CLOEXEC | O_DIRECTORY);
    if (directory < 0)
        return -errno;
    fd = (int)syscall(SYS_openat2, directory, path, &how, sizeof how);
    int error = errno;
    close(directory);
    return fd >= 0 ? fd : error == EXDEV || error == ELOOP ? -ECONNREFUSED : -error;
}

static int64_t judge_path(struct call *c, const char *path, const char *op) {
    struct creds_saved saved;
    if (call_may_wait(c))
        return CALL_WORKER;
    if (creds_assume(c, &saved) != 0)
        return -EACCES;
    int fd = pin(c, path);
    creds_restore(&saved);
    if (fd < 0)
        return fd;
    c->pinned = fd;
    char link[48], real[4096];
    struct stat st;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, real, sizeof real - 1);
    if (n < 0 || fstat(fd, &st) != 0)
        return -ECONNREFUSED;
    real[n] = '\0';
    if (!S_ISSOCK(st.st_mode))
        return -ECONNREFUSED;
    if (!call_alive(c))
        return CALL_DONE;
    switch (classify(real, &st)) {
    case PEER_NAMES:
        record(c, op, real, (size_t)n, false, VERDICT_BLOCKED, "ECONNREFUSED");
        return -ECONNREFUSED;
    case PEER_AGENT:
        if (sup.policy->egress == MODE_BLOCK) {
            record(c, op, real, (size_t)n, false, VERDICT_BLOCKED, "EACCES");
            return -EACCES;
        }
        record(c, op, real, (size_t)n, false, VERDICT_WOULD_BLOCK, NULL);
        break;
    case PEER_ORDINARY:
        record(c, op, real, (size_t)n, false, VERDICT_ALLOWED, NULL);
        break;
    }
    struct sockaddr_un *un = (struct sockaddr_un *)&c->address;
    memset(un, 0, sizeof *un);
    un->sun_family = AF_UNIX;
    memcpy(un->sun_path, link, strlen(link) + 1);
    c->address_length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(link) + 1);
    return 0;
}

/* An abstract name has no owner but the processes that hold the socket: they must belong to the block. (Landlock's
 * scope would say the same to the caller, but it is the supervisor, outside the domain, that connects.) */
static int64_t judge_abstract(struct call *c, const char *name, size_t length, const char *op) {
    bool found;
    pthread_mutex_lock(&sup.lock);
    bool own = own_abstract(name, length, &found);
    pthread_mutex_unlock(&sup.lock);
    if (!call_alive(c))
        return CALL_DONE;
    c->abstract = true;
    if (!found || own) {
        record(c, op, name, length, true, VERDICT_ALLOWED, NULL);
        return 0;
    }
    if (sup.policy->egress == MODE_BLOCK) {
        record(c, op, name, length, true, VERDICT_BLOCKED, "EACCES");
        return -EACCES;
    }
    record(c, op, name, length, true, VERDICT_WOULD_BLOCK, NULL);
    return 0;
}

int64_t unix_judge(struct call *c, const struct socket_facts *f, const char *op) {
    (void)f;
    const struct sockaddr_un *un = (const struct sockaddr_un *)&c->address;
    size_t offset = offsetof(struct sockaddr_un, sun_path);
    if (c->address_length < sizeof(sa_family_t))
        return -EINVAL;
    if (un->sun_family == AF_UNSPEC)
        return 0; /* dissolves the association of a datagram socket */
    if (un->sun_family != AF_UNIX || c->address_length <= offset || c->address_length > sizeof *un)
        return -EINVAL;
    size_t length = c->address_length - offset;
    if (un->sun_path[0] == '\0')
        return judge_abstract(c, un->sun_path + 1, length - 1, op);
    char path[sizeof un->sun_path + 1];
    memcpy(path, un->sun_path, length);
    path[length] = '\0';
    return judge_path(c, path, op);
}

int unix_verify_peer(struct call *c) {
    if (!c->abstract || sup.policy->egress != MODE_BLOCK)
        return 0;
    /* The name may have changed hands between the search and the connect. A datagram socket has no peer to ask. */
    struct ucred peer;
    socklen_t n = sizeof peer;
    if (getsockopt(c->fd, SOL_SOCKET, SO_PEERCRED, &peer, &n) != 0 || peer.pid <= 0)
        return 0;
    if (peer.pid == getpid() || target_is_descendant(peer.pid) || target_parent(peer.pid) < 0)
        return 0; /* inside, or the one that called listen has ended and left the socket to its children */
    (void)shutdown(c->fd, SHUT_RDWR);
    return -EACCES;
}
