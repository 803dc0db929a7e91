package io.jenkins.plugins.hardenrunner.engine.report;

import io.jenkins.plugins.hardenrunner.engine.event.Event;
import io.jenkins.plugins.hardenrunner.engine.policy.Text;
import io.jenkins.plugins.hardenrunner.engine.policy.Verdict;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Findings about what install scripts of dependencies do to files that no version control knows: the programs of other
 * packages, and what the build itself has made. So a compiler's plug-in, or whatever waits for the compiler, patches a
 * product whose sources stay as they were. They come from the record of writes alone; a plug-in that does it inside of
 * the compiler's own process has no other author than the compiler. With the file policy {@code block} the helper refuses
 * whatever lies beyond the script's own package; then the finding is about the attempt. In audit a finding tells what
 * would be refused, if it is none of both already.
 */
final class OutputFindings {
    static final String PACKAGE = "package-tampered";
    static final String OUTPUT = "output-tampered";
    static final String CONFINED = "install-script-confined";
    static final String UNCONFINED = "install-script-would-confine";
    /** The helper's rule behind a refusal, or what would be one. */
    static final String RULE = "install-script";

    private static final Set<String> WRITES = Set.of("write", "truncate", "rename", "link", "symlink", "unlink");
    private static final int MAX_RENAMES = 10_000;
    private static final String MODULES = "/node_modules/";

    /** What one script did of one kind. @param script null if it was confined and nobody knows which one it is */
    private record Key(String kind, Lineages.DependencyScript script) {}

    private static final class Tampered {
        final Map<String, Set<ImageRef>> paths = new LinkedHashMap<>();
        final Set<ImageRef> others = new LinkedHashSet<>();

        void add(String path, ImageRef image) {
            paths.computeIfAbsent(path, any -> new LinkedHashSet<>()).add(image);
        }

        /** The path that the finding names; of the others it gives the number. */
        String first() {
            return paths.keySet().iterator().next();
        }

        /** Who wrote to that one: the evidence is about it. */
        Set<ImageRef> authors() {
            return paths.values().iterator().next();
        }
    }

    private final Findings findings;
    private final Lineages lineages;
    private final Expectation expectation;
    private final Collection<String> folders;
    private final Predicate<String> tracked;
    private final Map<String, String> renamed = new LinkedHashMap<>();
    private final Map<Key, Tampered> found = new LinkedHashMap<>();
    private final Map<Key, Tampered> confined = new LinkedHashMap<>();

    /**
     * @param folders in which the build's commands ran
     * @param tracked the files whose content is compared, which have findings of their own
     */
    OutputFindings(Findings findings, Lineages lineages, Expectation expectation, Collection<String> folders,
            Predicate<String> tracked) {
        this.findings = findings;
        this.lineages = lineages;
        this.expectation = expectation;
        this.folders = folders;
        this.tracked = tracked;
    }

    void add(Aggregation aggregation) {
        Attribution attribution = new Attribution(aggregation);
        for (Map<Aggregation.FileKey, Row<Aggregation.FileKey>> rows : List.of(aggregation.importantFiles, aggregation.otherFiles)) {
            rows.keySet().stream().filter(key -> key.operation().equals("rename") && key.verdict() != Verdict.BLOCKED)
                    .limit(MAX_RENAMES).forEach(key -> renamed.put(key.path(), key.to()));
        }
        aggregation.otherFiles.values().forEach(row -> written(row, attribution));
        for (Row<Aggregation.FileKey> row : aggregation.importantFiles.values()) {
            if (!row.key.rule().equals(RULE)) {
                continue;
            }
            if (row.key.verdict() == Verdict.BLOCKED) {
                row.images.forEach(image -> confined(CONFINED, row, image));
            } else {
                Set<ImageRef> tampering = written(row, attribution);
                // What became of a file under version control is a finding already.
                if (!tracked.test(finalName(row))) {
                    row.images.stream().filter(image -> !tampering.contains(image)).forEach(image -> confined(UNCONFINED, row, image));
                }
            }
        }
        found.forEach(this::finding);
        confined.forEach(this::confined);
    }

    /** Whose write of this one is a finding of its own. */
    private Set<ImageRef> written(Row<Aggregation.FileKey> row, Attribution attribution) {
        Set<ImageRef> tampering = new LinkedHashSet<>();
        if (!WRITES.contains(row.key.operation()) || row.key.verdict() == Verdict.BLOCKED) {
            return tampering;
        }
        String path = finalName(row);
        for (ImageRef image : row.images) {
            Lineages.DependencyScript script = lineages.dependencyScript(image);
            if (script != null && written(path, image, script, attribution)) {
                tampering.add(image);
            }
        }
        return tampering;
    }

    private void confined(String kind, Row<Aggregation.FileKey> row, ImageRef image) {
        confined.computeIfAbsent(new Key(kind, lineages.dependencyScript(image)), any -> new Tampered()).add(row.key.path(), image);
    }

