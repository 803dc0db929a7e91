package io.jenkins.plugins.hardenrunner.engine.report;

import java.util.Locale;

/** How urgent a finding is, most severe first. */
public enum Severity {
    /** Data left, or the evidence was attacked. */
    CRITICAL,
    /** Something did what builds do not do. */
    HIGH,
    /** Something that the policy does not expect. */
    MEDIUM,
    /** A limit of what was seen. */
    LOW,
    /** For completeness. */
    INFO;

    /** The name as it stands in reports. */
    public String token() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The severity of this name; {@link #INFO} for a name of a later version. */
    public static Severity of(String token) {
        for (Severity severity : values()) {
            if (severity.token().equals(token)) {
                return severity;
            }
        }
        return INFO;
    }
}
