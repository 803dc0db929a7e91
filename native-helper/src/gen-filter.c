/*
 * Build-time program: writes the seccomp filters as a C source file, one per variant, for the architecture named in
 * its argument. libseccomp is needed here only; the helper carries the finished programs.
 *
 * usage: gen-filter x86_64|aarch64 > filters.c
 *
 * Every decision that rests on register values (flags, protocol numbers, null pointers) is taken here: registers
 * cannot change after the check, memory can. What needs memory notifies the supervisor.
 */
#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "filters.h"
#include "uapi.h"

static scmp_filter_ctx ctx;
static int aarch64;

static void fail(const char *what, int rc) {
    fprintf(stderr, "gen-filter: %s: %s\n", what, strerror(rc < 0 ? -rc : rc));
    exit(1);
}

static int number(const char *name) {
    int nr = seccomp_syscall_resolve_name(name);
    if (nr == __NR_SCMP_ERROR)
        fail(name, ENOSYS);
    return nr;
}

/* Adds a rule; a name that this architecture does not have (open, unlink, … on aarch64) is skipped by libseccomp. */
static void rule(uint32_t action, const char *name, unsigned count, const struct scmp_arg_cmp *args) {
    int rc = seccomp_rule_add_array(ctx, action, number(name), count, args);
    if (rc != 0)
        fail(name, rc);
}

static void always(uint32_t action, const char *name) { rule(action, name, 0, NULL); }

static void when(uint32_t action, const char *name, struct scmp_arg_cmp a) { rule(action, name, 1, &a); }

static void when2(uint32_t action, const char *name, struct scmp_arg_cmp a, struct scmp_arg_cmp b) {
    struct scmp_arg_cmp args[2] = {a, b};
    rule(action, name, 2, args);
}

static void notify_all(const char *const *names) {
    for (; *names != NULL; names++)
        always(SCMP_ACT_NOTIFY, *names);
}

static const char *const always_notified[] = {
    /* network */
    "connect", "bind", "listen", "sendmsg", "sendmmsg",
    /* images: the call that starts a program, and the first one that nearly every started program makes */
    "execve", "execveat", "set_tid_address",
    /* refused, and recorded because a build has no business there */
    "io_uring_setup", "pidfd_getfd", "open_by_handle_at", "bpf", "init_module", "finit_module", "delete_module",
    "kexec_load", "kexec_file_load", "iopl", "ioperm", NULL};

static const char *const file_names[] = {
    "creat", "truncate", "rename", "renameat", "renameat2", "unlink", "unlinkat", "rmdir", "mkdir", "mkdirat", "link",
    "linkat", "symlink", "symlinkat", "mknod", "mknodat", "chmod", "fchmod", "fchmodat", "chown", "lchown", "fchown",
    "fchownat", "utime", "utimes", "futimesat", "utimensat", "setxattr", "lsetxattr", "fsetxattr", "removexattr",
    "lremovexattr", "fremovexattr", NULL};

/* The supervisor acts with its callers' credentials and umask, and keeps what it has read of them until they change. */
static const char *const credential_names[] = {
    "umask", "setuid", "setgid", "setreuid", "setregid", "setresuid", "setresgid", "setfsuid", "setfsgid", "setgroups",
    "capset", "unshare", "setns", "chroot", "pivot_root", NULL};

static void write_opens(const char *name, unsigned flags) {
    static const scmp_datum_t masks[][2] = {
        {O_ACCMODE, O_WRONLY}, {O_ACCMODE, O_RDWR}, {O_ACCMODE, 3}, {O_CREAT, O_CREAT}, {O_TRUNC, O_TRUNC}};
    for (unsigned i = 0; i < sizeof masks / sizeof masks[0]; i++)
        when(SCMP_ACT_NOTIFY, name, SCMP_CMP(flags, SCMP_CMP_MASKED_EQ, masks[i][0], masks[i][1]));
}

static void exact(uint32_t action, const char *name, unsigned arg, scmp_datum_t value) {
    when(action, name, SCMP_CMP(arg, SCMP_CMP_MASKED_EQ, 0xffffffffU, value));
}

