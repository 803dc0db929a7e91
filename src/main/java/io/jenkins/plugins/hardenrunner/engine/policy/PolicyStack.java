package io.jenkins.plugins.hardenrunner.engine.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** The chain of places around a step, from the inside out, and behind them the presets. */
public final class PolicyStack {
    private final List<PolicyScope> places;
    private final PolicyScope presets;
    private final Inheritance inheritance;

    /** @param innerToOuter folders from inside to outside, then the global configuration */
    public PolicyStack(List<PolicyScope> innerToOuter, PolicyScope presets) {
        this.places = List.copyOf(innerToOuter);
        this.presets = presets;
        this.inheritance = new Inheritance(this.places, presets, this::names);
    }

    /** A chain with the presets that come with the product behind it. */
    public PolicyStack(List<PolicyScope> innerToOuter) {
        this(innerToOuter, Presets.builtIn());
    }

    /**
     * The layers for one step, nearest first, for {@link EffectivePolicy#resolve}: its own, then the policy that it or
     * the nearest place names with what that extends, and the places. A policy and what it extends make generations:
     * its parents are peers, and so are theirs.
     *
     * @param own layers of the step and of its baseline; their scope is 0
     * @param policyName the policy that the step names; null if it names none
     * @throws PolicyException if a policy is not defined or extends itself
     */
    public List<PolicyLayer> layers(List<PolicyLayer> own, String policyName) {
        List<PolicyLayer> layers = new ArrayList<>(own);
        boolean chosen = policyName != null;
        if (chosen) {
            layers.addAll(inheritance.layers(List.of(policyName), 0, chooser(own)));
        }
        for (int i = 0; i < places.size(); i++) {
            PolicyScope place = places.get(i);
            int scope = i + 1;
            if (!chosen && place.defaultPolicy() != null) {
                chosen = true;
                layers.addAll(inheritance.layers(List.of(place.defaultPolicy()), scope, place.origin().label()));
            }
            if (!place.settings().isEmpty()) {
                layers.add(place.settings().at(place.settings().origin(), scope, false));
            }
            if (!place.parents().isEmpty()) {
                layers.addAll(inheritance.layers(place.parents(), scope, place.origin().label()));
            }
            if (place.floor() != null) {
                layers.add(place.floor().at(place.floor().origin(), scope, false));
            }
        }
        return layers;
    }

    private static String chooser(List<PolicyLayer> own) {
        return own.stream().anyMatch(layer -> layer.origin().kind() == Origin.Kind.STEP) ? "the step" : "the command line";
    }

    /**
     * Looks whether every definition can be used: what it extends exists, and nothing extends itself.
     *
     * @throws PolicyException naming the policy and what is wrong
     */
    public void check() {
        for (int scope = 1; scope <= places.size(); scope++) {
            check(scope);
        }
    }

    /** As {@link #check()}, for what the nearest place says only. */
    public void checkNearest() {
        if (!places.isEmpty()) {
            check(1);
        }
    }

    private void check(int scope) {
        PolicyScope place = places.get(scope - 1);
        String label = place.origin().label();
        place.policies().forEach(policy -> inheritance.layers(List.of(policy.name()), scope, label));
        inheritance.layers(place.parents(), scope, label);
        if (place.defaultPolicy() != null) {
            inheritance.layers(List.of(place.defaultPolicy()), scope, label);
        }
    }

    /** The names of all policies that a step here can name, presets included, sorted. */
    public List<String> names() {
        TreeSet<String> names = new TreeSet<>();
        places.forEach(place -> place.policies().forEach(policy -> names.add(policy.name())));
        presets.policies().forEach(policy -> names.add(policy.name()));
        return new ArrayList<>(names);
    }
}
