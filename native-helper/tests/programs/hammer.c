/* hammer MS PORT: for MS milliseconds, from four threads and two processes, tries whatever could reach 127.0.0.1:PORT:
 * connect (blocking and not), sendto, sendmsg. Prints how many tries there were. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static struct sockaddr_in sink;
static struct timespec end;
static unsigned long tries;

static int over(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec > end.tv_sec || (t.tv_sec == end.tv_sec && t.tv_nsec > end.tv_nsec);
}

static void *run(void *kind) {
    int tcp = (long)kind < 2, flags = (long)kind == 1 ? SOCK_NONBLOCK : 0;
    struct iovec v = {"x", 1};
    struct msghdr m = {.msg_name = &sink, .msg_namelen = sizeof sink, .msg_iov = &v, .msg_iovlen = 1};
    while (!over()) {
        int s = socket(AF_INET, (tcp ? SOCK_STREAM : SOCK_DGRAM) | flags, 0);
        if (tcp)
            (void)!connect(s, (struct sockaddr *)&sink, sizeof sink);
        else if ((long)kind == 2)
            (void)!sendto(s, "x", 1, 0, (struct sockaddr *)&sink, sizeof sink);
        else
            (void)!sendmsg(s, &m, 0);
        close(s);
        __atomic_add_fetch(&tries, 1, __ATOMIC_RELAXED);
    }
    return NULL;
}

int main(int argc, char **argv) {
    if (argc != 3)
        return 2;
    sink = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(argv[2])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_nsec += atol(argv[1]) % 1000 * 1000000;
    end.tv_sec += atol(argv[1]) / 1000 + end.tv_nsec / 1000000000;
    end.tv_nsec %= 1000000000;
    pid_t child = fork();
    pthread_t t[4];
    for (long i = 0; i < 4; i++)
        pthread_create(&t[i], NULL, run, (void *)i);
    for (int i = 0; i < 4; i++)
        pthread_join(t[i], NULL);
    if (child > 0)
        waitpid(child, NULL, 0);
    printf("%lu\n", tries);
    return 0;
}