static void option(int level, int name, int error) {
    when2(SCMP_ACT_ERRNO((unsigned)error), "setsockopt", SCMP_CMP(1, SCMP_CMP_MASKED_EQ, 0xffffffffU, (scmp_datum_t)level),
          SCMP_CMP(2, SCMP_CMP_MASKED_EQ, 0xffffffffU, (scmp_datum_t)name));
}

/* What makes the kernel tell the network of a group, whose address is 28 or 112 bits of the program's choice: net_join(). */
static void joins(void) {
    static const int names[][2] = {
        {0, 35 /* IP_ADD_MEMBERSHIP */}, {0, 39 /* IP_ADD_SOURCE_MEMBERSHIP */}, {0, 42 /* MCAST_JOIN_GROUP */},
        {0, 46 /* MCAST_JOIN_SOURCE_GROUP */}, {41, 20 /* IPV6_JOIN_GROUP */}, {41, 42}, {41, 46}};
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++)
        when2(SCMP_ACT_NOTIFY, "setsockopt", SCMP_CMP(1, SCMP_CMP_MASKED_EQ, 0xffffffffU, (scmp_datum_t)names[i][0]),
              SCMP_CMP(2, SCMP_CMP_MASKED_EQ, 0xffffffffU, (scmp_datum_t)names[i][1]));
}

