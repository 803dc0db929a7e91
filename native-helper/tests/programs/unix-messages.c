/* unix-messages MODE: messages on unix sockets under a supervisor. Prints "ok" or what was wrong.
 *   credentials  a child with one thread is seen as itself (SCM_CREDENTIALS)     rights   a descriptor arrives
 *   threads      as rights, from a process with two threads
 *   swap-thread PORT, swap-table PORT   while one task sends on a connected unix socket, another one that shares the
 *                descriptor table exchanges it for a UDP socket, with 127.0.0.1:PORT in msg_name; prints "sent" */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static int pair[2], udp, target = 200;

static int die(const char *what) {
    printf("%s: %s\n", what, strerror(errno));
    exit(1);
}

static int swap(void *unused) {
    (void)unused;
    for (;;) {
        dup2(udp, target);
        dup2(pair[0], target);
    }
    return 0;
}

static void *swap_thread(void *unused) { return (void *)(long)swap(unused); }
static void *idle_thread(void *unused) { return (void)unused, (void *)(long)pause(); }

static void send_right(void) {
    char byte = 'x', control[CMSG_SPACE(sizeof(int))] = {0};
    struct iovec v = {&byte, 1};
    struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    struct cmsghdr *h = CMSG_FIRSTHDR(&m);
    int out = 1;
    h->cmsg_level = SOL_SOCKET;
    h->cmsg_type = SCM_RIGHTS;
    h->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(h), &out, sizeof out);
    if (sendmsg(pair[0], &m, 0) != 1)
        die("sendmsg");
}

static int receive(pid_t *sender) {
    char byte, control[256];
    struct iovec v = {&byte, 1};
    struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    int got = -1;
    if (recvmsg(pair[1], &m, 0) != 1)
        die("recvmsg");
    for (struct cmsghdr *h = CMSG_FIRSTHDR(&m); h != NULL; h = CMSG_NXTHDR(&m, h)) {
        if (h->cmsg_type == SCM_RIGHTS)
            memcpy(&got, CMSG_DATA(h), sizeof got);
        if (h->cmsg_type == SCM_CREDENTIALS) {
            struct ucred c;
            memcpy(&c, CMSG_DATA(h), sizeof c);
            *sender = c.pid;
        }
    }
    return got;
}

int main(int argc, char **argv) {
    const char *mode = argc > 1 ? argv[1] : "";
    int one = 1;
    pthread_t t;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair))
        die("socketpair");
    if (strncmp(mode, "swap", 4) == 0 && argc == 3) {
        struct sockaddr_in sink = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(argv[2]))};
        inet_pton(AF_INET, "127.0.0.1", &sink.sin_addr);
        udp = socket(AF_INET, SOCK_DGRAM, 0);
        char text[] = "secret";
        struct iovec v = {text, 6};
        struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_name = &sink, .msg_namelen = sizeof sink};
        static char stack[65536] __attribute__((aligned(16)));
        pid_t pid = 0;
        dup2(pair[0], target);
        if (strcmp(mode, "swap-thread") == 0)
            pthread_create(&t, NULL, swap_thread, NULL);
        else if ((pid = clone(swap, stack + sizeof stack, CLONE_FILES | SIGCHLD, NULL)) < 0)
            die("clone");
        for (int i = 0; i < 20000; i++) {
            (void)sendmsg(target, &m, MSG_DONTWAIT);
            (void)recv(pair[1], text, sizeof text - 1, MSG_DONTWAIT);
        }
        if (pid > 0)
            kill(pid, SIGKILL);
        puts("sent");
        fflush(stdout);
        _exit(0);
    }
    if (strcmp(mode, "threads") == 0)
        pthread_create(&t, NULL, idle_thread, NULL);
    setsockopt(pair[1], SOL_SOCKET, SO_PASSCRED, &one, sizeof one);
    pid_t sender = 0, child = fork();
    if (child == 0) {
        if (strcmp(mode, "threads") == 0)
            pthread_create(&t, NULL, idle_thread, NULL);
        send_right();
        _exit(0);
    }
    int got = receive(&sender);
    if (got < 0 || write(got, "", 0) != 0)
        return puts("no descriptor came"), 1;
    if (strcmp(mode, "credentials") == 0 && sender != child)
        return printf("the sender is %d instead of %d\n", (int)sender, (int)child), 1;
    waitpid(child, NULL, 0);
    puts("ok");
    fflush(stdout);
    _exit(0);
}
