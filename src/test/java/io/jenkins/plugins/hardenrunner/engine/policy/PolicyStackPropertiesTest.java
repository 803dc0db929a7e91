package io.jenkins.plugins.hardenrunner.engine.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.PropertyDefaults;
import net.jqwik.api.Provide;

@PropertyDefaults(tries = 400, edgeCases = EdgeCasesMode.NONE)
class PolicyStackPropertiesTest {
    /** A step, a folder in a folder, and the global configuration. */
    record Chain(PolicyLayer step, String name, List<PolicyScope> places) {
        List<PolicyLayer> layers() {
            return new PolicyStack(places).layers(List.of(step), name);
        }

        EffectivePolicy resolve() {
            return EffectivePolicy.resolve(layers());
        }
    }

    @Property
    void nothingWeakensAFloor(@ForAll("chains") Chain chain) {
        EffectivePolicy policy = chain.resolve();
        for (PolicyScope place : chain.places) {
            PolicyLayer floor = place.floor();
            if (floor != null) {
                atLeast(floor.egressPolicy(), policy.egressPolicy());
                atLeast(floor.filePolicy(), policy.filePolicy());
                atLeast(floor.credentialPolicy(), policy.credentialPolicy());
                atLeast(floor.loopback(), policy.loopback());
                atLeast(floor.inbound(), policy.inbound());
                atLeast(floor.sni(), policy.sni());
                atLeast(floor.onViolation(), policy.onViolation());
                atLeast(floor.onDeviation(), policy.onDeviation());
                atLeast(floor.onUnsupported(), policy.onUnsupported());
                assertTrue(floor.metadataAllowed() == null || floor.metadataAllowed() || !policy.metadataAllowed());
            }
        }
    }

    private static <E extends Enum<E>> void atLeast(E floor, E value) {
        assertTrue(floor == null || value.compareTo(floor) >= 0, () -> value + " is weaker than the floor " + floor);
    }

    @Property
    void aFloorOfBlockIsEnforcedOrTheBlockDoesNotRun(@ForAll("chains") Chain chain) {
        EffectivePolicy policy = chain.resolve();
        boolean demanded = chain.places.stream().map(PolicyScope::floor)
                .anyMatch(floor -> floor != null && floor.egressPolicy() == EgressPolicy.BLOCK && floor.onUnsupported() == null);
        assertTrue(!demanded || policy.onUnsupported() == OnUnsupported.FAIL);
    }

    @Property
    void noPlaceLosesAnEntryOfItsBlockList(@ForAll("chains") Chain chain) {
        Set<Endpoint> blocked = chain.resolve().rules().stream().filter(rule -> rule.action() == Rule.Action.BLOCK)
                .map(Rule::endpoint).collect(Collectors.toSet());
        chain.places.forEach(place -> place.settings().blocked().forEach(entry -> assertTrue(blocked.contains(entry.endpoint()))));
        chain.step.blocked().forEach(entry -> assertTrue(blocked.contains(entry.endpoint())));
    }

    /** Judged by destinations and by a way of its own, not by the engine's arithmetic of endpoints. */
    @Property
    void nothingExceedsACeiling(@ForAll("chains") Chain chain, @ForAll("targets") Target target) {
        List<PolicyLayer> layers = chain.layers();
        EffectivePolicy policy = EffectivePolicy.resolve(layers);
        boolean allowed = policy.rules().stream().anyMatch(rule -> rule.action() == Rule.Action.ALLOW && matches(rule.endpoint(), target));
        for (PolicyLayer limit : layers) {
            if (limit.ceiling() != null) {
                boolean within = limit.ceiling().stream().anyMatch(endpoint -> matches(endpoint, target))
                        || layers.stream().filter(layer -> layer.scope() >= limit.scope())
                                .anyMatch(layer -> layer.allowed().stream().anyMatch(endpoint -> matches(endpoint, target)));
                assertTrue(within || !allowed, () -> target + " is allowed beyond the ceiling " + limit.ceiling());
            }
        }
    }

    @Property
    void aCeilingTakesNothingAwayThatItAllows(@ForAll("chains") Chain chain, @ForAll("targets") Target target) {
        List<PolicyLayer> layers = chain.layers();
        EffectivePolicy policy = EffectivePolicy.resolve(layers);
        boolean everywhere = layers.stream().filter(layer -> layer.ceiling() != null)
                .allMatch(layer -> layer.ceiling().stream().anyMatch(endpoint -> matches(endpoint, target)));
        boolean wanted = layers.stream().anyMatch(layer -> layer.allowed().stream().anyMatch(endpoint -> matches(endpoint, target)));
        boolean allowed = policy.rules().stream().anyMatch(rule -> rule.action() == Rule.Action.ALLOW && matches(rule.endpoint(), target));
        assertTrue(!everywhere || !wanted || allowed);
    }

