/*
 * docker COMMAND [ARG...]: runs COMMAND as a container without added capabilities runs it: under a filter with the
 * allow-list of Docker's default seccomp profile (moby, profiles/seccomp/default.json), everything else refused with
 * EPERM, and, for root, with the capabilities that Docker leaves to it. What the profile grants only together with a
 * capability (CAP_SYS_ADMIN: unshare, setns, mount, bpf, clone with namespaces; CAP_SYS_PTRACE: pidfd_getfd, kcmp;
 * CAP_DAC_READ_SEARCH: open_by_handle_at; …) is not granted; CAP_SYS_CHROOT (chroot) is among those that root keeps.
 * io_uring was taken off the list in 2023. 32-bit and x32 calls pass the profile as the native ones do.
 */
#include <errno.h>
#include <linux/capability.h>
#include <sched.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char allowed[] =
    "accept accept4 access adjtimex alarm bind brk cachestat capget capset chdir chmod chown clock_adjtime clock_getres "
    "clock_gettime clock_nanosleep close close_range connect copy_file_range creat dup dup2 dup3 epoll_create "
    "epoll_create1 epoll_ctl epoll_ctl_old epoll_pwait epoll_pwait2 epoll_wait epoll_wait_old eventfd eventfd2 execve "
    "execveat exit exit_group faccessat faccessat2 fadvise64 fallocate fanotify_mark fchdir fchmod fchmodat fchmodat2 fchown "
    "fchownat fcntl fdatasync fgetxattr flistxattr flock fork fremovexattr fsetxattr fstat fstatfs fsync ftruncate futex "
    "futex_requeue futex_wait futex_waitv futex_wake futimesat getcpu getcwd getdents getdents64 getegid geteuid getgid "
    "getgroups getitimer getpeername getpgid getpgrp getpid getppid getpriority getrandom getresgid getresuid getrlimit "
    "get_robust_list getrusage getsid getsockname getsockopt get_thread_area gettid gettimeofday getuid getxattr getxattrat "
    "inotify_add_watch inotify_init inotify_init1 inotify_rm_watch io_cancel ioctl io_destroy io_getevents io_pgetevents "
    "ioprio_get ioprio_set io_setup io_submit kill landlock_add_rule landlock_create_ruleset landlock_restrict_self lchown "
    "lgetxattr link linkat listen listxattr listxattrat llistxattr lremovexattr lseek lsetxattr lstat madvise map_shadow_stack "
    "membarrier memfd_create memfd_secret mincore mkdir mkdirat mknod mknodat mlock mlock2 mlockall mmap mprotect "
    "mq_getsetattr mq_notify mq_open mq_timedreceive mq_timedsend mq_unlink mremap mseal msgctl msgget msgrcv msgsnd msync "
    "munlock munlockall munmap name_to_handle_at nanosleep newfstatat open openat openat2 pause pidfd_open pidfd_send_signal "
    "pipe pipe2 pkey_alloc pkey_free pkey_mprotect poll ppoll prctl pread64 preadv preadv2 prlimit64 process_mrelease "
    "pselect6 pwrite64 pwritev pwritev2 read readahead readlink readlinkat readv recvfrom recvmmsg recvmsg remap_file_pages "
    "removexattr removexattrat rename renameat renameat2 restart_syscall riscv_hwprobe rmdir rseq rt_sigaction rt_sigpending "
    "rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait rt_tgsigqueueinfo sched_getaffinity "
    "sched_getattr sched_getparam sched_get_priority_max sched_get_priority_min sched_getscheduler sched_rr_get_interval "
    "sched_setaffinity sched_setattr sched_setparam sched_setscheduler sched_yield seccomp select semctl semget semop "
    "semtimedop sendfile sendmmsg sendmsg sendto setfsgid setfsuid setgid setgroups setitimer setpgid setpriority setregid "
    "setresgid setresuid setreuid setrlimit set_robust_list setsid setsockopt set_thread_area set_tid_address setuid setxattr "
    "setxattrat shmat shmctl shmdt shmget shutdown sigaltstack signalfd signalfd4 socketpair splice stat statfs statx "
    "symlink symlinkat sync sync_file_range syncfs sysinfo tee tgkill time timer_create timer_delete timer_getoverrun "
    "timer_gettime timer_settime timerfd_create timerfd_gettime timerfd_settime times tkill truncate umask uname unlink "
    "unlinkat uretprobe utime utimensat utimes vfork vmsplice wait4 waitid write writev process_vm_readv process_vm_writev "
    "ptrace arch_prctl modify_ldt "
    /* of 32-bit programs */
    "chown32 clock_getres_time64 clock_gettime64 clock_nanosleep_time64 fadvise64_64 fchown32 fcntl64 fstat64 fstatat64 fstatfs64 "
    "ftruncate64 futex_time64 getegid32 geteuid32 getgid32 getgroups32 getresgid32 getresuid32 getuid32 ipc lchown32 _llseek "
    "lstat64 mmap2 _newselect ppoll_time64 pselect6_time64 recv rt_sigtimedwait_time64 send sendfile64 setfsgid32 setfsuid32 "
    "setgid32 setgroups32 setregid32 setresgid32 setresuid32 setreuid32 setuid32 sigaction sigprocmask sigreturn socketcall "
    "stat64 statfs64 truncate64 ugetrlimit utimensat_time64 waitpid";
