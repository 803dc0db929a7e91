/* What an install script could do to have its writes done by somebody who is not confined: escape HOW ARGUMENT…
 *   attach|seize PID       ptrace the process; prints the error or "attached"
 *   vm|mem PID             write into its memory, at some writable address
 *   orphan PROGRAM ARG…    a process whose parents have all ended, with an empty environment, starts the program
 *   swap GOOD EVIL ARG…    starts a program by a path that another thread keeps changing from one that is not there
 *   threads PROGRAM ARG…   a thread that is not the leader starts the program */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>
static char path[4096];
static const char *choices[2];
static char *empty[] = {NULL}, **rest;
static void *swap(void *unused) {
    for (unsigned i = 0;; i++)
        strcpy(path, choices[i & 1]);
    return unused;
}
static void *start(void *unused) {
    execve(rest[0], rest, empty);
    perror(rest[0]);
    return unused;
}
/* Of something writable: what is written there is what stands there. */
static void *place(const char *pid, char *byte) {
    char name[64], line[512], rights[8];
    uintptr_t at = 0;
    snprintf(name, sizeof name, "/proc/%s/maps", pid);
    FILE *f = fopen(name, "r");
    while (f != NULL && fgets(line, sizeof line, f) != NULL)
        if (sscanf(line, "%lx-%*x %7s", &at, rights) == 2 && strncmp(rights, "rw", 2) == 0)
            break;
    struct iovec here = {byte, 1}, there = {(void *)at, 1};
    if (f == NULL || process_vm_readv(atoi(pid), &here, 1, &there, 1, 0) != 1)
        exit(2);
    fclose(f);
    return (void *)at;
}
int main(int argc, char **argv) {
    if (argc < 3)
        return 2;
    pid_t pid = (pid_t)atoi(argv[2]);
    rest = argv + 2;
    if (strcmp(argv[1], "attach") == 0 || strcmp(argv[1], "seize") == 0) {
        long rc = ptrace(argv[1][0] == 'a' ? PTRACE_ATTACH : PTRACE_SEIZE, pid, NULL, NULL);
        puts(rc == 0 ? "attached" : strerror(errno));
    } else if (strcmp(argv[1], "vm") == 0) {
        char byte;
        struct iovec here = {&byte, 1}, there = {place(argv[2], &byte), 1};
        puts(process_vm_writev(pid, &here, 1, &there, 1, 0) == 1 ? "written" : strerror(errno));
    } else if (strcmp(argv[1], "mem") == 0) {
        char name[64], byte;
        void *at = place(argv[2], &byte);
        snprintf(name, sizeof name, "/proc/%s/mem", argv[2]);
        int fd = open(name, O_RDWR);
        puts(fd < 0 ? strerror(errno) : pwrite(fd, &byte, 1, (off_t)(uintptr_t)at) == 1 ? "written" : strerror(errno));
    } else if (strcmp(argv[1], "orphan") == 0) {
        if (fork() == 0) {
            setsid();
            if (fork() == 0) {
                while (getppid() != 1) {
                    char stat[64], comm[64] = "";
                    snprintf(stat, sizeof stat, "/proc/%d/comm", getppid());
                    FILE *f = fopen(stat, "r");
                    if (f != NULL && fgets(comm, sizeof comm, f) != NULL && strncmp(comm, "harden", 6) == 0)
                        break;
                    if (f != NULL)
                        fclose(f);
                    usleep(1000);
                }
                usleep(300000); /* longer than anything is kept about a process */
                start(NULL);
            }
            _exit(0);
        }
        wait(NULL);
    } else if (strcmp(argv[1], "swap") == 0) {
        pthread_t thread;
        choices[0] = argv[2];
        choices[1] = argv[3];
        rest = argv + 3;
        pthread_create(&thread, NULL, swap, NULL);
        for (;;)
            execve(path, rest, empty);
    } else if (strcmp(argv[1], "threads") == 0) {
        pthread_t thread;
        pthread_create(&thread, NULL, start, NULL);
        pause();
    }
    return 0;
}
