package io.jenkins.plugins.hardenrunner.engine.policy;

/**
 * Whether an egress policy of {@code block} also judges the name that a client presents (SNI, Host) on TCP ports 443 and
 * 80 of an endpoint that is allowed by name. Weakest first.
 */
public enum SniPolicy implements Token {
    /** No: every name on an allowed name's address is reached, and protocols other than TLS and HTTP as well. */
    OFF,
    /** Yes. */
    CHECK;

    @Override
    public String token() {
        return Tokens.token(this);
    }

    /**
     * Parses a token such as {@code "check"}, in whatever case.
     *
     * @throws PolicyException naming the allowed values if the text is none of them
     */
    public static SniPolicy parse(String text) {
        return Tokens.parse(SniPolicy.class, "SNI policy", text);
    }
}
