/* Each step of the decision list in docs/policy-file.md, in its order. */
#include <arpa/inet.h>
#include <string.h>

#include "check.h"
#include "decide.h"

static struct policy policy;
static bool listens;
static unsigned asked;
static bool own(void *context) {
    (void)context;
    asked++;
    return listens;
}

static void load(const char *body) {
    char text[2048];
    struct policy_error e;
    policy_free(&policy);
    int n = snprintf(text, sizeof text, "harden-policy 1\n%send\n", body);
    int r = policy_parse(text, (size_t)n, &policy, &e);
    CHECK(r == 0, "%u: %s", e.line, e.message);
}

static struct decision to(const char *address, uint16_t port, enum protocol protocol, const char *name) {
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    struct destination d = {.protocol = protocol, .names = &name, .name_count = name != NULL, .own_listener = own};
    enum address_result r = inet_pton(AF_INET, address, &in.sin_addr) == 1
                                ? address_read(&in, sizeof in, AF_INET, ADDRESS_CONNECT, &d.endpoint)
                                : inet_pton(AF_INET6, address, &in6.sin6_addr) == 1
                                      ? address_read(&in6, sizeof in6, AF_INET6, ADDRESS_CONNECT, &d.endpoint)
                                      : ADDRESS_BAD_FAMILY;
    CHECK(r == ADDRESS_OK, "%s", address);
    return decide(&policy, &d);
}

static void expect(const char *address, uint16_t port, const char *name, enum verdict verdict, const char *rule) {
    struct decision d = to(address, port, PROTOCOL_TCP, name);
    CHECK(d.verdict == verdict && strcmp(d.rule, rule) == 0, "%s %u %s: %s by %s instead of %s by %s", address, port,
          name ? name : "-", verdict_text(d.verdict), d.rule, verdict_text(verdict), rule);
}

static void presented(const char *text, uint16_t port, enum verdict verdict, const char *rule) {
    struct decision d = decide_presented(&policy, text, port);
    CHECK(d.verdict == verdict && strcmp(d.rule, rule) == 0, "%s %u: %s by %s", text, port, verdict_text(d.verdict), d.rule);
}

static void name(const char *text, bool plain, enum verdict verdict, const char *rule) {
    struct decision d = decide_name(&policy, text, plain);
    CHECK(d.verdict == verdict && strcmp(d.rule, rule) == 0, "%s: %s by %s", text, verdict_text(d.verdict), d.rule);
}

#define RULES                                                                                                          \
    "rule net allow tcp cidr 192.0.2.0/24 443,8000-8100\nrule bad block tcp cidr 192.0.2.66/32 *\n"                    \
    "rule six allow tcp cidr 2001:db8::/32 443\nrule host allow tcp name good.test 443\n"                              \
    "rule sub allow tcp suffix wild.test *\nrule evil block tcp suffix evil.test *\nrule all6 allow tcp cidr ::/0 7\n"

