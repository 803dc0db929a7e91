#include "features.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "caps.h"

/*
 * Required are the protections without which a decision could be evaded or a promise of the policy would not hold.
 * What only narrows attribution or comfort is reported and does not stop a build.
 */
unsigned features_degraded(const struct features *f, const struct policy *p, struct degraded out[FEATURES_MAX_DEGRADED]) {
    unsigned n = 0;
    bool block = p != NULL && p->egress == MODE_BLOCK;
    if ((!f->pidfd_getfd && !f->sockets_made) || !f->vm_readv)
        out[n++] = (struct degraded){"supervision",
                                     f->vm_readv ? "pidfd_getfd is refused, and sockets cannot be made for supervised processes "
                                                   "either (a container's seccomp profile, or ptrace_scope 2 and higher)"
                                                 : "the memory of supervised processes cannot be read (ptrace_scope 2 and "
                                                   "higher, or a container's seccomp profile)",
                                     "5.6", true, true};
    if (!f->resolver)
        out[n++] = (struct degraded){"names", "the resolver cannot open its sockets on loopback", NULL, false, block};
    if (p != NULL && p->sni_check && !f->relay)
        out[n++] = (struct degraded){"sni", "the relay that checks the name of TLS and HTTP connections cannot open its sockets",
                                     NULL, false, block};
    if (block && p->sni_off)
        out[n++] = (struct degraded){"sni", "the policy does not judge the names that clients present: every name on the address "
                                     "of an allowed one is reached, and other protocols than TLS and HTTP pass", NULL, false, false};
    if (f->landlock_abi < 1)
        out[n++] = (struct degraded){"self-protection",
                                     "Landlock is not available: a process of the same user can interfere with the helper",
                                     "5.13", false, true};
    else if (f->landlock_abi < 6)
        out[n++] = (struct degraded){"signal-scope",
                                     "Landlock before ABI 6 does not keep signals and abstract sockets inside the block", "6.12",
                                     false, false};
    if (p != NULL && (f->capabilities & p->capabilities & ~caps_harmless) != 0) {
        static char text[512];
        size_t used = (size_t)snprintf(text, sizeof text, "the policy keeps what a build as root can get past the helper with:");
        for (unsigned i = 0; i < CAPS_COUNT && used < sizeof text; i++)
            if (f->capabilities & p->capabilities & ~caps_harmless & (1ULL << i))
                used += (size_t)snprintf(text + used, sizeof text - used, " %s", caps_name(i));
        out[n++] = (struct degraded){"capabilities", text, NULL, false, false};
    }
    if (p != NULL && p->files == MODE_BLOCK && f->landlock_abi < 3)
        out[n++] = (struct degraded){"files", "Landlock before ABI 3 does not cover truncation", "6.2", false, true};
    return n;
}

#ifdef TEST_MASK
void features_mask(struct features *f) {
    const char *mask = getenv("HARDEN_TEST_MASK");
    if (mask == NULL)
        return;
    if (strstr(mask, "landlock-abi-5") != NULL && f->landlock_abi > 5)
        f->landlock_abi = 5;
    if (strstr(mask, "no-landlock") != NULL)
        f->landlock_abi = 0;
    if (strstr(mask, "pidfd-getfd") != NULL)
        f->pidfd_getfd = false;
    if (strstr(mask, "sync-wake-up") != NULL)
        f->sync_wake_up = false;
}
#endif
