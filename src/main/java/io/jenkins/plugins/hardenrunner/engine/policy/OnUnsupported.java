package io.jenkins.plugins.hardenrunner.engine.policy;

/** What happens when this machine lacks a protection that the policy needs. Weakest first. */
public enum OnUnsupported implements Token {
    /** The block runs, and its report names what is missing. */
    WARN,
    /** No command is started. */
    FAIL;

    @Override
    public String token() {
        return Tokens.token(this);
    }

    /**
     * Parses a token such as {@code "fail"}, in whatever case.
     *
     * @throws PolicyException naming the allowed values if the text is none of them
     */
    public static OnUnsupported parse(String text) {
        return Tokens.parse(OnUnsupported.class, "value of 'on unsupported'", text);
    }
}
