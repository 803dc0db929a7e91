/* The parser of docs/policy-file.md: what is accepted, and each error with its line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "policy.h"

#define HEAD "harden-policy 1\negress block\n"

static void rejects(const char *text, size_t length, unsigned line, const char *part) {
    struct policy p;
    struct policy_error e;
    int r = policy_parse(text, length, &p, &e);
    CHECK(r == -1, "accepted: %.60s", text);
    if (r == 0) {
        policy_free(&p);
        return;
    }
    CHECK(e.line == line, "line %u instead of %u: %s", e.line, line, e.message);
    CHECK(strstr(e.message, part) != NULL, "'%s' does not tell '%s'", e.message, part);
}

static const struct {
    const char *text;
    unsigned line;
    const char *part;
} errors[] = {
    {"", 0, "empty"},
    {"egress block\nend\n", 1, "first line"},
    {"harden-policy 2\nend\n", 1, "version '2'"},
    {"harden-policy 1 \nend\n", 1, "version"},
    {HEAD, 0, "'end'"},
    {HEAD "end", 3, "does not end"},
    {HEAD "end\nend\n", 4, "behind 'end'"},
    {HEAD "\nend\n", 3, "empty line"},
    {HEAD "# text\nend\n", 3, "unknown keyword '#'"},
    {HEAD "colour blue\nend\n", 3, "unknown keyword 'colour'"},
    {HEAD "egress audit\nend\n", 3, "twice"},
    {HEAD "files  off\nend\n", 3, "3 fields"},
    {HEAD "files off \nend\n", 3, "3 fields"},
    {HEAD " files off\nend\n", 3, "the one before it is no rule"},
    {HEAD "rule a1 allow tcp name a.test *\nfiles off\n b.test\nend\n", 5, "the one before it is no rule"},
    {HEAD "rule a1 allow tcp name a.test *\n\nend\n", 4, "empty line"},
    {HEAD "rule a1 allow tcp name a.test *\n \nend\n", 4, "1 to 253"},
    {HEAD "rule a1 allow tcp name a.test *\n b.test * *\nend\n", 4, "kind"},
    {HEAD "rule a1 allow tcp name a.test *\n name b.test * *\nend\n", 4, "1 to 3 fields"},
    {HEAD "rule a1 allow tcp name a.test *\n host b.test *\nend\n", 4, "'host'"},
    {HEAD "rule a1 allow tcp name a.test *\n b.test 0\nend\n", 4, "port"},
    {HEAD "rule a1 allow tcp name a.test *\n b.test 1,2,3,\nend\n", 4, "port"},
    {HEAD "rule a1 allow tcp name a.test 1,2,3\n b.test \nend\n", 4, "port"},
    {HEAD "rule a1 allow tcp name a.test *\n B.test\nend\n", 4, "rule a2: character 'B'"},
    {HEAD "rule a1 allow tcp name a.test *\n cidr 192.0.2.1/24 *\nend\n", 4, "rule a2: the bits"},
    {HEAD "rule a allow tcp name a.test *\n b.test\nend\n", 4, "no number"},
    {HEAD "rule a01 allow tcp name a.test *\n b.test\nend\n", 4, "no number"},
    {HEAD "rule a1234567890 allow tcp name a.test *\n b.test\nend\n", 4, "no number"},
    {HEAD "rule a999999999 allow tcp name a.test *\n b.test\nend\n", 4, "too long"},
    {HEAD "rule a1 allow tcp name a.test *\n b.test\nrule a2 allow tcp name c.test *\nend\n", 0, "'a2' stands twice"},
    {HEAD "rule b2 allow tcp name c.test *\nrule b1 allow tcp name a.test *\n b.test\nend\n", 0, "'b2' stands twice"},
    {HEAD "unix a2 allow /x\nrule a1 allow tcp name a.test *\n b.test\nend\n", 0, "'a2' stands twice"},
    {HEAD "files OFF\nend\n", 3, "OFF"},
    {HEAD "loopback deny\nend\n", 3, "deny"},
    {HEAD "inbound none\nend\n", 3, "none"},
    {HEAD "sni maybe\nend\n", 3, "maybe"},
    {HEAD "metadata maybe\nend\n", 3, "maybe"},
    {HEAD "unsupported ignore\nend\n", 3, "ignore"},
    {HEAD "capability SYS_ADMIN\nend\n", 3, "CAP_SYS_ADMIN"},
    {HEAD "capability CAP_SYS_ADMIN\ncapability CAP_SYS_ADMIN\nend\n", 4, "twice"},
    {HEAD "unix a allow docker.sock\nend\n", 3, "neither an absolute"},
    {HEAD "unix a allow /\nend\n", 3, "needs a name"},
    {HEAD "unix a allow @\nend\n", 3, "needs a name"},
    {HEAD "unix a audit /x\nend\n", 3, "audit"},
    {HEAD "unix a allow /x%00\nend\n", 3, "NUL"},
    {HEAD "unix a allow /x\nunix a allow /y\nend\n", 4, "'a' stands twice"},
    {HEAD "unix a allow /x\nrule a allow tcp name example.com *\nend\n", 0, "'a' stands twice"},
    {HEAD "credentials on\nend\n", 3, "on"},
    {"harden-policy 1\negress off\nend\n", 2, "off"},
    {"harden-policy 1\nend\n", 0, "egress"},
    {HEAD "nonce 0g\nend\n", 3, "hexadecimal"},
    {HEAD "limit-events 0\nend\n", 3, "limit-events"},
    {HEAD "limit-events 100000001\nend\n", 3, "limit-events"},
    {HEAD "limit-events -1\nend\n", 3, "limit-events"},
    {HEAD "limit-bytes 65535\nend\n", 3, "limit-bytes"},
    {HEAD "limit-bytes 99999999999999999999999\nend\n", 3, "limit-bytes"},
    {HEAD "dns-upstream example.com 53\nend\n", 3, "not an address"},
    {HEAD "dns-upstream 192.0.2.1 0\nend\n", 3, "port"},
    {HEAD "dns-upstream 192.0.2.1 53\ndns-upstream 192.0.2.1 53\ndns-upstream 192.0.2.1 53\ndns-upstream 192.0.2.1 53\nend\n", 6,
     "more than 3"},
    {HEAD "rule a allow tcp name example.com *\nrule a allow tcp name example.net *\nend\n", 0, "'a' stands twice"},
    {HEAD "rule a/b allow tcp name example.com *\nend\n", 3, "identifier"},
    {HEAD "rule a permit tcp name example.com *\nend\n", 3, "permit"},
    {HEAD "rule a allow sctp name example.com *\nend\n", 3, "sctp"},
    {HEAD "rule a allow tcp host example.com *\nend\n", 3, "host"},
    {HEAD "rule a allow tcp name Example.com *\nend\n", 3, "character 'E'"},
    {HEAD "rule a allow tcp name example.com. *\nend\n", 3, "label"},
    {HEAD "rule a allow tcp name *.example.com *\nend\n", 3, "character '*'"},
    {HEAD "rule a allow tcp name a..example *\nend\n", 3, "label"},
    {HEAD "rule a allow tcp cidr 192.0.2.1 *\nend\n", 3, "no prefix"},
    {HEAD "rule a allow tcp cidr 192.0.2.1/24 *\nend\n", 3, "not zero"},
    {HEAD "rule a allow tcp cidr 192.0.2.0/33 *\nend\n", 3, "prefix length"},
    {HEAD "rule a allow tcp cidr 2001:db8::/129 *\nend\n", 3, "prefix length"},
    {HEAD "rule a allow tcp cidr 192.0.2/24 *\nend\n", 3, "not an address"},
    {HEAD "rule a allow tcp cidr 192.0.2.0/24\nend\n", 3, "6 fields"},
    {HEAD "rule a allow tcp name example.com 0\nend\n", 3, "port"},
    {HEAD "rule a allow tcp name example.com 65536\nend\n", 3, "port"},
    {HEAD "rule a allow tcp name example.com 90-80\nend\n", 3, "reversed"},
    {HEAD "rule a allow tcp name example.com 80,,90\nend\n", 3, "port"},
    {HEAD "own-path relative\nend\n", 3, "not absolute"},
    {HEAD "own-path /a%2\nend\n", 3, "upper-case hexadecimal"},
    {HEAD "own-path /a%2f\nend\n", 3, "upper-case hexadecimal"},
    {HEAD "own-path /a%00\nend\n", 3, "NUL"},
    {HEAD "fs-write /tmp\nend\n", 0, "fs-write"},
    {HEAD "credential /x\nend\n", 0, "credential"},
    {HEAD "files off\nscript-tree /ws\nend\n", 0, "script-tree stands without"},
    {HEAD "files off\nscript-write * /ws/x\nend\n", 0, "script-write stands without"},
    {HEAD "script-tree ws\nend\n", 3, "not absolute"},
    {HEAD "script-write /ws/x\nend\n", 3, "2 fields instead of 3"},
    {HEAD "script-write * ws/**\nend\n", 3, "script-write: the path is not absolute"},
    {HEAD "script-write [ /ws/**\nend\n", 3, "script-write: package: ']' is missing"},
    {HEAD "script-write a /ws/{a\nend\n", 3, "script-write: path: '}' is missing"},
    {HEAD "script-write a%00 /ws\nend\n", 3, "NUL"},
    {HEAD "redact ab\nend\n", 3, "redact: character 3: it must begin"},
    {HEAD "redact abc(d|e)\nend\n", 3, "redact: character 4"},
    {HEAD "redact-env *\nend\n", 3, "shorter than two"},
    {HEAD "redact-after -%00\nend\n", 3, "NUL"},
    {HEAD "redact abc def\nend\n", 3, "2"},
    {HEAD "files\toff\nend\n", 3, "byte 0x09 at column 6"},
    {HEAD "files off\r\nend\n", 3, "byte 0x0d"},
    {HEAD "own-path /\xc3\xa4\nend\n", 3, "byte 0xc3"},
};

static const char valid[] =
    "harden-policy 1\negress audit\nfiles block\ncredentials audit\nloopback own\ninbound loopback\nmetadata allow\nsni check\nunsupported warn\n"
    "nonce 00aaFF\nlimit-events 5\nlimit-bytes 65536\ndns-upstream 192.0.2.53 5353\ndns-upstream ::1 53\n"
    "rule one allow tcp name example.com 80,8000-8100\nrule two block udp cidr 2001:db8::/32 *\n"
    "rule three allow tcp cidr 10.0.0.0/8 443\nown-path /a%20b%25/\nprotect /p\nfs-write /w\ncredential /c\nscript-tree /t/\nscript-write @a/b%20 /t/**\n"
    "redact ghp_[%41-Z]%7B6,%7D\nredact abcdefgh*\nredact-env *TOKEN*\nredact-after --password\nend\n";

static void defaults_and_values(void) {
    struct policy p;
    struct policy_error e;
    CHECK(policy_parse(HEAD "end\n", sizeof HEAD "end\n" - 1, &p, &e) == 0, "%s", e.message);
    CHECK(p.egress == MODE_BLOCK && p.files == MODE_AUDIT && p.credentials == MODE_OFF, "modes");
    CHECK(!p.loopback_own && !p.inbound_loopback && !p.metadata_allow && !p.sni_check && p.unsupported_fail, "defaults");
    CHECK(p.limit_events == 200000 && p.limit_bytes == 33554432 && p.nonce[0] == '\0', "limits");
    policy_free(&p);
    int r = policy_parse(valid, sizeof valid - 1, &p, &e);
    CHECK(r == 0, "line %u: %s", e.line, e.message);
    if (r != 0)
        return;
    CHECK(p.egress == MODE_AUDIT && p.files == MODE_BLOCK && p.credentials == MODE_AUDIT, "modes");
    CHECK(p.loopback_own && p.inbound_loopback && p.metadata_allow && p.sni_check && !p.unsupported_fail, "switches");
    CHECK(strcmp(p.nonce, "00aaFF") == 0, "the nonce stays as it was written, %s", p.nonce);
    CHECK(p.upstream_count == 2 && p.upstreams[0].port == 5353 && p.upstreams[0].address[12] == 192, "upstream");
    CHECK(p.rule_count == 3 && p.rules[0].port_count == 2 && p.rules[1].block && p.rules[2].prefix == 104, "rules");
    CHECK(policy_port_matches(&p.rules[0], 8100) && !policy_port_matches(&p.rules[0], 8101) &&
              !policy_port_matches(&p.rules[0], 7999) && policy_port_matches(&p.rules[1], 1), "ports");
    CHECK(p.own.count == 1 && strcmp(p.own.items[0], "/a b%") == 0, "decoded path %s", p.own.items[0]);
    CHECK(p.script_tree.count == 1 && strcmp(p.script_tree.items[0], "/t") == 0, "script-tree");
    CHECK(p.script_write.count == 1 && strcmp(p.script_package.items[0], "@a/b ") == 0 && strcmp(p.script_write.items[0], "/t/**") == 0,
          "script-write");
    CHECK(p.redact.count == 2 && strcmp(p.redact.items[0], "ghp_[A-Z]{6,}") == 0, "decoded pattern %s", p.redact.items[0]);
    CHECK(p.redact_env.count == 1 && p.redact_after.count == 1 && strcmp(p.redact_after.items[0], "--password") == 0, "redaction");
    policy_free(&p);
}

/* No prefix of a valid file is valid: a truncated policy must not arm. */
static void truncation(void) {
    unsigned accepted = 0;
    for (size_t n = 0; n < sizeof valid - 1; n++) {
        struct policy p;
        struct policy_error e;
        char *exact = malloc(n ? n : 1); /* of exactly this size, so that the sanitizer sees a read behind it */
        memcpy(exact, valid, n);
        if (policy_parse(exact, n, &p, &e) == 0) {
            accepted++;
            policy_free(&p);
        }
        free(exact);
    }
    CHECK(accepted == 0, "%u prefixes", accepted);
}

