package io.jenkins.plugins.hardenrunner.engine.policy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

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
        InboundPolicy inbound = mode("inbound", PolicyLayer::inbound, InboundPolicy.ALLOW);
        SniPolicy sni = mode("sni", PolicyLayer::sni, SniPolicy.CHECK);
        MetadataPolicy metadata = mode("metadata", MetadataPolicy::of, MetadataPolicy.DENY);
        boolean strict = block || files == FilePolicy.BLOCK || credentials == CredentialPolicy.BLOCK;
        OnViolation onViolation = mode("onViolation", PolicyLayer::onViolation, strict ? OnViolation.FAIL : OnViolation.WARN);
        OnDeviation onDeviation = mode("onDeviation", PolicyLayer::onDeviation, OnDeviation.WARN);
        OnUnsupported onUnsupported =
                mode("onUnsupported", Resolution::onUnsupported, strict ? OnUnsupported.FAIL : OnUnsupported.WARN);
        EffectivePolicy.Settings settings = new EffectivePolicy.Settings(egress, files, credentials, loopback,
                inbound, sni, metadata == MetadataPolicy.ALLOW, onViolation, onDeviation, onUnsupported);
        List<DnsUpstream> upstreams = upstreams();
        RuleMerge rules = new RuleMerge(layers);
        trace.addAll(rules.trace());
        return new EffectivePolicy(settings, rules.rules(), upstreams, union(PolicyLayer::protectedGlobs),
                union(PolicyLayer::credentialPaths), granted("allow socket ", PolicyLayer::allowedSockets),
                granted("keep ", PolicyLayer::keptCapabilities), expected(), trace, rules.cuts());
    }

    /**
     * A floor that demands block would be worth nothing if a step could have the block run unprotected where the
     * machine cannot enforce it, so it demands that too unless it says otherwise itself.
     */
    private static OnUnsupported onUnsupported(PolicyLayer layer) {
        boolean demands = layer.floor() && (layer.egressPolicy() == EgressPolicy.BLOCK
                || layer.filePolicy() == FilePolicy.BLOCK || layer.credentialPolicy() == CredentialPolicy.BLOCK);
        return layer.onUnsupported() == null && demands ? OnUnsupported.FAIL : layer.onUnsupported();
    }

    /** A value and the layer that has it; the constants of each mode are ordered weakest first. */
    private record Choice<E extends Enum<E>>(E value, Origin origin) {
        /** The stronger; of equal ones the one whose name comes first, whatever the order in which they were written. */
        static <E extends Enum<E>> Choice<E> stronger(Choice<E> a, E value, Origin origin) {
            int order = a == null ? 1 : value.compareTo(a.value);
            boolean better = order > 0 || order == 0 && origin.label().compareTo(a.origin.label()) < 0;
            return better ? new Choice<>(value, origin) : a;
        }
    }

    /** The strictest value of the nearest generation that has one, raised to the highest floor. */
    private <E extends Enum<E> & Token> E mode(String setting, Function<PolicyLayer, E> value, E otherwise) {
        Choice<E> chosen = null;
        for (PolicyLayer layer : layers) {
            if (chosen != null && !layer.peer()) {
                break;
            }
            if (!layer.floor() && value.apply(layer) != null) {
                chosen = Choice.stronger(chosen, value.apply(layer), layer.origin());
            }
        }
        if (chosen == null) {
            chosen = new Choice<>(otherwise, Origin.DEFAULTS);
        }
        for (PolicyLayer layer : layers) {
            E least = layer.floor() ? value.apply(layer) : null;
            if (least != null && least.compareTo(chosen.value()) > 0) {
                chosen = new Choice<>(least, layer.origin());
            }
        }
        List<TraceEntry.Overruled> overruled = new ArrayList<>();
        for (PolicyLayer layer : layers) {
            E wanted = value.apply(layer);
            // A floor that something exceeds was met, not overruled.
            if (wanted != null && wanted != chosen.value() && !layer.floor()) {
                overruled.add(new TraceEntry.Overruled(wanted.token(), layer.origin()));
            }
        }
        trace.add(new TraceEntry(setting, chosen.value().token(), chosen.origin(), overruled));
        return chosen.value();
    }

    private List<DnsUpstream> upstreams() {
        PolicyLayer chosen = null;
        List<TraceEntry.Overruled> overruled = new ArrayList<>();
        boolean open = true;
        for (PolicyLayer layer : layers) {
            open = open && (chosen == null || layer.peer());
            if (layer.dnsUpstreams().isEmpty()) {
                continue;
            }
            if (open && (chosen == null || layer.origin().label().compareTo(chosen.origin().label()) < 0)) {
                if (chosen != null) {
                    overruled.add(new TraceEntry.Overruled(text(chosen), chosen.origin()));
                }
                chosen = layer;
            } else if (!layer.dnsUpstreams().equals(chosen.dnsUpstreams())) {
                overruled.add(new TraceEntry.Overruled(text(layer), layer.origin()));
            }
        }
        if (chosen == null) {
            return List.of();
        }
        trace.add(new TraceEntry("dnsUpstreams", text(chosen), chosen.origin(), overruled));
        return chosen.dnsUpstreams();
    }

    /** The name servers as they are written in a policy. */
    private static String text(PolicyLayer layer) {
        return layer.dnsUpstreams().stream().map(DnsUpstream::toString).collect(Collectors.joining(" "));
    }

    private List<String> union(Function<PolicyLayer, List<String>> list) {
        Set<String> all = new LinkedHashSet<>();
        layers.forEach(layer -> all.addAll(list.apply(layer)));
        return new ArrayList<>(all);
    }

    /** What layers grant, as far as the ceilings of farther places grant it as well: a ceiling names endpoints only. */
    private List<String> granted(String setting, Function<PolicyLayer, List<String>> list) {
        Set<String> all = new LinkedHashSet<>();
        for (PolicyLayer layer : layers) {
            for (String entry : list.apply(layer)) {
                Optional<PolicyLayer> limit = layers.stream()
                        .filter(other -> other.ceiling() != null && other.scope() > layer.scope())
                        .filter(other -> layers.stream().noneMatch(
                                far -> far.scope() >= other.scope() && list.apply(far).contains(entry)))
                        .findFirst();
                if (limit.isEmpty()) {
                    all.add(entry);
                } else {
                    trace.add(new TraceEntry(setting + entry, "not allowed", limit.get().origin().limit(Origin.Kind.CEILING),
                            List.of(new TraceEntry.Overruled("allow", layer.origin()))));
                }
            }
        }
        return new ArrayList<>(all);
    }

    private List<ExpectedChange> expected() {
        Map<String, ExpectedChange> expected = new LinkedHashMap<>();
        layers.forEach(layer -> layer.expectedChanges().forEach(rule -> expected.putIfAbsent(rule.text(), rule)));
        // With the file policy 'block' a rule for a package lets its install scripts write.
        List<String> packages = granted("expectedChanges ", layer -> layer.expectedChanges().stream()
                .filter(rule -> rule.packageName() != null).map(ExpectedChange::text).toList());
        expected.values().removeIf(rule -> rule.packageName() != null && !packages.contains(rule.text()));
        return new ArrayList<>(expected.values());
    }
}
