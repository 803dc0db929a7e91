package io.jenkins.plugins.hardenrunner.engine.policy;

/**
 * A rule of an effective policy.
 *
 * @param id unique in the policy, {@code a1}, {@code b1} …; comes back in events
 * @param reason why it is there; empty if nobody said
 */
public record Rule(String id, Action action, Endpoint endpoint, Origin origin, String reason) {
    /** What a rule does to the destinations that it matches. */
    public enum Action implements Token {
        /** They can be reached. */
        ALLOW,
        /** They cannot be reached, in audit neither. */
        BLOCK;

        @Override
        public String token() {
            return Tokens.token(this);
        }
    }
}
