package io.jenkins.plugins.hardenrunner.engine.report;

import io.jenkins.plugins.hardenrunner.engine.event.Event;
import io.jenkins.plugins.hardenrunner.engine.policy.ExpectedChange;
import io.jenkins.plugins.hardenrunner.engine.policy.Glob;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Whether somebody said that a change is meant, and how to say so. */
final class Expectation {
    private static final Set<String> INTERPRETERS = Set.of(
            "sh", "bash", "dash", "zsh", "node", "nodejs", "python", "python3", "perl", "ruby", "java", "php");

    private final List<ExpectedChange> rules;
    private final Lineages lineages;
    private final Explanation.Context context;

    /** @param context where the policy is written, for remedies */
    Expectation(List<ExpectedChange> rules, Lineages lineages, Explanation.Context context) {
        this.rules = rules;
        this.lineages = lineages;
        this.context = context;
    }

    /**
     * The rule that covers a change; null if none does. A change without an author is never expected, and what an
     * install script of a dependency does only if a rule names its package.
     */
    ExpectedChange of(String root, String path, Collection<ImageRef> images) {
        if (images.isEmpty()) {
            return null;
        }
        return rules.stream()
                .filter(rule -> rule.matchesPath(root, path) && images.stream().allMatch(image -> by(rule, image)))
                .findFirst()
                .orElse(null);
    }

    private boolean by(ExpectedChange rule, ImageRef image) {
        Lineages.DependencyScript script = lineages.dependencyScript(image);
        if (script != null) {
            return rule.packageName() != null && rule.packageName().matches(script.packageName());
        }
        if (rule.packageName() != null) {
            return false;
        }
        Glob process = rule.process();
        return process == null || names(image).stream().anyMatch(process::matches);
    }

    /** The program of an image and, of an interpreter, its script, each with and without its folder. */
    private Set<String> names(ImageRef image) {
        Set<String> names = new LinkedHashSet<>();
        List<Event.Image> chain = lineages.chain(image);
        if (!chain.isEmpty()) {
            Event.Image nearest = chain.get(0);
            add(names, nearest.exe());
            if (INTERPRETERS.contains(base(nearest.exe()).replaceAll("[0-9.]+$", "")) || INTERPRETERS.contains(base(nearest.exe()))) {
                // A command in the arguments (-c, -e, -m) is no script with a name.
                nearest.argv().stream().skip(1).filter(argument -> !argument.startsWith("-") || argument.matches("-[a-z]*[cem]"))
                        .findFirst().filter(script -> !script.startsWith("-")).ifPresent(script -> add(names, script));
            }
        }
        return names;
    }

    private static void add(Set<String> names, String path) {
        names.add(path);
        names.add(base(path));
    }

    private static String base(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** The configuration that would make a change expected; empty if nothing could. */
    String remedy(String root, String path, Collection<ImageRef> images) {
        if (images.isEmpty()) {
            return "";
        }
        String glob = root != null && path.startsWith(root + "/") ? path.substring(root.length() + 1) : path;
        glob = glob.replaceAll("([*?\\[{\\\\])", "\\\\$1");
        ImageRef image = images.iterator().next();
        Lineages.DependencyScript script = lineages.dependencyScript(image);
        List<String> names = List.copyOf(names(image));
        String who = script != null ? " by package:" + script.packageName() : names.isEmpty() ? "" : " by " + names.get(names.size() - 1);
        String rule = glob + who;
        if (rule.length() > 300 || rule.chars().anyMatch(c -> c < 0x20 || c == '\'')) {
            return "";
        }
        return "If it is meant, say so: " + (context == Explanation.Context.JENKINS
                ? "hardenRunner(expectedChanges: ['" + rule + "']) in the Jenkinsfile."
                : "expectedChanges: ['" + rule + "'] or --expect-change '" + rule + "'.");
    }
}
