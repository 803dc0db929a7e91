package io.jenkins.plugins.hardenrunner.engine.policy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/**
 * What one place (the step, a named policy, a folder, the global configuration, a file …) says about policy. A setting
 * that is null is left to the other layers; rules of all layers add up.
 *
 * @param metadataAllowed whether link-local and cloud metadata addresses are free
 * @param credentialPaths files and folders whose reads the credential policy concerns, beside the usual ones: absolute,
 *     or under the home folder as {@code ~/…}
 * @param allowedSockets absolute paths of local sockets that the block may use though a process outside listens there
 * @param keptCapabilities Linux capabilities that a build as root keeps though it could get past the supervisor with them
 * @param expectedChanges changes of sources that are meant
 * @param ceiling what layers of a smaller scope may allow at the most, beside what this scope and the farther ones
 *     allow themselves; null for no limit, empty if they may not allow anything of their own
 * @param floor whether the modes of this layer are minimums that nearer layers cannot weaken
 * @param scope who wrote the layer, for ceilings: 0 the step or the command line, then the folders from inside to
 *     outside, the global configuration last
 * @param peer whether the layer is as near as the one before it; of peers the strictest mode holds
 */
public record PolicyLayer(
        Origin origin,
        EgressPolicy egressPolicy,
        FilePolicy filePolicy,
        CredentialPolicy credentialPolicy,
        LoopbackPolicy loopback,
        InboundPolicy inbound,
        SniPolicy sni,
        Boolean metadataAllowed,
        OnViolation onViolation,
        OnDeviation onDeviation,
        OnUnsupported onUnsupported,
        List<AllowedEndpoint> allowRules,
        List<BlockedEndpoint> blocked,
        List<DnsUpstream> dnsUpstreams,
        List<String> protectedGlobs,
        List<String> credentialPaths,
        List<String> allowedSockets,
        List<String> keptCapabilities,
        List<ExpectedChange> expectedChanges,
        List<Endpoint> ceiling,
        boolean floor,
        int scope,
        boolean peer) {

    /** How many entries a list of rules of one layer can have. */
    public static final int MAX_RULES = 100_000;

    public PolicyLayer {
        Objects.requireNonNull(origin, "origin");
        allowRules = List.copyOf(allowRules);
        blocked = List.copyOf(blocked);
        dnsUpstreams = List.copyOf(dnsUpstreams);
        protectedGlobs = List.copyOf(protectedGlobs);
        credentialPaths = List.copyOf(credentialPaths);
        allowedSockets = List.copyOf(allowedSockets);
        keptCapabilities = List.copyOf(keptCapabilities);
        expectedChanges = List.copyOf(expectedChanges);
        ceiling = ceiling == null ? null : List.copyOf(ceiling);
        if (dnsUpstreams.size() > 3) {
            throw new PolicyException(origin.label() + ": at most 3 name servers can be set, not " + dnsUpstreams.size());
        }
        if (allowRules.size() > MAX_RULES || blocked.size() > MAX_RULES) {
            throw new PolicyException(origin.label() + ": at most " + MAX_RULES + " endpoints can stand in a list");
        }
    }

    /** Begins a layer. */
    public static Builder builder(Origin origin) {
        return new Builder(origin);
    }

    /**
     * The layer that a job's baseline makes: endpoints that a person accepted are allowed, within the ceilings of the
     * folders and of the global configuration. It sets no mode.
     *
     * @param baseline the name of the baseline as it is to stand in explanations, such as the job's full name
     * @param accepted each with who accepted it and when as its reason
     */
    public static PolicyLayer ofBaseline(String baseline, Collection<AllowedEndpoint> accepted) {
        return builder(new Origin(Origin.Kind.BASELINE, baseline)).allowRules(accepted).build();
    }

    /** The endpoints of the allow rules, in order. */
    public List<Endpoint> allowed() {
        return allowRules.stream().map(AllowedEndpoint::endpoint).toList();
    }

    /** The same content under another origin and place. */
    public PolicyLayer at(Origin newOrigin, int newScope, boolean newPeer) {
        return new PolicyLayer(newOrigin, egressPolicy, filePolicy, credentialPolicy, loopback, inbound, sni,
                metadataAllowed, onViolation, onDeviation, onUnsupported, allowRules, blocked, dnsUpstreams, protectedGlobs,
                credentialPaths, allowedSockets, keptCapabilities, expectedChanges, ceiling, floor, newScope, newPeer);
    }

    /** Whether the layer says nothing at all. */
    public boolean isEmpty() {
        return equals(builder(origin).floor(floor).scope(scope).peer(peer).build());
    }

    /** Collects what a layer says; everything is optional, null means that the layer does not set it. */
    public static final class Builder {
        private final Origin origin;
        private EgressPolicy egressPolicy;
        private FilePolicy filePolicy;
        private CredentialPolicy credentialPolicy;
        private LoopbackPolicy loopback;
        private InboundPolicy inbound;
        private SniPolicy sni;
        private Boolean metadataAllowed;
        private OnViolation onViolation;
        private OnDeviation onDeviation;
        private OnUnsupported onUnsupported;
        private final List<AllowedEndpoint> allowed = new ArrayList<>();
        private final List<BlockedEndpoint> blocked = new ArrayList<>();
        private final List<DnsUpstream> dnsUpstreams = new ArrayList<>();
        private final List<String> protectedGlobs = new ArrayList<>();
        private final List<String> credentialPaths = new ArrayList<>();
        private final List<String> allowedSockets = new ArrayList<>();
        private final List<String> keptCapabilities = new ArrayList<>();
        private final List<ExpectedChange> expectedChanges = new ArrayList<>();
        private List<Endpoint> ceiling;
        private boolean floor;
        private int scope;
        private boolean peer;

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

        /** Sets who may connect to the block's listeners. */
        public Builder inbound(InboundPolicy value) {
            inbound = value;
            return this;
        }

        /** Sets whether presented names are judged in {@code block}. */
        public Builder sni(SniPolicy value) {
            sni = value;
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
            allowed.add(new AllowedEndpoint(endpoint));
            return this;
        }

        /** Adds endpoints to the allow list. */
        public Builder allow(Collection<Endpoint> endpoints) {
            endpoints.forEach(this::allow);
            return this;
        }

        /** Adds entries with reasons to the allow list. */
        public Builder allowRules(Collection<AllowedEndpoint> entries) {
            allowed.addAll(entries);
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

        /**
         * Adds a file or folder whose reads the credential policy concerns.
         *
         * @throws PolicyException if it is neither absolute nor under the home folder
         */
        public Builder credentialPath(String path) {
            credentialPaths.add(LocalPath.homeOrAbsolute(path));
            return this;
        }

        /**
         * Adds a local socket that the block may use.
         *
         * @throws PolicyException if it is not an absolute path
         */
        public Builder allowSocket(String path) {
            allowedSockets.add(LocalPath.absolute(path));
            return this;
        }

        /**
         * Adds a Linux capability that a build as root keeps.
         *
         * @throws PolicyException if it is not a name such as {@code CAP_SYS_ADMIN}
         */
        public Builder keepCapability(String name) {
            if (!Capabilities.NAMES.contains(name)) {
                throw new PolicyException("'" + Text.shown(name) + "' is not the name of a Linux capability such as CAP_SYS_ADMIN");
            }
            keptCapabilities.add(name);
            return this;
        }

        /**
         * Adds a change of sources that is meant, as {@link ExpectedChange} describes it.
         *
         * @throws PolicyException if it cannot be parsed
         */
        public Builder expectChange(String rule) {
            expectedChanges.add(ExpectedChange.parse(rule, origin));
            return this;
        }

        /** Sets what layers of a smaller scope may allow at the most; null for no limit. */
        public Builder ceiling(Collection<Endpoint> endpoints) {
            ceiling = endpoints == null ? null : new ArrayList<>(endpoints);
            return this;
        }

        /** Makes the modes of this layer minimums. */
        public Builder floor(boolean value) {
            floor = value;
            return this;
        }

        /** Sets who wrote the layer, see {@link PolicyLayer#scope()}. */
        public Builder scope(int value) {
            scope = value;
            return this;
        }

        /** Puts the layer beside the one before it. */
        public Builder peer(boolean value) {
            peer = value;
            return this;
        }

        /** The layer. */
        public PolicyLayer build() {
            return new PolicyLayer(origin, egressPolicy, filePolicy, credentialPolicy, loopback, inbound, sni,
                    metadataAllowed, onViolation, onDeviation, onUnsupported, allowed, blocked, dnsUpstreams, protectedGlobs,
                    credentialPaths, allowedSockets, keptCapabilities, expectedChanges, ceiling, floor, scope, peer);
        }
    }
}