static void sizes(void) {
    size_t room = POLICY_MAX_BYTES + 2;
    char *text = malloc(room + 200);
    size_t n = (size_t)sprintf(text, HEAD "own-path /");
    memset(text + n, 'a', POLICY_MAX_LINE);
    memcpy(text + n + POLICY_MAX_LINE, "\nend\n", 6);
    rejects(text, n + POLICY_MAX_LINE + 5, 3, "longer than 4096");
    memset(text, 'a', room);
    rejects(text, room, 0, "larger than");
    n = (size_t)sprintf(text, HEAD);
    for (unsigned i = 0; i <= POLICY_MAX_OWN; i++)
        n += (size_t)sprintf(text + n, "own-path /%u\n", i);
    n += (size_t)sprintf(text + n, "end\n");
    rejects(text, n, 3 + POLICY_MAX_OWN, "more than 64");
    free(text);
    room = 6U << 20;
    text = malloc(room);
    n = (size_t)sprintf(text, HEAD);
    unsigned i;
    for (i = 0; i <= POLICY_MAX_RULES && n < POLICY_MAX_BYTES - 100; i++)
        n += (size_t)sprintf(text + n, "rule %x allow tcp name a%x.test *\n", i, i);
    n += (size_t)sprintf(text + n, "end\n");
    if (i > POLICY_MAX_RULES) {
        rejects(text, n, 3 + POLICY_MAX_RULES, "more than 100000");
    } else {
        struct policy p;
        struct policy_error e;
        CHECK(policy_parse(text, n, &p, &e) == 0 && p.rule_count == i, "%u rules: %s", i, e.message);
        policy_free(&p);
    }
    free(text);
}

