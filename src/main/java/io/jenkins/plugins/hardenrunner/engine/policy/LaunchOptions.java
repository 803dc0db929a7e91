package io.jenkins.plugins.hardenrunner.engine.policy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What one launch adds to the policy: values that depend on the machine and the workspace.
 *
 * @param nonce seed of the event chain, 0 to 64 hexadecimal digits
 * @param limitEvents cap of recorded events; null for the helper's default
 * @param limitBytes cap of the event file in bytes; null for the helper's default
 * @param ownPaths absolute paths of the agent's or the tool's own files
 * @param protectPaths absolute paths of files whose change is of interest
 * @param fsWrite trees that stay writable with the file policy {@code block}
 * @param scriptTrees trees (the workspace) in which install scripts write to their own package only
 * @param credentialPaths absolute paths of credential files
 * @param redaction by what secrets are known that nobody has declared as such
 * @param onUnsupported replaces the policy's value unless null
 */
public record LaunchOptions(
        String nonce,
        Integer limitEvents,
        Integer limitBytes,
        List<String> ownPaths,
        List<String> protectPaths,
        List<String> fsWrite,
        List<String> scriptTrees,
        List<String> credentialPaths,
        Redaction redaction,
        OnUnsupported onUnsupported) {

    /** Options that add nothing. */
    public static final LaunchOptions NONE = builder().build();

    public LaunchOptions {
        nonce = nonce == null ? "" : nonce;
        ownPaths = List.copyOf(ownPaths);
        protectPaths = List.copyOf(protectPaths);
        fsWrite = List.copyOf(fsWrite);
        scriptTrees = List.copyOf(scriptTrees);
        credentialPaths = List.copyOf(credentialPaths);
    }

    /** Begins options; everything is optional. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects options. */
    public static final class Builder {
        private String nonce = "";
        private Integer limitEvents;
        private Integer limitBytes;
        private final List<String> ownPaths = new ArrayList<>();
        private final List<String> protectPaths = new ArrayList<>();
        private final List<String> fsWrite = new ArrayList<>();
        private final List<String> scriptTrees = new ArrayList<>();
        private final List<String> credentialPaths = new ArrayList<>();
        private Redaction redaction = Redaction.NONE;
        private OnUnsupported onUnsupported;

        private Builder() {}

        /** Sets the seed of the event chain. */
        public Builder nonce(String value) {
            nonce = value;
            return this;
        }

        /** Sets the cap of recorded events. */
        public Builder limitEvents(Integer value) {
            limitEvents = value;
            return this;
        }

        /** Sets the cap of the event file in bytes. */
        public Builder limitBytes(Integer value) {
            limitBytes = value;
            return this;
        }

        /** Adds paths that the block must not write to. */
        public Builder ownPaths(Collection<String> paths) {
            ownPaths.addAll(paths);
            return this;
        }

        /** Adds paths whose change is of interest. */
        public Builder protectPaths(Collection<String> paths) {
            protectPaths.addAll(paths);
            return this;
        }

        /** Adds trees that stay writable. */
        public Builder fsWrite(Collection<String> paths) {
            fsWrite.addAll(paths);
            return this;
        }

        /** Adds trees in which install scripts write to their own package only. */
        public Builder scriptTrees(Collection<String> paths) {
            scriptTrees.addAll(paths);
            return this;
        }

        /** Adds credential files. */
        public Builder credentialPaths(Collection<String> paths) {
            credentialPaths.addAll(paths);
            return this;
        }

        /** Sets by what secrets are known. */
        public Builder redaction(Redaction value) {
            redaction = value;
            return this;
        }

        /** Replaces the policy's value. */
        public Builder onUnsupported(OnUnsupported value) {
            onUnsupported = value;
            return this;
        }

        /** The options. */
        public LaunchOptions build() {
            return new LaunchOptions(nonce, limitEvents, limitBytes, ownPaths, protectPaths, fsWrite, scriptTrees, credentialPaths,
                    redaction, onUnsupported);
        }
    }
}
