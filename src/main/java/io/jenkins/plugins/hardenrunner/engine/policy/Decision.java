package io.jenkins.plugins.hardenrunner.engine.policy;

/**
 * What a policy says about a destination, and why.
 *
 * @param ruleId the id of the deciding rule, or {@code default}, {@code loopback} or {@code metadata}
 * @param rule the deciding rule; null where none of the configured ones decided
 * @param reason one sentence that names the rule and its origin
 */
public record Decision(Verdict verdict, String ruleId, Rule rule, String reason) {
    /** Whether the policy's rules let the destination through; false in audit for what block would refuse. */
    public boolean allowed() {
        return verdict == Verdict.ALLOWED;
    }
}
