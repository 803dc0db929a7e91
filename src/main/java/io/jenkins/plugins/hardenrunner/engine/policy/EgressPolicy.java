package io.jenkins.plugins.hardenrunner.engine.policy;

/** What happens to a connection that no rule allows. Weakest first. */
public enum EgressPolicy implements Token {
    /** It is performed and recorded. */
    AUDIT,
    /** It is refused and recorded. */
    BLOCK;

    @Override
    public String token() {
        return Tokens.token(this);
    }

    /**
     * Parses a token such as {@code "block"}, in whatever case.
     *
     * @throws PolicyException naming the allowed values if the text is none of them
     */
    public static EgressPolicy parse(String text) {
        return Tokens.parse(EgressPolicy.class, "egress policy", text);
    }
}
