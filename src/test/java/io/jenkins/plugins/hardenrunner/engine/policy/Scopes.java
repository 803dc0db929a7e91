package io.jenkins.plugins.hardenrunner.engine.policy;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Generated layers, named policies and chains of places, and places written down as YAML. */
final class Scopes {
    private static final List<String> NAMES = List.of("n1", "n2", "n3", "n4");

    private Scopes() {}

    /** A place from a policy document. */
    static PolicyScope yaml(String name, String text) {
        try {
            return PolicyDocument.scope(new YAMLMapper().readTree(text), name, pointer -> "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Arbitrary<Endpoint> endpoints() {
        return Arbitraries.of("a.example:443", "x.a.example:443", "*.a.example:*", "*.x.a.example:80,443", "b.example:80,443",
                "*.b.example:1-1024", "192.0.2.0/24:443", "192.0.2.5:80,443", "192.0.0.0/16:*", "[2001:db8::/32]:1-1024",
                "[2001:db8:1::1]:443", "udp://a.example:53", "127.0.0.1:80").map(Endpoint::parse);
    }

    static Arbitrary<Target> targets() {
        return Arbitraries.of("a.example:443", "b.example:80", "x.a.example:443", "y.x.a.example:80", "192.0.2.5:443",
                "192.0.7.1:80", "[2001:db8:1::1]:443", "127.0.0.1:80", "169.254.169.254:80", "udp://a.example:53").map(Target::parse);
    }

    static Arbitrary<PolicyLayer> layer(Origin origin, boolean floor) {
        Arbitrary<String> reason = Arbitraries.of("", "", "stolen", "ours # \"quoted\" \u00fc");
        Arbitrary<PolicyLayer.Builder> modes = Combinators.combine(
                        Arbitraries.of(EgressPolicy.class).injectNull(0.5), Arbitraries.of(FilePolicy.class).injectNull(0.5),
                        Arbitraries.of(CredentialPolicy.class).injectNull(0.5), Arbitraries.of(LoopbackPolicy.class).injectNull(0.5),
                        Arbitraries.of(true, false).injectNull(0.5), Arbitraries.of(OnViolation.class).injectNull(0.5),
                        Arbitraries.of(OnDeviation.class).injectNull(0.5), Arbitraries.of(OnUnsupported.class).injectNull(0.5))
                .as((egress, files, credentials, loopback, metadata, violation, deviation, unsupported) -> PolicyLayer.builder(origin)
                        .egressPolicy(egress).filePolicy(files).credentialPolicy(credentials).loopback(loopback).metadataAllowed(metadata)
                        .onViolation(violation).onDeviation(deviation).onUnsupported(unsupported).floor(floor));
        modes = Combinators.combine(modes, Arbitraries.of(InboundPolicy.class).injectNull(0.5),
                Arbitraries.of(SniPolicy.class).injectNull(0.5)).as((layer, inbound, sni) -> layer.inbound(inbound).sni(sni));
        if (floor) {
            return modes.map(PolicyLayer.Builder::build);
        }
        Arbitrary<List<AllowedEndpoint>> allowed = Combinators.combine(endpoints(), reason).as(AllowedEndpoint::new).list().ofMaxSize(4);
        Arbitrary<List<BlockedEndpoint>> blocked = Combinators.combine(endpoints(), reason).as(BlockedEndpoint::new).list().ofMaxSize(3);
        Arbitrary<List<String>> upstreams = Arbitraries.of("192.0.2.53:5353", "192.0.2.54:53", "[2001:db8::53]:53").list().ofMaxSize(2);
        Arbitrary<List<String>> paths = Arbitraries.of("Jenkinsfile", "ci/**", "a \"b\"\u00e9").list().ofMaxSize(2);
        return Combinators.combine(modes, allowed, blocked, upstreams, paths,
                Arbitraries.of("/run/x.sock", "/var/run/y z").list().ofMaxSize(2)).as((layer, allow, block, dns, globs, sockets) -> {
            dns.forEach(text -> layer.dnsUpstream(DnsUpstream.parse(text)));
            globs.forEach(layer::protect);
            sockets.forEach(layer::allowSocket);
            globs.forEach(path -> layer.credentialPath("~/" + path.replace("**", "x")));
            return layer.allowRules(allow).block(block).build();
        });
    }

    /** A place named {@code file} that may define policies without circles, a floor, a ceiling and a default. */
    static Arbitrary<PolicyScope> scope(String file) {
        Origin origin = new Origin(Origin.Kind.FILE, file);
        Arbitrary<List<NamedPolicy>> policies = Combinators.combine(
                layer(named(file, "n1"), false), layer(named(file, "n2"), false), layer(named(file, "n3"), false),
                layer(named(file, "n4"), false), Arbitraries.integers().between(0, 63), Arbitraries.integers().between(0, 4))
                .as((a, b, c, d, edges, count) -> {
                    List<PolicyLayer> contents = List.of(a, b, c, d);
                    List<NamedPolicy> all = new ArrayList<>();
                    int bit = 0;
                    for (int i = 0; i < 4; i++) {
                        List<String> parents = new ArrayList<>();
                        for (int j = i + 1; j < 4; j++) {
                            if ((edges >> bit++ & 1) != 0 && j < count) {
                                parents.add(NAMES.get(j));
                            }
                        }
                        if (i < count) {
                            all.add(new NamedPolicy(NAMES.get(i), i == 1 ? "said: \"two\"" : "", parents, contents.get(i)));
                        }
                    }
                    return all;
                });
        Arbitrary<List<Endpoint>> ceiling = endpoints().list().ofMaxSize(4).injectNull(0.5);
        return Combinators.combine(layer(origin, false), layer(origin.limit(Origin.Kind.FLOOR), true).injectNull(0.5), ceiling, policies,
                Arbitraries.integers().between(0, 7)).as((settings, floor, limit, defined, names) -> {
            PolicyLayer withCeiling = new PolicyLayer(settings.origin(), settings.egressPolicy(), settings.filePolicy(),
                    settings.credentialPolicy(), settings.loopback(), settings.inbound(), settings.sni(),
                    settings.metadataAllowed(), settings.onViolation(),
                    settings.onDeviation(), settings.onUnsupported(), settings.allowRules(), settings.blocked(), settings.dnsUpstreams(),
                    settings.protectedGlobs(), settings.credentialPaths(), settings.allowedSockets(), settings.keptCapabilities(),
                    settings.expectedChanges(), limit, false, 0, false);
            PolicyScope.Builder scope = PolicyScope.builder(origin).settings(withCeiling).floor(floor).policies(defined);
            if (!defined.isEmpty() && (names & 1) != 0) {
                scope.defaultPolicy(defined.get(0).name());
            }
            if (!defined.isEmpty() && (names & 6) == 6) {
                scope.parent(defined.get(defined.size() - 1).name());
            }
            return scope.build();
        });
    }

    private static Origin named(String file, String name) {
        return new Origin(Origin.Kind.FILE, file + ", policy '" + name + "'");
    }
}
