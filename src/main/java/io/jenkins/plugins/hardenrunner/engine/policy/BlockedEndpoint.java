package io.jenkins.plugins.hardenrunner.engine.policy;

import java.util.Objects;

/**
 * An entry of a block list, enforced in audit as well.
 *
 * @param reason why it is blocked, for the people who meet it; empty if nobody said
 */
public record BlockedEndpoint(Endpoint endpoint, String reason) {
    public BlockedEndpoint {
        Objects.requireNonNull(endpoint, "endpoint");
        reason = reason == null ? "" : reason.trim();
    }

    /** An entry without a reason. */
    public BlockedEndpoint(Endpoint endpoint) {
        this(endpoint, "");
    }
}
