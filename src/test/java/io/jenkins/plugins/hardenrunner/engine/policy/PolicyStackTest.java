package io.jenkins.plugins.hardenrunner.engine.policy;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PolicyStackTest {
    private static final PolicyLayer NOTHING = PolicyLayer.builder(Origin.STEP).build();

    private static EffectivePolicy resolve(PolicyLayer step, String name, String... places) {
        List<PolicyScope> scopes = new ArrayList<>();
        for (int i = 0; i < places.length; i++) {
            scopes.add(Scopes.yaml("f" + (i + 1), "version: 1\n" + places[i]));
        }
        return EffectivePolicy.resolve(new PolicyStack(scopes).layers(List.of(step), name));
    }

    private static PolicyLayer step(String allowed) {
        return PolicyLayer.builder(Origin.STEP).allow(Endpoint.parseList(allowed)).build();
    }

    private static List<String> allowed(EffectivePolicy policy) {
        return policy.rules().stream().filter(rule -> rule.action() == Rule.Action.ALLOW).map(rule -> rule.endpoint().toString()).toList();
    }

    private static TraceEntry trace(EffectivePolicy policy, String setting) {
        return policy.trace().stream().filter(entry -> entry.setting().equals(setting)).findFirst().orElseThrow();
    }

    @Test
    void aPresetExpandsVisibly() {
        EffectivePolicy policy = resolve(NOTHING, "team", "policies: {team: {extends: [pypi], allowedEndpoints: [a.example]}}");
        assertThat(allowed(policy), contains("a.example:443", "files.pythonhosted.org:443", "pypi.org:443"));
        assertThat(policy.rule("a1").origin().label(), is("policy file f1, policy 'team'"));
        assertThat(policy.rule("a2").origin().label(), is("preset 'pypi'"));
    }

    @Test
    void aStepNamesAPresetDirectly() {
        assertThat(allowed(resolve(NOTHING, "go")), contains("proxy.golang.org:443", "sum.golang.org:443"));
    }

    @Test
    void theNearestPlaceThatNamesAPolicyDecidesWhichHolds() {
        String inner = "policy: x";
        String outer = "policy: y\npolicies: {x: {allowedEndpoints: [x.example]}, y: {allowedEndpoints: [y.example]}, z: {allowedEndpoints: [z.example]}}";
        assertThat(allowed(resolve(NOTHING, null, inner, outer)), contains("x.example:443"));
        assertThat(allowed(resolve(NOTHING, null, "", outer)), contains("y.example:443"));
        assertThat(allowed(resolve(NOTHING, "z", inner, outer)), contains("z.example:443"));
    }

    @Test
    void aFolderRefinesThePolicyOfTheSameName() {
        EffectivePolicy policy = resolve(NOTHING, "x", "policies: {x: {extends: [x], egressPolicy: block, allowedEndpoints: [in.example]}}",
                "policies: {x: {egressPolicy: audit, allowedEndpoints: [out.example]}}");
        assertThat(allowed(policy), contains("in.example:443", "out.example:443"));
        assertThat(trace(policy, "egressPolicy").toString(), containsString("value=block"));
        assertThat(trace(policy, "egressPolicy").overruled(), contains(new TraceEntry.Overruled("audit", new Origin(Origin.Kind.FILE, "f2, policy 'x'"))));
    }

    @Test
    void aPlaceDoesNotSeeThePoliciesInsideIt() {
        PolicyException e = assertThrows(PolicyException.class,
                () -> resolve(NOTHING, "y", "policies: {x: {}}", "policies: {y: {extends: [x]}}"));
        assertThat(e.getMessage(), containsString("the policy 'x', which the policy 'y' names, is not defined"));
    }

    @Test
    void ofParentsTheStricterHoldsInWhateverOrder() {
        String policies = "policies: {p: {extends: [%s]}, a: {egressPolicy: audit, loopback: own}, b: {egressPolicy: block, loopback: allow}}";
        for (String order : List.of("a, b", "b, a")) {
            EffectivePolicy policy = resolve(NOTHING, "p", String.format(policies, order));
            assertThat(policy.egressPolicy(), is(EgressPolicy.BLOCK));
            assertThat(policy.loopback(), is(LoopbackPolicy.OWN));
        }
    }

    @Test
    void circlesAreNamed() {
        PolicyException e = assertThrows(PolicyException.class,
                () -> resolve(NOTHING, "s", "policies: {s: {extends: [a]}, a: {extends: [b]}, b: {extends: [c, go]}, c: {extends: [a]}}"));
        assertThat(e.getMessage(), is("policies extend each other in a circle: 'a' extends 'b' extends 'c' extends 'a'"));
        assertThrows(PolicyException.class, () -> resolve(NOTHING, "s", "policies: {s: {extends: [s]}}"));
    }

    @Test
    void unknownNamesAreRefusedWithWhatIsKnown() {
        assertThat(assertThrows(PolicyException.class, () -> resolve(NOTHING, "pipy")).getMessage(), containsString("did you mean 'pypi'?"));
        assertThat(assertThrows(PolicyException.class, () -> resolve(NOTHING, "npm")).getMessage(),
                containsString("there is no preset for it: define a policy 'npm' with the hosts of your registry"));
        assertThat(assertThrows(PolicyException.class, () -> resolve(NOTHING, "elsewhere")).getMessage(), containsString("known are crates, docker-hub"));
    }

    @Test
    void aCeilingCutsWhatStepsAllowAndSaysSo() {
        EffectivePolicy policy = resolve(step("*.example.com:443 *.example.org other.test deep.a.example:80,443"), null, "ceiling: ['*.a.example:443', '*.a.example.com:443', b.example.org]");
        assertThat(allowed(policy), contains("b.example.org:443", "deep.a.example:443", "*.a.example.com:443"));
        assertThat(trace(policy, "allow other.test:443"), is(new TraceEntry("allow other.test:443", "not allowed",
                new Origin(Origin.Kind.CEILING, "policy file f1"), List.of(new TraceEntry.Overruled("allow", Origin.STEP)))));
        assertThat(trace(policy, "allow deep.a.example:80,443").value(), is("only deep.a.example:443"));
        assertThat(policy.decide(Target.parse("other.test:443")).reason(),
                is("no allow rule matches: the rule 'other.test:443' of step does, but goes beyond the ceiling of policy file f1"));
    }

    @Test
    void aCeilingDoesNotCutWhatItsOwnPlaceAllows() {
        String place = "ceiling: []\nallowedEndpoints: [own.example]\npolicies: {x: {extends: [go], allowedEndpoints: [x.example]}}";
        assertThat(allowed(resolve(step("other.example own.example"), "x", place)),
                contains("own.example:443", "x.example:443", "proxy.golang.org:443", "sum.golang.org:443"));
        assertThat(allowed(resolve(NOTHING, "go", place)), contains("own.example:443"));
    }

    @Test
    void underACeilingSocketsAndCapabilitiesAreThoseOfItsPlace() {
        PolicyScope folder = Scopes.yaml("f", "version: 1\nallowedSockets: [/run/docker.sock, /run/db.sock]\nkeptCapabilities: [CAP_SYS_ADMIN]");
        PolicyScope global = Scopes.yaml("g", "version: 1\nceiling: []\nallowedSockets: [/run/db.sock]");
        EffectivePolicy policy = EffectivePolicy.resolve(new PolicyStack(List.of(folder, global)).layers(List.of(), null));
        assertThat(policy.allowedSockets(), contains("/run/db.sock"));
        assertThat(policy.keptCapabilities(), is(empty()));
        assertThat(policy.trace().stream().filter(entry -> entry.value().equals("not allowed")).map(TraceEntry::setting).toList(),
                containsInAnyOrder("allow socket /run/docker.sock", "keep CAP_SYS_ADMIN"));
    }

    /** With the file policy block such a rule lets install scripts write. */
    @Test
    void underACeilingPackagesGetNoMoreThanItsPlaceGives() {
        PolicyScope folder = Scopes.yaml("f", "version: 1\nexpectedChanges: ['a by package:x', 'b by package:x', 'c by prettier']");
        PolicyScope global = Scopes.yaml("g", "version: 1\nceiling: []\nexpectedChanges: ['a by package:x']");
        EffectivePolicy policy = EffectivePolicy.resolve(new PolicyStack(List.of(folder, global)).layers(List.of(), null));
        assertThat(policy.expectedChanges().stream().map(ExpectedChange::text).toList(), contains("a by package:x", "c by prettier"));
        assertThat(policy.trace().stream().filter(entry -> entry.value().equals("not allowed")).map(TraceEntry::setting).toList(),
                contains("expectedChanges b by package:x"));
    }

    @Test
    void aFolderIsUnderTheGlobalCeilingToo() {
        EffectivePolicy policy = resolve(NOTHING, "mine", "allowedEndpoints: [f.example]\npolicies: {mine: {extends: [pypi], allowedEndpoints: [m.example]}}",
                "ceiling: [pypi.org]");
        assertThat(allowed(policy), contains("pypi.org:443"));
    }

    @Test
    void aBaselineIsUnderTheCeiling() {
        PolicyLayer baseline = PolicyLayer.ofBaseline("team/app", List.of(
                new AllowedEndpoint(Endpoint.parse("a.example"), "accepted by alice"), new AllowedEndpoint(Endpoint.parse("b.example"), "accepted by bob")));
        PolicyScope global = Scopes.yaml("g", "version: 1\nceiling: [a.example]");
        EffectivePolicy policy = EffectivePolicy.resolve(new PolicyStack(List.of(global)).layers(List.of(NOTHING, baseline), null));
        assertThat(allowed(policy), contains("a.example:443"));
        assertThat(policy.rule("a1").reason(), is("accepted by alice"));
        assertThat(policy.rule("a1").origin().label(), is("accepted baseline of 'team/app'"));
    }

    @Test
    void anAllowRuleThatABlockRuleCoversIsInTheTrace() {
        EffectivePolicy policy = resolve(step("x.evil.example fine.example"), null, "blockedEndpoints: ['*.evil.example:*']");
        assertThat(trace(policy, "allow x.evil.example:443").value(), is("blocked"));
        assertThat(policy.trace().stream().map(TraceEntry::setting).toList(), not(hasItems("allow fine.example:443")));
    }

    @Test
    void aFloorNeverLowers() {
        EffectivePolicy policy = resolve(NOTHING, null, "floor: {egressPolicy: audit}", "egressPolicy: block");
        assertThat(policy.egressPolicy(), is(EgressPolicy.BLOCK));
        assertThat(trace(policy, "egressPolicy").overruled(), empty());
    }

    @Test
    void whereverPoliciesAreDefinedTwiceOrWithOddNamesIsSaid() {
        assertThat(assertThrows(PolicyException.class, () -> new NamedPolicy("a b", "", List.of(), NOTHING)).getMessage(), containsString("'a b' is not a policy's name"));
        NamedPolicy x = new NamedPolicy("x", "", List.of(), NOTHING);
        assertThat(assertThrows(PolicyException.class, () -> PolicyScope.builder(Origin.STEP).policy(x).policy(x).build()).getMessage(), containsString("'x' is defined twice"));
    }
}
