/*
 * Unix sockets. A path is resolved once, as the caller sees it, and pinned by an O_PATH descriptor; what is decided is
 * the pinned inode, and the supervisor connects to that (through /proc/self/fd), so that swapping the path afterwards
 * changes nothing. A socket file belongs to one socket as long as it exists, so what the kernel says about its owner stays
 * true as well. Who may be talked to: unixpeer.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "creds.h"
#include "file.h"
#include "image.h"
#include "net.h"
#include "own.h"
#include "target.h"
#include "unixdiag.h"
#include "unixpeer.h"
#include "util.h"

void unix_start(struct policy *p) {
    /* Before the command runs: later, a build could have put links into the paths that the policy names. */
    for (size_t i = 0; i < p->unix_count; i++) {
        char *path = p->unix_rules[i].path, real[PATH_MAX], *whole, *slash = strrchr(path, '/');
        if (path[0] != '/' || slash == path)
            continue;
        *slash = '\0';
        if (strchr(path, '*') == NULL && realpath(path, real) != NULL &&
            asprintf(&whole, "%s/%s", strcmp(real, "/") == 0 ? "" : real, slash + 1) > 0)
            p->unix_rules[i].path = whole; /* for the life of the process */
        *slash = '/';
    }
}

static void record(const struct call *c, const char *op, const char *path, size_t length, bool abstract,
                   enum verdict verdict, const char *rule, const char *error) {
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
    json_text(j, "rule", rule);
    if (error != NULL)
        json_text(j, "errno", error);
    event_commit(j, priority);
    pthread_mutex_unlock(&sup.lock);
}

