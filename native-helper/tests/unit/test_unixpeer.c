/* Who may be talked to over a local socket. */
#include <string.h>

#include "check.h"
#include "unixpeer.h"

#define RULES "unix a allow /srv/app/*.sock\nunix d allow /run/docker.sock\nunix n allow @name\nunix b block /srv/app/bad.sock\n"

static void expect(const struct policy *p, struct unix_peer peer, enum verdict verdict, const char *rule, bool absent) {
    struct unix_decision d = unix_decide(p, &peer);
    CHECK(d.verdict == verdict && strcmp(d.rule, rule) == 0 && d.absent == absent, "%s: %s by %s",
          peer.path ? peer.path : peer.name, verdict_text(d.verdict), d.rule);
}

#define PATH(...) (struct unix_peer){.path = __VA_ARGS__}

static void each(const char *mode, enum verdict refused) {
    char text[512];
    struct policy plain, ruled;
    struct policy_error e;
    snprintf(text, sizeof text, "harden-policy 1\negress %s\nend\n", mode);
    CHECK(policy_parse(text, strlen(text), &plain, &e) == 0, "%s", e.message);
    snprintf(text, sizeof text, "harden-policy 1\negress %s\n" RULES "end\n", mode);
    CHECK(policy_parse(text, strlen(text), &ruled, &e) == 0, "%s", e.message);
    static const char *const daemons[][2] = {
        {"/run/docker.sock", "unix-docker"}, {"/anywhere/docker.sock", "unix-docker"}, {"/run/user/7/docker.sock", "unix-docker"},
        {"/run/containerd/s/1", "unix-containerd"}, {"/run/podman/podman.sock", "unix-podman"},
        {"/run/buildkit/buildkitd.sock", "unix-buildkit"}, {"/run/systemd/private", "unix-systemd"},
        {"/run/dbus/system_bus_socket", "unix-dbus"}, {"/run/user/7/bus", "unix-dbus"}, {"/tmp/other", "unix-outside"}};
    for (unsigned i = 0; i < sizeof daemons / sizeof daemons[0]; i++) {
        expect(&plain, PATH(daemons[i][0]), refused, daemons[i][1], false);
        expect(&plain, PATH(daemons[i][0], .own = true), VERDICT_ALLOWED, "unix", false);
        expect(&plain, PATH("/tmp/alias", .bound = daemons[i][0]), refused, daemons[i][1], false);
    }
    expect(&plain, PATH("/run/nscd/socket"), VERDICT_BLOCKED, "unix-nscd", true);
    expect(&plain, PATH("/run/systemd/resolve/io.systemd.Resolve"), VERDICT_BLOCKED, "unix-resolved", true);
    expect(&plain, PATH("/run/systemd/journal/dev-log"), VERDICT_ALLOWED, "unix-log", false);
    expect(&plain, PATH("/dev/log", .hidden = true), refused, "unix-outside", false);
    expect(&plain, (struct unix_peer){.name = "name", .name_length = 4}, refused, "unix-outside", false);
    expect(&ruled, PATH("/srv/app/x.sock"), VERDICT_ALLOWED, "a", false);
    expect(&ruled, PATH("/srv/app/y/x.sock"), refused, "unix-outside", false);
    expect(&ruled, PATH("/srv/app/x.sock", .hidden = true), refused, "unix-outside", false);
    expect(&ruled, PATH("/srv/app/x.sock", .bound = "/run/containerd/s"), refused, "unix-containerd", false);
    expect(&ruled, PATH("/srv/app/x.sock", .bound = "/run/docker.sock"), VERDICT_ALLOWED, "d", false);
    expect(&ruled, PATH("/srv/app/bad.sock", .own = true), VERDICT_BLOCKED, "b", false);
    expect(&ruled, PATH("/tmp/alias", .bound = "/srv/app/bad.sock"), VERDICT_BLOCKED, "b", false);
    expect(&ruled, (struct unix_peer){.name = "name", .name_length = 4}, VERDICT_ALLOWED, "n", false);
    expect(&ruled, (struct unix_peer){.name = "name\0x", .name_length = 6}, refused, "unix-outside", false);
    expect(&ruled, PATH("/name"), refused, "unix-outside", false);
    policy_free(&plain);
    policy_free(&ruled);
}

void test_unixpeer(void) {
    each("audit", VERDICT_WOULD_BLOCK);
    each("block", VERDICT_BLOCKED);
}
