package io.jenkins.plugins.hardenrunner.collect;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.hardenrunner.engine.policy.EffectivePolicy;
import io.jenkins.plugins.hardenrunner.engine.report.Report;

/**
 * What the policy says a block's report does to its build.
 *
 * @param effect what happens
 * @param message why, for the log and for the step's error; empty if nothing happens
 */
public record Outcome(@NonNull Effect effect, @NonNull String message) {
    /** Weakest first. */
    public enum Effect {
        /** Nothing is to be said. */
        NONE,
        /** A line in the log, and marks in the Pipeline. */
        WARN,
        /** The build becomes unstable. */
        UNSTABLE,
        /** The step, or the build that is no Pipeline, fails. */
        FAIL
    }

    /** The outcome of a block that has ended. */
    @NonNull
    public static Outcome of(@NonNull EffectivePolicy policy, @NonNull Report report) {
        if (report.launches == 0) {
            // Nothing was supervised, which is said elsewhere, or all in nested blocks, which have had their say.
            return new Outcome(Effect.NONE, "");
        }
        Effect effect;
        String what;
        switch (report.verdict) {
            case "violated" -> {
                what = "the policy was violated";
                effect = switch (policy.onViolation()) {
                    case FAIL -> Effect.FAIL;
                    case UNSTABLE -> Effect.UNSTABLE;
                    case WARN -> Effect.WARN;
                };
            }
            case "deviates" -> {
                what = "the block did what is not expected of it";
                effect = switch (policy.onDeviation()) {
                    case FAIL -> Effect.FAIL;
                    case UNSTABLE -> Effect.UNSTABLE;
                    case WARN -> Effect.WARN;
                    case IGNORE -> Effect.NONE;
                };
            }
            default -> {
                return new Outcome(Effect.NONE, "");
            }
        }
        String first = report.findings.isEmpty() ? "" : ": " + report.findings.get(0).message;
        return new Outcome(effect, effect == Effect.NONE ? "" : "Harden Runner: " + what + first);
    }
}