/* Opens a path as the caller would, without following anything into our own /proc. */
static int pin(const struct call *c, const char *path, uint64_t flags) {
    char base[48];
    struct harden_open_how how = {.flags = O_PATH | O_CLOEXEC | flags, .resolve = RESOLVE_NO_MAGICLINKS};
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

static int pin_as_caller(const struct call *c, const char *path, uint64_t flags) {
    struct creds_saved saved;
    if (creds_assume(c, &saved) != 0)
        return -EACCES;
    int fd = pin(c, path, flags);
    creds_restore(&saved);
    return fd;
}

static ssize_t name_of(int fd, char out[PATH_MAX]) {
    char link[32];
    ssize_t n = readlink(file_link(fd, link), out, PATH_MAX - 1);
    out[n > 0 ? n : 0] = '\0';
    return n;
}

/* The path by which the owner bound the socket, if it leads to this very file from here; its directory without links. */
static bool bound_path(const struct harden_statx *file, const char *bound, char out[PATH_MAX]) {
    char directory[PATH_MAX], real[PATH_MAX];
    struct harden_statx there;
    const char *slash = strrchr(bound, '/');
    if (bound[0] != '/' || file_facts(AT_FDCWD, bound, 0, &there) != 0 || there.stx_ino != file->stx_ino ||
        there.stx_dev_major != file->stx_dev_major || there.stx_dev_minor != file->stx_dev_minor)
        return false;
    snprintf(directory, sizeof directory, "%.*s", slash == bound ? 1 : (int)(slash - bound), bound);
    if (realpath(directory, real) == NULL)
        return false;
    return snprintf(out, PATH_MAX, "%s%s", strcmp(real, "/") == 0 ? "" : real, slash) < PATH_MAX;
}

/* A daemon's usual path, where it leads to this very file: a build may know it by another name. */
static const char *known_path(const struct harden_statx *file) {
    struct harden_statx there;
    const char *path;
    for (unsigned i = 0; (path = unix_known_path(i)) != NULL; i++)
        if (file_facts(AT_FDCWD, path, 0, &there) == 0 && there.stx_ino == file->stx_ino &&
            there.stx_dev_major == file->stx_dev_major && there.stx_dev_minor == file->stx_dev_minor)
            return path;
    return NULL;
}

static int64_t answer(const struct call *c, const char *op, const char *name, size_t length, bool abstract,
                      struct unix_decision d) {
    const char *error = d.absent ? "ECONNREFUSED" : d.verdict == VERDICT_BLOCKED ? "EACCES" : NULL;
    record(c, op, name, length, abstract, d.verdict, d.rule, error);
    return d.absent ? -ECONNREFUSED : d.verdict == VERDICT_BLOCKED ? -EACCES : 0;
}

static int64_t judge_path(struct call *c, const struct socket_facts *f, const char *path, const char *op) {
    char real[PATH_MAX], bound[PATH_MAX], owner_path[sizeof(struct sockaddr_un) + 8], link[32];
    struct harden_statx st;
    uint64_t owner = 0;
    if (call_may_wait(c))
        return CALL_WORKER;
    int fd = pin_as_caller(c, path, 0);
    if (fd < 0)
        return fd;
    c->pinned = fd;
    ssize_t n = name_of(fd, real);
    if (n < 0 || file_facts(fd, "", AT_EMPTY_PATH, &st) != 0 || !S_ISSOCK(st.stx_mode))
        return -ECONNREFUSED;
    struct unix_peer peer = {.path = real, .hidden = !mounts_known(st.stx_mnt_id)};
    bool found = unix_listener(&st, &owner, owner_path, sizeof owner_path);
    if (found && bound_path(&st, owner_path, bound))
        peer.bound = bound;
    else
        peer.bound = known_path(&st);
    pthread_mutex_lock(&sup.lock);
    peer.own = found && own_socket(owner);
    pthread_mutex_unlock(&sup.lock);
    struct unix_decision d = unix_decide(sup.policy, &peer);
    if (!call_alive(c))
        return CALL_DONE;
    /* The kernel does not tell whose it is (a file system that shows other numbers than it has, another network
     * namespace): a connection tells who called listen, so it is made, looked at, and ended if that was a stranger. */
    c->unknown_peer = !found && f->type != SOCK_DGRAM && strcmp(d.rule, "unix-outside") == 0;
    int64_t result = c->unknown_peer ? 0 : answer(c, op, real, (size_t)n, false, d);
    if (result != 0)
        return result;
    struct sockaddr_un *un = (struct sockaddr_un *)&c->address;
    memset(un, 0, sizeof *un);
    un->sun_family = AF_UNIX;
    file_link(fd, link);
    memcpy(un->sun_path, link, strlen(link) + 1);
    c->address_length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(link) + 1);
    return 0;
}

/* An abstract name has no owner but the processes that hold the socket: they must belong to the block. (Landlock's
 * scope would say the same to the caller, but it is the supervisor, outside the domain, that connects.) */
static int64_t judge_abstract(struct call *c, const char *name, size_t length, const char *op) {
    bool found;
    struct unix_peer peer = {.name = name, .name_length = length};
    pthread_mutex_lock(&sup.lock);
    peer.own = own_abstract(name, length, &found) || !found;
    pthread_mutex_unlock(&sup.lock);
    if (!call_alive(c))
        return CALL_DONE;
    struct unix_decision d = unix_decide(sup.policy, &peer);
    c->abstract = peer.own;
    return answer(c, op, name, length, true, d);
}

int64_t unix_judge(struct call *c, const struct socket_facts *f, const char *op) {
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
    return judge_path(c, f, path, op);
}