/* CAP_CHOWN, DAC_OVERRIDE, FOWNER, FSETID, KILL, SETGID, SETUID, SETPCAP, NET_BIND_SERVICE, NET_RAW, SYS_CHROOT, MKNOD,
 * AUDIT_WRITE, SETFCAP */
static const unsigned kept[] = {0, 1, 3, 4, 5, 6, 7, 8, 10, 13, 18, 27, 29, 31};
#define NAMESPACES 0x7E020000U

static void check(int rc, const char *what) {
    if (rc < 0) {
        fprintf(stderr, "docker: %s: %s\n", what, strerror(-rc));
        exit(2);
    }
}

static void reduce(void) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct sets[2] = {{0}};
    unsigned long mask = 0;
    for (unsigned i = 0; i < sizeof kept / sizeof kept[0]; i++)
        mask |= 1UL << kept[i];
    for (int i = 0; i < 64; i++)
        if (!(mask & (1UL << i)) && prctl(PR_CAPBSET_DROP, i, 0, 0, 0) != 0 && errno != EINVAL)
            check(-errno, "bounding set");
    sets[0].effective = sets[0].permitted = (unsigned)mask;
    check(syscall(SYS_capset, &header, sets) == 0 ? 0 : -errno, "capset");
}

int main(int argc, char **argv) {
    if (argc < 2) {
        fprintf(stderr, "usage: docker COMMAND [ARG...]\n");
        return 2;
    }
    int root = geteuid() == 0;
    scmp_filter_ctx c = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    /* Docker installs it before it drops privileges, so that no_new_privs is not set; an ordinary user cannot. */
    check(seccomp_attr_set(c, SCMP_FLTATR_CTL_NNP, !root), "no_new_privs");
    check(seccomp_attr_set(c, SCMP_FLTATR_CTL_OPTIMIZE, 2), "optimize");
#ifdef __x86_64__
    check(seccomp_arch_add(c, SCMP_ARCH_X86), "x86");
    check(seccomp_arch_add(c, SCMP_ARCH_X32), "x32");
#endif
    char *names = strdup(allowed);
    for (char *name = strtok(names, " "); name != NULL; name = strtok(NULL, " ")) {
        int nr = seccomp_syscall_resolve_name(name); /* the library may be older than the name */
        if (nr != __NR_SCMP_ERROR)
            check(seccomp_rule_add(c, SCMP_ACT_ALLOW, nr, 0), name);
    }
    static const struct { int nr; } late[] = {{451}, {452}, {453}, {454}, {455}, {456}, {462}, {463}, {464}, {465}, {466}};
    for (unsigned i = 0; i < sizeof late / sizeof late[0]; i++)
        (void)seccomp_rule_add(c, SCMP_ACT_ALLOW, late[i].nr, 0); /* there already where the library knows the name */
    check(seccomp_rule_add(c, SCMP_ACT_ALLOW, SCMP_SYS(socket), 1, SCMP_A0(SCMP_CMP_NE, 40 /* AF_VSOCK */)), "socket");
    check(seccomp_rule_add(c, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1, SCMP_A0(SCMP_CMP_MASKED_EQ, NAMESPACES, 0)), "clone");
    check(seccomp_rule_add(c, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0), "clone3");
    static const unsigned personalities[] = {0, 8, 0x20000, 0x20008, 0xffffffff};
    for (unsigned i = 0; i < 5; i++)
        check(seccomp_rule_add(c, SCMP_ACT_ALLOW, SCMP_SYS(personality), 1, SCMP_A0(SCMP_CMP_EQ, personalities[i])), "personality");
    if (root)
        check(seccomp_rule_add(c, SCMP_ACT_ALLOW, SCMP_SYS(chroot), 0), "chroot");
    check(seccomp_load(c), "loading the filter");
    if (root)
        reduce();
    execvp(argv[1], argv + 1);
    fprintf(stderr, "docker: %s: %s\n", argv[1], strerror(errno));
    return 127;
}
