package io.jenkins.plugins.hardenrunner.engine.policy;

/** What happens to writes that touch sources under build. Weakest first. */
public enum FilePolicy implements Token {
    /** They are not looked at. */
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
    public static FilePolicy parse(String text) {
        return Tokens.parse(FilePolicy.class, "file policy", text);
    }
}
