package io.jenkins.plugins.hardenrunner.engine.policy;

/** How destinations in 127.0.0.0/8 and ::1 are judged. Weakest first. */
public enum LoopbackPolicy implements Token {
    /** They are free. */
    ALLOW,
    /** Only ports on which a process of the same block listens are free; the endpoint rules judge the others. */
    OWN;

    @Override
    public String token() {
        return Tokens.token(this);
    }

    /**
     * Parses a token such as {@code "own"}, in whatever case.
     *
     * @throws PolicyException naming the allowed values if the text is none of them
     */
    public static LoopbackPolicy parse(String text) {
        return Tokens.parse(LoopbackPolicy.class, "loopback policy", text);
    }
}
