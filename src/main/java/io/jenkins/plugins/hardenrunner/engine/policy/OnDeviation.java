package io.jenkins.plugins.hardenrunner.engine.policy;

/** What a deviation from the baseline does to the step. Weakest first. */
public enum OnDeviation implements Token {
    /** Nothing. */
    IGNORE,
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
     * Parses a token such as {@code "warn"}, in whatever case.
     *
     * @throws PolicyException naming the allowed values if the text is none of them
     */
    public static OnDeviation parse(String text) {
        return Tokens.parse(OnDeviation.class, "value of 'on deviation'", text);
    }
}