    private static boolean matches(Endpoint endpoint, Target target) {
        return endpoint.protocol() == target.protocol() && endpoint.ports().contains(target.port())
                && (target.name() != null ? endpoint.matchesName(target.name()) : endpoint.matchesAddress(target.address()));
    }

    @Property
    void theOrderOfDeclarationsDoesNotMatter(@ForAll("chains") Chain chain, @ForAll Random random) {
        Chain shuffled = new Chain(shuffled(chain.step, random), chain.name,
                chain.places.stream().map(place -> shuffled(place, random)).toList());
        EffectivePolicy one = chain.resolve();
        EffectivePolicy other = shuffled.resolve();
        assertEquals(one.rules(), other.rules());
        assertEquals(PolicyFile.render(one, LaunchOptions.NONE), PolicyFile.render(other, LaunchOptions.NONE));
        assertEquals(modes(one), modes(other));
        assertEquals(new HashSet<>(one.protectedGlobs()), new HashSet<>(other.protectedGlobs()));
    }

    /** Name servers keep their order: it is the one in which they are asked. */
    private static PolicyLayer shuffled(PolicyLayer layer, Random random) {
        return new PolicyLayer(layer.origin(), layer.egressPolicy(), layer.filePolicy(), layer.credentialPolicy(), layer.loopback(),
                layer.inbound(), layer.sni(), layer.metadataAllowed(), layer.onViolation(), layer.onDeviation(), layer.onUnsupported(), mixed(layer.allowRules(), random),
                mixed(layer.blocked(), random), layer.dnsUpstreams(), mixed(layer.protectedGlobs(), random),
                mixed(layer.credentialPaths(), random), mixed(layer.allowedSockets(), random), mixed(layer.keptCapabilities(), random),
                mixed(layer.expectedChanges(), random),
                layer.ceiling() == null ? null : mixed(layer.ceiling(), random), layer.floor(), layer.scope(), layer.peer());
    }

    private static PolicyScope shuffled(PolicyScope place, Random random) {
        List<NamedPolicy> policies = new ArrayList<>();
        for (NamedPolicy policy : mixed(place.policies(), random)) {
            policies.add(new NamedPolicy(policy.name(), policy.description(), mixed(policy.parents(), random), shuffled(policy.content(), random)));
        }
        PolicyScope.Builder copy = PolicyScope.builder(place.origin()).settings(shuffled(place.settings(), random)).floor(place.floor())
                .defaultPolicy(place.defaultPolicy()).policies(policies);
        mixed(place.parents(), random).forEach(copy::parent);
        return copy.build();
    }

    private static <T> List<T> mixed(List<T> list, Random random) {
        List<T> mixed = new ArrayList<>(list);
        Collections.shuffle(mixed, random);
        return mixed;
    }

    private static List<TraceEntry> modes(EffectivePolicy policy) {
        return policy.trace().stream().filter(entry -> !entry.setting().startsWith("allow ")).map(entry ->
                new TraceEntry(entry.setting(), entry.value(), entry.origin(), List.of())).toList();
    }

    @Property
    void aPlaceReadsBackAsItWasPrinted(@ForAll("place") PolicyScope place) {
        String text = PolicyText.yaml(place);
        assertEquals(place, Scopes.yaml("p.yaml", text), text);
        assertEquals(text, PolicyText.yaml(Scopes.yaml("p.yaml", text)));
    }

    @Property
    void theIntersectionMatchesWhatBothMatch(@ForAll("endpoints") Endpoint a, @ForAll("endpoints") Endpoint b, @ForAll("targets") Target target) {
        Endpoint both = a.intersection(b);
        assertEquals(matches(a, target) && matches(b, target), both != null && matches(both, target));
        assertTrue(!a.covers(b) || !matches(b, target) || matches(a, target));
        assertEquals(a.covers(b), b.equals(b.intersection(a)) && b.equals(a.intersection(b)));
    }

    @Provide
    static Arbitrary<Chain> chains() {
        return Combinators.combine(Scopes.layer(Origin.STEP, false), Arbitraries.of("n1", "pypi").injectNull(0.5),
                Scopes.scope("inner"), Scopes.scope("outer"), Scopes.scope("global")).as((step, name, inner, outer, global) -> {
            List<PolicyScope> places = List.of(inner, outer, global);
            boolean known = name != null && new PolicyStack(places).names().contains(name);
            return new Chain(step, known ? name : null, places);
        });
    }

    @Provide
    static Arbitrary<PolicyScope> place() {
        return Scopes.scope("p.yaml");
    }

    @Provide
    static Arbitrary<Endpoint> endpoints() {
        return Scopes.endpoints();
    }

    @Provide
    static Arbitrary<Target> targets() {
        return Scopes.targets();
    }
}
