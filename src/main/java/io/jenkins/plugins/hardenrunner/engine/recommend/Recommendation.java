package io.jenkins.plugins.hardenrunner.engine.recommend;

import io.jenkins.plugins.hardenrunner.engine.policy.Endpoint;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyException;
import io.jenkins.plugins.hardenrunner.engine.policy.Text;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The smallest allow list for what was seen: one entry for each name (or address without one), protocol and port.
 *
 * <p>An entry with a note is one that a finding concerns. It is written, but as a comment: who pastes the
 * recommendation without reading it lets the build pass and the attacker not.
 */
public final class Recommendation {
    /**
     * An observed destination.
     *
     * @param firstSeen ISO-8601, so that texts sort like times
     * @param note why a person should look at it first; null if nothing speaks against it
     */
    public record Observed(Endpoint endpoint, long count, String firstSeen, String lastSeen, String note) {}

    private final List<Observed> entries;

    private Recommendation(List<Observed> entries) {
        this.entries = List.copyOf(entries);
    }

    /** Joins equal endpoints. One observation without a note clears the endpoint: something else needs it too. */
    public static Recommendation of(Collection<Observed> observations) {
        Map<Endpoint, Observed> joined = new LinkedHashMap<>();
        for (Observed observed : observations) {
            joined.merge(observed.endpoint(), observed, Recommendation::join);
        }
        List<Observed> entries = new ArrayList<>(joined.values());
        entries.sort(Comparator.comparing(entry -> entry.endpoint().toString()));
        return new Recommendation(entries);
    }

    private static Observed join(Observed a, Observed b) {
        return new Observed(a.endpoint(), a.count() + b.count(),
                a.firstSeen().compareTo(b.firstSeen()) <= 0 ? a.firstSeen() : b.firstSeen(),
                a.lastSeen().compareTo(b.lastSeen()) >= 0 ? a.lastSeen() : b.lastSeen(),
                a.note() == null || b.note() == null ? null : a.note());
    }

    /** All entries, sorted. */
    public List<Observed> entries() {
        return entries;
    }

    private List<Observed> clean() {
        return entries.stream().filter(entry -> entry.note() == null).toList();
    }

    private List<Observed> noted() {
        return entries.stream().filter(entry -> entry.note() != null).toList();
    }

    /** One endpoint a line, as the list parameter of the step takes it; entries with a note are left out. */
    public String text() {
        StringBuilder text = new StringBuilder();
        clean().forEach(entry -> text.append(entry.endpoint()).append('\n'));
        return text.toString();
    }

    /** A {@code hardenRunner} step that allows what was seen. */
    public String jenkinsfile() {
        StringBuilder text = new StringBuilder("hardenRunner(\n    egressPolicy: 'block',\n    allowedEndpoints: [\n");
        for (Observed entry : clean()) {
            text.append("        '").append(quotable(entry.endpoint())).append("', // ").append(seen(entry)).append('\n');
        }
        for (Observed entry : noted()) {
            text.append("        // '").append(quotable(entry.endpoint())).append("', // review first: ")
                    .append(comment(entry.note())).append("; ").append(seen(entry)).append('\n');
        }
        return text + "    ]\n) {\n    // the steps of this block\n}\n";
    }

    /** Configuration as Code: the global configuration. */
    public String jcasc() {
        StringBuilder text = new StringBuilder();
        text.append("security:\n  hardenRunner:\n    egressPolicy: \"block\"\n");
        if (clean().isEmpty()) {
            text.append("    allowedEndpoints: \"\"\n");
        } else {
            text.append("    allowedEndpoints: |\n");
            clean().forEach(entry -> text.append("      ").append(entry.endpoint()).append('\n'));
        }
        for (Observed entry : noted()) {
            text.append("    # review first: ").append(entry.endpoint()).append(" (")
                    .append(comment(entry.note())).append(")\n");
        }
        return text.toString();
    }

    /** A policy file (docs/policy.md). */
    public String policy() {
        StringBuilder text = new StringBuilder("version: 1\negressPolicy: \"block\"\n");
        text.append(clean().isEmpty() ? "allowedEndpoints: []\n" : "allowedEndpoints:\n");
        clean().forEach(entry -> text.append("  - \"").append(entry.endpoint()).append("\"\n"));
        for (Observed entry : noted()) {
            text.append("  # review first: ").append(entry.endpoint()).append(" (").append(comment(entry.note())).append(")\n");
        }
        return text.toString();
    }

    private static String seen(Observed entry) {
        return entry.count() + (entry.count() == 1 ? " time" : " times") + ", last " + comment(entry.lastSeen());
    }

    /**
     * Text of unknown origin as a comment. Groovy expands {@code \\u000a} before it looks for comments, so a package
     * name with a backslash could end the comment and go on as code of the Jenkinsfile.
     */
    private static String comment(String text) {
        return text.substring(0, Math.min(text.length(), 200)).replaceAll("[^ -\\[\\]-~]", "?");
    }

    /** Canonical endpoints hold no quote; this is the place that would let a build write into a Jenkinsfile. */
    private static String quotable(Endpoint endpoint) {
        String text = endpoint.toString();
        if (!text.matches("[A-Za-z0-9._:/*\\[\\],-]+")) {
            throw new PolicyException("the endpoint '" + Text.shown(text) + "' cannot be quoted");
        }
        return text;
    }
}
