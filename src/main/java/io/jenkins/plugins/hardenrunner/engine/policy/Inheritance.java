package io.jenkins.plugins.hardenrunner.engine.policy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** What a named policy comes to with everything that it extends. */
final class Inheritance {
    private final List<PolicyScope> places;
    private final PolicyScope presets;
    private final Supplier<List<String>> names;

    /** @param names all that are defined, for suggestions */
    Inheritance(List<PolicyScope> places, PolicyScope presets, Supplier<List<String>> names) {
        this.places = places;
        this.presets = presets;
        this.names = names;
    }

    /** A policy that is reached. */
    private static final class Node {
        final NamedPolicy policy;
        /** Where it is defined: 1 the innermost place; the number after the outermost is that of the presets. */
        final int place;
        /** Steps from the nearest root. */
        final int generation;
        /** With whose authority it speaks: that of its place, for a preset that of the farthest who refers to it. */
        int scope;
        int children;
        final List<Node> parents = new ArrayList<>();

        Node(NamedPolicy policy, int place, int generation, int scope) {
            this.policy = policy;
            this.place = place;
            this.generation = generation;
            this.scope = scope;
        }
    }

    /**
     * The policies and all that they extend, nearest first, those of one generation as peers. The order does not depend
     * on the order in which policies or parents are written down.
     *
     * @param roots the first generation
     * @param chooser the scope of who names them: 0 the step, else the number of the place
     * @param by who names them, for messages
     * @throws PolicyException if a policy is not defined or extends itself
     */
    List<PolicyLayer> layers(List<String> roots, int chooser, String by) {
        Map<String, Node> nodes = new LinkedHashMap<>();
        Deque<Node> queue = new ArrayDeque<>();
        for (String name : roots) {
            Node root = find(name, Math.max(chooser, 1), chooser, 0, by);
            if (nodes.putIfAbsent(key(root), root) == null) {
                queue.add(root);
            }
        }
        while (!queue.isEmpty()) {
            Node node = queue.remove();
            for (String parentName : node.policy.parents()) {
                // A policy may extend the one of the same name further out: a folder's refinement of a global policy.
                int from = parentName.equals(node.policy.name()) ? node.place + 1 : node.place;
                Node parent = find(parentName, from, node.scope, node.generation + 1, "the policy '" + node.policy.name() + "'");
                Node known = nodes.putIfAbsent(key(parent), parent);
                if (known == null) {
                    queue.add(parent);
                } else {
                    parent = known;
                }
                parent.children++;
                node.parents.add(parent);
            }
        }
        for (Node node : childrenFirst(nodes.values())) {
            for (Node parent : node.parents) {
                if (isPreset(parent)) {
                    parent.scope = Math.max(parent.scope, node.scope);
                }
            }
        }
        List<Node> order = new ArrayList<>(nodes.values());
        order.sort(Comparator.<Node>comparingInt(node -> node.generation).thenComparing(node -> node.policy.name())
                .thenComparing(node -> node.place));
        List<PolicyLayer> layers = new ArrayList<>();
        int generation = -1;
        for (Node node : order) {
            PolicyLayer content = node.policy.content();
            layers.add(content.at(content.origin(), node.scope, node.generation == generation));
            generation = node.generation;
        }
        return layers;
    }

    private static String key(Node node) {
        return node.place + "/" + node.policy.name();
    }

    private boolean isPreset(Node node) {
        return node.place > places.size();
    }

    private Node find(String name, int from, int referrer, int generation, String by) {
        for (int place = from; place <= places.size(); place++) {
            NamedPolicy policy = places.get(place - 1).policy(name);
            if (policy != null) {
                return new Node(policy, place, generation, place);
            }
        }
        NamedPolicy preset = from > places.size() + 1 ? null : presets.policy(name);
        if (preset == null) {
            List<String> known = names.get();
            String near = known.stream()
                    .filter(other -> !other.equals(name) && Tokens.distance(other, name) <= 2)
                    .findFirst()
                    .map(other -> "did you mean '" + other + "'?")
                    .orElse(Presets.hint(name, known));
            throw new PolicyException("the policy '" + Text.shown(name) + "', which " + by + " names, is not defined; " + near);
        }
        return new Node(preset, places.size() + 1, generation, referrer);
    }

    /** Every node before what it extends. */
    private static List<Node> childrenFirst(Collection<Node> nodes) {
        Map<Node, Integer> waiting = new HashMap<>();
        nodes.forEach(node -> waiting.put(node, node.children));
        List<Node> sorted = new ArrayList<>();
        Deque<Node> ready = new ArrayDeque<>();
        nodes.stream().filter(node -> node.children == 0).forEach(ready::add);
        while (!ready.isEmpty()) {
            Node node = ready.remove();
            sorted.add(node);
            for (Node parent : node.parents) {
                if (waiting.merge(parent, -1, Integer::sum) == 0) {
                    ready.add(parent);
                }
            }
        }
        if (sorted.size() < nodes.size()) {
            throw new PolicyException("policies extend each other in a circle: " + circle(nodes));
        }
        return sorted;
    }

    private static String circle(Collection<Node> nodes) {
        Node start = nodes.stream().filter(node -> leadsTo(node, node)).findFirst().orElseThrow();
        StringBuilder text = new StringBuilder("'" + start.policy.name() + "'");
        Set<Node> seen = new HashSet<>();
        Node node = start;
        do {
            Node from = node;
            node = from.parents.stream()
                    .filter(parent -> parent == start || !seen.contains(parent) && leadsTo(parent, start))
                    .findFirst()
                    .orElse(start);
            seen.add(node);
            text.append(" extends '").append(node.policy.name()).append('\'');
        } while (node != start);
        return text.toString();
    }

    private static boolean leadsTo(Node from, Node to) {
        Deque<Node> queue = new ArrayDeque<>(from.parents);
        Set<Node> seen = new HashSet<>();
        while (!queue.isEmpty()) {
            Node node = queue.remove();
            if (node == to) {
                return true;
            }
            if (seen.add(node)) {
                queue.addAll(node.parents);
            }
        }
        return false;
    }
}
