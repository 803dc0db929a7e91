#include "front.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "output.h"
#include "refusal.h"
#include "util.h"

static const int forwarded[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGALRM, SIGCONT, SIGTSTP, SIGTTIN,
                                SIGTTOU, SIGWINCH};

static void wanted(sigset_t *set) {
    sigemptyset(set);
    for (size_t i = 0; i < ARRAY_LENGTH(forwarded); i++)
        sigaddset(set, forwarded[i]);
}

void front_block_signals(sigset_t *old) {
    sigset_t set;
    wanted(&set);
    sigprocmask(SIG_BLOCK, &set, old);
}

static void handle_signal(int fd, pid_t command) {
    struct signalfd_siginfo info;
    if (read(fd, &info, sizeof info) != sizeof info)
        return;
    int number = (int)info.ssi_signo;
    /* A signal of the terminal has gone to the whole foreground process group, which the command is in. */
    bool from_terminal = info.ssi_code == SI_KERNEL;
    if (!from_terminal && command > 0)
        (void)kill(command, number);
    if (number == SIGTSTP || number == SIGTTIN || number == SIGTTOU)
        (void)raise(SIGSTOP); /* as the shell expects of the process that it started */
}

int front_wait(int pipe, pid_t supervisor, unsigned output_grace_ms) {
    sigset_t set;
    pid_t command = 0;
    wanted(&set);
    int signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (signals < 0)
        complain("signalfd failed: signals are not forwarded to the command");
    for (;;) {
        /* Before the command is there, signals wait: they must not be lost. */
        struct pollfd polled[2 + OUTPUT_STREAMS] = {{pipe, POLLIN, 0}, {command > 0 ? signals : -1, POLLIN, 0}};
        output_poll(polled + 2);
        if (poll(polled, 2 + OUTPUT_STREAMS, -1) < 0)
            continue;
        output_move(polled + 2);
        if (polled[0].revents == 0) {
            if (polled[1].revents & POLLIN)
                handle_signal(signals, command);
            continue;
        }
        struct front_message m;
        ssize_t n = read(pipe, &m, sizeof m);
        if (n < 0 && errno == EINTR)
            continue;
        if (n != sizeof m) {
            int status;
            bool reported = waitpid(supervisor, &status, 0) == supervisor && WIFEXITED(status) &&
                            WEXITSTATUS(status) == EXIT_CANNOT_ARM && command == 0;
            if (!reported)
                complain("the supervisor has ended unexpectedly: supervised processes get errors instead of network access");
            output_finish(0, signals); /* the reason may be on its way */
            return EXIT_CANNOT_ARM;
        }
        if (m.kind == FRONT_STARTED) {
            command = m.value;
            refusal_settled();
            continue;
        }
        output_finish(output_grace_ms, signals);
        return m.value;
    }
}
