#include "call.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "confine.h"
#include "gate.h"
#include "image.h"
#include "ledger.h"
#include "making.h"
#include "stdio-sockets.h"
#include "target.h"
#include "thread.h"
#include "util.h"
#include "worker.h"

struct supervisor sup = {.lock = PTHREAD_MUTEX_INITIALIZER, .listener = -1};

bool call_alive(const struct call *c) {
    uint64_t id = c->notif.id;
    return syscall(SYS_ioctl, sup.listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &id) == 0;
}

void call_answer(const struct call *c, int64_t result) {
    struct seccomp_notif_resp response = {.id = c->notif.id};
    if (result == CALL_CONTINUE)
        response.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
    else if (result < 0)
        response.error = (int)result;
    else
        response.val = result;
    /* ENOENT: the caller has died meanwhile, which is nobody's error. */
    (void)syscall(SYS_ioctl, sup.listener, SECCOMP_IOCTL_NOTIF_SEND, &response);
}

int call_take_fd(struct call *c, int fd) {
    if (c->fd >= 0)
        return 0;
    int copy = target_descriptor(call_tid(c), fd);
    if (copy >= 0) {
        c->fd = copy;
        return 0;
    }
    if (copy == -EBADF || copy == -ESRCH || copy == -ENOTSOCK || copy == -EISCONN)
        return copy;
    /* A process that has made itself unreadable (PR_SET_DUMPABLE), or our own table is full: fail closed. */
    call_refused(c, "process", "its descriptor cannot be examined", -copy);
    return copy == -EMFILE || copy == -ENFILE ? -ENOBUFS : -EACCES;
}

void call_refused(const struct call *c, const char *what, const char *detail, int error) {
    pthread_mutex_lock(&sup.lock);
    uint32_t image = image_of(call_tid(c));
    if (event_full())
        image_ensure(image, EVENT_REFUSED);
    struct json *j = event_begin("refused");
    json_number(j, "p", image);
    json_number(j, "pid", call_tid(c));
    json_text(j, "what", what);
    json_text(j, "detail", detail);
    json_text(j, "errno", errno_symbol(error));
    event_commit(j, EVENT_REFUSED);
    pthread_mutex_unlock(&sup.lock);
}

void call_release(struct call *c) {
    if (c->fd >= 0)
        close(c->fd);
    if (c->pinned >= 0)
        close(c->pinned);
    c->fd = c->pinned = -1;
}

/* Attempts of one image to use another system call ABI come in floods: one record each. */
static int64_t foreign(struct call *c) {
    static uint32_t last;
    pthread_mutex_lock(&sup.lock);
    uint32_t image = image_of(call_tid(c));
    pthread_mutex_unlock(&sup.lock);
    if (image + 1 != last)
        call_refused(c, "syscall", "32-bit or x32 system call", ENOSYS);
    last = image + 1;
    return -ENOSYS;
}

static int64_t refuse(struct call *c, const char *what, const char *name, int error) {
    call_refused(c, what, name, error);
    return -error;
}

static int64_t exec(struct call *c, bool at) {
    char path[4096];
    struct stat st;
    if (!c->in_worker)
        thread_changes(call_tid(c), false);
    if (call_may_wait(c))
        return CALL_WORKER;
    bool there = at ? image_request(call_tid(c), call_int(c, 0), call_arg(c, 1), call_int(c, 4), path, sizeof path, &st)
                    : image_request(call_tid(c), AT_FDCWD, call_arg(c, 0), 0, path, sizeof path, &st);
    if (there) {
        pthread_mutex_lock(&sup.lock);
        uint32_t image = image_exec(call_tid(c), path, &st, call_arg(c, at ? 2 : 1));
        if (call_tid(c) == sup.command && image != 0)
            stdio_sockets_record(image);
        pthread_mutex_unlock(&sup.lock);
    } else if (confine_begun()) {
        /* The path may mean something by the time that the kernel reads it: whoever starts a program unseen was this. */
        pthread_mutex_lock(&sup.lock);
        (void)image_of(call_tid(c));
        pthread_mutex_unlock(&sup.lock);
    }
    /* Only a record: the new program carries the same filter, so nothing is decided here that could be raced. */
    return CALL_CONTINUE;
}

static int64_t started(struct call *c) {
    if (ledger_on())
        gate_started(c);
    pthread_mutex_lock(&sup.lock);
    image_started(call_tid(c));
    pthread_mutex_unlock(&sup.lock);
    return CALL_CONTINUE;
}

static int64_t handle(struct call *c) {
    if (c->notif.data.arch != HARDEN_AUDIT_ARCH || (unsigned)c->notif.data.nr >= 0x40000000U)
        return foreign(c);
    switch (c->notif.data.nr) {
    case SYS_connect:
        return net_connect(c);
    case SYS_bind:
        return net_bind(c);
    case SYS_listen:
        return net_listen(c);
    case SYS_setsockopt:
        return net_join(c);
    case SYS_sendto:
        return net_sendto(c);
    case SYS_sendmsg:
        return msg_sendmsg(c);
    case SYS_sendmmsg:
        return msg_sendmmsg(c);
    case SYS_recvfrom:
        return recv_from(c);
    case SYS_recvmsg:
        return recv_msg(c);
    case SYS_getpeername:
        return net_getpeername(c);
    case SYS_socket:
        return net_socket(c);
    case SYS_socketpair:
        return making_pair(c);
    case SYS_clone:
        return msg_shared_table();
    case SYS_execve:
        return exec(c, false);
    case SYS_execveat:
        return exec(c, true);
    case SYS_set_tid_address:
        return started(c);
    case SYS_openat:
#ifdef SYS_open
    case SYS_open:
    case SYS_creat:
#endif
        return file_open(c);
    case SYS_io_uring_setup:
        return refuse(c, "io_uring", "io_uring_setup", ENOSYS);
    case SYS_pidfd_getfd:
        return refuse(c, "syscall", "pidfd_getfd", EPERM);
    case SYS_open_by_handle_at:
        return refuse(c, "syscall", "open_by_handle_at", EPERM);
    case SYS_request_key:
        return refuse(c, "syscall", "request_key", ENOKEY);
    case SYS_bpf:
        return refuse(c, "syscall", "bpf", EPERM);
    case SYS_init_module:
    case SYS_finit_module:
    case SYS_delete_module:
        return refuse(c, "syscall", "kernel module", EPERM);
    case SYS_kexec_load:
#ifdef SYS_kexec_file_load
    case SYS_kexec_file_load:
#endif
        return refuse(c, "syscall", "kexec", EPERM);
#ifdef SYS_iopl
    case SYS_iopl:
    case SYS_ioperm:
        return refuse(c, "syscall", "input/output ports", EPERM);
#endif
    default:
        return file_other(c);
    }
}

static void finish(struct call *c, int64_t result) {
    if (result != CALL_DONE)
        call_answer(c, result);
    call_release(c);
}

void call_dispatch(struct call *c) {
    int64_t result = handle(c);
    if (result == CALL_WORKER) {
        if (worker_submit(c))
            return;
        result = -ENOBUFS;
    }
    finish(c, result);
}

void call_run(struct call *c) {
    c->in_worker = true;
    finish(c, handle(c));
}
