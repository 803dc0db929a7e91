package io.jenkins.plugins.hardenrunner.engine.policy;

/** The transport protocols that the endpoint grammar knows. */
public enum Protocol implements Token {
    /** TCP, the default. */
    TCP,
    /** UDP, QUIC included. */
    UDP;

    @Override
    public String token() {
        return Tokens.token(this);
    }

    /**
     * Parses a token such as {@code "tcp"}, in whatever case.
     *
     * @throws PolicyException naming the allowed values if the text is none of them
     */
    public static Protocol parse(String text) {
        return Tokens.parse(Protocol.class, "protocol", text);
    }
}