/* Rules with up to two ports are read in one pass, others field by field: both ways must read the same. */
static void both_ways_of_reading_agree(void) {
    static const char *const hosts[] = {"name a.test", "suffix x-_9.b.test", "cidr 192.0.2.0/24", "cidr 0.0.0.0/0", "cidr 192.0.2.1/32"};
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        char text[400];
        struct policy p;
        struct policy_error e;
        int n = snprintf(text, sizeof text, HEAD "rule a block udp %s 53,80-90\nrule b block udp %s 53,80-90,80\nend\n", hosts[i], hosts[i]);
        CHECK(policy_parse(text, (size_t)n, &p, &e) == 0, "%s: %s", hosts[i], e.message);
        const struct rule *a = &p.rules[0], *b = &p.rules[1];
        CHECK(a->port_count == 2 && b->port_count == 3, "%s: ports", hosts[i]);
        CHECK(a->kind == b->kind && a->prefix == b->prefix && a->protocol == b->protocol && a->block && b->block, "%s: fields", hosts[i]);
        CHECK(a->key_length == b->key_length && memcmp(rule_key(a), rule_key(b), a->key_length) == 0, "%s: key", hosts[i]);
        CHECK(policy_port_matches(a, 85) && policy_port_matches(b, 85) && !policy_port_matches(a, 91), "%s: port 85", hosts[i]);
        policy_free(&p);
    }
}

