#include "unixpeer.h"

#include <fnmatch.h>
#include <string.h>

#include "util.h"

/*
 * Daemons that act for whoever asks them (containers, systemd, D-Bus) would carry a build out of its supervision; each
 * has a rule of its own, which a line of the policy can overrule. The first match decides.
 */
enum kind { SERVICE, AGENT, NAMES };
static const struct {
    const char *pattern, *rule;
    enum kind kind;
} known[] = {
    {"/run/nscd/socket", "unix-nscd", NAMES},
    {"/var/run/nscd/socket", "unix-nscd", NAMES},
    {"/run/systemd/resolve/*", "unix-resolved", NAMES},
    {"/run/systemd/journal/*", "unix-log", SERVICE},
    {"/dev/log", "unix-log", SERVICE},
    {"/run/systemd/userdb/*", "unix-users", SERVICE}, /* users and groups for nss-systemd */
    {"/var/lib/sss/pipes/*", "unix-users", SERVICE},
    {"/run/docker.sock", "unix-docker", AGENT},
    {"/var/run/docker.sock", "unix-docker", AGENT},
    {"/run/user/*/docker.sock", "unix-docker", AGENT},
    {"*/docker.sock", "unix-docker", AGENT}, /* wherever a container mounts it */
    {"/run/containerd/*", "unix-containerd", AGENT},
    {"/run/k3s/containerd/*", "unix-containerd", AGENT},
    {"*/containerd.sock", "unix-containerd", AGENT},
    {"/run/crio/*", "unix-crio", AGENT},
    {"/run/podman/*", "unix-podman", AGENT},
    {"/run/user/*/podman/*", "unix-podman", AGENT},
    {"*/podman.sock", "unix-podman", AGENT},
    {"/run/buildkit/*", "unix-buildkit", AGENT},
    {"/run/user/*/buildkit/*", "unix-buildkit", AGENT},
    {"*/buildkitd.sock", "unix-buildkit", AGENT},
    {"/run/systemd/*", "unix-systemd", AGENT},
    {"/run/user/*/systemd/*", "unix-systemd", AGENT},
    {"/run/dbus/*", "unix-dbus", AGENT},
    {"/run/user/*/bus", "unix-dbus", AGENT},
    {"/run/snapd*.socket", "unix-snapd", AGENT},
    {"/run/libvirt/*", "unix-libvirt", AGENT},
    {"/var/lib/lxd/*", "unix-lxd", AGENT},
    {"/var/snap/lxd/common/lxd/*", "unix-lxd", AGENT},
    {"/run/incus/*", "unix-lxd", AGENT},
    {"/var/lib/incus/*", "unix-lxd", AGENT},
};

const char *unix_known_path(unsigned n) {
    for (unsigned i = 0; i < ARRAY_LENGTH(known); i++)
        if (strchr(known[i].pattern, '*') == NULL && n-- == 0)
            return known[i].pattern;
    return NULL;
}

static bool same_name(const struct unix_rule *r, const struct unix_peer *peer) {
    return r->path[0] == '@' && strlen(r->path + 1) == peer->name_length && memcmp(r->path + 1, peer->name, peer->name_length) == 0;
}

/* `*` stands for any characters but a slash. */
static bool covers(const struct unix_rule *r, const struct unix_peer *peer) {
    if (peer->path == NULL)
        return same_name(r, peer);
    if (r->path[0] == '@')
        return false;
    bool path = fnmatch(r->path, peer->path, FNM_PATHNAME | FNM_NOESCAPE) == 0;
    bool bound = peer->bound != NULL && fnmatch(r->path, peer->bound, FNM_PATHNAME | FNM_NOESCAPE) == 0;
    if (r->block)
        return path || bound;
    /* A build can give a daemon's socket another name (a hard link, a mount of its own) that a rule would allow: what the
     * owner called it must be allowed. */
    return peer->bound != NULL ? bound : path && !peer->hidden;
}

static const struct unix_rule *find(const struct policy *p, bool block, const struct unix_peer *peer) {
    for (size_t i = 0; i < p->unix_count; i++)
        if (p->unix_rules[i].block == block && covers(&p->unix_rules[i], peer))
            return &p->unix_rules[i];
    return NULL;
}

struct unix_decision unix_decide(const struct policy *p, const struct unix_peer *peer) {
    enum verdict refused = p->egress == MODE_BLOCK ? VERDICT_BLOCKED : VERDICT_WOULD_BLOCK;
    const struct unix_rule *r = find(p, true, peer);
    if (r != NULL)
        return (struct unix_decision){VERDICT_BLOCKED, r->id, false};
    if (peer->own)
        return (struct unix_decision){VERDICT_ALLOWED, "unix", false};
    if ((r = find(p, false, peer)) != NULL)
        return (struct unix_decision){VERDICT_ALLOWED, r->id, false};
    for (size_t i = 0; i < ARRAY_LENGTH(known); i++) {
        bool path = peer->path != NULL && fnmatch(known[i].pattern, peer->path, 0) == 0;
        if (!path && (peer->bound == NULL || fnmatch(known[i].pattern, peer->bound, 0) != 0))
            continue;
        if (known[i].kind == NAMES)
            return (struct unix_decision){VERDICT_BLOCKED, known[i].rule, true};
        if (known[i].kind == AGENT)
            return (struct unix_decision){refused, known[i].rule, false};
        if (!peer->hidden)
            return (struct unix_decision){VERDICT_ALLOWED, known[i].rule, false};
    }
    return (struct unix_decision){refused, "unix-outside", false};
}
