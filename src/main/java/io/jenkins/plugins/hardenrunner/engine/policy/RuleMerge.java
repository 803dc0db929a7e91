package io.jenkins.plugins.hardenrunner.engine.policy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Adds up the rules of all layers, cut to the ceilings, in an order that does not depend on how they were written down. */
final class RuleMerge {
    /** More entries than this would bury the trace; what decided a destination is in its explanation anyway. */
    private static final int MAX_TRACE = 200;

    /** Of the rules of one generation the more specific is asked first. */
    private static final Comparator<Rule> SPECIFIC_FIRST = Comparator
            .<Rule, Endpoint.Kind>comparing(rule -> rule.endpoint().kind())
            .thenComparing(rule -> switch (rule.endpoint().kind()) {
                case NAME -> 0;
                case SUFFIX -> -rule.endpoint().value().length();
                case CIDR -> -rule.endpoint().cidr().prefix();
            })
            .thenComparing(rule -> rule.endpoint().value())
            .thenComparing(rule -> rule.endpoint().protocol())
            .thenComparing(rule -> rule.endpoint().ports().size())
            .thenComparing(rule -> rule.endpoint().ports().toString());

    private final List<PolicyLayer> layers;
    private final List<CutRule> cuts = new ArrayList<>();
    private final List<Rule> rules = new ArrayList<>();
    private final List<TraceEntry> trace = new ArrayList<>();
    private int untraced;

    RuleMerge(List<PolicyLayer> layers) {
        this.layers = layers;
        List<Limit> limits = limits();
        List<Rule> allow = merged(Rule.Action.ALLOW, "a", limits);
        List<Rule> block = merged(Rule.Action.BLOCK, "b", List.of());
        rules.addAll(allow);
        rules.addAll(block);
        cuts.forEach(this::trace);
        overruled(allow, block);
        if (untraced > 0) {
            trace.add(new TraceEntry("more allow rules", untraced + " overruled or cut", Origin.DEFAULTS, List.of()));
        }
    }

    List<Rule> rules() {
        return rules;
    }

    List<CutRule> cuts() {
        return cuts;
    }

    List<TraceEntry> trace() {
        return trace;
    }

    /** The ceiling of one layer: what it names, and what its place and the farther ones allow themselves. */
    private static final class Limit {
        final int scope;
        final Origin origin;
        final List<Endpoint> endpoints = new ArrayList<>();
        final EndpointIndex<Endpoint> index = new EndpointIndex<>();

        Limit(PolicyLayer layer) {
            this.scope = layer.scope();
            this.origin = layer.origin().limit(Origin.Kind.CEILING);
            layer.ceiling().forEach(this::add);
        }

        void add(Endpoint endpoint) {
            endpoints.add(endpoint);
            index.add(endpoint, endpoint);
        }

        /** What both the endpoint and the ceiling allow. */
        void cut(Endpoint endpoint, Set<Endpoint> left) {
            List<Endpoint> holding = new ArrayList<>();
            index.holding(endpoint, holding::add);
            for (Endpoint limit : holding) {
                if (limit.covers(endpoint)) {
                    left.add(endpoint);
                    return;
                }
            }
            for (Endpoint limit : endpoint.kind() == Endpoint.Kind.NAME ? holding : endpoints) {
                Endpoint both = limit.intersection(endpoint);
                if (both != null) {
                    left.add(both);
                }
            }
        }
    }

    private List<Limit> limits() {
        List<Limit> limits = new ArrayList<>();
        for (PolicyLayer layer : layers) {
            if (layer.ceiling() != null) {
                Limit limit = new Limit(layer);
                layers.stream().filter(other -> other.scope() >= layer.scope())
                        .forEach(other -> other.allowRules().forEach(entry -> limit.add(entry.endpoint())));
                limits.add(limit);
            }
        }
        return limits;
    }

