package io.jenkins.plugins.hardenrunner.engine.policy;

import java.util.List;

/**
 * An allow rule that a ceiling did not let stand as it was written.
 *
 * @param endpoint as it was written
 * @param origin who wrote it
 * @param ceiling whose ceiling it exceeds
 * @param left the endpoints that are left of it, within the ceiling; empty if nothing is
 */
public record CutRule(Endpoint endpoint, Origin origin, Origin ceiling, List<Endpoint> left) {
    public CutRule {
        left = List.copyOf(left);
    }
}