int unix_verify_peer(struct call *c) {
    bool path = c->unknown_peer;
    if (!path && (!c->abstract || sup.policy->egress != MODE_BLOCK))
        return 0;
    /* The name may have changed hands between the search and the connect. A datagram socket has no peer to ask. */
    struct ucred peer;
    socklen_t n = sizeof peer;
    bool known = getsockopt(c->fd, SOL_SOCKET, SO_PEERCRED, &peer, &n) == 0 && peer.pid > 0;
    bool own = known && (peer.pid == getpid() || own_process(peer.pid));
    /* Of an abstract name: the one that called listen has ended and left the socket to its children. */
    if (!path)
        own = own || !known || target_parent(peer.pid) < 0;
    int64_t result = 0;
    if (path) {
        char real[PATH_MAX];
        ssize_t length = name_of(c->pinned, real);
        struct unix_peer p = {.path = real, .own = own};
        c->unknown_peer = false;
        result = answer(c, "connect", real, length > 0 ? (size_t)length : 0, false, unix_decide(sup.policy, &p));
    } else if (!own) {
        result = -EACCES;
    }
    if (result != 0)
        (void)shutdown(c->fd, SHUT_RDWR);
    return (int)result;
}

/* A name in a directory, which the kernel makes. It is judged as any new entry; where the path is changed meanwhile the
 * entry appears elsewhere, but it is a socket of the caller's and nothing else. */
static int64_t bind_path(struct call *c, const char *path) {
    char directory[PATH_MAX], text[PATHS_MAX];
    const char *slash = strrchr(path, '/');
    struct place p = {.object = -1, .parent = -1};
    struct subject s;
    if (slash == NULL)
        snprintf(directory, sizeof directory, ".");
    else
        snprintf(directory, sizeof directory, "%.*s", slash == path ? 1 : (int)(slash - path), path);
    const char *name = slash == NULL ? path : slash + 1;
    if (call_may_wait(c))
        return CALL_WORKER;
    p.parent = pin_as_caller(c, directory, O_DIRECTORY);
    if (p.parent < 0)
        return CALL_CONTINUE; /* the kernel gives the error */
    snprintf(p.name, sizeof p.name, "%s", name);
    int64_t rc = file_facts(p.parent, "", AT_EMPTY_PATH, &p.st);
    p.kind = mounts_kind(p.st.stx_mnt_id, p.parent);
    if (rc == 0)
        rc = paths_classify(&p, true, &s);
    place_close(&p);
    if (rc != 0)
        return rc;
    struct file_event e = file_event(c, "mknod", &s);
    if (sup.policy->files != MODE_OFF)
        file_judge(&s, ACCESS_WRITE | ACCESS_NAME, &e);
    if (!call_alive(c))
        return CALL_DONE;
    snprintf(text, sizeof text, "%s", s.text);
    record(c, "bind", text, strlen(text), false, e.verdict, e.verdict == VERDICT_ALLOWED ? "unix" : e.rule,
           e.verdict == VERDICT_BLOCKED ? "EACCES" : NULL);
    return e.verdict == VERDICT_BLOCKED ? -EACCES : CALL_CONTINUE;
}

int64_t unix_bind(struct call *c) {
    struct stat st;
    struct sockaddr_un un = {0};
    int length = call_int(c, 2);
    size_t offset = offsetof(struct sockaddr_un, sun_path);
    if (c->fd >= 0 && fstat(c->fd, &st) == 0) {
        pthread_mutex_lock(&sup.lock);
        own_register(st.st_ino);
        pthread_mutex_unlock(&sup.lock);
    }
    if (length <= (int)offset || (size_t)length > sizeof un)
        return CALL_CONTINUE; /* a name of the kernel's choice, or an error */
    if (target_read(call_tid(c), call_arg(c, 1), &un, (size_t)length) != 0)
        return -EFAULT;
    if (!call_alive(c))
        return CALL_DONE;
    if (un.sun_family != AF_UNIX)
        return CALL_CONTINUE;
    if (un.sun_path[0] == '\0') {
        record(c, "bind", un.sun_path + 1, (size_t)length - offset - 1, true, VERDICT_ALLOWED, "unix", NULL);
        return CALL_CONTINUE;
    }
    char path[sizeof un.sun_path + 1];
    snprintf(path, sizeof path, "%.*s", (int)((size_t)length - offset), un.sun_path);
    return bind_path(c, path);
}
