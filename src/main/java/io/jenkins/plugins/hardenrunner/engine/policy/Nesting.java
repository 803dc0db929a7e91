package io.jenkins.plugins.hardenrunner.engine.policy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The work behind {@link EffectivePolicy#within}; one instance for each pair of policies. */
final class Nesting {
    /** How the outer block is called where it decided against the inner one. */
    private static final Origin OUTER = new Origin(Origin.Kind.STEP, "outer block");

    private final EffectivePolicy inner;
    private final EffectivePolicy outer;
    private final List<TraceEntry> trace = new ArrayList<>();
    private final List<CutRule> cuts;

    Nesting(EffectivePolicy inner, EffectivePolicy outer) {
        this.inner = inner;
        this.outer = outer;
        this.cuts = new ArrayList<>(inner.cuts());
    }

    EffectivePolicy policy() {
        boolean confined = outer.egressPolicy() == EgressPolicy.BLOCK;
        EffectivePolicy.Settings settings = new EffectivePolicy.Settings(
                stronger(inner.egressPolicy(), outer.egressPolicy()),
                stronger(inner.filePolicy(), outer.filePolicy()),
                stronger(inner.credentialPolicy(), outer.credentialPolicy()),
                stronger(inner.loopback(), outer.loopback()),
                stronger(inner.inbound(), outer.inbound()),
                stronger(inner.sni(), outer.sni()),
                inner.metadataAllowed() && outer.metadataAllowed(),
                stronger(inner.onViolation(), outer.onViolation()),
                stronger(inner.onDeviation(), outer.onDeviation()),
                stronger(inner.onUnsupported(), outer.onUnsupported()));
        trace();
        List<Rule> rules = new ArrayList<>(numbered("a", allowed()));
        Map<Endpoint, Rule> blocked = new LinkedHashMap<>();
        of(inner, Rule.Action.BLOCK).forEach(rule -> blocked.putIfAbsent(rule.endpoint(), rule));
        of(outer, Rule.Action.BLOCK).forEach(rule -> blocked.putIfAbsent(rule.endpoint(), rule));
        rules.addAll(numbered("b", blocked.values()));
        // Names are judged by what the name servers say, so an inner block could let in whom it likes by its own.
        boolean outerNames = confined || inner.dnsUpstreams().isEmpty();
        List<String> sockets = new ArrayList<>(inner.allowedSockets());
        if (confined) {
            sockets.retainAll(outer.allowedSockets());
        }
        // The outer block's helper has taken the others away already.
        List<String> capabilities = new ArrayList<>(inner.keptCapabilities());
        capabilities.retainAll(outer.keptCapabilities());
        return new EffectivePolicy(settings, rules, outerNames ? outer.dnsUpstreams() : inner.dnsUpstreams(),
                union(inner.protectedGlobs(), outer.protectedGlobs()), union(inner.credentialPaths(), outer.credentialPaths()),
                sockets, capabilities, expected(), trace, cuts);
    }

    /** What is meant. In block a rule for a package lets its install scripts write, which the outer block must let as well. */
    private List<ExpectedChange> expected() {
        Set<String> outerRules = outer.expectedChanges().stream().map(ExpectedChange::text).collect(Collectors.toSet());
        return inner.expectedChanges().stream().filter(rule -> outer.filePolicy() != FilePolicy.BLOCK
                || rule.packageName() == null || outerRules.contains(rule.text())).toList();
    }

    /** What both let pass. A policy that audits lets everything pass; its allow rules only say what it expects. */
    private List<Rule> allowed() {
        List<Rule> own = of(inner, Rule.Action.ALLOW);
        List<Rule> limits = of(outer, Rule.Action.ALLOW);
        if (outer.egressPolicy() == EgressPolicy.AUDIT) {
            return inner.egressPolicy() == EgressPolicy.AUDIT && own.isEmpty() ? limits : own;
        }
        if (inner.egressPolicy() == EgressPolicy.AUDIT) {
            return limits;
        }
        Map<Endpoint, Rule> both = new LinkedHashMap<>();
        for (Rule rule : own) {
            Set<Endpoint> left = new LinkedHashSet<>();
            for (Rule limit : limits) {
                Endpoint common = limit.endpoint().intersection(rule.endpoint());
                if (common != null) {
                    left.add(common);
                }
            }
            if (!left.contains(rule.endpoint())) {
                cuts.add(new CutRule(rule.endpoint(), rule.origin(), OUTER, List.copyOf(left)));
            }
            left.forEach(endpoint -> both.putIfAbsent(endpoint,
                    new Rule("", Rule.Action.ALLOW, endpoint, rule.origin(), rule.reason())));
        }
        return new ArrayList<>(both.values());
    }

    /** The inner policy's decisions, and the outer's in place of those that it has overruled. */
    private void trace() {
        Map<String, TraceEntry> outerEntries = new LinkedHashMap<>();
        outer.trace().forEach(entry -> outerEntries.put(entry.setting(), entry));
        Map<String, String> values = Map.ofEntries(
                Map.entry("egressPolicy", stronger(inner.egressPolicy(), outer.egressPolicy()).token()),
                Map.entry("filePolicy", stronger(inner.filePolicy(), outer.filePolicy()).token()),
                Map.entry("credentialPolicy", stronger(inner.credentialPolicy(), outer.credentialPolicy()).token()),
                Map.entry("loopback", stronger(inner.loopback(), outer.loopback()).token()),
                Map.entry("inbound", stronger(inner.inbound(), outer.inbound()).token()),
                Map.entry("sni", stronger(inner.sni(), outer.sni()).token()),
                Map.entry("metadata", inner.metadataAllowed() && outer.metadataAllowed() ? "allow" : "deny"),
                Map.entry("onViolation", stronger(inner.onViolation(), outer.onViolation()).token()),
                Map.entry("onDeviation", stronger(inner.onDeviation(), outer.onDeviation()).token()),
                Map.entry("onUnsupported", stronger(inner.onUnsupported(), outer.onUnsupported()).token()));
        for (TraceEntry entry : inner.trace()) {
            String value = values.get(entry.setting());
            if (value == null || value.equals(entry.value())) {
                trace.add(entry);
                continue;
            }
            TraceEntry decided = outerEntries.get(entry.setting());
            List<TraceEntry.Overruled> overruled = new ArrayList<>();
            overruled.add(new TraceEntry.Overruled(entry.value(), entry.origin()));
            overruled.addAll(entry.overruled());
            trace.add(new TraceEntry(entry.setting(), value,
                    decided == null ? OUTER : new Origin(Origin.Kind.STEP, "outer block, " + decided.origin().label()), overruled));
        }
    }

    /** The constants of each mode are ordered weakest first. */
    private static <E extends Enum<E>> E stronger(E a, E b) {
        return a.compareTo(b) >= 0 ? a : b;
    }

    private static List<Rule> of(EffectivePolicy policy, Rule.Action action) {
        return policy.rules().stream().filter(rule -> rule.action() == action).toList();
    }

    private static List<Rule> numbered(String prefix, Iterable<Rule> rules) {
        List<Rule> numbered = new ArrayList<>();
        for (Rule rule : rules) {
            numbered.add(new Rule(prefix + (numbered.size() + 1), rule.action(), rule.endpoint(), rule.origin(), rule.reason()));
        }
        return numbered;
    }

    private static List<String> union(List<String> a, List<String> b) {
        Set<String> all = new LinkedHashSet<>(a);
        all.addAll(b);
        return new ArrayList<>(all);
    }
}
