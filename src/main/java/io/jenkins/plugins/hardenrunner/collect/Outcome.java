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
        boolean violated = report.verdict.equals("violated");
        // A block can do both; that one of them is let pass must not hide the other.
        boolean deviates = report.verdict.equals("deviates")
                || violated && report.deviations != null && !report.deviations.isEmpty();
        Effect effect = violated ? onViolation(policy) : Effect.NONE;
        String what = "the policy was violated";
        if (deviates && onDeviation(policy).compareTo(effect) > 0) {
            effect = onDeviation(policy);
            what = "the block did what is not expected of it";
        }
        boolean about = violated && effect != onViolation(policy);
        String first = report.findings.stream()
                .filter(finding -> !about || finding.kind.equals("baseline-deviation"))
                .findFirst()
                .map(finding -> ": " + finding.message)
                .orElse("");
        return new Outcome(effect, effect == Effect.NONE ? "" : "Harden Runner: " + what + first);
    }

    private static Effect onViolation(EffectivePolicy policy) {
        return switch (policy.onViolation()) {
            case FAIL -> Effect.FAIL;
            case UNSTABLE -> Effect.UNSTABLE;
            case WARN -> Effect.WARN;
        };
    }

    private static Effect onDeviation(EffectivePolicy policy) {
        return switch (policy.onDeviation()) {
            case FAIL -> Effect.FAIL;
            case UNSTABLE -> Effect.UNSTABLE;
            case WARN -> Effect.WARN;
            case IGNORE -> Effect.NONE;
        };
    }
}
