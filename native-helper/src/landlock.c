#include "landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "uapi.h"
#include "util.h"

#define WRITE_RIGHTS                                                                                                   \
    (LL_FS_WRITE_FILE | LL_FS_REMOVE_DIR | LL_FS_REMOVE_FILE | LL_FS_MAKE_CHAR | LL_FS_MAKE_DIR | LL_FS_MAKE_REG |       \
     LL_FS_MAKE_SOCK | LL_FS_MAKE_FIFO | LL_FS_MAKE_BLOCK | LL_FS_MAKE_SYM)
#define FILE_RIGHTS (LL_FS_WRITE_FILE | LL_FS_TRUNCATE)

int landlock_abi(void) {
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LL_CREATE_RULESET_VERSION);
    return abi > 0 ? (int)abi : 0;
}

static uint64_t write_rights(int abi) {
    return WRITE_RIGHTS | (abi >= 2 ? LL_FS_REFER : 0) | (abi >= 3 ? LL_FS_TRUNCATE : 0);
}

/* Allows writing beneath a path. What is not there is skipped: nothing can be written there either. */
static int allow(int ruleset, const char *path, uint64_t rights) {
    int fd = open(path, O_PATH | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT || errno == ENOTDIR ? 0 : -errno;
    struct stat st;
    struct ll_path_beneath_attr rule = {.allowed_access = rights, .parent_fd = fd};
    int rc = 0;
    if (fstat(fd, &st) != 0)
        rc = -errno;
    else if (!S_ISDIR(st.st_mode))
        rule.allowed_access &= FILE_RIGHTS;
    if (rc == 0 && syscall(SYS_landlock_add_rule, ruleset, LL_RULE_PATH_BENEATH, &rule, 0) != 0)
        rc = -errno;
    close(fd);
    return rc;
}

int landlock_restrict(int abi, const struct policy *policy, const char *extra, bool scoped) {
    static const char *const devices[] = {"/dev/null", "/dev/zero", "/dev/full", "/dev/tty", "/dev/ptmx", "/dev/pts",
                                          "/dev/shm", "/dev/random", "/dev/urandom"};
    bool files = policy->files == MODE_BLOCK;
    struct ll_ruleset_attr attributes = {0};
    size_t size = abi >= 6 ? sizeof attributes : abi >= 4 ? 16 : 8;
    if (abi >= 6 && scoped)
        attributes.scoped = LL_SCOPE_SIGNAL | LL_SCOPE_ABSTRACT_UNIX;
    /* A ruleset must handle something. Making block devices is what a build misses least; it is allowed everywhere. */
    attributes.handled_access_fs = files ? write_rights(abi) : attributes.scoped != 0 ? 0 : LL_FS_MAKE_BLOCK;
    /* A domain that handles any file right cannot mount: an overlay would show credentials under inodes of its own. */
    if (!files && policy->credentials == MODE_BLOCK)
        attributes.handled_access_fs = LL_FS_MAKE_BLOCK;
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &attributes, size, 0);
    if (ruleset < 0)
        return -errno;
    int rc = 0;
    if (files) {
        for (size_t i = 0; rc == 0 && i < policy->fs_write.count; i++)
            rc = allow(ruleset, policy->fs_write.items[i], attributes.handled_access_fs);
        for (size_t i = 0; rc == 0 && i < ARRAY_LENGTH(devices); i++)
            rc = allow(ruleset, devices[i], attributes.handled_access_fs);
        /* Programs write to their own entries (oom_score_adj, uid_map); those of others are guarded by the domain. */
        if (rc == 0)
            rc = allow(ruleset, "/proc", LL_FS_WRITE_FILE | (abi >= 3 ? LL_FS_TRUNCATE : 0));
        if (rc == 0 && extra != NULL)
            rc = allow(ruleset, extra, attributes.handled_access_fs);
    } else if (attributes.handled_access_fs != 0) {
        rc = allow(ruleset, "/", LL_FS_MAKE_BLOCK);
    }
    if (rc == 0 && syscall(SYS_landlock_restrict_self, ruleset, 0) != 0)
        rc = -errno;
    close(ruleset);
    return rc;
}
