/*
 * A static program without a C library: nothing to preload, nothing to wrap, as Go's runtime works.
 * usage: raw_calls IPV4-ADDRESS PORT   (built with -static -nostdlib)
 * First of all it writes over its own argument vector, so that whoever reads it back from the process is told a story.
 */
#include <stddef.h>

#if defined(__x86_64__)
enum { WRITE = 1, SOCKET = 41, CONNECT = 42, EXIT = 231 };
static long call(long n, long a, long b, long c) {
    long result;
    __asm__ volatile("syscall" : "=a"(result) : "a"(n), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
    return result;
}
__asm__(".globl _start\n_start:\n mov %rsp,%rdi\n and $-16,%rsp\n call start\n");
#elif defined(__aarch64__)
enum { WRITE = 64, SOCKET = 198, CONNECT = 203, EXIT = 94 };
static long call(long n, long a, long b, long c) {
    register long x8 __asm__("x8") = n, x0 __asm__("x0") = a, x1 __asm__("x1") = b, x2 __asm__("x2") = c;
    __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2) : "memory");
    return x0;
}
__asm__(".globl _start\n_start:\n mov x0,sp\n bl start\n");
#else
#error "add the system call instruction of this architecture"
#endif

static unsigned number(const char **text) {
    unsigned value = 0;
    while (**text >= '0' && **text <= '9')
        value = value * 10 + (unsigned)(*(*text)++ - '0');
    return value;
}

static void say(const char *text) {
    size_t n = 0;
    while (text[n] != '\0')
        n++;
    call(WRITE, 1, (long)text, (long)n);
}

__attribute__((noreturn)) static void leave(int status) {
    for (;;)
        call(EXIT, status, 0, 0);
}

__attribute__((used)) void start(long *stack) {
    char **argv = (char **)(stack + 1);
    if (stack[0] != 3) {
        say("cannot: usage: raw_calls ADDRESS PORT\n");
        leave(77);
    }
    struct {
        unsigned short family;
        unsigned char port[2], address[4], zero[8];
    } to = {.family = 2};
    const char *at = argv[1], *port = argv[2];
    for (int i = 0; i < 4; i++) {
        to.address[i] = (unsigned char)number(&at);
        at++;
    }
    unsigned p = number(&port);
    to.port[0] = (unsigned char)(p >> 8);
    to.port[1] = (unsigned char)p;
    for (long i = 0; i < stack[0]; i++)
        for (char *c = argv[i]; *c != '\0'; c++)
            *c = 'x';
    long fd = call(SOCKET, 2, 1, 0);
    if (fd < 0 || call(CONNECT, fd, (long)&to, 16) != 0 || call(WRITE, fd, (long)"bypass-payload", 14) != 14) {
        say("stopped: connect\n");
        leave(1);
    }
    say("reached: connected without a C library\n");
    leave(0);
}
