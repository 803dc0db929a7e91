/* `harden-helper probe --json`: tries on a child of its own what supervision needs. */
#include "probe.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "call.h"
#include "caps.h"
#include "filters.h"
#include "json.h"
#include "ledger.h"
#include "making.h"
#include "relay.h"
#include "resolver.h"
#include "supervisor.h"
#include "target.h"
#include "util.h"

/* The child asks for a connection; the answer must be the one that the probe gives. */
static void ask(void) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(9), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int s = socket(AF_INET, SOCK_STREAM, 0);
    int rc = s < 0 ? -1 : connect(s, (struct sockaddr *)&to, sizeof to);
    _exit(rc == -1 && errno == EXFULL ? 0 : 1);
}

static void next_call(struct call *c) {
    do
        memset(&c->notif, 0, sizeof c->notif);
    while (syscall(SYS_ioctl, sup.listener, SECCOMP_IOCTL_NOTIF_RECV, &c->notif) != 0 && errno == EINTR);
}

static void try_one_call(struct armed *a) {
    struct call c = {.fd = -1, .pinned = -1};
    sup.listener = a->listener;
    if (write_all(a->go, "g", 1) != 0)
        return;
    if (a->features.sockets_made) {
        next_call(&c);
        a->features.sockets_made = ledger_start() == 0 && making_socket(&c) == CALL_DONE;
        if (!a->features.sockets_made)
            call_answer(&c, -EPERM);
    }
    next_call(&c);
    struct sockaddr_in seen = {0};
    a->features.vm_readv = target_read(call_tid(&c), call_arg(&c, 1), &seen, sizeof seen) == 0 && seen.sin_port == htons(9);
    int copy = target_descriptor(call_tid(&c), call_int(&c, 0));
    a->features.pidfd_getfd = copy >= 0 && !a->features.sockets_made;
    a->features.sockets_made &= copy >= 0;
    if (copy >= 0)
        close(copy);
    call_answer(&c, -EXFULL);
    int status;
    if (waitpid(a->pid, &status, 0) != a->pid || status != 0)
        a->features.seccomp_notify = false;
}

static void put(const char *key, bool value) { printf(",\"%s\":%s", key, value ? "true" : "false"); }

static long yama(void) {
    char text[16];
    FILE *f = fopen("/proc/sys/kernel/yama/ptrace_scope", "re");
    if (f == NULL)
        return -1;
    long value = fgets(text, sizeof text, f) != NULL ? text[0] - '0' : -1;
    fclose(f);
    return value;
}

static void put_capabilities(const char *key, uint64_t set) {
    printf(",\"%s\":[", key);
    for (unsigned i = 0, written = 0; i < CAPS_COUNT; i++)
        if (set & (1ULL << i))
            printf("%s\"%s\"", written++ > 0 ? "," : "", caps_name(i));
    printf("]");
}

int probe_print(const struct policy *policy) {
    struct armed armed = {.features.sockets_made = making_needed()};
    uint64_t effective = 0;
    bool told = caps_effective(&effective) == 0; /* before anything here could give some of them up */
    sigset_t mask;
    sigemptyset(&mask);
    struct arming arming = {.policy = policy, .mask = &mask, .filter = armed.features.sockets_made ? FILTER_MADE : 0, .instead = ask};
    bool can_arm = supervisor_arm(&arming, &armed) == 0;
    if (can_arm) {
        try_one_call(&armed);
        sup.policy = policy;
        armed.features.resolver = resolver_start() == 0;
        armed.features.relay = policy->sni_check && relay_start() == 0;
        armed.features.capabilities = caps_permitted() & (caps_harmless | policy->capabilities);
    }
#ifdef TEST_MASK
    features_mask(&armed.features);
#endif
    struct degraded degraded[FEATURES_MAX_DEGRADED];
    unsigned count = can_arm ? features_degraded(&armed.features, policy, degraded) : 0;
    bool off = !can_arm || !armed.features.seccomp_notify;
    for (unsigned i = 0; i < count; i++)
        off |= degraded[i].always || (degraded[i].required && policy->unsupported_fail);
    struct utsname name;
    memset(&name, 0, sizeof name);
    (void)uname(&name);
    printf("{\"schema\":1,\"helper\":\"%s\",\"kernel\":\"%s\",\"arch\":\"%s\",\"uid\":%u,\"landlockAbi\":%d",
           HARDEN_VERSION, name.release, HARDEN_ARCH_NAME, (unsigned)geteuid(), armed.features.landlock_abi);
    put("seccompNotify", armed.features.seccomp_notify);
    put("waitKillable", armed.features.wait_killable);
    put("syncWakeUp", armed.features.sync_wake_up);
    put("pidfdGetfd", armed.features.pidfd_getfd);
    put("socketsMade", armed.features.sockets_made);
    put("processVmReadv", armed.features.vm_readv);
    if (told)
        put_capabilities("effectiveCapabilities", effective);
    put_capabilities("capabilities", armed.features.capabilities);
    printf(",\"yama\":%ld,\"state\":\"%s\",\"degraded\":[", yama(), off ? "off" : count > 0 ? "degraded" : "enforced");
    if (!can_arm)
        printf("{\"protection\":\"supervision\",\"reason\":\"a seccomp listener cannot be installed: see standard error\"}");
    for (unsigned i = 0; i < count; i++) {
        printf("%s{\"protection\":\"%s\",\"reason\":\"%s\"", i > 0 ? "," : "", degraded[i].protection, degraded[i].reason);
        if (degraded[i].since != NULL)
            printf(",\"since\":\"%s\"", degraded[i].since);
        printf("}");
    }
    printf("]}\n");
    return fflush(stdout) == 0 ? 0 : 1;
}
