package io.jenkins.plugins.hardenrunner.engine.policy;

/** What a violation does to the step. Weakest first. */
public enum OnViolation implements Token {
    /** It is reported only. */
    WARN,
    /** The build becomes unstable. */
    UNSTABLE,
    /** The step fails. */
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
    public static OnViolation parse(String text) {
        return Tokens.parse(OnViolation.class, "value of 'on violation'", text);
    }
}