static void build(unsigned variant) {
    int rc;
    ctx = seccomp_init(SCMP_ACT_ALLOW);
    if (ctx == NULL)
        fail("seccomp_init", ENOMEM);
    uint32_t token = aarch64 ? SCMP_ARCH_AARCH64 : SCMP_ARCH_X86_64;
    if (seccomp_arch_native() != token) {
        if ((rc = seccomp_arch_add(ctx, token)) != 0 || (rc = seccomp_arch_remove(ctx, SCMP_ARCH_NATIVE)) != 0)
            fail("architecture", rc);
    }
    /* 32-bit and x32 calls have other numbers and other argument layouts: none of the rules below would hold. */
    if ((rc = seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ERRNO(ENOSYS))) != 0)
        fail("bad architecture action", rc);
    if ((rc = seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2)) != 0)
        fail("optimize", rc);

    notify_all(always_notified);
    /* A send without an address on a connected socket was decided when it connected. */
    when(SCMP_ACT_NOTIFY, "sendto", SCMP_CMP(4, SCMP_CMP_NE, 0));
    when2(SCMP_ACT_NOTIFY, "sendto", SCMP_CMP(4, SCMP_CMP_EQ, 0),
          SCMP_CMP(3, SCMP_CMP_MASKED_EQ, MSG_FASTOPEN, MSG_FASTOPEN));

    /* A process that shares its descriptor table with another one, not a thread of its own: see msg.c. The flags of
     * clone3 are in memory; every libc falls back to clone. */
    when(SCMP_ACT_NOTIFY, "clone", SCMP_CMP(0, SCMP_CMP_MASKED_EQ, CLONE_FILES | CLONE_THREAD, CLONE_FILES));
    always(SCMP_ACT_ERRNO(ENOSYS), "clone3");
    always(SCMP_ACT_ERRNO(ENOSYS), "openat2"); /* its flags are in memory; every libc falls back to openat */
    always(SCMP_ACT_ERRNO(ENOSYS), "io_uring_enter");
    always(SCMP_ACT_ERRNO(ENOSYS), "io_uring_register");
    /* With callout information the kernel starts a program of its own for a key that it does not have, outside of the
     * block; for a key of type dns_resolver it asks DNS for any name. */
    when(SCMP_ACT_NOTIFY, "request_key", SCMP_CMP(2, SCMP_CMP_NE, 0));
    /* A process could forge the memory layout by which its image is recognised. */
    exact(SCMP_ACT_ERRNO(EPERM), "prctl", 0, 35 /* PR_SET_MM */);
    /* Typing into the terminal of whoever started us. The kernel compares 32 bits only, so do we. */
    exact(SCMP_ACT_ERRNO(EPERM), "ioctl", 1, 0x5412 /* TIOCSTI */);
    exact(SCMP_ACT_ERRNO(EPERM), "ioctl", 1, 0x541C /* TIOCLINUX */);
    /* Source routing: the packet would go to the first hop of the option instead of the address that was decided. */
    option(0 /* SOL_IP */, 4 /* IP_OPTIONS */, EPERM);
    option(41 /* SOL_IPV6 */, 57 /* IPV6_RTHDR */, EPERM);
    option(41, 5 /* IPV6_2292RTHDR */, EPERM);
    option(41, 6 /* IPV6_2292PKTOPTIONS */, EPERM);
    /* A flow label carries such a route as well, where the kernel has mobile IPv6. */
    option(41, 32 /* IPV6_FLOWLABEL_MGR */, EPERM);
    /* A socket that insists on a network device sends packets to loopback addresses out of it, which are judged as what
     * stays on the machine. Before 5.7 such binding needed a privilege, so programs bear the refusal. In messages: msg.c. */
    option(1 /* SOL_SOCKET */, 25 /* SO_BINDTODEVICE */, EPERM);
    option(1, 62 /* SO_BINDTOIFINDEX */, EPERM);
    option(0, 50 /* IP_UNICAST_IF */, EPERM);
    option(41, 76 /* IPV6_UNICAST_IF */, EPERM);
    option(41, 50 /* IPV6_PKTINFO */, EPERM);
    joins();
    /* Zero-copy sends would keep pages of the supervisor; programs fall back to copying. */
    option(1 /* SOL_SOCKET */, 60 /* SO_ZEROCOPY */, EOPNOTSUPP);

    if (variant & FILTER_RECV) {
        when(SCMP_ACT_NOTIFY, "recvfrom", SCMP_CMP(4, SCMP_CMP_NE, 0));
        always(SCMP_ACT_NOTIFY, "recvmsg");
        always(SCMP_ACT_NOTIFY, "getpeername");
    }
    /* What changes another process. The number 0 is the caller itself; without new limits prlimit64 only reads. */
    when2(SCMP_ACT_NOTIFY, "prlimit64", SCMP_CMP(0, SCMP_CMP_NE, 0), SCMP_CMP(2, SCMP_CMP_NE, 0));
    static const char *const others[] = {"sched_setaffinity", "sched_setscheduler", "sched_setparam", "sched_setattr"};
    for (unsigned i = 0; i < sizeof others / sizeof others[0]; i++)
        when(SCMP_ACT_NOTIFY, others[i], SCMP_CMP(0, SCMP_CMP_NE, 0));
    /* PRIO_PROCESS is 0 and IOPRIO_WHO_PROCESS is 1. */
    when(SCMP_ACT_NOTIFY, "setpriority", SCMP_CMP(1, SCMP_CMP_NE, 0));
    when2(SCMP_ACT_NOTIFY, "setpriority", SCMP_CMP(1, SCMP_CMP_EQ, 0), SCMP_CMP(0, SCMP_CMP_NE, 0));
    when(SCMP_ACT_NOTIFY, "ioprio_set", SCMP_CMP(1, SCMP_CMP_NE, 0));
    when2(SCMP_ACT_NOTIFY, "ioprio_set", SCMP_CMP(1, SCMP_CMP_EQ, 0), SCMP_CMP(0, SCMP_CMP_NE, 1));
    /* PR_SET_DUMPABLE 0 would close the process to the supervisor. */
    when2(SCMP_ACT_NOTIFY, "prctl", SCMP_CMP(0, SCMP_CMP_MASKED_EQ, 0xffffffffU, 4), SCMP_CMP(1, SCMP_CMP_EQ, 0));

    if (variant & FILTER_FILES) {
        notify_all(file_names);
        notify_all(credential_names);
        /* Install scripts that would have another process of the block act for them: confine.h. */
        exact(SCMP_ACT_NOTIFY, "ptrace", 0, 16 /* PTRACE_ATTACH */);
        exact(SCMP_ACT_NOTIFY, "ptrace", 0, 0x4206 /* PTRACE_SEIZE */);
        always(SCMP_ACT_NOTIFY, "process_vm_writev");
        /* A file system that is mounted nowhere, and used by its descriptor: Landlock refuses mount(2) and move_mount(2) only. */
        always(SCMP_ACT_NOTIFY, "fsopen");
        always(SCMP_ACT_NOTIFY, "fspick");
        when(SCMP_ACT_NOTIFY, "open_tree", SCMP_CMP(2, SCMP_CMP_MASKED_EQ, 1, 1 /* OPEN_TREE_CLONE */));
        /* Attributes that are set on a descriptor which is open for reading only. */
        exact(SCMP_ACT_NOTIFY, "ioctl", 1, 0x40086602 /* FS_IOC_SETFLAGS */);
        exact(SCMP_ACT_NOTIFY, "ioctl", 1, 0x401c5820 /* FS_IOC_FSSETXATTR */);
        exact(SCMP_ACT_ERRNO(EOPNOTSUPP), "ioctl", 1, 0x40806685 /* FS_IOC_ENABLE_VERITY */);
    }
    if (variant & FILTER_READS) {
        always(SCMP_ACT_NOTIFY, "open");
        always(SCMP_ACT_NOTIFY, "openat");
    } else if (variant & FILTER_FILES) {
        write_opens("open", 1);
        write_opens("openat", 2);
    }
}

