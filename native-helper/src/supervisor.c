/*
 * Order of events: the child is forked and arms itself; the supervisor is handed the listener, examines what it can do,
 * opens the event file, protects itself, and only then lets the child execute the command. Whatever fails before that
 * ends with one line and exit status 125, and the command has not run.
 */
#include "supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "call.h"
#include "caps.h"
#include "confine.h"
#include "creds.h"
#include "event.h"
#include "filters.h"
#include "flush.h"
#include "front.h"
#include "gate.h"
#include "image.h"
#include "inbound.h"
#include "landlock.h"
#include "ledger.h"
#include "making.h"
#include "names.h"
#include "net.h"
#include "paths.h"
#include "refusal.h"
#include "relay.h"
#include "resolver.h"
#include "stdio-sockets.h"
#include "target.h"
#include "thread.h"
#include "uapi.h"
#include "util.h"
#include "walk.h"
#include "wrapper.h"

#define RECEIVER_STACK (512U << 10)

extern char **environ;

static const char *const stages[] = {"", "no_new_privs", "capabilities", "Landlock", "seccomp", "fork"};

static void explain_arming(const struct arm_report *r) {
    int error = -r->listener;
    if (r->stage == ARM_SECCOMP && error == EBUSY)
        complain("this process is already supervised by a seccomp listener, and the kernel allows one: "
                 "blocks cannot be nested");
    else
        complain("cannot arm: %s: %s", stages[r->stage], strerror(error));
}

/* The carrier's message, with the listener attached. 0, or -1 if it ended without one. */
static int receive_report(int from, pid_t carrier, struct arm_report *r) {
    union {
        struct cmsghdr h;
        char room[CMSG_SPACE(sizeof(int))];
    } control = {0};
    struct iovec piece = {r, sizeof *r};
    struct msghdr m = {.msg_iov = &piece, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    struct pollfd p = {from, POLLIN, 0};
    /* The armed child holds the other end as well, so the carrier's end shows by its exit and not on the socket. */
    while (poll(&p, 1, 1000) <= 0)
        if (waitpid(carrier, NULL, WNOHANG) == carrier)
            return -1;
    if (recvmsg(from, &m, MSG_CMSG_CLOEXEC) != (ssize_t)sizeof *r)
        return -1;
    const struct cmsghdr *h = CMSG_FIRSTHDR(&m);
    if (r->listener >= 0 && (h == NULL || h->cmsg_type != SCM_RIGHTS))
        return -1;
    if (r->listener >= 0)
        memcpy(&r->listener, CMSG_DATA(h), sizeof(int));
    return 0;
}

int supervisor_arm(struct arming *arming, struct armed *out) {
    int handover[2], go[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, handover) != 0 || pipe2(go, O_CLOEXEC) != 0) {
        complain("socketpair, pipe: %s", strerror(errno));
        return -1;
    }
    arming->go = go[0];
    arming->landlock_abi = out->features.landlock_abi = landlock_abi();
    pid_t carrier = fork();
    if (carrier < 0) {
        complain("fork: %s", strerror(errno));
        return -1;
    }
    if (carrier == 0) {
        close(handover[0]);
        close(go[1]);
        arm_carry(arming, handover[1]);
    }
    close(handover[1]);
    close(go[0]);
    struct arm_report report = {.pid = -1};
    int got = receive_report(handover[0], carrier, &report);
    close(handover[0]);
    (void)waitpid(carrier, NULL, 0);
    if (got == 0 && report.listener >= 0) {
        *out = (struct armed){.pid = report.pid, .listener = report.listener, .go = go[1], .probe_fd = go[0], .features = out->features};
        out->features.seccomp_notify = true;
        out->features.wait_killable = report.wait_killable;
        out->features.sync_wake_up =
            syscall(SYS_ioctl, report.listener, SECCOMP_IOCTL_NOTIF_SET_FLAGS, SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP) == 0;
        return 0;
    }
    close(go[1]);
    if (got == 0 && report.listener < 0 && report.stage != ARM_OK)
        explain_arming(&report);
    else
        complain("cannot arm: the child ended before it was armed");
    if (report.pid > 0) {
        kill(report.pid, SIGKILL);
        waitpid(report.pid, NULL, 0);
    }
    return -1;
}

