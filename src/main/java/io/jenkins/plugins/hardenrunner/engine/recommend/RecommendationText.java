package io.jenkins.plugins.hardenrunner.engine.recommend;

import io.jenkins.plugins.hardenrunner.engine.policy.Endpoint;
import io.jenkins.plugins.hardenrunner.engine.policy.ExfilCapable;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyException;
import io.jenkins.plugins.hardenrunner.engine.policy.Text;
import java.util.List;

/** A recommendation in the forms that can be pasted. Each entry has its count and times beside it. */
final class RecommendationText {
    private static final int MAX_COMMENT = 200;

    private final Recommendation recommendation;

    RecommendationText(Recommendation recommendation) {
        this.recommendation = recommendation;
    }

    String jenkinsfile() {
        StringBuilder text = new StringBuilder("hardenRunner(\n    egressPolicy: 'block',\n    allowedEndpoints: [\n");
        for (Recommendation.Entry entry : recommendation.clean()) {
            text.append("        '").append(quotable(entry.endpoint())).append("', // ").append(seen(entry)).append('\n');
        }
        for (Recommendation.Entry entry : recommendation.noted()) {
            text.append("        // '").append(quotable(entry.endpoint())).append("', // review first: ")
                    .append(comment(entry.note())).append("; ").append(seen(entry)).append('\n');
        }
        return text + "    ]\n) {\n    // the steps of this block\n}\n";
    }

    String jcasc(String name) {
        StringBuilder text = new StringBuilder("security:\n  hardenRunner:\n    policies:\n");
        text.append("      - name: \"").append(name).append("\"\n        egressPolicy: \"block\"\n");
        List<Recommendation.Entry> clean = recommendation.clean();
        text.append(clean.isEmpty() ? "        allowedEndpoints: \"\"\n" : "        allowedEndpoints: |\n");
        // What follows '#' is part of the text, and the reason that explanations show.
        clean.forEach(entry -> text.append("          ").append(quotable(entry.endpoint())).append(" # ").append(seen(entry)).append('\n'));
        noted(text, "        ");
        return text.toString();
    }

    String policy() {
        StringBuilder text = new StringBuilder("version: 1\negressPolicy: \"block\"\n");
        List<Recommendation.Entry> clean = recommendation.clean();
        text.append(clean.isEmpty() ? "allowedEndpoints: []\n" : "allowedEndpoints:\n");
        clean.forEach(entry -> text.append("  - \"").append(quotable(entry.endpoint())).append("\" # ").append(seen(entry)).append('\n'));
        noted(text, "  ");
        return text.toString();
    }

    private void noted(StringBuilder text, String indent) {
        for (Recommendation.Entry entry : recommendation.noted()) {
            text.append(indent).append("# review first: ").append(quotable(entry.endpoint())).append(" (")
                    .append(comment(entry.note())).append("; ").append(seen(entry)).append(")\n");
        }
    }

    private String seen(Recommendation.Entry entry) {
        StringBuilder text = new StringBuilder();
        text.append(entry.count()).append(entry.count() == 1 ? " time" : " times");
        if (recommendation.builds() > 1) {
            text.append(" in ").append(entry.builds()).append(" of ").append(recommendation.builds()).append(" builds");
        }
        if (entry.firstSeen().equals(entry.lastSeen())) {
            text.append(", ").append(comment(entry.lastSeen()));
        } else {
            text.append(", first ").append(comment(entry.firstSeen())).append(", last ").append(comment(entry.lastSeen()));
        }
        if (!entry.collapsed().isEmpty()) {
            text.append(", for ").append(entry.collapsed().size()).append(" names, new ones in each build: ")
                    .append(comment(String.join(" ", entry.collapsed())));
        }
        ExfilCapable.Mark mark = ExfilCapable.of(entry.endpoint());
        return mark == null ? text.toString() : text + ", exfil-capable (" + mark.category() + ")";
    }

    /**
     * Text of unknown origin as a comment. Groovy expands {@code \\u000a} before it looks for comments, so a package
     * name with a backslash could end the comment and go on as code of the Jenkinsfile.
     */
    static String comment(String text) {
        return text.substring(0, Math.min(text.length(), MAX_COMMENT)).replaceAll("[^ -\\[\\]-~]", "?");
    }

    /** Canonical endpoints hold no quote; this is the place that would let a build write into a Jenkinsfile. */
    static String quotable(Endpoint endpoint) {
        String text = endpoint.toString();
        if (!text.matches("[A-Za-z0-9._:/*\\[\\],-]+")) {
            throw new PolicyException("the endpoint '" + Text.shown(text) + "' cannot be quoted");
        }
        return text;
    }
}
