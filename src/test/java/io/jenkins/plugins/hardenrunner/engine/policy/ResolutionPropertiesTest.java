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
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ResolutionPropertiesTest {
    @Property
    void noLayerWeakensAFloor(@ForAll("layers") List<PolicyLayer> layers) {
        EffectivePolicy policy = EffectivePolicy.resolve(layers);
        for (PolicyLayer layer : layers) {
            if (layer.floor()) {
                assertTrue(layer.egressPolicy() == null || policy.egressPolicy().compareTo(layer.egressPolicy()) >= 0);
                assertTrue(layer.filePolicy() == null || policy.filePolicy().compareTo(layer.filePolicy()) >= 0);
                assertTrue(layer.loopback() == null || policy.loopback().compareTo(layer.loopback()) >= 0);
                assertTrue(layer.metadataAllowed() == null || layer.metadataAllowed() || !policy.metadataAllowed());
            }
        }
    }

    @Property
    void noBlockListEntryIsLost(@ForAll("layers") List<PolicyLayer> layers) {
        Set<Endpoint> blocked = EffectivePolicy.resolve(layers).rules().stream()
                .filter(rule -> rule.action() == Rule.Action.BLOCK).map(Rule::endpoint).collect(Collectors.toSet());
        layers.forEach(layer -> layer.blocked().forEach(entry -> assertTrue(blocked.contains(entry.endpoint()))));
    }

    @Property
    void theVerdictDoesNotDependOnTheOrderOfRules(@ForAll("layers") List<PolicyLayer> layers, @ForAll Random random,
            @ForAll("hosts") String host) {
        Target target = Target.parse(host);
        List<PolicyLayer> shuffled = new ArrayList<>();
        for (PolicyLayer layer : layers) {
            List<AllowedEndpoint> allowed = new ArrayList<>(layer.allowRules());
            List<BlockedEndpoint> blocked = new ArrayList<>(layer.blocked());
            Collections.shuffle(allowed, random);
            Collections.shuffle(blocked, random);
            shuffled.add(new PolicyLayer(layer.origin(), layer.egressPolicy(), layer.filePolicy(), layer.credentialPolicy(),
                    layer.loopback(), layer.inbound(), layer.sni(), layer.metadataAllowed(), layer.onViolation(),
                    layer.onDeviation(), layer.onUnsupported(),
                    allowed, blocked, layer.dnsUpstreams(), layer.protectedGlobs(), List.of(), List.of(), List.of(), List.of(), null, layer.floor(), 0, false));
        }
        assertEquals(EffectivePolicy.resolve(layers).decide(target).verdict(), EffectivePolicy.resolve(shuffled).decide(target).verdict());
    }

    @Property
    void idsAreUniqueAndEachSettingHasOneTraceEntry(@ForAll("layers") List<PolicyLayer> layers) {
        EffectivePolicy policy = EffectivePolicy.resolve(layers);
        Set<String> ids = new HashSet<>();
        policy.rules().forEach(rule -> assertTrue(ids.add(rule.id())));
        Set<String> settings = new HashSet<>();
        policy.trace().forEach(entry -> assertTrue(settings.add(entry.setting()), entry.toString()));
    }

    @Property
    void theCompiledFileReadsBackToItself(@ForAll("layers") List<PolicyLayer> layers, @ForAll("options") LaunchOptions options) {
        PolicyFile file = PolicyFile.compile(EffectivePolicy.resolve(layers), options);
        assertEquals(file, PolicyFile.parse(file.text()));
    }

    @Provide
    static Arbitrary<String> hosts() {
        return Arbitraries.of("a.example:443", "b.example:443", "x.a.example:443", "192.0.2.5:443", "127.0.0.1:80",
                "169.254.169.254:80", "udp://a.example:53");
    }

    @Provide
    static Arbitrary<LaunchOptions> options() {
        Arbitrary<String> path = Arbitraries.strings().withChars("abc %\n\t\u00fc\u20ac~!.\u007f\ud83d\ude00").ofMinLength(1).ofMaxLength(20)
                .filter(text -> text.chars().noneMatch(c -> Character.isSurrogate((char) c)))
                .map(text -> "/" + text);
        Arbitrary<List<String>> paths = path.list().ofMaxSize(5);
        return Combinators.combine(Arbitraries.strings().withChars("0123456789abcdef").ofMaxLength(64), paths, paths, paths, paths,
                        Arbitraries.integers().between(1, 100_000_000).injectNull(0.5), Arbitraries.of(OnUnsupported.class).injectNull(0.5))
                .as((nonce, own, protect, write, credentials, limit, unsupported) -> LaunchOptions.builder().nonce(nonce).ownPaths(own)
                        .protectPaths(protect).fsWrite(write).credentialPaths(credentials).limitEvents(limit).onUnsupported(unsupported).build());
    }

    @Provide
    static Arbitrary<List<PolicyLayer>> layers() {
        Arbitrary<Endpoint> endpoint = Arbitraries.of("a.example:443", "*.a.example:*", "b.example:80,443", "192.0.2.0/24:443",
                "[2001:db8::/32]:1-1024", "udp://a.example:53", "127.0.0.1:80").map(Endpoint::parse);
        Arbitrary<PolicyLayer> layer = Combinators.combine(
                        Arbitraries.of(EgressPolicy.class).injectNull(0.5), Arbitraries.of(FilePolicy.class).injectNull(0.5),
                        Arbitraries.of(CredentialPolicy.class).injectNull(0.5), Arbitraries.of(LoopbackPolicy.class).injectNull(0.5),
                        Arbitraries.of(true, false).injectNull(0.5), endpoint.list().ofMaxSize(4), endpoint.list().ofMaxSize(3),
                        Arbitraries.of(true, false))
                .as((egress, files, credentials, loopback, metadata, allowed, blocked, floor) -> PolicyLayer.builder(Origin.STEP)
                        .egressPolicy(egress).filePolicy(files).credentialPolicy(credentials).loopback(loopback).metadataAllowed(metadata)
                        .allow(allowed).block(blocked.stream().map(BlockedEndpoint::new).toList())
                        .dnsUpstream(DnsUpstream.parse("192.0.2.53:5353")).floor(floor).build());
        return layer.list().ofMaxSize(4);
    }
}