/*
 * libseccomp cannot express "notify unless one of these combinations", so socket() and the system calls that are
 * younger than the library are put in front by hand. The numbers used here are the same on every architecture or are
 * given per architecture; the prologue checks the architecture first, so a foreign number cannot match.
 */
#define LOAD(offset) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (unsigned)(offset))
#define JEQ(value, yes, no) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)(value), (yes), (no))
#define RET(value) BPF_STMT(BPF_RET | BPF_K, (unsigned)(value))
#define ARG_LOW(n) (16 + 8 * (n)) /* little-endian on both architectures */

static unsigned prologue(struct sock_filter *out, unsigned variant) {
    unsigned n = 0;
    unsigned socket_nr = aarch64 ? 198 : 41, pair_nr = aarch64 ? 199 : 53;
    unsigned audit = aarch64 ? 0xC00000B7U : 0xC000003EU;
    struct sock_filter head[] = {
        LOAD(4),
        JEQ(audit, 1, 0),
        RET(SECCOMP_RET_USER_NOTIF), /* foreign architecture: recorded and refused */
        LOAD(0),
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000U, 0, 1),
        RET(SECCOMP_RET_USER_NOTIF), /* x32 */
        LOAD(0),
    };
    memcpy(out, head, sizeof head);
    n += sizeof head / sizeof head[0];
    if (variant & FILTER_FILES) {
        struct sock_filter late[] = {
            JEQ(SYS_fchmodat2, 1, 0), JEQ(HARDEN_NR_OPEN_TREE_ATTR, 0, 1), RET(SECCOMP_RET_USER_NOTIF),
            JEQ(HARDEN_NR_SETXATTRAT, 2, 0), JEQ(HARDEN_NR_REMOVEXATTRAT, 1, 0), JEQ(HARDEN_NR_FILE_SETATTR, 0, 1),
            RET(SECCOMP_RET_ERRNO | ENOSYS),
        };
        memcpy(out + n, late, sizeof late);
        n += sizeof late / sizeof late[0];
    }
    /*
     * Only 32 bits count: the kernel truncates the arguments of socket() to int in the same way.
     * Allowed: AF_UNIX; AF_INET and AF_INET6 with STREAM and protocol 0 or TCP, or DGRAM and protocol 0 or UDP;
     * AF_NETLINK with protocol NETLINK_ROUTE. The type is compared without SOCK_CLOEXEC and SOCK_NONBLOCK.
     */
    struct sock_filter sock[] = {
        /*  0          */ JEQ(socket_nr, 0, 17),
        /*  1          */ LOAD(ARG_LOW(0)),
        /*  2          */ JEQ(1 /* AF_UNIX */, 13, 0),
        /*  3          */ JEQ(16 /* AF_NETLINK */, 10, 0),
        /*  4          */ JEQ(2 /* AF_INET */, 1, 0),
        /*  5          */ JEQ(10 /* AF_INET6 */, 0, 11),
        /*  6 internet */ LOAD(ARG_LOW(1)),
        /*  7          */ BPF_STMT(BPF_ALU | BPF_AND | BPF_K, ~(02000000U | 04000U)),
        /*  8          */ JEQ(1 /* SOCK_STREAM */, 3, 0),
        /*  9          */ JEQ(2 /* SOCK_DGRAM */, 0, 7),
        /* 10 datagram */ LOAD(ARG_LOW(2)),
        /* 11          */ JEQ(17 /* UDP */, 4, 3),
        /* 12 stream   */ LOAD(ARG_LOW(2)),
        /* 13          */ JEQ(6 /* TCP */, 2, 1),
        /* 14 netlink  */ LOAD(ARG_LOW(2)),
        /* 15 default  */ JEQ(0 /* the default protocol; NETLINK_ROUTE */, 0, 1),
        /* 16 allow    */ RET(SECCOMP_RET_ALLOW),
        /* 17 notify   */ RET(SECCOMP_RET_USER_NOTIF),
    };
    struct sock_filter made[] = {
        JEQ(socket_nr, 0, 1), RET(SECCOMP_RET_USER_NOTIF),
        JEQ(pair_nr, 0, 5),
        LOAD(ARG_LOW(1)),
        BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xfU),
        JEQ(1 /* SOCK_STREAM */, 2, 0),
        JEQ(5 /* SOCK_SEQPACKET */, 1, 0),
        RET(SECCOMP_RET_USER_NOTIF),
        LOAD(0),
    };
    bool make = variant & FILTER_MADE;
    memcpy(out + n, make ? made : sock, make ? sizeof made : sizeof sock);
    return n + (unsigned)((make ? sizeof made : sizeof sock) / sizeof made[0]);
}

