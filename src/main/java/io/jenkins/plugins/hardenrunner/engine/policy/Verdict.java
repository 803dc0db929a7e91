package io.jenkins.plugins.hardenrunner.engine.policy;

/** What a policy says about an operation. */
public enum Verdict implements Token {
    /** It is performed. */
    ALLOWED,
    /** It is performed because the mode is audit; in block it would be refused. */
    WOULD_BLOCK,
    /** It is refused. */
    BLOCKED;

    @Override
    public String token() {
        return Tokens.token(this);
    }

    /**
     * Parses a token such as {@code "would-block"}.
     *
     * @throws PolicyException naming the allowed values if the text is none of them
     */
    public static Verdict parse(String text) {
        return Tokens.parse(Verdict.class, "verdict", text);
    }
}
