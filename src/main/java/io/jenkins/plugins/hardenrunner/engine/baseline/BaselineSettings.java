package io.jenkins.plugins.hardenrunner.engine.baseline;

/**
 * When a baseline is complete, and when it counts as settled.
 *
 * @param required how many builds teach a baseline before it is complete, at least 1
 * @param unstableBuilds for how many builds a baseline counts as unstable after a review, 0 for never
 */
public record BaselineSettings(int required, int unstableBuilds) {
    /** What holds unless an administrator configures something else. */
    public static final BaselineSettings DEFAULTS = new BaselineSettings(5, 10);

    public BaselineSettings {
        if (required < 1 || unstableBuilds < 0) {
            throw new IllegalArgumentException("at least 1 build teaches a baseline, and the other number is not negative");
        }
    }
}