/* A line that begins with a space against the same rule written out; both the fast way and the one by fields. */
static void following_lines(void) {
    static const char *const lines[][2] = {
        {" b.test", "rule x2 block udp name b.test 1-5"},
        {" b.test 53,80-90", "rule x2 block udp name b.test 53,80-90"},
        {" b.test 1,2,3", "rule x2 block udp name b.test 1,2,3"},
        {" suffix b.test *", "rule x2 block udp suffix b.test *"},
        {" cidr 192.0.2.0/24 80", "rule x2 block udp cidr 192.0.2.0/24 80"},
        {" cidr 2001:db8::/32 80", "rule x2 block udp cidr 2001:db8::/32 80"},
        {" name 80", "rule x2 block udp name name 80"},
        {" name b.test 80", "rule x2 block udp name b.test 80"}};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct policy two[2];
        for (int k = 0; k < 2; k++) {
            char text[400];
            struct policy_error e;
            int n = snprintf(text, sizeof text, HEAD "rule x1 block udp name a.test 1-5\n%s\nend\n", lines[i][k]);
            CHECK(policy_parse(text, (size_t)n, &two[k], &e) == 0, "%s: %s", lines[i][k], e.message);
            uint32_t cursor = 0;
            const struct rule *r = &two[k].rules[1];
            CHECK(policy_lookup(&two[k], r->kind, r->prefix, rule_key(r), r->key_length, &cursor) == r, "%s: not found", lines[i][k]);
            CHECK(strcmp(r->id, "x2") == 0, "%s: identifier %s", lines[i][k], r->id);
        }
        const struct rule *a = &two[0].rules[1], *b = &two[1].rules[1];
        CHECK(a->kind == b->kind && a->prefix == b->prefix && a->protocol == b->protocol && a->block && b->block, "%s: fields", lines[i][0]);
        CHECK(a->key_length == b->key_length && memcmp(rule_key(a), rule_key(b), a->key_length) == 0, "%s: key", lines[i][0]);
        CHECK(two[0].prefixes[1] == two[1].prefixes[1] && two[0].prefixes[0] == two[1].prefixes[0], "%s: prefixes", lines[i][0]);
        CHECK(a->port_count == b->port_count, "%s: %u ports", lines[i][0], a->port_count);
        for (uint16_t port = 1; port < 100; port++)
            CHECK(policy_port_matches(a, port) == policy_port_matches(b, port), "%s: port %u", lines[i][0], port);
        policy_free(&two[0]);
        policy_free(&two[1]);
    }
    /* Numbers that get longer, more than two ports shared by many, kinds one after the other. */
    static const char many[] = HEAD "rule a8 allow tcp name a.test 1,2,3\n b.test\n c.test\n suffix c.test 1,2,3\n d.test\nend\n";
    static const char *const names[] = {"a8", "a9", "a10", "a11", "a12"};
    struct policy p;
    struct policy_error e;
    CHECK(policy_parse(many, sizeof many - 1, &p, &e) == 0, "%s", e.message);
    uint32_t cursor = 0;
    CHECK(policy_lookup(&p, RULE_NAME, 0, "d.test", 6, &cursor) == NULL, "the kind before counts");
    CHECK(policy_lookup(&p, RULE_SUFFIX, 0, "d.test", 6, &cursor) == &p.rules[4], "a suffix");
    for (size_t i = 0; i < p.rule_count; i++)
        CHECK(strcmp(p.rules[i].id, names[i]) == 0 && p.rules[i].port_count == 3 && policy_port_matches(&p.rules[i], 3), "rule %zu is %s", i, p.rules[i].id);
    policy_free(&p);
    /* An identifier may have 64 characters, also one that is counted. */
    char text[200];
    int n = snprintf(text, sizeof text, HEAD "rule %.63s9 allow tcp name a.test *\n b.test\nend\n",
                     "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
    rejects(text, (size_t)n, 4, "too long");
    n = snprintf(text, sizeof text, HEAD "rule %.62s9 allow tcp name a.test *\n b.test\nend\n",
                 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
    CHECK(policy_parse(text, (size_t)n, &p, &e) == 0, "%s", e.message);
    policy_free(&p);
}

void test_policy(void) {
    following_lines();
    both_ways_of_reading_agree();
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
        rejects(errors[i].text, strlen(errors[i].text), errors[i].line, errors[i].part);
    rejects(HEAD "files o\0f\nend\n", sizeof HEAD "files o\0f\nend\n" - 1, 3, "byte 0x00");
    defaults_and_values();
    truncation();
    sizes();
}
