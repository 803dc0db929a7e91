package io.jenkins.plugins.hardenrunner.engine.policy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/**
 * What one place (the step, a folder, the global configuration, a file …) says about policy. A setting that is null
 * is left to the other layers; rules of all layers add up.
 *
 * @param metadataAllowed whether link-local and cloud metadata addresses are free
 * @param floor whether the modes of this layer are minimums that nearer layers cannot weaken
 */
public record PolicyLayer(
        Origin origin,
        EgressPolicy egressPolicy,
        FilePolicy filePolicy,
        CredentialPolicy credentialPolicy,
        LoopbackPolicy loopback,
        Boolean metadataAllowed,
        OnViolation onViolation,
        OnDeviation onDeviation,
        OnUnsupported onUnsupported,
        List<Endpoint> allowed,
        List<BlockedEndpoint> blocked,
        List<DnsUpstream> dnsUpstreams,
        List<String> protectedGlobs,
        boolean floor) {

    public PolicyLayer {
        Objects.requireNonNull(origin, "origin");
        allowed = List.copyOf(allowed);
        blocked = List.copyOf(blocked);
        dnsUpstreams = List.copyOf(dnsUpstreams);
        protectedGlobs = List.copyOf(protectedGlobs);
        if (dnsUpstreams.size() > 3) {
            throw new PolicyException(origin.label() + ": at most 3 name servers can be set, not " + dnsUpstreams.size());
        }
    }

    /** Begins a layer. */
    public static Builder builder(Origin origin) {
        return new Builder(origin);
    }

    /** Collects what a layer says; everything is optional, null means that the layer does not set it. */
    public static final class Builder {
        private final Origin origin;
        private EgressPolicy egressPolicy;
        private FilePolicy filePolicy;
        private CredentialPolicy credentialPolicy;
        private LoopbackPolicy loopback;
        private Boolean metadataAllowed;
        private OnViolation onViolation;
        private OnDeviation onDeviation;
        private OnUnsupported onUnsupported;
        private final List<Endpoint> allowed = new ArrayList<>();
        private final List<BlockedEndpoint> blocked = new ArrayList<>();
        private final List<DnsUpstream> dnsUpstreams = new ArrayList<>();
        private final List<String> protectedGlobs = new ArrayList<>();
        private boolean floor;

        private Builder(Origin origin) {
            this.origin = Objects.requireNonNull(origin, "origin");
        }

        /** Sets the egress policy. */
        public Builder egressPolicy(EgressPolicy value) {
            egressPolicy = value;
            return this;
        }

        /** Sets the file policy. */
        public Builder filePolicy(FilePolicy value) {
            filePolicy = value;
            return this;
        }

        /** Sets the credential policy. */
        public Builder credentialPolicy(CredentialPolicy value) {
            credentialPolicy = value;
            return this;
        }

        /** Sets how loopback destinations are judged. */
        public Builder loopback(LoopbackPolicy value) {
            loopback = value;
            return this;
        }

        /** Sets whether link-local and cloud metadata addresses are free. */
        public Builder metadataAllowed(Boolean value) {
            metadataAllowed = value;
            return this;
        }

        /** Sets what a violation does. */
        public Builder onViolation(OnViolation value) {
            onViolation = value;
            return this;
        }

        /** Sets what a deviation from the baseline does. */
        public Builder onDeviation(OnDeviation value) {
            onDeviation = value;
            return this;
        }

        /** Sets what happens when a protection is missing. */
        public Builder onUnsupported(OnUnsupported value) {
            onUnsupported = value;
            return this;
        }

        /** Adds one endpoint to the allow list. */
        public Builder allow(Endpoint endpoint) {
            allowed.add(endpoint);
            return this;
        }

        /** Adds endpoints to the allow list. */
        public Builder allow(Collection<Endpoint> endpoints) {
            allowed.addAll(endpoints);
            return this;
        }

        /** Adds one entry to the block list. */
        public Builder block(BlockedEndpoint entry) {
            blocked.add(entry);
            return this;
        }

        /** Adds entries to the block list. */
        public Builder block(Collection<BlockedEndpoint> entries) {
            blocked.addAll(entries);
            return this;
        }

        /** Adds a name server; the nearest layer that names any decides. */
        public Builder dnsUpstream(DnsUpstream upstream) {
            dnsUpstreams.add(upstream);
            return this;
        }

        /** Adds a glob, relative to the workspace, of files whose change is of interest. */
        public Builder protect(String glob) {
            protectedGlobs.add(glob);
            return this;
        }

        /** Makes the modes of this layer minimums. */
        public Builder floor(boolean value) {
            floor = value;
            return this;
        }

        /** The layer. */
        public PolicyLayer build() {
            return new PolicyLayer(origin, egressPolicy, filePolicy, credentialPolicy, loopback, metadataAllowed,
                    onViolation, onDeviation, onUnsupported, allowed, blocked, dnsUpstreams, protectedGlobs, floor);
        }
    }
}
