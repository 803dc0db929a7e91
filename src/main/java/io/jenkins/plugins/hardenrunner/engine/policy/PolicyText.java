package io.jenkins.plugins.hardenrunner.engine.policy;

import java.util.List;
import java.util.function.Consumer;

/** Writes policies as documents (docs/policy.md). */
public final class PolicyText {
    private PolicyText() {}

    /** A place's policy as YAML that reads back to an equal one. */
    public static String yaml(PolicyScope scope) {
        StringBuilder text = new StringBuilder("version: " + PolicyDocument.VERSION + "\n");
        list(text, "", "extends", scope.parents());
        if (scope.defaultPolicy() != null) {
            text.append("policy: ").append(quoted(scope.defaultPolicy())).append('\n');
        }
        layer(text, "", scope.settings());
        if (scope.settings().ceiling() != null) {
            text.append(scope.settings().ceiling().isEmpty() ? "ceiling: []\n" : "");
            list(text, "", "ceiling", scope.settings().ceiling().stream().map(Endpoint::toString).toList());
        }
        if (scope.floor() != null) {
            object(text, "", "floor", floor -> layer(floor, "  ", scope.floor()));
        }
        if (!scope.policies().isEmpty()) {
            text.append("policies:\n");
            scope.policies().forEach(policy -> object(text, "  ", quoted(policy.name()), body -> {
                if (!policy.description().isEmpty()) {
                    body.append("    description: ").append(quoted(policy.description())).append('\n');
                }
                list(body, "    ", "extends", policy.parents());
                layer(body, "    ", policy.content());
            }));
        }
        return text.toString();
    }

    private static void object(StringBuilder text, String indent, String field, Consumer<StringBuilder> content) {
        StringBuilder body = new StringBuilder();
        content.accept(body);
        text.append(indent).append(field).append(body.isEmpty() ? ": {}\n" : ":\n").append(body);
    }

    private static void layer(StringBuilder text, String indent, PolicyLayer layer) {
        token(text, indent, "egressPolicy", layer.egressPolicy());
        token(text, indent, "filePolicy", layer.filePolicy());
        token(text, indent, "credentialPolicy", layer.credentialPolicy());
        token(text, indent, "loopback", layer.loopback());
        token(text, indent, "inbound", layer.inbound());
        token(text, indent, "sni", layer.sni());
        if (layer.metadataAllowed() != null) {
            text.append(indent).append("metadata: ").append(layer.metadataAllowed() ? "allow\n" : "deny\n");
        }
        token(text, indent, "onViolation", layer.onViolation());
        token(text, indent, "onDeviation", layer.onDeviation());
        token(text, indent, "onUnsupported", layer.onUnsupported());
        field(text, indent, "allowedEndpoints", layer.allowRules());
        layer.allowRules().forEach(entry -> entry(text, indent, entry.endpoint(), entry.reason(), ""));
        field(text, indent, "blockedEndpoints", layer.blocked());
        layer.blocked().forEach(entry -> entry(text, indent, entry.endpoint(), entry.reason(), ""));
        list(text, indent, "dnsUpstreams", layer.dnsUpstreams().stream().map(DnsUpstream::toString).toList());
        list(text, indent, "protectedPaths", layer.protectedGlobs());
        list(text, indent, "credentialPaths", layer.credentialPaths());
        list(text, indent, "allowedSockets", layer.allowedSockets());
        list(text, indent, "keptCapabilities", layer.keptCapabilities());
        list(text, indent, "expectedChanges", layer.expectedChanges().stream().map(ExpectedChange::text).toList());
    }

    private static void token(StringBuilder text, String indent, String field, Token value) {
        if (value != null) {
            text.append(indent).append(field).append(": ").append(quoted(value.token())).append('\n');
        }
    }

    private static void field(StringBuilder text, String indent, String field, List<?> entries) {
        if (!entries.isEmpty()) {
            text.append(indent).append(field).append(":\n");
        }
    }

    private static void entry(StringBuilder text, String indent, Endpoint endpoint, String reason, String comment) {
        text.append(indent).append(reason.isEmpty() ? "  - " : "  - endpoint: ").append(quoted(endpoint.toString())).append(comment)
                .append('\n');
        if (!reason.isEmpty()) {
            text.append(indent).append("    reason: ").append(quoted(reason)).append('\n');
        }
    }

    /** An effective policy as YAML that says where each value comes from and reads back to one of the same meaning. */
    public static String yaml(EffectivePolicy policy) {
        StringBuilder text = new StringBuilder("version: " + PolicyDocument.VERSION + "\n");
        for (TraceEntry entry : policy.trace()) {
            if (PolicySection.MODES.contains(entry.setting())) {
                text.append(entry.setting()).append(": \"").append(entry.value()).append("\" # ")
                        .append(comment(entry.origin().label()));
                entry.overruled().forEach(o -> text.append(", overrules '").append(o.value()).append("' of ")
                        .append(comment(o.origin().label())));
                text.append('\n');
            }
        }
        rules(text, "allowedEndpoints", policy, Rule.Action.ALLOW);
        rules(text, "blockedEndpoints", policy, Rule.Action.BLOCK);
        list(text, "", "dnsUpstreams", policy.dnsUpstreams().stream().map(DnsUpstream::toString).toList());
        list(text, "", "protectedPaths", policy.protectedGlobs());
        list(text, "", "credentialPaths", policy.credentialPaths());
        list(text, "", "allowedSockets", policy.allowedSockets());
        list(text, "", "keptCapabilities", policy.keptCapabilities());
        list(text, "", "expectedChanges", policy.expectedChanges().stream().map(ExpectedChange::text).toList());
        policy.trace().stream().filter(entry -> entry.setting().startsWith("allow ")).forEach(entry -> text.append("# ")
                .append(comment(entry.setting())).append(" of ").append(comment(entry.overruled().get(0).origin().label()))
                .append(": ").append(comment(entry.value())).append(" (").append(comment(entry.origin().label())).append(")\n"));
        return text.toString();
    }

    private static void rules(StringBuilder text, String field, EffectivePolicy policy, Rule.Action action) {
        List<Rule> rules = policy.rules().stream().filter(rule -> rule.action() == action).toList();
        field(text, "", field, rules);
        rules.forEach(rule -> entry(text, "", rule.endpoint(), rule.reason(), " # " + comment(rule.origin().label())));
    }

    private static void list(StringBuilder text, String indent, String field, List<String> entries) {
        field(text, indent, field, entries);
        entries.forEach(entry -> text.append(indent).append("  - ").append(quoted(entry)).append('\n'));
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
