#include "creds.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "caps.h"
#include "target.h"

static struct {
    bool known;
    uid_t uid;
    gid_t gid, groups[128];
    int group_count;
    struct __user_cap_data_struct caps[2];
} own;

static int get_caps(struct __user_cap_data_struct caps[2]) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    return (int)syscall(SYS_capget, &header, caps);
}

static int set_caps(const struct __user_cap_data_struct caps[2]) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    return (int)syscall(SYS_capset, &header, caps);
}

bool creds_privileged(void) {
    own.uid = geteuid();
    own.gid = getegid();
    own.group_count = getgroups(128, own.groups);
    own.known = own.group_count >= 0 && get_caps(own.caps) == 0;
    return !own.known || (own.caps[0].effective | own.caps[1].effective) != 0;
}

static bool same_groups(const struct target_credentials *c) {
    return c->group_count == own.group_count &&
           memcmp(c->groups, own.groups, (size_t)own.group_count * sizeof(gid_t)) == 0;
}

int creds_assume(const struct call *c, struct creds_saved *saved) {
    *saved = (struct creds_saved){0};
    if (!sup.privileged)
        return 0; /* a process without capabilities cannot have children with other credentials */
    struct target_credentials theirs;
    int rc = target_credentials(call_tid(c), &theirs);
    return rc != 0 ? rc : creds_assume_known(&theirs, saved);
}

int creds_assume_known(const struct target_credentials *who, struct creds_saved *saved) {
    const struct target_credentials theirs = *who;
    int rc = 0;
    *saved = (struct creds_saved){0};
    if (!sup.privileged)
        return 0;
    if (!own.known)
        return -EPERM;
    uint64_t mine = (uint64_t)own.caps[1].effective << 32 | own.caps[0].effective;
    bool ids = theirs.uid != own.uid || theirs.gid != own.gid || !same_groups(&theirs);
    if (ids) {
        if (theirs.group_count < 0)
            return -EPERM;
        saved->changed = true;
        if (syscall(SYS_setgroups, (size_t)theirs.group_count, theirs.groups) != 0 ||
            syscall(SYS_setresgid, -1, theirs.gid, -1) != 0 || syscall(SYS_setresuid, -1, theirs.uid, -1) != 0) {
            rc = -errno;
            creds_restore(saved);
            return rc;
        }
    }
    /* A process with all that a build can have: what the supervisor has beyond it opens other processes, and which of
     * those may be opened was judged before. Not changing credentials saves two system calls an operation. */
    if (theirs.uid == own.uid && (mine & ~theirs.capabilities & ~caps_supervisor) != 0) {
        struct __user_cap_data_struct less[2] = {own.caps[0], own.caps[1]};
        less[0].effective &= (uint32_t)theirs.capabilities;
        less[1].effective &= (uint32_t)(theirs.capabilities >> 32);
        saved->reduced = true;
        if (set_caps(less) != 0) {
            rc = -errno;
            creds_restore(saved);
            return rc;
        }
    }
    return 0;
}

void creds_restore(const struct creds_saved *saved) {
    if (saved->reduced && set_caps(own.caps) != 0)
        abort(); /* a supervisor that cannot regain its privileges must not go on; its death fails closed */
    if (!saved->changed)
        return;
    if (syscall(SYS_setresuid, -1, own.uid, -1) != 0 || set_caps(own.caps) != 0 ||
        syscall(SYS_setresgid, -1, own.gid, -1) != 0 ||
        syscall(SYS_setgroups, (size_t)own.group_count, own.groups) != 0)
        abort();
    /* A change of ids may make the process dumpable again where fs.suid_dumpable is set. */
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}
