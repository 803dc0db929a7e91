/*
 * A file system that this process serves, mounted in namespaces of its own: usage: fuse DIRECTORY LOG
 * Before it answers a request the server writes a line to LOG, which a supervisor has to perform: it must not wait for
 * the answer meanwhile. A child then looks at the file system in the ways that a build does and prints what came of it.
 * Exit status: the child's; 3 if nothing can be mounted here.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static void put(const char *path, const char *text) {
    int fd = open(path, O_WRONLY);
    if (fd < 0 || write(fd, text, strlen(text)) < 0) {
        perror(path);
        exit(3);
    }
    close(fd);
}

static void enter(void) {
    char map[64];
    unsigned user = getuid(), group = getgid();
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) {
        perror("unshare");
        exit(3);
    }
    put("/proc/self/setgroups", "deny");
    snprintf(map, sizeof map, "0 %u 1", user);
    put("/proc/self/uid_map", map);
    snprintf(map, sizeof map, "0 %u 1", group);
    put("/proc/self/gid_map", map);
}

static void said(const char *what, long result) {
    printf("%s: %s\n", what, result < 0 ? strerror(errno) : "done");
    fflush(stdout);
}

static int look(const char *directory) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char file[4096], *arguments[] = {file, NULL};
    snprintf(file, sizeof file, "%s/file", directory);
    snprintf(address.sun_path, sizeof address.sun_path, "%s/s", directory);
    said("create", open(file, O_WRONLY | O_CREAT, 0600));
    said("truncate", truncate(file, 0));
    said("mkdir", mkdir(file, 0700));
    said("chmod", chmod(file, 0600));
    said("chmod of the top", chmod(directory, 0700));
    said("rename", rename(file, directory));
    said("execve", execve(file, arguments, arguments + 1));
    said("connect", connect(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *)&address, sizeof address));
    return 0;
}

static void answer(int fuse, const struct fuse_in_header *in, int error, const void *data, size_t length) {
    char buffer[1024];
    struct fuse_out_header out = {.len = (unsigned)(sizeof out + length), .error = error, .unique = in->unique};
    memcpy(buffer, &out, sizeof out);
    if (length > 0)
        memcpy(buffer + sizeof out, data, length);
    if (write(fuse, buffer, out.len) < 0 && errno != ENOENT)
        perror("answer");
}

static void serve(int fuse, const char *log) {
    static char request[1 << 17];
    while (read(fuse, request, sizeof request) > 0) {
        const struct fuse_in_header *in = (const void *)request;
        int fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
        if (fd < 0 || write(fd, ".", 1) < 0)
            perror(log);
        close(fd);
        if (in->opcode == FUSE_INIT) {
            struct fuse_init_out out = {.major = FUSE_KERNEL_VERSION, .minor = 31, .max_write = 4096};
            answer(fuse, in, 0, &out, sizeof out);
        } else if (in->opcode == FUSE_GETATTR) { /* valid for no time: asked for each time */
            struct fuse_attr_out out = {.attr = {.ino = 1, .mode = S_IFDIR | 0755, .nlink = 2}};
            answer(fuse, in, 0, &out, sizeof out);
        } else if (in->opcode == FUSE_LOOKUP) {
            answer(fuse, in, -ENOENT, NULL, 0);
        } else if (in->opcode != FUSE_FORGET && in->opcode != FUSE_BATCH_FORGET && in->opcode != FUSE_INTERRUPT) {
            answer(fuse, in, in->opcode == FUSE_CREATE || in->opcode == FUSE_MKNOD ? -EROFS : -ENOSYS, NULL, 0);
        }
    }
}

int main(int argc, char **argv) {
    if (argc != 3)
        return 2;
    enter();
    int fuse = open("/dev/fuse", O_RDWR | O_CLOEXEC), status;
    char options[128];
    snprintf(options, sizeof options, "fd=%d,rootmode=40000,user_id=0,group_id=0", fuse);
    if (fuse < 0 || mount("test", argv[1], "fuse", 0, options) != 0) {
        perror("mount");
        return 3;
    }
    pid_t server = fork();
    if (server == 0)
        serve(fuse, argv[2]);
    close(fuse); /* when the server ends, nothing waits for its answers any more */
    if (fork() == 0)
        _exit(look(argv[1]));
    while (wait(&status) == server)
        ;
    kill(server, SIGKILL);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
