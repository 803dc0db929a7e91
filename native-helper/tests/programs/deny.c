/* deny NAME=ERRNO[,NAME=ERRNO…] -- COMMAND [ARG…]: runs COMMAND in a kernel that lacks system calls, as an old one, a
 * container's profile or an administrator makes it. NAME is one of the table below; `userns` is clone and unshare with
 * CLONE_NEWUSER. Docker's whole default profile: docker.c. */
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static const struct name {
    const char *name;
    unsigned number;
} names[] = {
    {"seccomp", SYS_seccomp}, {"landlock", 444}, {"pidfd_getfd", 438}, {"pidfd_open", 434}, {"process_vm_readv", SYS_process_vm_readv},
};
static struct sock_filter code[256];
static unsigned length;
static void put(unsigned short what, unsigned char yes, unsigned char no, unsigned k) {
    if (length == sizeof code / sizeof code[0]) {
        fprintf(stderr, "deny: too many names\n");
        exit(2);
    }
    code[length++] = (struct sock_filter){what, yes, no, k};
}
static void deny(unsigned number, unsigned error) {
    put(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, number);
    put(BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | error);
}
static void deny_user_namespaces(void) {
    const unsigned calls[] = {SYS_clone, SYS_unshare};
    for (unsigned i = 0; i < 2; i++) {
        put(BPF_JMP | BPF_JEQ | BPF_K, 0, 4, calls[i]);
        put(BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, args[0]));
        put(BPF_JMP | BPF_JSET | BPF_K, 0, 1, CLONE_NEWUSER);
        put(BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | EPERM);
        put(BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, nr));
    }
    deny(SYS_clone3, ENOSYS); /* its flags are behind a pointer; the C library falls back to clone */
}

int main(int argc, char **argv) {
    if (argc < 4 || strcmp(argv[2], "--") != 0) {
        fprintf(stderr, "usage: deny NAME=ERRNO[,NAME=ERRNO...] -- COMMAND [ARG...]\n");
        return 2;
    }
    put(BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, nr));
    for (char *word = strtok(argv[1], ","); word; word = strtok(NULL, ",")) {
        char *value = strchr(word, '=');
        unsigned i = 0, error = value && strcmp(value + 1, "ENOSYS") == 0 ? ENOSYS : EPERM, count = sizeof names / sizeof names[0];
        if (value)
            *value = '\0';
        if (strcmp(word, "userns") == 0)
            deny_user_namespaces();
        while (i < count && strcmp(names[i].name, word) != 0)
            i++;
        if (i < count)
            deny(names[i].number, error);
        else if (strcmp(word, "userns") != 0) {
            fprintf(stderr, "deny: unknown name %s\n", word);
            return 2;
        }
    }
    put(BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW);
    struct sock_fprog program = {(unsigned short)length, code};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
        perror("deny: seccomp");
        return 2;
    }
    execvp(argv[3], argv + 3);
    perror(argv[3]);
    return 127;
}
