package io.jenkins.plugins.hardenrunner.engine.policy;

/** Who may connect to the TCP listeners of a block. Weakest first. */
public enum InboundPolicy implements Token {
    /** Whoever reaches the machine. */
    ALLOW,
    /** Processes of the same machine, through loopback addresses. */
    LOOPBACK;

    @Override
    public String token() {
        return Tokens.token(this);
    }

    /**
     * Parses a token such as {@code "loopback"}, in whatever case.
     *
     * @throws PolicyException naming the allowed values if the text is none of them
     */
    public static InboundPolicy parse(String text) {
        return Tokens.parse(InboundPolicy.class, "inbound policy", text);
    }
}
