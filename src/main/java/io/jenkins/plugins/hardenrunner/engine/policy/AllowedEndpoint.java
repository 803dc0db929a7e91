package io.jenkins.plugins.hardenrunner.engine.policy;

import java.util.Objects;

/**
 * An entry of an allow list.
 *
 * @param reason why it is allowed, such as {@code accepted by alice on 2026-11-02}; empty if nobody said
 */
public record AllowedEndpoint(Endpoint endpoint, String reason) {
    public AllowedEndpoint {
        Objects.requireNonNull(endpoint, "endpoint");
        reason = reason == null ? "" : reason.trim();
    }

    /** An entry without a reason. */
    public AllowedEndpoint(Endpoint endpoint) {
        this(endpoint, "");
    }
}