    private void confined(Key key, Tampered tampered) {
        String first = tampered.first();
        String who = key.script() == null ? "a process of which nobody knows whose it is" : "the " + key.script().script()
                + " script of " + Text.shown(key.script().label());
        boolean refused = key.kind().equals(CONFINED);
        Report.Finding finding = findings.add(key.kind(), refused ? Severity.HIGH : Severity.LOW,
                refused ? "A write to " + Text.shown(first, 300) + " was refused by the policy: " + who
                                + " may write in its own package only" + more(tampered)
                        : "The file policy 'block' would refuse a write to " + Text.shown(first, 300) + " by " + who + more(tampered),
                "With the file policy 'block' an install script of a dependency changes nothing in the workspace but its own"
                        + " package: not other packages, not sources, not what the build has made.",
                ((refused ? "Find out what the script does before its next run, and install with 'npm ci --ignore-scripts' until then. "
                                : "Find out whether the script is meant to, before the file policy becomes 'block'. ")
                        // Only a rule that names the package opens anything to its script.
                        + (key.script() == null ? "" : expectation.remedy(root(first), first, tampered.authors()))).trim(), null);
        finding.evidence.path = first;
        finding.evidence.rule = RULE;
        finding.evidence.lineages = lineages.ids(tampered.authors());
    }

    private static String more(Tampered tampered) {
        return tampered.paths.size() > 1 ? " (and " + (tampered.paths.size() - 1) + " more files like it)" : "";
    }

    private String root(String path) {
        return folders.stream().filter(folder -> path.startsWith(folder + "/")).findFirst().orElse(null);
    }

    private String finalName(Row<Aggregation.FileKey> row) {
        boolean two = row.key.to() != null && !row.key.operation().equals("symlink");
        return finalName(two ? row.key.to() : row.key.path());
    }

    /** What a file was called in the end: programs write to a temporary name, or to a folder that is put in place later. */
    private String finalName(String path) {
        String name = path;
        for (int i = 0; i < 5; i++) {
            String next = renamed.get(name);
            for (int slash = name.lastIndexOf('/'); next == null && slash > 0; slash = name.lastIndexOf('/', slash - 1)) {
                String folder = renamed.get(name.substring(0, slash));
                next = folder == null ? null : folder + name.substring(slash);
            }
            if (next == null || next.equals(path)) {
                return name;
            }
            name = next;
        }
        return name;
    }

    private boolean written(String path, ImageRef image, Lineages.DependencyScript script, Attribution attribution) {
        String root = root(path);
        if (root == null || tracked.test(path) || ofItself(path, image, script) || expectation.of(root, path, List.of(image)) != null) {
            return false;
        }
        if (path.contains(MODULES)) {
            String owner = packageOf(path);
            if (owner == null || owner.equals(script.packageName())) {
                return false;
            }
            tampered(PACKAGE, script, path, image);
            return true;
        }
        List<ImageRef> others = attribution.of(path, List.of(), false).stream()
                .filter(other -> lineages.dependencyScript(other) == null).toList();
        if (others.isEmpty()) {
            return false;
        }
        tampered(OUTPUT, script, path, image).others.addAll(others);
        return true;
    }

    private Tampered tampered(String kind, Lineages.DependencyScript script, String path, ImageRef image) {
        Tampered tampered = found.computeIfAbsent(new Key(kind, script), any -> new Tampered());
        tampered.add(path, image);
        return tampered;
    }

    /** Whether a file lies in the folder of the script's own package, in which it was started. */
    private boolean ofItself(String path, ImageRef image, Lineages.DependencyScript script) {
        String home = null;
        for (Event.Image one : lineages.chain(image)) {
            if (one.npmPackage() != null && one.npmPackage().name().equals(script.packageName())) {
                home = one.cwd();
            }
        }
        return home != null && path.startsWith(home + "/") || path.contains(MODULES + script.packageName() + "/");
    }

    /** The innermost npm package that a file belongs to; null for what the package manager keeps beside packages. */
    static String packageOf(String path) {
        String[] rest = path.substring(path.lastIndexOf(MODULES) + MODULES.length()).split("/", 3);
        boolean scoped = rest[0].startsWith("@");
        if (rest[0].startsWith(".") || rest.length < (scoped ? 3 : 2)) {
            return null;
        }
        return scoped ? rest[0] + "/" + rest[1] : rest[0];
    }

    private void finding(Key key, Tampered tampered) {
        boolean output = key.kind().equals(OUTPUT);
        String first = tampered.first();
        Report.Finding finding = findings.add(key.kind(), Severity.HIGH,
                Text.shown(first, 300) + (output ? " is made by the build" : " belongs to the package " + Text.shown(packageOf(first)))
                        + " and was written to by the " + key.script().script() + " script of "
                        + Text.shown(key.script().label()) + more(tampered),
                output ? "It was also written" + findings.by(tampered.others) + ". What the build delivers may not be what its"
                                + " sources say, although none of them changed."
                        : "What this package does from here on, for example as part of a compiler, is not what was downloaded"
                                + " and what a lock file vouches for.",
                ("Do not deliver what was built; install with 'npm ci --ignore-scripts' and build again. "
                        + expectation.remedy(root(first), first, tampered.authors())).trim(), null);
        finding.evidence.path = first;
        Set<ImageRef> images = new LinkedHashSet<>(tampered.authors());
        images.addAll(tampered.others);
        finding.evidence.lineages = lineages.ids(images);
    }
}
