#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util.h"

static struct stream {
    int in;     /* our read end; -1 when there is nothing (more) to pass on */
    int out;    /* the caller's pipe */
    bool ready; /* something is there to read, so that room in `out` is what we wait for */
    int owed;   /* when the grace is over: bytes written before, which are passed on however long the caller takes */
} streams[OUTPUT_STREAMS] = {{-1, -1, false, 0}, {-1, -1, false, 0}};
static bool merged; /* standard error goes where standard output goes, so that the order of what is written stays */

static void interpose(int fd) {
    struct stream *s = &streams[fd - 1];
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return; /* then the caller waits as it would without us */
    s->out = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    if (s->out >= 0 && dup2(ends[1], fd) == fd)
        s->in = ends[0];
    else
        close(ends[0]);
    close(ends[1]);
}

void output_interpose(void) {
    struct stat out, err;
    bool out_pipe = fstat(1, &out) == 0 && S_ISFIFO(out.st_mode);
    bool err_pipe = fstat(2, &err) == 0 && S_ISFIFO(err.st_mode);
    if (out_pipe)
        interpose(1);
    merged = streams[0].in >= 0 && err_pipe && out.st_dev == err.st_dev && out.st_ino == err.st_ino;
    if (merged)
        (void)dup2(1, 2);
    else if (err_pipe)
        interpose(2);
}

void output_front(void) {
    /* Our own write ends would keep the pipes from ever ending. */
    if (merged)
        (void)dup2(streams[0].out, 2);
    for (int i = 0; i < OUTPUT_STREAMS; i++)
        if (streams[i].in >= 0)
            (void)dup2(streams[i].out, i + 1);
    (void)signal(SIGPIPE, SIG_IGN);
}

void output_supervisor(void) {
    for (int i = 0; i < OUTPUT_STREAMS; i++)
        if (streams[i].in >= 0) {
            close(streams[i].in);
            close(streams[i].out);
        }
}

static void ended(struct stream *s) {
    close(s->in); /* if the caller reads no more, the command gets SIGPIPE as it would from the caller */
    s->in = -1;
}

void output_poll(struct pollfd *entries) {
    for (int i = 0; i < OUTPUT_STREAMS; i++) {
        const struct stream *s = &streams[i];
        entries[i] = (struct pollfd){s->in < 0 ? -1 : s->ready ? s->out : s->in, s->ready ? POLLOUT : POLLIN, 0};
    }
}

void output_move(const struct pollfd *entries) {
    for (int i = 0; i < OUTPUT_STREAMS; i++) {
        struct stream *s = &streams[i];
        if (s->in < 0 || entries[i].revents == 0)
            continue;
        if (!s->ready) {
            if (entries[i].revents & POLLIN)
                s->ready = true;
            else
                ended(s);
            continue;
        }
        ssize_t n = splice(s->in, NULL, s->out, NULL, 1U << 16, SPLICE_F_NONBLOCK | SPLICE_F_MOVE);
        if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
            ended(s);
        else if (n > 0)
            s->owed -= (int)n;
        s->ready = false;
    }
}

static bool asked_to_end(int signals) {
    struct signalfd_siginfo info;
    if (read(signals, &info, sizeof info) != sizeof info)
        return false;
    return info.ssi_signo == SIGTERM || info.ssi_signo == SIGINT || info.ssi_signo == SIGHUP || info.ssi_signo == SIGQUIT;
}

/* With nothing in its environment: the cookies there let Jenkins kill it before those whose output it reads. */
static void leave_reader(const struct stream *s) {
    if (fork() != 0)
        return;
    char *const argv[] = {(char[]){"harden-helper"}, (char[]){"drain"}, NULL}, *const environment[] = {NULL};
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    sigset_t none;
    sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    (void)setsid();
    if (null >= 0 && dup2(s->in, 0) == 0 && dup2(null, 1) == 1 && dup2(null, 2) == 2 && chdir("/") == 0)
        execve("/proc/self/exe", argv, environment);
    _exit(1);
}

static bool owing(void) {
    for (int i = 0; i < OUTPUT_STREAMS; i++)
        if (streams[i].in >= 0 && streams[i].owed > 0)
            return true;
    return false;
}

void output_finish(unsigned grace_ms, int signals) {
    uint64_t until = monotonic_us() / 1000 + grace_ms;
    bool over = false;
    while (streams[0].in >= 0 || streams[1].in >= 0) {
        struct pollfd polled[OUTPUT_STREAMS + 1];
        uint64_t now = monotonic_us() / 1000;
        if (!over && now >= until) {
            over = true;
            for (int i = 0; i < OUTPUT_STREAMS; i++)
                if (streams[i].in >= 0 && ioctl(streams[i].in, FIONREAD, &streams[i].owed) != 0)
                    streams[i].owed = 0;
        }
        if (over && !owing())
            break;
        output_poll(polled);
        polled[OUTPUT_STREAMS] = (struct pollfd){signals, POLLIN, 0};
        if (poll(polled, OUTPUT_STREAMS + 1, over ? -1 : (int)(until - now)) <= 0)
            continue;
        output_move(polled);
        if (polled[OUTPUT_STREAMS].revents & POLLIN && asked_to_end(signals))
            break;
    }
    for (int i = 0; i < OUTPUT_STREAMS; i++)
        if (streams[i].in >= 0)
            leave_reader(&streams[i]);
}

int output_drain(void) {
    char thrown_away[1U << 16];
    for (;;) {
        ssize_t n = read(0, thrown_away, sizeof thrown_away);
        if (n == 0 || (n < 0 && errno != EINTR))
            return 0;
    }
}
