package io.jenkins.plugins.hardenrunner.engine.policy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What one place in a chain of configuration says: a folder, the global configuration, or a policy file. */
public final class PolicyScope {
    private final Origin origin;
    private final PolicyLayer settings;
    private final PolicyLayer floor;
    private final String defaultPolicy;
    private final List<String> parents;
    private final Map<String, NamedPolicy> policies;
    private final List<NamedPolicy> order;

    private PolicyScope(Builder builder) {
        this.origin = builder.origin;
        this.settings = builder.settings == null ? PolicyLayer.builder(origin).build() : builder.settings;
        this.floor = builder.floor;
        this.defaultPolicy = builder.defaultPolicy;
        this.parents = List.copyOf(builder.parents);
        Map<String, NamedPolicy> byName = new LinkedHashMap<>();
        for (NamedPolicy policy : builder.policies) {
            if (byName.put(policy.name(), policy) != null) {
                throw new PolicyException(origin.label() + ": the policy '" + policy.name() + "' is defined twice");
            }
        }
        this.policies = Map.copyOf(byName);
        this.order = List.copyOf(byName.values());
    }

    /** Begins the description of a place. */
    public static Builder builder(Origin origin) {
        return new Builder(origin);
    }

    /** The place. */
    public Origin origin() {
        return origin;
    }

    /** What holds for every block in the place; its ceiling is the limit for steps and for places inside. */
    public PolicyLayer settings() {
        return settings;
    }

    /** The modes that nothing inside can weaken; null if there are none. */
    public PolicyLayer floor() {
        return floor;
    }

    /** The policy for steps and places inside that name none; null if there is none. */
    public String defaultPolicy() {
        return defaultPolicy;
    }

    /** Policies whose rules hold for every block in the place, whatever policy it names. */
    public List<String> parents() {
        return parents;
    }

    /** The policies that are defined here, in the order of their definition. */
    public List<NamedPolicy> policies() {
        return order;
    }

    /** The policy of this name that is defined here; null if there is none. */
    public NamedPolicy policy(String name) {
        return policies.get(name);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PolicyScope scope
                && origin.equals(scope.origin)
                && settings.equals(scope.settings)
                && Objects.equals(floor, scope.floor)
                && Objects.equals(defaultPolicy, scope.defaultPolicy)
                && parents.equals(scope.parents)
                && order.equals(scope.order);
    }

    @Override
    public int hashCode() {
        return Objects.hash(origin, settings, floor, defaultPolicy, parents, order);
    }

    @Override
    public String toString() {
        return origin + " " + settings + " floor " + floor + " default " + defaultPolicy + " extends " + parents + " " + order;
    }

    /** Collects what a place says; everything is optional. */
    public static final class Builder {
        private final Origin origin;
        private PolicyLayer settings;
        private PolicyLayer floor;
        private String defaultPolicy;
        private final List<String> parents = new ArrayList<>();
        private final List<NamedPolicy> policies = new ArrayList<>();

        private Builder(Origin origin) {
            this.origin = Objects.requireNonNull(origin, "origin");
        }

        /** Sets what holds for every block. */
        public Builder settings(PolicyLayer value) {
            settings = value;
            return this;
        }

        /** Sets the minimums. */
        public Builder floor(PolicyLayer value) {
            floor = value;
            return this;
        }

        /** Sets the policy for those that name none. */
        public Builder defaultPolicy(String value) {
            defaultPolicy = value == null ? null : NamedPolicy.checkName(value);
            return this;
        }

        /** Adds a policy whose rules hold for every block. */
        public Builder parent(String name) {
            parents.add(NamedPolicy.checkName(name));
            return this;
        }

        /** Adds a definition. */
        public Builder policy(NamedPolicy policy) {
            policies.add(policy);
            return this;
        }

        /** Adds definitions. */
        public Builder policies(Collection<NamedPolicy> more) {
            policies.addAll(more);
            return this;
        }

        /**
         * The place.
         *
         * @throws PolicyException if a policy is defined twice
         */
        public PolicyScope build() {
            return new PolicyScope(this);
        }
    }
}
