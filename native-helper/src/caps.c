#include "caps.h"

#include <errno.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "uapi.h"

#define BIT(name) (1ULL << (name))

/*
 * What package managers, tar, chroot, su-like tools and servers under test need, and what cannot be turned against the
 * supervisor: it decides about files (mknod and chown included), signals (Landlock), other processes' limits and
 * scheduling itself. This is the set of an ordinary container, without raw sockets (no such socket can be made in a
 * block) and the audit log, and with three that only concern the build's own resources.
 *
 * Not kept, and why:
 *   SYS_PTRACE, PERFMON, SYS_ADMIN   read the agent's memory and environment (since 6.13 the second and third do so past
 *                                    Landlock); mounts put other files in the place of those that were judged
 *   BPF, SYS_MODULE, SYS_RAWIO, SYS_BOOT, CHECKPOINT_RESTORE   run code in the kernel, or replace it
 *   NET_ADMIN, NET_RAW, NET_BROADCAST   packets, routes and devices past the decisions about sockets
 *   MAC_ADMIN, MAC_OVERRIDE, AUDIT_*, SYSLOG, SYS_PACCT, SYS_TIME   the machine's own protections, records and clock
 *   DAC_READ_SEARCH   files by handle, past their paths (DAC_OVERRIDE reads as much by path, which is judged)
 *   LINUX_IMMUTABLE, LEASE, IPC_OWNER   stop the agent at its own files, or reach its memory segments
 *   SYS_TTY_CONFIG, WAKE_ALARM, BLOCK_SUSPEND   the machine's terminals and power, no part of a build
 */
const uint64_t caps_harmless = BIT(CAP_CHOWN) | BIT(CAP_DAC_OVERRIDE) | BIT(CAP_FOWNER) | BIT(CAP_FSETID) | BIT(CAP_KILL) |
                               BIT(CAP_SETGID) | BIT(CAP_SETUID) | BIT(CAP_SETPCAP) | BIT(CAP_NET_BIND_SERVICE) |
                               BIT(CAP_IPC_LOCK) | BIT(CAP_SYS_CHROOT) | BIT(CAP_SYS_NICE) | BIT(CAP_SYS_RESOURCE) |
                               BIT(CAP_MKNOD) | BIT(CAP_SETFCAP);
const uint64_t caps_supervisor = BIT(CAP_SYS_PTRACE);

static const char *const names[CAPS_COUNT] = {
    "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_SETGID",
    "CAP_SETUID", "CAP_SETPCAP", "CAP_LINUX_IMMUTABLE", "CAP_NET_BIND_SERVICE", "CAP_NET_BROADCAST", "CAP_NET_ADMIN",
    "CAP_NET_RAW", "CAP_IPC_LOCK", "CAP_IPC_OWNER", "CAP_SYS_MODULE", "CAP_SYS_RAWIO", "CAP_SYS_CHROOT", "CAP_SYS_PTRACE",
    "CAP_SYS_PACCT", "CAP_SYS_ADMIN", "CAP_SYS_BOOT", "CAP_SYS_NICE", "CAP_SYS_RESOURCE", "CAP_SYS_TIME",
    "CAP_SYS_TTY_CONFIG", "CAP_MKNOD", "CAP_LEASE", "CAP_AUDIT_WRITE", "CAP_AUDIT_CONTROL", "CAP_SETFCAP",
    "CAP_MAC_OVERRIDE", "CAP_MAC_ADMIN", "CAP_SYSLOG", "CAP_WAKE_ALARM", "CAP_BLOCK_SUSPEND", "CAP_AUDIT_READ",
    "CAP_PERFMON", "CAP_BPF", "CAP_CHECKPOINT_RESTORE"};

const char *caps_name(unsigned number) { return number < CAPS_COUNT ? names[number] : "unknown"; }

int caps_number(const char *name) {
    for (int i = 0; i < CAPS_COUNT; i++)
        if (strcmp(names[i], name) == 0)
            return i;
    return -1;
}

static int get(struct __user_cap_data_struct sets[2]) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    return syscall(SYS_capget, &header, sets) == 0 ? 0 : -errno;
}

uint64_t caps_permitted(void) {
    struct __user_cap_data_struct sets[2];
    return get(sets) == 0 ? (uint64_t)sets[1].permitted << 32 | sets[0].permitted : 0;
}

int caps_effective(uint64_t *set) {
    struct __user_cap_data_struct sets[2];
    int rc = get(sets);
    if (rc == 0)
        *set = (uint64_t)sets[1].effective << 32 | sets[0].effective;
    return rc;
}

int caps_reduce(uint64_t keep) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct sets[2];
    int rc = get(sets);
    if (rc != 0)
        return rc;
    /* The bounding set, from which a program that root starts takes its capabilities. Without CAP_SETPCAP it stays, and
     * no_new_privs alone keeps a start from adding to the permitted set. */
    for (int i = 0; i < 64; i++)
        if (!(keep & BIT(i)) && prctl(PR_CAPBSET_DROP, i, 0, 0, 0) != 0 && errno != EINVAL && errno != EPERM)
            return -errno;
    for (int i = 0; i < 2; i++) {
        uint32_t mask = (uint32_t)(keep >> (32 * i));
        sets[i].effective &= mask;
        sets[i].permitted &= mask;
        sets[i].inheritable &= mask; /* and with it the ambient set */
    }
    return syscall(SYS_capset, &header, sets) == 0 ? 0 : -errno;
}
