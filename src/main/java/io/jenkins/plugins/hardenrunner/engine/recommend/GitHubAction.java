package io.jenkins.plugins.hardenrunner.engine.recommend;

import io.jenkins.plugins.hardenrunner.engine.policy.EgressPolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.Endpoint;
import io.jenkins.plugins.hardenrunner.engine.policy.Origin;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyException;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyLayer;
import io.jenkins.plugins.hardenrunner.engine.policy.Protocol;
import io.jenkins.plugins.hardenrunner.engine.policy.Text;
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

    private static final Pattern WORD = Pattern.compile("\\S+");

    private GitHubAction() {}

    /**
     * What a pasted text says: the inputs as they stand in a workflow, or the bare list.
     *
     * @param ignored the inputs that have no meaning here, such as {@code disable-sudo}; nothing is dropped unsaid
     * @param problems what cannot be used, each with its line; the layer is what is left without it
     */
    public record Imported(PolicyLayer layer, List<String> ignored, List<String> problems) {
        public Imported {
            ignored = List.copyOf(ignored);
            problems = List.copyOf(problems);
        }
    }

    /**
     * Reads a pasted text of which everything must be usable.
     *
     * @throws PolicyException naming the line and what is wrong
     */
    public static Imported parse(String text) {
        Imported imported = read(text);
        if (!imported.problems().isEmpty()) {
            throw new PolicyException(imported.problems().get(0));
        }
        return imported;
    }

    /** Reads a pasted text for somebody who sees what is wrong with it before anything is stored. */
    public static Imported read(String text) {
        PolicyLayer.Builder layer = PolicyLayer.builder(new Origin(Origin.Kind.FILE, "allowed-endpoints"));
        List<String> ignored = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        boolean list = true;
        int number = 0;
        for (String line : text.split("\\R", -1)) {
            String place = "line " + ++number + ": ";
            String content = line.replaceFirst("(^|\\s)#.*$", "");
            Matcher input = INPUT.matcher(content);
            try {
                if (input.matches()) {
                    String value = input.group(2) == null ? "" : unquoted(input.group(2));
                    list = input.group(1).equals("allowed-endpoints");
                    if (list) {
                        endpoints(layer, BLOCK_SCALAR.matcher(value).matches() ? "" : value, place, problems);
                    } else if (input.group(1).equals("egress-policy")) {
                        layer.egressPolicy(EgressPolicy.parse(value));
                    } else if (!List.of("uses", "with", "name", "steps").contains(input.group(1))) {
                        ignored.add(input.group(1));
                    }
                } else if (list) {
                    endpoints(layer, content, place, problems);
                } else if (!content.isBlank()) {
                    throw new PolicyException("'" + Text.shown(content.trim()) + "' belongs to no input that can be imported");
                }
            } catch (PolicyException e) {
                problems.add(place + e.getMessage());
            }
        }
        return new Imported(layer.build(), ignored, problems);
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() >= 2 && (value.charAt(0) == '"' || value.charAt(0) == '\'')
                && value.charAt(value.length() - 1) == value.charAt(0);
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    private static void endpoints(PolicyLayer.Builder layer, String text, String place, List<String> problems) {
        Matcher word = WORD.matcher(text);
        while (word.find()) {
            try {
                // With what stands before it blanked, so that the position in a complaint is that in the line.
                layer.allow(Endpoint.parseList(" ".repeat(word.start()) + word.group()));
            } catch (PolicyException e) {
                problems.add(place + e.getMessage());
            }
        }
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