void test_decide(void) {
    const enum verdict A = VERDICT_ALLOWED, W = VERDICT_WOULD_BLOCK, B = VERDICT_BLOCKED;
    load("egress audit\n" RULES);
    /* 1: block rules refuse in audit too, by address and by a bound name, and before every allow rule */
    expect("192.0.2.66", 443, NULL, B, "bad");
    expect("192.0.2.1", 443, "a.evil.test", B, "evil");
    expect("127.0.0.1", 443, "a.evil.test", B, "evil");
    expect("203.0.113.1", 443, NULL, W, "default");
    expect("169.254.169.254", 80, NULL, W, "metadata");
    name("a.evil.test", true, B, "evil");
    name("other.test", true, W, "default");

    load("egress block\n" RULES);
    /* 2: by address */
    expect("192.0.2.1", 443, NULL, A, "net");
    expect("192.0.2.1", 8000, NULL, A, "net");
    expect("192.0.2.1", 8100, NULL, A, "net");
    expect("192.0.2.1", 7999, NULL, B, "default");
    expect("192.0.2.1", 8101, NULL, B, "default");
    expect("192.0.3.0", 443, NULL, B, "default");
    CHECK(to("192.0.2.1", 443, PROTOCOL_UDP, NULL).verdict == B, "a tcp rule opens udp");
    expect("2001:db8::1", 443, NULL, A, "six");
    expect("2001:db9::1", 443, NULL, B, "default");
    expect("::ffff:192.0.2.1", 443, NULL, A, "net");
    expect("::ffff:192.0.2.66", 443, NULL, B, "bad");
    expect("64:ff9b::192.0.2.1", 443, NULL, A, "net");
    expect("64:ff9b::192.0.2.66", 443, NULL, B, "bad");
    /* an IPv6 rule for everything opens IPv6 only */
    expect("2001:db9::1", 7, NULL, A, "all6");
    expect("203.0.113.1", 7, NULL, B, "default");
    expect("::ffff:203.0.113.1", 7, NULL, B, "default");
    /* 3: loopback */
    expect("127.0.0.1", 1, NULL, A, "loopback");
    expect("127.255.255.254", 1, NULL, A, "loopback");
    expect("::1", 1, NULL, A, "loopback");
    expect("0.0.0.0", 1, NULL, A, "loopback");
    expect("::", 1, NULL, A, "loopback");
    expect("::ffff:127.0.0.1", 1, NULL, A, "loopback");
    expect("64:ff9b::127.0.0.1", 1, NULL, B, "default"); /* that packet leaves the machine */
    expect("::2", 1, NULL, B, "default");
    /* 5: by name */
    expect("203.0.113.1", 443, "good.test", A, "host");
    expect("203.0.113.1", 80, "good.test", B, "default");
    expect("203.0.113.1", 443, "sub.good.test", B, "default");
    expect("203.0.113.1", 443, "a.wild.test", A, "sub");
    expect("203.0.113.1", 443, "a.b.wild.test", A, "sub");
    expect("203.0.113.1", 443, "wild.test", B, "default"); /* not the apex */
    expect("203.0.113.1", 443, "notwild.test", B, "default");
    /* 4, before names: metadata, which the owner of an allowed name could answer with */
    expect("169.254.169.254", 443, "good.test", B, "metadata");
    expect("fe80::1", 443, "a.wild.test", B, "metadata");
    static const char *const special[] = {"169.254.169.254", "169.254.0.1", "168.63.129.16", "100.100.100.200", "224.0.0.1",
                                          "fe80::1", "febf::1", "ff02::1", "fd00:ec2::254", "::ffff:169.254.169.254",
                                          "64:ff9b::169.254.169.254", "fd00:ec2::23", "fd20:ce::254",
                                          "fd00:c1::a9fe:a9fe", "fd00:100::100:200", "fd00:42::42", "fd00:a9fe:a9fe::1",
                                          "192.0.0.192", "255.255.255.255"};
    for (size_t i = 0; i < sizeof special / sizeof *special; i++)
        expect(special[i], 80, NULL, B, "metadata");
    expect("169.253.1.1", 80, NULL, B, "default");
    expect("fec0::1", 80, NULL, B, "default");
    expect("fd00:ec3::254", 80, NULL, B, "default");
    expect("fd00:42::43", 80, NULL, B, "default");
    expect("192.0.0.193", 80, NULL, B, "default");
    load("egress block\nmetadata allow\n");
    expect("169.254.169.254", 80, NULL, B, "default");
    load("egress block\nmetadata allow\nrule host allow tcp name good.test 443\n");
    expect("169.254.169.254", 443, "good.test", A, "host");
    load("egress block\nrule link allow tcp cidr 169.254.0.0/16 80\n");
    expect("169.254.169.254", 80, NULL, A, "link");
    /* questions */
    load("egress block\n" RULES);
    name("good.test", true, A, "host");
    name("x.wild.test", true, A, "sub");
    name("wild.test", true, B, "default");
    name("a.evil.test", true, B, "evil");
    name("good.test", false, B, "default");

    /* a question has no port: a name is refused where block rules leave nothing of what is allowed */
    load("egress block\nrule ssh block tcp name half.test 22\nrule web allow tcp name half.test 443\n"
         "rule low block tcp suffix split.test 1-100,200-65535\nrule some allow tcp suffix split.test 50,100-200\n"
         "rule rest block tcp name gone.split.test 101-199\nrule all block tcp name tcp.test *\nrule tcp allow tcp name tcp.test *\n"
         "rule udp allow udp name tcp.test 443\nrule three block tcp name one.test 1,2,3,4-65535\nrule one allow tcp name one.test 1-3,5\n"
         "rule deny block tcp name b.any.test 22\nrule any allow tcp suffix any.test *\n");
    name("half.test", true, A, "web");
    name("a.split.test", true, A, "some");
    name("gone.split.test", true, B, "low");
    name("tcp.test", true, A, "udp");
    name("one.test", true, B, "three");
    name("b.any.test", true, A, "any");
    expect("203.0.113.1", 22, "half.test", B, "ssh");
    expect("203.0.113.1", 443, "half.test", A, "web");
    load("egress audit\nrule ssh block tcp name half.test 22\n");
    name("half.test", true, B, "ssh");
    load("egress block\n" RULES);

    /* names that clients present on a connection that was allowed by name */
    CHECK(to("203.0.113.1", 443, PROTOCOL_TCP, "good.test").named != NULL, "allowed by name");
    CHECK(to("192.0.2.1", 443, PROTOCOL_TCP, "good.test").named == NULL, "allowed by address");
    presented("good.test", 443, A, "host");
    presented("a.wild.test", 80, A, "sub");
    presented("good.test", 80, B, "sni");
    presented("wild.test", 443, B, "sni");
    presented("", 443, B, "sni");
    presented("a.evil.test", 443, B, "evil");
    load("egress audit\n" RULES);
    presented("other.test", 443, W, "sni");
    presented("a.evil.test", 443, B, "evil");

    load("egress block\nloopback own\n" RULES);
    listens = true;
    expect("127.0.0.1", 5, NULL, A, "own-listener");
    listens = false;
    expect("127.0.0.1", 5, NULL, B, "default");
    expect("127.0.0.1", 443, "good.test", A, "host");
    asked = 0;
    expect("192.0.2.1", 443, NULL, A, "net");
    CHECK(asked == 0, "own listeners are looked up although the answer does not matter");
    policy_free(&policy);
}
