package io.jenkins.plugins.hardenrunner.engine.policy;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NestingTest {
    private static EffectivePolicy policy(String egress, String allowed, String blocked) {
        PolicyLayer.Builder layer = PolicyLayer.builder(Origin.STEP).egressPolicy(EgressPolicy.parse(egress));
        layer.allow(Endpoint.parseList(allowed == null ? "" : allowed));
        Endpoint.parseList(blocked == null ? "" : blocked).forEach(endpoint -> layer.block(new BlockedEndpoint(endpoint, "")));
        return EffectivePolicy.resolve(List.of(layer.build()));
    }

    private static List<String> allowed(EffectivePolicy policy) {
        return policy.rules().stream()
                .filter(rule -> rule.action() == Rule.Action.ALLOW)
                .map(rule -> rule.endpoint().toString())
                .toList();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", value = {
        // outer: mode, allowed; inner: mode, allowed; expected: mode, allowed
        "block | a.example b.example    | block | b.example c.example   | block | b.example:443",
        "block | *.a.example:*          | block | x.a.example:80,443    | block | x.a.example:80,443",
        "block | x.a.example            | block | *.a.example:1-1000    | block | x.a.example:443",
        "block | 192.0.2.0/24:*         | block | 192.0.2.7:22          | block | 192.0.2.7:22",
        "block | a.example              | block | -                     | block | -",
        "block | -                      | block | a.example             | block | -",
        "block | udp://a.example:53     | block | a.example:53          | block | -",
        "block | a.example              | audit | b.example             | block | a.example:443",
        "audit | a.example              | block | b.example             | block | b.example:443",
        "audit | a.example              | audit | b.example             | audit | b.example:443",
        "audit | a.example              | audit | -                     | audit | a.example:443",
    })
    void allowsWhatBothAllow(String outer, String outerList, String inner, String innerList, String mode, String list) {
        EffectivePolicy both = policy(inner, innerList, null).within(policy(outer, outerList, null));
        assertThat(both.egressPolicy().token(), is(mode));
        assertThat(String.join(" ", allowed(both)), is(list == null ? "" : list));
    }

    /** With the file policy block such a rule lets install scripts write. */
    @Test
    void packagesWriteWhatBothLetThemWrite() {
        EffectivePolicy outer = EffectivePolicy.resolve(List.of(PolicyLayer.builder(Origin.STEP).filePolicy(FilePolicy.BLOCK)
                .expectChange("a by package:x").build()));
        EffectivePolicy inner = EffectivePolicy.resolve(List.of(PolicyLayer.builder(Origin.STEP)
                .expectChange("a by package:x").expectChange("b by package:x").expectChange("c by prettier").build()));
        assertThat(inner.within(outer).expectedChanges().stream().map(ExpectedChange::text).toList(),
                contains("a by package:x", "c by prettier"));
    }

    @Test
    void modesAreTheStricterOnesAndSayWhoDecided() {
        EffectivePolicy outer = EffectivePolicy.resolve(List.of(PolicyLayer.builder(Origin.STEP)
                .egressPolicy(EgressPolicy.BLOCK).loopback(LoopbackPolicy.OWN).inbound(InboundPolicy.LOOPBACK)
                .filePolicy(FilePolicy.OFF).build()));
        EffectivePolicy inner = EffectivePolicy.resolve(List.of(PolicyLayer.builder(Origin.STEP)
                .egressPolicy(EgressPolicy.AUDIT).filePolicy(FilePolicy.AUDIT).onViolation(OnViolation.WARN).sni(SniPolicy.OFF).build()));
        EffectivePolicy both = inner.within(outer);
        assertThat(both.loopback(), is(LoopbackPolicy.OWN));
        assertThat(both.inbound(), is(InboundPolicy.LOOPBACK));
        assertThat(both.sni(), is(SniPolicy.CHECK));
        assertThat(both.filePolicy(), is(FilePolicy.AUDIT));
        assertThat(both.onViolation(), is(OnViolation.FAIL));
        assertThat(both.onUnsupported(), is(OnUnsupported.FAIL));
        TraceEntry egress = both.trace().stream().filter(entry -> entry.setting().equals("egressPolicy")).findFirst().orElseThrow();
        assertThat(egress.value(), is("block"));
        assertThat(egress.origin().label(), containsString("outer block"));
        assertThat(egress.overruled(), contains(new TraceEntry.Overruled("audit", Origin.STEP)));
    }

    @Test
    void blockListsAddUpAndIdsStayUnique() {
        EffectivePolicy both = policy("block", "a.example", "x.example").within(policy("audit", "", "x.example y.example"));
        assertThat(both.rules().stream().map(rule -> rule.id() + " " + rule.endpoint()).toList(),
                contains("a1 a.example:443", "b1 x.example:443", "b2 y.example:443"));
    }

    @Test
    void nameServersOfAnOuterBlockHold() {
        DnsUpstream server = DnsUpstream.parse("127.0.0.1:5353");
        EffectivePolicy inner = EffectivePolicy.resolve(List.of(PolicyLayer.builder(Origin.STEP).dnsUpstream(server).build()));
        assertThat(inner.within(policy("block", "a.example", null)).dnsUpstreams(), empty());
        assertThat(inner.within(policy("audit", null, null)).dnsUpstreams(), contains(server));
    }

    /** Whatever the policies: what gets through the nested one gets through each of both. */
    @Test
    void nothingPassesThatOneWouldRefuse() {
        String[] pool = {"a.example", "*.a.example:*", "x.a.example:80", "b.example:1-500", "192.0.2.0/24:*", "192.0.2.7:443",
            "udp://a.example:53", "[2001:db8::/32]:443"};
        List<Target> targets = new ArrayList<>();
        for (String name : List.of("a.example", "x.a.example", "b.example", "c.example")) {
            for (int port : new int[] {53, 80, 443}) {
                targets.add(new Target(Protocol.TCP, name, null, port));
                targets.add(new Target(Protocol.UDP, name, null, port));
            }
        }
        for (String address : List.of("192.0.2.7", "192.0.2.9", "2001:db8::5", "169.254.169.254", "127.0.0.1")) {
            targets.add(new Target(Protocol.TCP, null, IpAddress.parse(address), 443));
        }
        Random random = new Random(20261123);
        for (int round = 0; round < 3000; round++) {
            EffectivePolicy outer = random(random, pool);
            EffectivePolicy inner = random(random, pool);
            EffectivePolicy both = inner.within(outer);
            for (Target target : targets) {
                boolean refused = outer.decide(target).verdict() == Verdict.BLOCKED
                        || inner.decide(target).verdict() == Verdict.BLOCKED;
                if (refused) {
                    assertThat(target + " in " + allowed(both), both.decide(target).verdict(), is(Verdict.BLOCKED));
                }
            }
        }
    }

    private static EffectivePolicy random(Random random, String[] pool) {
        StringBuilder allow = new StringBuilder();
        StringBuilder block = new StringBuilder();
        for (String entry : pool) {
            int choice = random.nextInt(6);
            (choice < 3 ? allow : choice == 3 ? block : new StringBuilder()).append(' ').append(entry);
        }
        return policy(random.nextBoolean() ? "block" : "audit", allow.toString(), block.toString());
    }
}
