package io.jenkins.plugins.hardenrunner.engine.policy;

/** What happens when a credential file is read. Weakest first. */
public enum CredentialPolicy implements Token {
    /** Reads are not looked at. */
    OFF,
    /** They are performed and recorded. */
    AUDIT,
    /** They are refused and recorded. */
    BLOCK;

    @Override
    public String token() {
        return Tokens.token(this);
    }

    /**
     * Parses a token such as {@code "audit"}, in whatever case.
     *
     * @throws PolicyException naming the allowed values if the text is none of them
     */
    public static CredentialPolicy parse(String text) {
        return Tokens.parse(CredentialPolicy.class, "credential policy", text);
    }
}
