package io.jenkins.plugins.hardenrunner.engine.policy;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyFileTest {
    @Test
    void rendersEachKeyword() {
        EffectivePolicy policy = EffectivePolicy.resolve(List.of(PolicyLayer.builder(Origin.STEP)
                .egressPolicy(EgressPolicy.BLOCK)
                .filePolicy(FilePolicy.BLOCK)
                .credentialPolicy(CredentialPolicy.AUDIT)
                .loopback(LoopbackPolicy.OWN)
                .inbound(InboundPolicy.LOOPBACK)
                .metadataAllowed(true)
                .allow(Endpoint.parseList("a.example *.b.example:80,8000-8100 udp://[2001:db8::/32]:*"))
                .block(new BlockedEndpoint(Endpoint.parse("192.0.2.1:25")))
                .expectChange("gen/** by package:@a/gen").expectChange("src/** by prettier").expectChange("/opt/{a,b} by package:b*")
                .keepCapability("CAP_SYS_ADMIN").keepCapability("CAP_NET_ADMIN")
                .allowSocket("/run/docker.sock").allowSocket("/tmp/ssh-*/agent.*").allowSocket("/run/docker.sock")
                .dnsUpstream(DnsUpstream.parse("[2001:db8::53]:5353"))
                .build()));
        LaunchOptions options = LaunchOptions.builder().nonce("00ff").limitEvents(1000).limitBytes(65536)
                .ownPaths(List.of("/agent")).protectPaths(List.of("/ws/a b%c\u00fc")).fsWrite(List.of("/w s", "/w s/tmp*", "/tmp"))
                .scriptTrees(List.of("/w s"))
                .credentialPaths(List.of("/home/.ssh"))
                .redaction(new Redaction(List.of("*TOKEN*"), List.of("corp_[A-Z ]{20,}"), List.of("--password"))).build();
        assertThat(PolicyFile.render(policy, options), is("""
                harden-policy 1
                egress block
                files block
                credentials audit
                loopback own
                inbound loopback
                metadata allow
                sni check
                unsupported fail
                nonce 00ff
                limit-events 1000
                limit-bytes 65536
                dns-upstream 2001:db8::53 5353
                rule a1 allow tcp name a.example 443
                \ssuffix b.example 80,8000-8100
                rule a3 allow udp cidr 2001:db8::/32 *
                rule b1 block tcp cidr 192.0.2.1/32 25
                unix s1 allow /run/docker.sock
                unix s2 allow /tmp/ssh-*/agent.*
                capability CAP_NET_ADMIN
                capability CAP_SYS_ADMIN
                own-path /agent
                protect /ws/a%20b%25c%C3%BC
                fs-write /w%20s
                fs-write /w%20s/tmp*
                fs-write /tmp
                script-tree /w%20s
                script-write @a/gen /w%20s/gen/**
                script-write b* /opt/{a,b}
                script-write * /w%20s/.cache/**
                script-write * /w%20s/.npm/**
                script-write @prisma/client /w%20s/**/node_modules/.prisma/**
                script-write * /w%20s/tmp\\*/**
                credential /home/.ssh
                redact corp_[A-Z%20]{20,}
                redact-env *TOKEN*
                redact-after --password
                end
                """));
        assertThat(PolicyFile.parse(PolicyFile.render(policy, options)), is(PolicyFile.compile(policy, options)));
    }

    /** What the defaults say must be something that the helper reads. */
    @Test
    void theDefaultRedactionFitsTheFormat() {
        LaunchOptions options = LaunchOptions.builder().redaction(Redaction.DEFAULT).build();
        String text = PolicyFile.render(EffectivePolicy.resolve(List.of()), options);
        assertThat(PolicyFile.parse(text).redaction(), is(Redaction.DEFAULT));
    }

    @Test
    void presentedNamesAreJudgedInBlockUnlessSomebodyWantsOtherwise() {
        PolicyLayer block = PolicyLayer.builder(Origin.STEP).egressPolicy(EgressPolicy.BLOCK).build();
        PolicyLayer off = PolicyLayer.builder(Origin.STEP).egressPolicy(EgressPolicy.BLOCK).sni(SniPolicy.OFF).build();
        PolicyLayer audit = PolicyLayer.builder(Origin.STEP).sni(SniPolicy.CHECK).build();
        assertThat(PolicyFile.compile(EffectivePolicy.resolve(List.of(block)), LaunchOptions.NONE).sniCheck(), is(true));
        assertThat(PolicyFile.compile(EffectivePolicy.resolve(List.of(off)), LaunchOptions.NONE).sniCheck(), is(false));
        assertThat(PolicyFile.compile(EffectivePolicy.resolve(List.of(audit)), LaunchOptions.NONE).sniCheck(), is(false));
    }

    /** A path cannot smuggle a second line into the file. */
    @Test
    void aNewlineInAPathStaysInThePath() {
        LaunchOptions options = LaunchOptions.builder().protectPaths(List.of("/a\nrule x allow tcp name evil.example *")).build();
        String text = PolicyFile.render(EffectivePolicy.resolve(List.of()), options);
        assertThat(text.lines().filter(line -> line.startsWith("rule")).count(), is(0L));
        assertThat(PolicyFile.parse(text).protectPaths(), contains("/a\nrule x allow tcp name evil.example *"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            "" | truncated
            "harden-policy 1\\negress audit\\nend" | no newline
            "harden-policy 2\\negress audit\\nend\\n" | line 1: the first line must be
            "harden-policy 1\\negress audit\\n" | line 2: the file is truncated
            "harden-policy 1\\nend\\n" | 'egress' is missing
            "harden-policy 1\\negress audit\\negress block\\nend\\n" | line 3: 'egress' stands twice
            "harden-policy 1\\negress monitor\\nend\\n" | 'monitor' is not a known
            "harden-policy 1\\negress audit\\nsni on\\nend\\n" | 'on' is not 'check' or 'off'
            "harden-policy 1\\negress audit\\nfoo bar\\nend\\n" | line 3: unknown keyword 'foo'
            "harden-policy 1\\negress  audit\\nend\\n" | takes 1 fields
            "harden-policy 1\\negress audit\\n\\nend\\n" | unknown keyword ''
            "harden-policy 1\\negress audit\\n# note\\nend\\n" | unknown keyword '#'
            "harden-policy 1\\negress audit\\nend\\nend\\n" | 'end' must be the last line
            "harden-policy 1\\negress audit\\nnonce xyz\\nend\\n" | hexadecimal
            "harden-policy 1\\negress audit\\nlimit-events 0\\nend\\n" | is not a number from 1
            "harden-policy 1\\negress audit\\nlimit-bytes 5\\nend\\n" | not between 65536
            "harden-policy 1\\negress audit\\nown-path relative\\nend\\n" | not an absolute path
            "harden-policy 1\\negress audit\\nunix s1 allow relative\\nend\\n" | neither an absolute path nor a name
            "harden-policy 1\\negress audit\\ncapability SYS_ADMIN\\nend\\n" | an unknown name
            "harden-policy 1\\negress audit\\ncapability CAP_BPF\\ncapability CAP_BPF\\nend\\n" | stands twice
            "harden-policy 1\\negress audit\\nunix s1 allow @\\nend\\n" | neither an absolute path nor a name
            "harden-policy 1\\negress audit\\nunix s1 audit /x\\nend\\n" | known action
            "harden-policy 1\\negress audit\\nunix s1 allow /x\\nunix s1 allow /y\\nend\\n" | stands twice
            "harden-policy 1\\negress audit\\nprotect /a%2\\nend\\n" | two upper-case hexadecimal
            "harden-policy 1\\negress audit\\nprotect /a%c3\\nend\\n" | two upper-case hexadecimal
            "harden-policy 1\\negress audit\\nprotect /a%FF\\nend\\n" | not valid UTF-8
            "harden-policy 1\\negress audit\\nprotect /a%00\\nend\\n" | not an absolute path
            "harden-policy 1\\negress audit\\nredact ab\\nend\\n" | pattern 'ab': character 3
            "harden-policy 1\\negress audit\\nredact-env *\\nend\\n" | name of a variable '*'
            "harden-policy 1\\negress audit\\nredact-after x\\nend\\n" | option 'x'
            "harden-policy 1\\negress audit\\nfs-write /a\\nend\\n" | fs-write needs
            "harden-policy 1\\negress audit\\nfiles off\\nscript-tree /a\\nend\\n" | need the file policy
            "harden-policy 1\\negress audit\\nfiles block\\nscript-write * a/**\\nend\\n" | script-write 'a/**' is not an absolute
            "harden-policy 1\\negress audit\\nfiles block\\nscript-write {a /b\\nend\\n" | '}' is missing
            "harden-policy 1\\negress audit\\nfiles block\\nscript-write /b\\nend\\n" | takes 2 fields
            "harden-policy 1\\negress audit\\nrule a1 allow tcp name A.example 443\\nend\\n" | not a canonical name
            "harden-policy 1\\negress audit\\nrule a1 allow tcp cidr 192.0.2.1/24 443\\nend\\n" | bits behind
            "harden-policy 1\\negress audit\\nrule a1 allow tcp cidr 192.0.2.1 443\\nend\\n" | not a canonical cidr
            "harden-policy 1\\negress audit\\nrule a/1 allow tcp name a.example 443\\nend\\n" | rule id
            "harden-policy 1\\negress audit\\nrule a1 allow tcp name a.example 443\\nrule a1 block tcp name b.example 443\\nend\\n" | stands twice
            "harden-policy 1\\negress audit\\n a.example\\nend\\n" | the one before it is no rule
            "harden-policy 1\\negress audit\\nrule a allow tcp name a.example 443\\n b.example\\nend\\n" | 'a', has no number
            "harden-policy 1\\negress audit\\nrule a1 allow tcp name a.example 443\\n name b.example 443 x\\nend\\n" | 1 to 3 fields
            "harden-policy 1\\negress audit\\nrule a1 allow tcp name a.example 443\\n B.example\\nend\\n" | line 4: 'B.example' is not
            "harden-policy 1\\negress audit\\nrule a1 permit tcp name a.example 443\\nend\\n" | known action
            """)
    void refusesWhatTheHelperRefuses(String escaped, String message) {
        String text = escaped.replace("\\n", "\n");
        PolicyException e = assertThrows(PolicyException.class, () -> PolicyFile.parse(text));
        assertThat(e.getMessage(), containsString(message));
        assertThat(e.getMessage(), containsString("policy file, line "));
    }

    @Test
    void aRuleBehindAnotherSaysWhatIsDifferent() {
        List<String> lines = List.of(
                "rule a9 allow tcp name a.example 443", // the first is written out
                " b.example", // only the host
                " c.example 80", // and ports
                " suffix c.example 80", // and kind
                "rule a13 allow udp suffix d.example 80", // another protocol
                "rule b14 allow udp suffix d.example 80", // another name
                "rule b15 block udp suffix d.example 80", // another action
                "rule b17 block udp suffix d.example 80", // not the next number
                "rule b07 block udp suffix d.example 80",
                "rule b08 block udp suffix d.example 80"); // a leading zero
        String text = "harden-policy 1\negress audit\nfiles audit\ncredentials off\nloopback allow\nmetadata deny\nunsupported fail\n"
                + String.join("\n", lines) + "\nend\n";
        PolicyFile file = PolicyFile.parse(text);
        assertThat(file.text(), is(text));
        assertThat(file.rules().stream().map(PolicyFile.CompiledRule::id).toList(),
                contains("a9", "a10", "a11", "a12", "a13", "b14", "b15", "b17", "b07", "b08"));
        assertThat(file.rules().get(3).endpoint(), is(Endpoint.parse("*.c.example:80")));
    }

    @Test
    void identifiersAreCountedWhereTheyCanBe() {
        assertThat(PolicyFile.nextId("a0"), is("a1"));
        assertThat(PolicyFile.nextId("7"), is("8"));
        assertThat(PolicyFile.nextId("x".repeat(62) + "9"), is("x".repeat(62) + "10"));
        for (String last : List.of("a", "a01", "a00", "a999999999", "a1234567890", "x".repeat(63) + "9")) {
            assertThat(last, PolicyFile.nextId(last), is((String) null));
        }
    }

    @Test
    void aFileThatTheHelperWouldRefuseForItsSizeIsNotRendered() {
        List<String> paths = IntStream.range(0, 20_000).mapToObj(i -> "/" + "x".repeat(3500) + i).toList();
        LaunchOptions options = LaunchOptions.builder().protectPaths(paths).build();
        PolicyException e = assertThrows(PolicyException.class,
                () -> PolicyFile.render(EffectivePolicy.resolve(List.of()), options));
        assertThat(e.getMessage(), containsString("at most 67108864"));
    }
}
