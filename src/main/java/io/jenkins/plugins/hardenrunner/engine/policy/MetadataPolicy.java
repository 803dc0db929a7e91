package io.jenkins.plugins.hardenrunner.engine.policy;

/** How link-local, multicast and cloud metadata addresses are judged. Weakest first. */
public enum MetadataPolicy implements Token {
    /** By the rules. */
    ALLOW,
    /** They are refused unless a rule has the address. */
    DENY;

    @Override
    public String token() {
        return Tokens.token(this);
    }

    /**
     * Parses a token such as {@code "deny"}, in whatever case.
     *
     * @throws PolicyException naming the allowed values if the text is none of them
     */
    public static MetadataPolicy parse(String text) {
        return Tokens.parse(MetadataPolicy.class, "metadata policy", text);
    }

    /** As {@link #parse}: whether they are judged by the rules. */
    public static Boolean allowed(String text) {
        return parse(text) == ALLOW;
    }

    static MetadataPolicy of(PolicyLayer layer) {
        return layer.metadataAllowed() == null ? null : layer.metadataAllowed() ? ALLOW : DENY;
    }
}