static void emit(unsigned variant) {
    char path[] = "/tmp/gen-filter-XXXXXX";
    int fd = mkstemp(path);
    if (fd < 0)
        fail("mkstemp", errno);
    unlink(path);
    int rc = seccomp_export_bpf(ctx, fd);
    if (rc != 0)
        fail("seccomp_export_bpf", rc);
    static struct sock_filter program[BPF_MAXINSNS];
    unsigned head = prologue(program, variant);
    ssize_t got = pread(fd, program + head, sizeof program - head * sizeof program[0], 0);
    if (got <= 0 || (size_t)got % sizeof program[0] != 0)
        fail("reading the program back", errno);
    unsigned count = head + (unsigned)((size_t)got / sizeof program[0]);
    close(fd);
    printf("static const struct sock_filter program_%u[] = {\n", variant);
    for (unsigned i = 0; i < count; i++)
        printf("    {0x%x, %u, %u, 0x%x},\n", program[i].code, program[i].jt, program[i].jf, program[i].k);
    printf("};\n");
    seccomp_release(ctx);
}

int main(int argc, char **argv) {
    if (argc != 2 || (strcmp(argv[1], "x86_64") != 0 && strcmp(argv[1], "aarch64") != 0)) {
        fprintf(stderr, "usage: gen-filter x86_64|aarch64\n");
        return 2;
    }
    aarch64 = strcmp(argv[1], "aarch64") == 0;
    printf("/* Made by gen-filter for %s. */\n#include \"filters.h\"\n", argv[1]);
    for (unsigned v = 0; v < FILTER_VARIANTS; v++) {
        build(v);
        emit(v);
    }
    printf("const struct harden_filter harden_filters[FILTER_VARIANTS] = {\n");
    for (unsigned v = 0; v < FILTER_VARIANTS; v++)
        printf("    {sizeof program_%u / sizeof program_%u[0], program_%u},\n", v, v, v);
    printf("};\n");
    return ferror(stdout) ? 1 : 0;
}