/* Tries on the waiting child what each decision needs: versions and profiles say less than one attempt. */
static void try_access(struct armed *a) {
    static const unsigned char marker[4] = {'h', 'a', 'r', 'd'}; /* at the same place in the child */
    unsigned char seen[4] = {0};
    a->features.vm_readv = target_read(a->pid, (uint64_t)(uintptr_t)marker, seen, sizeof seen) == 0 &&
                           memcmp(seen, marker, sizeof seen) == 0;
    if (a->features.sockets_made) { /* what is made is found again by what the child's table shows */
        int error = ledger_start();
        a->features.sockets_made = error == 0 && ledger_descriptor(a->pid, a->probe_fd) == -ENOTSOCK;
        return;
    }
    int copy = target_descriptor(a->pid, a->probe_fd);
    a->features.pidfd_getfd = copy >= 0;
    if (copy >= 0)
        close(copy);
}

/* The environment holds the build's secrets, and the cookies by which Jenkins finds the processes to kill: a supervisor
 * that carries them would be shot while it still has events to write. */
static void scrub_environment(void) {
    if (environ == NULL || environ[0] == NULL)
        return;
    char *first = environ[0], *end = first;
    for (char **e = environ; *e != NULL; e++)
        if (*e == end || e == environ)
            end = *e + strlen(*e) + 1;
    memset(first, 0, (size_t)(end - first));
    environ[0] = NULL;
}

static void become_daemon(void) {
    (void)setsid();
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int fd = 0; null >= 0 && fd < 3; fd++)
        (void)dup2(null, fd);
    if (null > 2)
        close(null);
    if (chdir("/") != 0)
        complain("chdir /: %s", strerror(errno));
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &files);
    }
}

static void put_list(struct json *j, const char *key, char *const *items) {
    json_raw(j, ",\"");
    json_raw(j, key);
    json_raw(j, "\":[");
    size_t start = j->length;
    for (size_t i = 0; items[i] != NULL; i++) {
        if (i > 0)
            json_raw(j, ",");
        if (j->length - start > 4096) {
            json_raw(j, "\"\xe2\x80\xa6\"");
            j->cut = true;
            break;
        }
        const char *before = i < 2 ? NULL : items[i - 1];
        json_argument(j, before, before == NULL ? 0 : strlen(before), items[i], strlen(items[i]), 2048, false);
    }
    json_raw(j, "]");
}

static const char *mode_text(enum policy_mode m) { return m == MODE_OFF ? "off" : m == MODE_AUDIT ? "audit" : "block"; }

static int record_start(const struct options *o, const struct policy *p, const char *digest, const char *cwd,
                        const struct features *f, const struct degraded *degraded, unsigned count) {
    struct utsname name;
    memset(&name, 0, sizeof name);
    (void)uname(&name);
    struct json *j = event_begin("start");
    json_number(j, "schema", 1);
    json_text(j, "helper", HARDEN_VERSION);
    json_text(j, "nonce", p->nonce);
    json_text(j, "policy", digest);
    json_text(j, "egress", mode_text(p->egress));
    json_text(j, "files", mode_text(p->files));
    json_text(j, "credentials", mode_text(p->credentials));
    json_text(j, "loopback", p->loopback_own ? "own" : "allow");
    put_list(j, "command", o->command);
    json_string(j, "cwd", cwd, strlen(cwd), 2048);
    json_number(j, "pid", sup.command);
    json_number(j, "uid", (int64_t)geteuid());
    json_text(j, "kernel", name.release);
    json_text(j, "arch", HARDEN_ARCH_NAME);
    json_text(j, "sockets", f->sockets_made ? "made" : "copied");
    json_text(j, "state", count > 0 ? "degraded" : "enforced");
    json_raw(j, ",\"degraded\":[");
    for (unsigned i = 0; i < count; i++) {
        json_raw(j, i > 0 ? ",{\"protection\":" : "{\"protection\":");
        json_element(j, degraded[i].protection, strlen(degraded[i].protection), 64);
        json_text(j, "reason", degraded[i].reason);
        json_raw(j, "}");
    }
    json_raw(j, "],\"capabilities\":[");
    for (unsigned i = 0, written = 0; i < CAPS_COUNT; i++)
        if (f->capabilities & (1ULL << i)) {
            json_raw(j, written++ > 0 ? ",\"" : "\"");
            json_raw(j, caps_name(i));
            json_raw(j, "\"");
        }
    json_raw(j, "],\"tags\":{");
    for (size_t i = 0; i < o->tag_count; i++) {
        const char *equals = strchr(o->tags[i], '=');
        if (i > 0)
            json_raw(j, ",");
        json_element(j, o->tags[i], (size_t)(equals - o->tags[i]), 64);
        json_raw(j, ":");
        json_element(j, equals + 1, strlen(equals + 1), 512);
    }
    json_raw(j, "}");
    return event_commit(j, EVENT_ALWAYS);
}

