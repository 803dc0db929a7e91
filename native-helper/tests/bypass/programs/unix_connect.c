/*
 * Unix sockets of daemons that act for whoever asks, under their own name and under others.
 * usage: unix_connect METHOD PATH|@NAME [SCRATCH-DIRECTORY]
 *   direct, datagram, sendmsg           by the name given
 *   symlink, relative, hardlink         by another name in SCRATCH-DIRECTORY
 *   bind, chroot                        by a name that a mount or a root of our own gives (user and mount namespace)
 */
#include "attack.h"

#include <fcntl.h>
#include <sched.h>
#include <stddef.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/un.h>

static void talk(const char *text, int type, int by_message) {
    struct sockaddr_un un = {.sun_family = AF_UNIX};
    size_t n = strlen(text);
    if (n >= sizeof un.sun_path)
        cannot("path too long");
    memcpy(un.sun_path, text, n);
    if (text[0] == '@')
        un.sun_path[0] = '\0';
    socklen_t length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n + (text[0] != '@'));
    int fd = socket(AF_UNIX, type, 0);
    if (type == SOCK_DGRAM) {
        struct iovec iov = {TOKEN, strlen(TOKEN)};
        struct msghdr m = {.msg_name = &un, .msg_namelen = length, .msg_iov = &iov, .msg_iovlen = 1};
        ssize_t sent = by_message ? sendmsg(fd, &m, 0) : sendto(fd, TOKEN, strlen(TOKEN), 0, (struct sockaddr *)&un, length);
        if (sent < 0)
            stopped_at("send");
    } else {
        if (connect(fd, (struct sockaddr *)&un, length) != 0)
            stopped_at("connect");
        if (send(fd, TOKEN, strlen(TOKEN), MSG_NOSIGNAL) < 0)
            stopped_at("send");
    }
    reached("talked to %s", text);
}

static void put(const char *path, const char *text) {
    int fd = open(path, O_WRONLY);
    if (fd < 0 || write(fd, text, strlen(text)) < 0)
        failed(path);
    close(fd);
}

static void own_mounts(void) {
    char map[32], group[32];
    snprintf(map, sizeof map, "0 %d 1", getuid());
    snprintf(group, sizeof group, "0 %d 1", getgid());
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0)
        failed("user and mount namespace");
    put("/proc/self/setgroups", "deny");
    put("/proc/self/uid_map", map);
    put("/proc/self/gid_map", group);
}

int main(int argc, char **argv) {
    if (argc < 3)
        cannot("usage: unix_connect METHOD PATH [SCRATCH-DIRECTORY]");
    const char *method = argv[1], *path = argv[2];
    if (strcmp(method, "direct") == 0)
        talk(path, SOCK_STREAM, 0);
    if (strcmp(method, "datagram") == 0)
        talk(path, SOCK_DGRAM, 0);
    if (strcmp(method, "sendmsg") == 0)
        talk(path, SOCK_DGRAM, 1);
    if (argc != 4)
        cannot("unknown method %s", method);
    if (chdir(argv[3]) != 0)
        cannot("%s: %s", argv[3], strerror(errno));
    if (strcmp(method, "symlink") == 0) {
        unlink("alias");
        if (symlink(path, "alias") != 0)
            stopped_at("symlink");
        talk("alias", SOCK_STREAM, 0);
    }
    if (strcmp(method, "hardlink") == 0) {
        char alias[4096];
        snprintf(alias, sizeof alias, "%s.alias", path);
        unlink(alias);
        if (link(path, alias) != 0) {
            if (unsupervised() && (errno == EPERM || errno == EACCES))
                cannot("a hard link beside the socket: %s", strerror(errno));
            stopped_at("link");
        }
        talk(alias, SOCK_STREAM, 0);
    }
    if (strcmp(method, "relative") == 0) {
        const char *slash = strrchr(path, '/');
        char directory[4096];
        snprintf(directory, sizeof directory, "%.*s", (int)(slash - path), path);
        if (chdir(directory) != 0)
            stopped_at("chdir");
        talk(slash + 1, SOCK_STREAM, 0);
    }
    if (strcmp(method, "bind") == 0) {
        own_mounts();
        int fd = open("innocent", O_CREAT | O_WRONLY, 0600);
        close(fd);
        if (mount(path, "innocent", NULL, MS_BIND, NULL) != 0)
            failed("bind mount");
        talk("innocent", SOCK_STREAM, 0);
    }
    if (strcmp(method, "chroot") == 0) {
        const char *slash = strrchr(path, '/');
        char directory[4096];
        snprintf(directory, sizeof directory, "%.*s", (int)(slash - path), path);
        own_mounts();
        mkdir("root", 0700);
        if (mount(directory, "root", NULL, MS_BIND, NULL) != 0)
            failed("bind mount");
        if (chroot("root") != 0 || chdir("/") != 0)
            failed("chroot");
        talk(slash, SOCK_STREAM, 0);
    }
    cannot("unknown method %s", method);
}
