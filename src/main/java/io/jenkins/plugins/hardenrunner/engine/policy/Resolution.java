package io.jenkins.plugins.hardenrunner.engine.policy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The work behind {@link EffectivePolicy#resolve}; one instance per resolution. */
final class Resolution {
    private final List<PolicyLayer> layers;
    private final List<TraceEntry> trace = new ArrayList<>();

    Resolution(List<PolicyLayer> nearestFirst) {
        this.layers = List.copyOf(nearestFirst);
    }

    EffectivePolicy resolve() {
        EgressPolicy egress = mode("egressPolicy", PolicyLayer::egressPolicy, EgressPolicy.AUDIT);
        boolean block = egress == EgressPolicy.BLOCK;
        FilePolicy files = mode("filePolicy", PolicyLayer::filePolicy, FilePolicy.AUDIT);
        CredentialPolicy credentials = mode("credentialPolicy", PolicyLayer::credentialPolicy, CredentialPolicy.OFF);
        LoopbackPolicy loopback = mode("loopback", PolicyLayer::loopback, LoopbackPolicy.ALLOW);
        Metadata metadata = mode("metadata", Metadata::of, Metadata.DENY);
        boolean strict = block || files == FilePolicy.BLOCK || credentials == CredentialPolicy.BLOCK;
        OnViolation onViolation = mode("onViolation", PolicyLayer::onViolation, strict ? OnViolation.FAIL : OnViolation.WARN);
        OnDeviation onDeviation = mode("onDeviation", PolicyLayer::onDeviation, OnDeviation.WARN);
        OnUnsupported onUnsupported =
                mode("onUnsupported", PolicyLayer::onUnsupported, strict ? OnUnsupported.FAIL : OnUnsupported.WARN);
        EffectivePolicy.Settings settings = new EffectivePolicy.Settings(egress, files, credentials, loopback,
                metadata == Metadata.ALLOW, onViolation, onDeviation, onUnsupported);
        return new EffectivePolicy(settings, rules(), upstreams(), globs(), trace);
    }

    /** Whether metadata addresses are free, ordered like the other modes: the stronger value last. */
    private enum Metadata implements Token {
        ALLOW,
        DENY;

        static Metadata of(PolicyLayer layer) {
            return layer.metadataAllowed() == null ? null : layer.metadataAllowed() ? ALLOW : DENY;
        }

        @Override
        public String token() {
            return Tokens.token(this);
        }
    }

    /** The nearest layer's value, raised to the highest floor; the constants of each mode are ordered weakest first. */
    private <E extends Enum<E> & Token> E mode(String setting, Function<PolicyLayer, E> value, E otherwise) {
        E chosen = null;
        Origin origin = Origin.DEFAULTS;
        for (PolicyLayer layer : layers) {
            if (chosen == null && value.apply(layer) != null) {
                chosen = value.apply(layer);
                origin = layer.origin();
            }
        }
        if (chosen == null) {
            chosen = otherwise;
        }
        for (PolicyLayer layer : layers) {
            E least = layer.floor() ? value.apply(layer) : null;
            if (least != null && least.compareTo(chosen) > 0) {
                chosen = least;
                origin = layer.origin();
            }
        }
        List<TraceEntry.Overruled> overruled = new ArrayList<>();
        for (PolicyLayer layer : layers) {
            E wanted = value.apply(layer);
            if (wanted != null && wanted != chosen) {
                overruled.add(new TraceEntry.Overruled(wanted.token(), layer.origin()));
            }
        }
        trace.add(new TraceEntry(setting, chosen.token(), origin, overruled));
        return chosen;
    }

    private List<Rule> rules() {
        Map<Endpoint, Rule> allow = new LinkedHashMap<>();
        Map<Endpoint, Rule> block = new LinkedHashMap<>();
        for (PolicyLayer layer : layers) {
            for (Endpoint endpoint : layer.allowed()) {
                allow.putIfAbsent(endpoint,
                        new Rule("a" + (allow.size() + 1), Rule.Action.ALLOW, endpoint, layer.origin(), ""));
            }
            for (BlockedEndpoint entry : layer.blocked()) {
                block.merge(entry.endpoint(),
                        new Rule("b" + (block.size() + 1), Rule.Action.BLOCK, entry.endpoint(), layer.origin(), entry.reason()),
                        Resolution::keepReason);
            }
        }
        List<Rule> rules = new ArrayList<>(allow.values());
        rules.addAll(block.values());
        return rules;
    }

    /** Of two equal block rules the nearer stays, unless only the farther says why. */
    private static Rule keepReason(Rule nearer, Rule farther) {
        return nearer.reason().isEmpty() && !farther.reason().isEmpty()
                ? new Rule(nearer.id(), nearer.action(), nearer.endpoint(), farther.origin(), farther.reason())
                : nearer;
    }

    private List<DnsUpstream> upstreams() {
        for (PolicyLayer layer : layers) {
            if (!layer.dnsUpstreams().isEmpty()) {
                trace.add(new TraceEntry("dnsUpstreams", layer.dnsUpstreams().toString(), layer.origin(), List.of()));
                return layer.dnsUpstreams();
            }
        }
        return List.of();
    }

    private List<String> globs() {
        Set<String> globs = new LinkedHashSet<>();
        layers.forEach(layer -> globs.addAll(layer.protectedGlobs()));
        return new ArrayList<>(globs);
    }
}
