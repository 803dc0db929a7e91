/*
 * What root inside the tree may use to have something done outside of it, where no filter is.
 * usage: privileged usermode-helper      may write the program that the kernel starts for a core dump; nothing is written
 *        privileged sysrq                may write the trigger of the kernel's emergency keys; nothing is written
 *        privileged kernel-memory        may read the kernel's view of all memory (/proc/kcore)
 *        privileged module               loads a kernel module (an empty one, which the kernel refuses by its format)
 *        privileged bpf                  loads a BPF program
 *        privileged handle PATH          opens a file by handle, past all path checks (CAP_DAC_READ_SEARCH)
 *        privileged setuid PROGRAM       starts a set-user-ID program, and looks whether it got its user
 */
#include "attack.h"

#include <fcntl.h>
#include <linux/bpf.h>
#include <sys/wait.h>

static void may_write(const char *path) {
    int fd = open(path, O_WRONLY);
    if (fd < 0) {
        if (unsupervised())
            cannot("%s: %s", path, strerror(errno));
        stopped_at(path);
    }
    reached("%s is open for writing", path);
}

int main(int argc, char **argv) {
    if (argc < 2)
        cannot("usage: privileged METHOD [PATH]");
    if (strcmp(argv[1], "usermode-helper") == 0)
        may_write("/proc/sys/kernel/core_pattern");
    if (strcmp(argv[1], "sysrq") == 0)
        may_write("/proc/sysrq-trigger");
    if (strcmp(argv[1], "kernel-memory") == 0) {
        char magic[4];
        int fd = open("/proc/kcore", O_RDONLY);
        if (fd < 0 && unsupervised())
            cannot("/proc/kcore: %s", strerror(errno));
        if (fd < 0 || read(fd, magic, 4) != 4)
            stopped_at("/proc/kcore");
        reached("/proc/kcore can be read");
    }
    if (strcmp(argv[1], "module") == 0) {
        char empty[64] = "";
        if (syscall(SYS_init_module, empty, sizeof empty, "") == 0 || errno == ENOEXEC)
            reached("the kernel looked at our module");
        failed("init_module");
    }
    if (strcmp(argv[1], "bpf") == 0) {
        struct bpf_insn code[] = {{.code = 0xb7}, {.code = 0x95}};
        union bpf_attr a;
        memset(&a, 0, sizeof a);
        a.prog_type = BPF_PROG_TYPE_SOCKET_FILTER;
        a.insns = (uintptr_t)code;
        a.insn_cnt = 2;
        a.license = (uintptr_t)"GPL";
        if (syscall(SYS_bpf, BPF_PROG_LOAD, &a, sizeof a) < 0)
            failed("bpf");
        reached("loaded a BPF program");
    }
    if (argc == 3 && strcmp(argv[1], "handle") == 0) {
        struct {
            struct file_handle h;
            unsigned char space[MAX_HANDLE_SZ];
        } handle = {.h.handle_bytes = MAX_HANDLE_SZ};
        int mount, root = open("/", O_RDONLY | O_DIRECTORY);
        (void)root;
        if (name_to_handle_at(AT_FDCWD, argv[2], &handle.h, &mount, 0) != 0)
            failed("name_to_handle_at");
        char directory[4096];
        snprintf(directory, sizeof directory, "%s", argv[2]);
        *strrchr(directory, '/') = '\0';
        int fd = open_by_handle_at(open(directory, O_RDONLY | O_DIRECTORY), &handle.h, O_WRONLY | O_TRUNC);
        if (fd < 0)
            failed("open_by_handle_at");
        if (write(fd, "evil\n", 5) != 5)
            stopped_at("write");
        reached("written by handle");
    }
    if (argc == 3 && strcmp(argv[1], "setuid") == 0) {
        pid_t child = fork();
        if (child == 0) {
            execl(argv[2], argv[2], "-u", (char *)NULL); /* a copy of id(1) */
            _exit(99);
        }
        int status;
        waitpid(child, &status, 0);
        reached("started"); /* the runner reads the printed number */
    }
    cannot("unknown method %s", argv[1]);
}
