package io.jenkins.plugins.hardenrunner.engine.policy;

import java.util.List;

/** Writes an effective policy as a document (docs/policy.md) that says where each value comes from. */
public final class PolicyText {
    private PolicyText() {}

    /** YAML that reads back to a policy of the same meaning. */
    public static String yaml(EffectivePolicy policy) {
        StringBuilder text = new StringBuilder("version: " + PolicyDocument.VERSION + "\n");
        for (TraceEntry entry : policy.trace()) {
            if (!entry.setting().equals("dnsUpstreams")) {
                text.append(entry.setting()).append(": \"").append(entry.value()).append("\" # ")
                        .append(comment(entry.origin().label()));
                entry.overruled().forEach(o -> text.append(", overrules '").append(o.value()).append("' of ")
                        .append(comment(o.origin().label())));
                text.append('\n');
            }
        }
        rules(text, "allowedEndpoints", policy, Rule.Action.ALLOW);
        rules(text, "blockedEndpoints", policy, Rule.Action.BLOCK);
        list(text, "dnsUpstreams", policy.dnsUpstreams().stream().map(DnsUpstream::toString).toList());
        list(text, "protectedPaths", policy.protectedGlobs());
        return text.toString();
    }

    private static void rules(StringBuilder text, String field, EffectivePolicy policy, Rule.Action action) {
        List<Rule> rules = policy.rules().stream().filter(rule -> rule.action() == action).toList();
        if (rules.isEmpty()) {
            return;
        }
        text.append(field).append(":\n");
        for (Rule rule : rules) {
            if (action == Rule.Action.BLOCK && !rule.reason().isEmpty()) {
                text.append("  - endpoint: ").append(quoted(rule.endpoint().toString())).append(" # ")
                        .append(comment(rule.origin().label())).append("\n    reason: ").append(quoted(rule.reason())).append('\n');
            } else {
                text.append("  - ").append(quoted(rule.endpoint().toString())).append(" # ")
                        .append(comment(rule.origin().label())).append('\n');
            }
        }
    }

    private static void list(StringBuilder text, String field, List<String> entries) {
        if (!entries.isEmpty()) {
            text.append(field).append(":\n");
            entries.forEach(entry -> text.append("  - ").append(quoted(entry)).append('\n'));
        }
    }

    private static String comment(String text) {
        return Text.shown(text, 200);
    }

    /** A double-quoted scalar: the same in JSON and YAML. */
    static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < 0x20 || c >= 0x7f) {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