/* One receiver: the measured cost of a second one is higher than what it saves. */
static void *receive(void *unused) {
    (void)unused;
    target_keep_handle();
    paths_remember_here();
    walk_keeps_here();
    for (;;) {
        struct call c = {.fd = -1, .pinned = -1};
        if (syscall(SYS_ioctl, sup.listener, SECCOMP_IOCTL_NOTIF_RECV, &c.notif) != 0) {
            /* ENOENT: the caller died between its call and our wake-up, or nobody carries the filter any more; the
             * second is noticed by waitpid, so do not spin meanwhile. */
            if (errno == ENOENT) {
                struct timespec pause = {0, 1000000};
                nanosleep(&pause, NULL);
            } else if (errno != EINTR) {
                pthread_mutex_lock(&sup.lock);
                event_flush();
                _exit(1); /* fail closed: without us the kernel answers ENOSYS */
            }
            continue;
        }
        __atomic_add_fetch(&sup.notifications, 1, __ATOMIC_RELAXED);
        gate_seen(call_tid(&c));
        call_dispatch(&c);
    }
    return NULL;
}

static void tell_front(int front, enum front_kind kind, int value) {
    struct front_message m = {(int)kind, value};
    (void)write_all(front, &m, sizeof m); /* a front that was killed reads no more */
}

static int exit_code(int status) { return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status); }

static void command_ended(int status, int front) {
    pthread_mutex_lock(&sup.lock);
    stdio_sockets_record(0); /* if it could not be started */
    struct json *j = event_begin("exit");
    json_number(j, "status", exit_code(status));
    json_number(j, "signal", WIFSIGNALED(status) ? WTERMSIG(status) : 0);
    event_commit(j, EVENT_ALWAYS);
    pthread_mutex_unlock(&sup.lock);
    tell_front(front, FRONT_ENDED, exit_code(status));
}

static void finish(void) {
    pthread_mutex_lock(&sup.lock);
    inbound_end();
    const char *wrong = event_verify();
    if (wrong != NULL) {
        struct json *j = event_begin("tampered");
        json_text(j, "detail", wrong);
        event_commit(j, EVENT_ALWAYS);
    }
    struct event_totals totals = event_totals();
    struct json *j = event_begin("end");
    json_number(j, "events", (int64_t)totals.events + 1);
    json_number(j, "dropped", (int64_t)totals.dropped);
    json_number(j, "processes", image_count());
    json_number(j, "notifications", (int64_t)sup.notifications);
    json_raw(j, wrong == NULL ? ",\"intact\":true" : ",\"intact\":false");
    event_commit(j, EVENT_ALWAYS);
    _exit(0);
}

/* Prints what is missing and, if the policy insists on it, ends. */
static void insist(const struct policy *p, const struct degraded *degraded, unsigned count, pid_t child) {
    for (unsigned i = 0; i < count; i++)
        if (degraded[i].always || (degraded[i].required && p->unsupported_fail)) {
            complain("cannot enforce the policy: %s: %s; the command was not started", degraded[i].protection,
                     degraded[i].reason);
            kill(child, SIGKILL);
            _exit(EXIT_CANNOT_ARM);
        }
}

/* Files are opened and names changed here: what the command may not write, its supervisor cannot write for it either. */
static void confine(const struct policy *policy, const char *event_file) {
    char folder[4096];
    int abi = landlock_abi();
    snprintf(folder, sizeof folder, "%s", event_file);
    char *slash = strrchr(folder, '/');
    if (slash != NULL)
        slash[slash == folder ? 1 : 0] = '\0';
    int rc = abi < 1 ? 0 : prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ? -errno : landlock_restrict(abi, policy, folder, false);
    if (rc == 0)
        return;
    complain("cannot arm: Landlock for the supervisor: %s", strerror(-rc));
    _exit(EXIT_CANNOT_ARM);
}

