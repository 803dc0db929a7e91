package io.jenkins.plugins.hardenrunner.engine.policy;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EffectivePolicyTest {
    private static final Origin GLOBAL = new Origin(Origin.Kind.GLOBAL, "default");

    private static PolicyLayer.Builder step() {
        return PolicyLayer.builder(Origin.STEP);
    }

    private static PolicyLayer.Builder global() {
        return PolicyLayer.builder(GLOBAL);
    }

    @Test
    void withoutLayersTheDefaultsHold() {
        EffectivePolicy policy = EffectivePolicy.resolve(List.of());
        assertThat(policy.egressPolicy(), is(EgressPolicy.AUDIT));
        assertThat(policy.filePolicy(), is(FilePolicy.AUDIT));
        assertThat(policy.credentialPolicy(), is(CredentialPolicy.OFF));
        assertThat(policy.loopback(), is(LoopbackPolicy.ALLOW));
        assertThat(policy.metadataAllowed(), is(false));
        assertThat(policy.onViolation(), is(OnViolation.WARN));
        assertThat(policy.onUnsupported(), is(OnUnsupported.WARN));
    }

    @Test
    void blockFailsOnViolationsAndOnMissingProtectionsUnlessSomebodySaysOtherwise() {
        EffectivePolicy policy = EffectivePolicy.resolve(List.of(step().egressPolicy(EgressPolicy.BLOCK).build()));
        assertThat(policy.onViolation(), is(OnViolation.FAIL));
        assertThat(policy.onUnsupported(), is(OnUnsupported.FAIL));
        EffectivePolicy lenient = EffectivePolicy.resolve(List.of(
                step().egressPolicy(EgressPolicy.BLOCK).onViolation(OnViolation.WARN).build()));
        assertThat(lenient.onViolation(), is(OnViolation.WARN));
    }

    @Test
    void theNearestLayerDecidesAndTheTraceSaysWhoWasOverruled() {
        EffectivePolicy policy = EffectivePolicy.resolve(List.of(
                step().egressPolicy(EgressPolicy.AUDIT).build(), global().egressPolicy(EgressPolicy.BLOCK).build()));
        assertThat(policy.egressPolicy(), is(EgressPolicy.AUDIT));
        TraceEntry entry = policy.trace().get(0);
        assertThat(entry.origin(), is(Origin.STEP));
        assertThat(entry.overruled(), contains(new TraceEntry.Overruled("block", GLOBAL)));
    }

    @Test
    void aFloorRaisesAWeakerStepAndTheTraceSaysSo() {
        EffectivePolicy policy = EffectivePolicy.resolve(List.of(
                step().egressPolicy(EgressPolicy.AUDIT).build(),
                global().egressPolicy(EgressPolicy.BLOCK).floor(true).build()));
        assertThat(policy.egressPolicy(), is(EgressPolicy.BLOCK));
        assertThat(policy.trace().get(0).origin(), is(GLOBAL));
        assertThat(policy.trace().get(0).overruled(), contains(new TraceEntry.Overruled("audit", Origin.STEP)));
    }

    @Test
    void aFloorDoesNotWeakenAStrongerStep() {
        EffectivePolicy policy = EffectivePolicy.resolve(List.of(
                step().egressPolicy(EgressPolicy.BLOCK).build(),
                global().egressPolicy(EgressPolicy.AUDIT).floor(true).build()));
        assertThat(policy.egressPolicy(), is(EgressPolicy.BLOCK));
        assertThat(policy.trace().get(0).origin(), is(Origin.STEP));
    }

    @Test
    void nameServersAreTracedAsTheyAreWritten() {
        EffectivePolicy policy = EffectivePolicy.resolve(List.of(
                step().dnsUpstream(DnsUpstream.parse("192.0.2.53")).dnsUpstream(DnsUpstream.parse("[2001:db8::53]:5353")).build(),
                global().dnsUpstream(DnsUpstream.parse("192.0.2.54")).build()));
        TraceEntry entry = policy.trace().stream().filter(e -> e.setting().equals("dnsUpstreams")).findFirst().orElseThrow();
        assertThat(entry.value(), is("192.0.2.53:53 [2001:db8::53]:5353"));
        assertThat(entry.overruled(), contains(new TraceEntry.Overruled("192.0.2.54:53", GLOBAL)));
    }

    @Test
    void rulesAddUpInTheOrderOfLayersAndAnEqualRuleBelongsToTheNearest() {
        EffectivePolicy policy = EffectivePolicy.resolve(List.of(
                step().allow(Endpoint.parse("a.example")).allow(Endpoint.parse("b.example")).build(),
                global().allow(Endpoint.parse("A.example:443")).block(new BlockedEndpoint(Endpoint.parse("c.example"), "stolen")).build()));
        assertThat(policy.rules().stream().map(Rule::id).toList(), contains("a1", "a2", "b1"));
        assertThat(policy.rule("a1").origin(), is(Origin.STEP));
        assertThat(policy.rule("b1").reason(), is("stolen"));
        assertThat(policy.rule("default"), nullValue());
    }

    @Test
    void theReasonOfABlockListEntryIsNotLostWhenAStepRepeatsIt() {
        EffectivePolicy policy = EffectivePolicy.resolve(List.of(
                step().block(new BlockedEndpoint(Endpoint.parse("c.example"))).build(),
                global().block(new BlockedEndpoint(Endpoint.parse("c.example"), "stolen")).build()));
        assertThat(policy.rules().size(), is(1));
        assertThat(policy.rule("b1").reason(), is("stolen"));
        assertThat(policy.rule("b1").origin(), is(GLOBAL));
    }

    @Test
    void moreThanThreeNameServersAreRefused() {
        PolicyLayer.Builder layer = step();
        for (int i = 1; i <= 4; i++) {
            layer.dnsUpstream(DnsUpstream.parse("192.0.2." + i));
        }
        assertThat(assertThrows(PolicyException.class, layer::build).getMessage(), containsString("at most 3"));
    }

    /** The order of docs/policy-file.md: target | verdict in block | rule. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            blocked.example:443           | blocked | b1
            evil.wide.example:443         | blocked | b2
            good.wide.example:443         | allowed | a3
            good.wide.example:80          | blocked | default
            wide.example:443              | blocked | default
            exact.example:443             | allowed | a2
            udp://exact.example:443       | blocked | default
            192.0.2.9:443                 | allowed | a4
            192.0.2.66:443                | blocked | b3
            [::ffff:192.0.2.66]:443       | blocked | b3
            127.0.0.1:5432                | allowed | loopback
            [::1]:5432                    | allowed | loopback
            0.0.0.0:5432                  | allowed | loopback
            localhost:5432                | allowed | loopback
            169.254.169.254:80            | blocked | metadata
            [fd00:ec2::254]:80            | blocked | metadata
            [fd00:ec2::23]:80             | blocked | metadata
            [fd20:ce::254]:80             | blocked | metadata
            [fd00:c1::a9fe:a9fe]:80       | blocked | metadata
            [fd00:100::100:200]:80        | blocked | metadata
            [fd00:42::42]:80              | blocked | metadata
            [fd00:a9fe:a9fe::1]:80        | blocked | metadata
            [fd00:42::43]:80              | blocked | default
            168.63.129.16:80              | blocked | metadata
            192.0.0.192:80                | blocked | metadata
            255.255.255.255:80            | blocked | metadata
            198.51.100.1:443              | blocked | default
            """)
    void decidesInTheDocumentedOrder(String target, String verdict, String rule) {
        EffectivePolicy policy = EffectivePolicy.resolve(List.of(step()
                .egressPolicy(EgressPolicy.BLOCK)
                .allow(Endpoint.parseList("exact.example *.wide.example 192.0.2.0/24 blocked.example"))
                .block(Endpoint.parseList("blocked.example evil.wide.example 192.0.2.66").stream().map(BlockedEndpoint::new).toList())
                .build()));
        Decision decision = policy.decide(Target.parse(target));
        assertThat(decision.verdict().token(), is(verdict));
        assertThat(decision.ruleId(), is(rule));
    }

    @Test
    void auditLetsThroughWhatBlockWouldRefuseButNotWhatIsOnTheBlockList() {
        EffectivePolicy policy = EffectivePolicy.resolve(List.of(
                step().allow(Endpoint.parse("a.example")).block(new BlockedEndpoint(Endpoint.parse("b.example"))).build()));
        assertThat(policy.decide(Target.parse("c.example")).verdict(), is(Verdict.WOULD_BLOCK));
        assertThat(policy.decide(Target.parse("b.example")).verdict(), is(Verdict.BLOCKED));
    }

    @Test
    void loopbackOwnSubjectsLoopbackToTheRules() {
        PolicyLayer.Builder own = step().egressPolicy(EgressPolicy.BLOCK).loopback(LoopbackPolicy.OWN);
        EffectivePolicy none = EffectivePolicy.resolve(List.of(own.build()));
        assertThat(none.decide(Target.parse("127.0.1.9:8080")).ruleId(), is("default"));
        EffectivePolicy named = EffectivePolicy.resolve(List.of(own.allow(Endpoint.parse("127.0.1.9:8080")).build()));
        assertThat(named.decide(Target.parse("127.0.1.9:8080")).verdict(), is(Verdict.ALLOWED));
    }

    @Test
    void anAddressRuleWinsOverTheMetadataGuard() {
        EffectivePolicy policy = EffectivePolicy.resolve(List.of(
                step().egressPolicy(EgressPolicy.BLOCK).allow(Endpoint.parse("169.254.169.254:80")).build()));
        assertThat(policy.decide(Target.parse("169.254.169.254:80")).ruleId(), is("a1"));
    }

    @Test
    void theOwnerOfAnAllowedNameCannotOpenTheMetadataAddress() {
        Target target = new Target(Protocol.TCP, "allowed.example", IpAddress.parse("169.254.169.254"), 443);
        EffectivePolicy denied = EffectivePolicy.resolve(List.of(
                step().egressPolicy(EgressPolicy.BLOCK).allow(Endpoint.parse("allowed.example")).build()));
        assertThat(denied.decide(target).ruleId(), is("metadata"));
        EffectivePolicy free = EffectivePolicy.resolve(List.of(step().egressPolicy(EgressPolicy.BLOCK)
                .metadataAllowed(true).allow(Endpoint.parse("allowed.example")).build()));
        assertThat(free.decide(target).ruleId(), is("a1"));
    }

    @ParameterizedTest
    @CsvSource({"*.example.com:443, pattern", "192.0.2.0/24:80, network", "a.example:80-90, one port", "a.example:*, one port"})
    void aTargetIsOneDestination(String text, String message) {
        PolicyException e = assertThrows(PolicyException.class, () -> Target.parse(text));
        assertThat(e.getMessage(), containsString(message));
    }

    @Test
    void unknownTokensAreRefusedWithTheKnownOnesAndASuggestion() {
        PolicyException e = assertThrows(PolicyException.class, () -> EgressPolicy.parse("blok"));
        assertThat(e.getMessage(), containsString("allowed are audit, block; did you mean 'block'?"));
        assertThat(EgressPolicy.parse(" BLOCK "), is(EgressPolicy.BLOCK));
        assertThrows(PolicyException.class, () -> FilePolicy.parse(null));
    }
}
