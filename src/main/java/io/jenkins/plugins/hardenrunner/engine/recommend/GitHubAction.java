package io.jenkins.plugins.hardenrunner.engine.recommend;

import io.jenkins.plugins.hardenrunner.engine.policy.EgressPolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.Endpoint;
import io.jenkins.plugins.hardenrunner.engine.policy.Origin;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyException;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyLayer;
import io.jenkins.plugins.hardenrunner.engine.policy.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The inputs {@code egress-policy} and {@code allowed-endpoints} of the Harden-Runner action of GitHub workflows: a
 * list of {@code host:port}, without a port 443.
 */
public final class GitHubAction {
    private static final Pattern INPUT = Pattern.compile("^\\s*(?:-\\s+)?([A-Za-z][A-Za-z0-9_-]*):(?:\\s+(.*?))?\\s*$");
    private static final Pattern BLOCK_SCALAR = Pattern.compile("[|>][+-]?[0-9]?");

    private GitHubAction() {}

    /**
     * What a pasted text says: the inputs as they stand in a workflow, or the bare list.
     *
     * @param ignored the inputs that have no meaning here, such as {@code disable-sudo}; nothing is dropped unsaid
     */
    public record Imported(PolicyLayer layer, List<String> ignored) {
        public Imported {
            ignored = List.copyOf(ignored);
        }
    }

    /**
     * Reads a pasted text.
     *
     * @throws PolicyException naming the line and what is wrong
     */
    public static Imported parse(String text) {
        PolicyLayer.Builder layer = PolicyLayer.builder(new Origin(Origin.Kind.FILE, "allowed-endpoints"));
        List<String> ignored = new ArrayList<>();
        boolean list = true;
        int number = 0;
        for (String line : text.split("\\R", -1)) {
            number++;
            String content = line.replaceFirst("(^|\\s)#.*$", "");
            Matcher input = INPUT.matcher(content);
            try {
                if (input.matches()) {
                    String value = input.group(2) == null ? "" : unquoted(input.group(2));
                    list = input.group(1).equals("allowed-endpoints");
                    if (list) {
                        endpoints(layer, BLOCK_SCALAR.matcher(value).matches() ? "" : value);
                    } else if (input.group(1).equals("egress-policy")) {
                        layer.egressPolicy(EgressPolicy.parse(value));
                    } else if (!List.of("uses", "with", "name", "steps").contains(input.group(1))) {
                        ignored.add(input.group(1));
                    }
                } else if (list) {
                    endpoints(layer, content);
                } else if (!content.isBlank()) {
                    throw new PolicyException("'" + content.trim() + "' belongs to no input that can be imported");
                }
            } catch (PolicyException e) {
                throw new PolicyException("line " + number + ": " + e.getMessage(), e);
            }
        }
        return new Imported(layer.build(), ignored);
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() >= 2 && (value.charAt(0) == '"' || value.charAt(0) == '\'')
                && value.charAt(value.length() - 1) == value.charAt(0);
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    private static void endpoints(PolicyLayer.Builder layer, String text) {
        layer.allow(Endpoint.parseList(text));
    }

    static String text(Recommendation recommendation) {
        StringBuilder entries = new StringBuilder();
        StringBuilder comments = new StringBuilder();
        for (Recommendation.Entry entry : recommendation.entries()) {
            String endpoint = RecommendationText.quotable(entry.endpoint());
            if (entry.note() != null) {
                comments.append("# review first: ").append(endpoint).append(" (").append(RecommendationText.comment(entry.note())).append(")\n");
            } else if (entry.endpoint().protocol() == Protocol.UDP) {
                comments.append("# the action has no UDP rules: ").append(endpoint).append('\n');
            } else {
                entries.append("  ").append(endpoint).append('\n');
            }
        }
        return comments + "egress-policy: block\nallowed-endpoints: >\n" + entries;
    }
}