    private List<Rule> merged(Rule.Action action, String prefix, List<Limit> limits) {
        List<Rule> merged = new ArrayList<>();
        Map<Endpoint, Integer> places = new HashMap<>();
        for (int from = 0; from < layers.size(); ) {
            int to = from + 1;
            while (to < layers.size() && layers.get(to).peer()) {
                to++;
            }
            Map<Endpoint, Rule> generation = new HashMap<>();
            for (PolicyLayer layer : layers.subList(from, to)) {
                for (Rule rule : rules(layer, action, limits)) {
                    generation.merge(rule.endpoint(), rule, RuleMerge::better);
                }
            }
            List<Rule> sorted = new ArrayList<>(generation.values());
            sorted.sort(SPECIFIC_FIRST);
            for (Rule rule : sorted) {
                Integer nearer = places.putIfAbsent(rule.endpoint(), merged.size());
                if (nearer == null) {
                    merged.add(rule);
                } else if (merged.get(nearer).reason().isEmpty() && !rule.reason().isEmpty()) {
                    // Of two equal rules the nearer stays, unless only the farther says why.
                    merged.set(nearer, rule);
                }
            }
            from = to;
        }
        for (int i = 0; i < merged.size(); i++) {
            Rule rule = merged.get(i);
            merged.set(i, new Rule(prefix + (i + 1), action, rule.endpoint(), rule.origin(), rule.reason()));
        }
        return merged;
    }

    private List<Rule> rules(PolicyLayer layer, Rule.Action action, List<Limit> limits) {
        List<Rule> found = new ArrayList<>();
        if (action == Rule.Action.BLOCK) {
            layer.blocked().forEach(entry -> found.add(new Rule("", action, entry.endpoint(), layer.origin(), entry.reason())));
            return found;
        }
        for (AllowedEndpoint entry : layer.allowRules()) {
            for (Endpoint endpoint : within(entry.endpoint(), layer, limits)) {
                found.add(new Rule("", action, endpoint, layer.origin(), entry.reason()));
            }
        }
        return found;
    }

    /** What the ceilings of farther places leave of an endpoint. */
    private Collection<Endpoint> within(Endpoint endpoint, PolicyLayer layer, List<Limit> limits) {
        Set<Endpoint> pieces = Set.of(endpoint);
        for (Limit limit : limits) {
            if (limit.scope > layer.scope()) {
                Set<Endpoint> left = new LinkedHashSet<>();
                pieces.forEach(piece -> limit.cut(piece, left));
                if (!left.equals(pieces)) {
                    cuts.add(new CutRule(endpoint, layer.origin(), limit.origin, List.copyOf(left)));
                }
                pieces = left;
            }
        }
        return pieces;
    }

    private static Rule better(Rule a, Rule b) {
        if (a.reason().isEmpty() != b.reason().isEmpty()) {
            return a.reason().isEmpty() ? b : a;
        }
        int order = a.origin().label().compareTo(b.origin().label());
        return (order == 0 ? a.reason().compareTo(b.reason()) : order) <= 0 ? a : b;
    }

    private void trace(CutRule cut) {
        String left = cut.left().isEmpty() ? "not allowed"
                : "only " + String.join(" ", cut.left().stream().map(Endpoint::toString).sorted().limit(20).toList())
                        + (cut.left().size() > 20 ? " and " + (cut.left().size() - 20) + " more" : "");
        add(new TraceEntry("allow " + cut.endpoint(), left, cut.ceiling(),
                List.of(new TraceEntry.Overruled("allow", cut.origin()))));
    }

    /** Allow rules of which a block rule leaves nothing. */
    private void overruled(List<Rule> allow, List<Rule> block) {
        EndpointIndex<Rule> index = new EndpointIndex<>();
        block.forEach(rule -> index.add(rule.endpoint(), rule));
        List<Rule> covering = new ArrayList<>();
        for (Rule rule : allow) {
            covering.clear();
            index.holding(rule.endpoint(), covering::add);
            covering.stream().filter(other -> other.endpoint().covers(rule.endpoint())).findFirst().ifPresent(by -> add(
                    new TraceEntry("allow " + rule.endpoint(), "blocked", by.origin(),
                            List.of(new TraceEntry.Overruled("allow", rule.origin())))));
        }
    }

    private void add(TraceEntry entry) {
        if (trace.size() < MAX_TRACE) {
            trace.add(entry);
        } else {
            untraced++;
        }
    }
}
