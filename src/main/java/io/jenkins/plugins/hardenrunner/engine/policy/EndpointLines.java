package io.jenkins.plugins.hardenrunner.engine.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * A list of endpoints as people type it: separated by white space, and what follows {@code #} on a line is the reason
 * for the entries of that line.
 */
public final class EndpointLines {
    private EndpointLines() {}

    /**
     * An allow list.
     *
     * @throws PolicyException naming the line, the character and what is wrong
     */
    public static List<AllowedEndpoint> allowed(String text) {
        List<AllowedEndpoint> entries = new ArrayList<>();
        read(text, (endpoint, reason) -> entries.add(new AllowedEndpoint(endpoint, reason)));
        return entries;
    }

    /** As {@link #allowed}, for a block list. */
    public static List<BlockedEndpoint> blocked(String text) {
        List<BlockedEndpoint> entries = new ArrayList<>();
        read(text, (endpoint, reason) -> entries.add(new BlockedEndpoint(endpoint, reason)));
        return entries;
    }

    /** As {@link #allowed}, where nobody asks for reasons. */
    public static List<Endpoint> endpoints(String text) {
        return allowed(text).stream().map(AllowedEndpoint::endpoint).toList();
    }

    /** The text of an allow list; {@link #allowed} reads it back. */
    public static String ofAllowed(List<AllowedEndpoint> entries) {
        StringBuilder text = new StringBuilder();
        entries.forEach(entry -> line(text, entry.endpoint(), entry.reason()));
        return text.toString();
    }

    /** The text of a block list; {@link #blocked} reads it back. */
    public static String ofBlocked(List<BlockedEndpoint> entries) {
        StringBuilder text = new StringBuilder();
        entries.forEach(entry -> line(text, entry.endpoint(), entry.reason()));
        return text.toString();
    }

    private static void line(StringBuilder text, Endpoint endpoint, String reason) {
        text.append(endpoint);
        if (!reason.isEmpty()) {
            text.append(" # ").append(reason.replaceAll("\\R", " "));
        }
        text.append('\n');
    }

    private static void read(String text, BiConsumer<Endpoint, String> entries) {
        int number = 0;
        for (String line : text.split("\\R", -1)) {
            number++;
            int hash = line.indexOf('#');
            String endpoints = hash < 0 ? line : line.substring(0, hash);
            String reason = hash < 0 ? "" : line.substring(hash + 1).trim();
            try {
                Endpoint.parseList(endpoints).forEach(endpoint -> entries.accept(endpoint, reason));
            } catch (PolicyException e) {
                throw new PolicyException("line " + number + ": " + e.getMessage(), e);
            }
        }
    }
}