void supervisor_run(const struct options *options, struct policy *policy, const char *policy_digest,
                    const sigset_t *mask, int front) {
    char cwd[4096] = "";
    if (getcwd(cwd, sizeof cwd) == NULL)
        cwd[0] = '\0';
    (void)prctl(PR_SET_NAME, "harden-helper", 0, 0, 0); /* whatever the file is called: own.c looks for it */
    if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0) {
        complain("PR_SET_CHILD_SUBREAPER: %s", strerror(errno));
        _exit(EXIT_CANNOT_ARM);
    }
    /* What the command cannot do, the supervisor shall not do for it; and what it does not need, it does not keep. */
    uint64_t keep = caps_harmless | policy->capabilities;
    int less = caps_reduce(keep | caps_supervisor);
    if (less != 0) {
        complain("cannot arm: capabilities: %s", strerror(-less));
        _exit(EXIT_CANNOT_ARM);
    }
    struct arming arming = {.policy = policy, .mask = mask, .command = options->command,
                            .filter = FILTER_RECV | (policy->files == MODE_OFF ? 0 : FILTER_FILES) |
                                      (policy->credentials == MODE_OFF ? 0 : FILTER_FILES | FILTER_READS)};
    struct armed armed = {.features.sockets_made = making_needed()};
    if (armed.features.sockets_made)
        arming.filter |= FILTER_MADE;
    int replaced = stdio_sockets_judge(policy);
    if (replaced != 0) {
        complain("cannot arm: replacing a socket among standard input, output and error: %s", strerror(-replaced));
        _exit(EXIT_CANNOT_ARM);
    }
    if (policy->files == MODE_BLOCK)
        confine(policy, options->events_file);
    if (supervisor_arm(&arming, &armed) != 0)
        _exit(EXIT_CANNOT_ARM);
    unix_start(policy);
    sup.policy = policy;
    sup.listener = armed.listener;
    sup.command = armed.pid;
    sup.privileged = creds_privileged();
    for (int i = 0; i < 5; i++) /* the last one: a command that truncates beyond the limit of file sizes gets EFBIG */
        (void)signal((int[]){SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGXFSZ}[i], SIG_IGN);
    (void)signal(SIGTERM, SIG_IGN); /* ends by itself when the last supervised process has ended */
    try_access(&armed);
    if (ledger_on())
        stdio_sockets_keep(armed.pid);
    image_start();
    names_read_hosts("/etc/hosts");
    thread_start();
    paths_start(policy, options->events_file);
    confine_start(policy);
    armed.features.capabilities = caps_permitted() & keep;
    armed.features.resolver = resolver_start() == 0;
    armed.features.relay = policy->sni_check && relay_start() == 0;
#ifdef TEST_MASK
    features_mask(&armed.features);
#endif
    struct degraded degraded[FEATURES_MAX_DEGRADED];
    unsigned count = features_degraded(&armed.features, policy, degraded);
    insist(policy, degraded, count, armed.pid);
    int rc = event_open(options->events_file, policy->nonce, policy->limit_events, policy->limit_bytes);
    if (rc != 0) {
        complain("event file %s: %s", options->events_file, strerror(-rc));
        kill(armed.pid, SIGKILL);
        _exit(EXIT_CANNOT_ARM);
    }
    /* A process of the same user could otherwise read our memory or take our descriptors where Landlock is missing. */
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    scrub_environment();

    pthread_t thread;
    pthread_attr_t attributes;
    pthread_mutex_lock(&sup.lock);
    rc = record_start(options, policy, policy_digest, cwd, &armed.features, degraded, count);
    pthread_mutex_unlock(&sup.lock);
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, RECEIVER_STACK);
    if (rc != 0 || flush_start() != 0 || pthread_create(&thread, &attributes, receive, NULL) != 0) {
        complain("cannot write the first event or start the receiver: %s", rc != 0 ? strerror(-rc) : "no thread");
        kill(armed.pid, SIGKILL);
        _exit(EXIT_CANNOT_ARM);
    }
    wrapper_watch(refusal_status(), options->command);
    tell_front(front, FRONT_STARTED, armed.pid);
    refusal_settled();
    become_daemon();
    if (write_all(armed.go, "g", 1) != 0)
        _exit(EXIT_CANNOT_ARM);
    close(armed.go);

    for (;;) {
        int status;
        pid_t pid = waitpid(-1, &status, 0);
        if (pid == armed.pid) {
            command_ended(status, front);
            close(front);
        } else if (pid < 0 && errno == ECHILD) {
            finish();
        }
    }
}
