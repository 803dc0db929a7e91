package io.jenkins.plugins.hardenrunner.engine.sink;

import io.jenkins.plugins.hardenrunner.engine.policy.PolicyException;
import io.jenkins.plugins.hardenrunner.engine.policy.Token;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** How much of a block a sink gets. Each contains the one before it. */
public enum SinkDetail implements Token {
    /** The findings, and one summary. */
    FINDINGS,
    /** Every destination too, once for each combination of address, port, protocol and verdict. */
    ENDPOINTS,
    /** Every recorded event too. */
    EVENTS;

    @Override
    public String token() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Parses a token such as {@code "findings"}, in whatever case.
     *
     * @throws PolicyException naming the allowed values if the text is none of them
     */
    public static SinkDetail parse(String text) {
        for (SinkDetail detail : values()) {
            if (text != null && detail.token().equals(text.trim().toLowerCase(Locale.ROOT))) {
                return detail;
            }
        }
        throw new PolicyException("the detail is one of "
                + Arrays.stream(values()).map(SinkDetail::token).collect(Collectors.joining(", ")));
    }
}
