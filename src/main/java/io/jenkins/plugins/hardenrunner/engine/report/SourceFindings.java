package io.jenkins.plugins.hardenrunner.engine.report;

import io.jenkins.plugins.hardenrunner.engine.event.Event;
import io.jenkins.plugins.hardenrunner.engine.policy.Text;
import io.jenkins.plugins.hardenrunner.engine.source.SourceChange;
import io.jenkins.plugins.hardenrunner.engine.source.SourceChange.Category;
import io.jenkins.plugins.hardenrunner.engine.source.SourceChange.Kind;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Findings about files that changed, or that changed and changed back. */
final class SourceFindings {
    /** Of more files that one author changed in the same way one finding tells all. */
    private static final int MAX_EACH = 20;
    private static final Set<String> LOCK_FILES = Set.of("package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml",
            "go.sum", "Cargo.lock", "poetry.lock", "Pipfile.lock", "composer.lock", "Gemfile.lock", "uv.lock");

    private final Findings findings;
    private final Lineages lineages;
    private final Expectation expectation;
    private final Map<String, Report.Finding> last = new LinkedHashMap<>();
    private final Map<String, Integer> counts = new LinkedHashMap<>();

    SourceFindings(Findings findings, Lineages lineages, Expectation expectation) {
        this.findings = findings;
        this.lineages = lineages;
        this.expectation = expectation;
    }

    void add(FileRows files) {
        files.changes.stream().filter(change -> change.expected() == null).forEach(this::change);
        counts.forEach((key, count) -> {
            if (count > MAX_EACH) {
                Report.Finding finding = last.get(key);
                finding.message += " (and " + (count - MAX_EACH) + " more files like it, see the list of files)";
            }
        });
        files.restored.stream().filter(restored -> restored.expected() == null).forEach(this::restored);
    }

    private void change(FileRows.Change change) {
        SourceChange source = change.source();
        Lineages.DependencyScript script = script(change.images());
        boolean orphan = change.images().isEmpty();
        String kind = orphan ? "unattributed-change" : switch (source.category()) {
            case SOURCE, UNVERSIONED -> "source-tampered";
            case BUILD_DEFINITION -> "build-definition-changed";
            default -> "git-tampered";
        };
        Severity severity = script != null ? Severity.CRITICAL : orphan ? orphaned(source) : severity(source);
        String who = orphan ? "" : script == null ? findings.by(change.images())
                : " by the " + script.script() + " script of " + Text.shown(script.label());
        String key = kind + " " + severity + who + " " + source.category() + " " + source.kind();
        if (counts.merge(key, 1, Integer::sum) > MAX_EACH) {
            last.get(key).evidence.lineages = union(last.get(key).evidence.lineages, change.images());
            return;
        }
        String explanation = digests(source) + (source.detail() == null ? "" : " " + sentence(Text.shown(source.detail(), 500)) + ".")
                + (orphan ? " No supervised process was seen writing to it." : " " + meaning(source));
        String remedy = orphan ? "Look at what else runs on this machine: a daemon, a container, another build, a process of an"
                + " earlier step." : remedy(source) + " " + expectation.remedy(source.root(), source.path(), change.images());
        Report.Finding finding = findings.add(kind, severity,
                Text.shown(source.path(), 300) + " " + what(source.category()) + " and was " + verb(source.kind()) + who,
                explanation, remedy.trim(), null);
        finding.evidence.path = source.path();
        finding.evidence.lineages = lineages.ids(change.images());
        last.put(key, finding);
    }

    private List<String> union(List<String> known, Collection<ImageRef> images) {
        Set<String> all = new LinkedHashSet<>(known);
        all.addAll(lineages.ids(images));
        return all.stream().limit(MAX_EACH).toList();
    }

    private static Severity severity(SourceChange source) {
        String name = source.path().substring(source.path().lastIndexOf('/') + 1);
        return switch (source.category()) {
            case SOURCE -> LOCK_FILES.contains(name) ? Severity.LOW : source.kind() == Kind.MODE ? Severity.MEDIUM : Severity.HIGH;
            case UNVERSIONED, BUILD_DEFINITION -> Severity.MEDIUM;
            case GIT_HOOK -> Severity.HIGH;
            case GIT_CONFIG -> source.detail() == null || source.detail().contains("git runs or fetches") ? Severity.HIGH : Severity.LOW;
            case GIT_REF, GIT_INDEX -> Severity.LOW;
        };
    }

    /** Nobody of the block did it. What lies outside of the work tree may be anybody's. */
    private static Severity orphaned(SourceChange source) {
        return switch (source.category()) {
            case GIT_REF, GIT_INDEX -> Severity.MEDIUM;
            case BUILD_DEFINITION -> source.root() == null || source.kind() == Kind.ADDED ? Severity.MEDIUM : Severity.HIGH;
            default -> Severity.HIGH;
        };
    }

    private static String what(Category category) {
        return switch (category) {
            case SOURCE -> "is under version control";
            case UNVERSIONED -> "was there when the block began";
            case BUILD_DEFINITION -> "steers the build without being under version control";
            case GIT_HOOK -> "is a program that git runs by itself";
            case GIT_CONFIG -> "belongs to git's configuration";
            case GIT_REF -> "says what branches and tags are";
            case GIT_INDEX -> "says what git tracks";
        };
    }

    private static String verb(Kind kind) {
        return kind == Kind.ADDED ? "added" : "changed (" + kind.token() + ")";
    }

    private static String meaning(SourceChange source) {
        return switch (source.category()) {
            case SOURCE, UNVERSIONED -> "What is built from here on is not what was checked out.";
            case BUILD_DEFINITION -> "Build tools read it without being told to.";
            case GIT_HOOK -> "The next git command in this work tree can run it, in a later step or build too.";
            case GIT_CONFIG -> "The next git command in this work tree follows it, in a later step or build too.";
            case GIT_REF -> "What later steps check out, tag or push may be another commit.";
            case GIT_INDEX -> "A later commit, or a check whether files changed, goes by it.";
        };
    }

    private static String remedy(SourceChange source) {
        String name = source.path().substring(source.path().lastIndexOf('/') + 1);
        if (source.category() == Category.SOURCE && LOCK_FILES.contains(name)) {
            return "Let the package manager keep to the lock file ('npm ci', '--frozen-lockfile', '-mod=readonly', '--locked').";
        }
        return switch (source.category()) {
            case SOURCE -> "Compare the file with its commit and check it out again before anything is built from it.";
            case GIT_HOOK, GIT_CONFIG -> "Remove what was added, and wipe out the workspace before the next build.";
            default -> "Look at the difference, and fetch the file again if it is not meant.";
        };
    }

    private static String digests(SourceChange source) {
        return "Content before " + digest(source.before(), source.beforeSize()) + ", after "
                + digest(source.after(), source.afterSize()) + ".";
    }

    private static String digest(String value, Long size) {
        return value == null ? "none" : value + (size == null ? "" : " (" + size + " bytes)");
    }

    /**
     * A source that was written to and is what it was. One writing of the same content is what package managers do;
     * two can have had anything in between, and an install script has no business there at all.
     */
    private void restored(FileRows.Restored restored) {
        Lineages.DependencyScript script = script(restored.images());
        String name = restored.path().substring(restored.path().lastIndexOf('/') + 1);
        if (script == null && (restored.writes() < 2 || LOCK_FILES.contains(name))) {
            return;
        }
        String who = script == null ? findings.by(restored.images())
                : " by the " + script.script() + " script of " + Text.shown(script.label());
        Set<String> meanwhile = programs(restored);
        Report.Finding finding = findings.add("source-restored", script != null ? Severity.HIGH : Severity.MEDIUM,
                Text.shown(restored.path(), 300) + " was written to" + who + " and holds the same at the end as at the start",
                restored.writes() + " operations between " + ReportAssembly.time(restored.first()) + " and "
                        + ReportAssembly.time(restored.last()) + ". Something else may have stood there in between"
                        + (meanwhile.isEmpty() ? "." : ", when these programs were started: " + Text.shown(String.join(", ", meanwhile), 300) + "."),
                ("Do not trust what was built meanwhile; find out what wrote to the file. "
                        + expectation.remedy(null, restored.path(), restored.images())).trim(), null);
        finding.evidence.path = restored.path();
        finding.evidence.lineages = lineages.ids(restored.images());
    }

    private Set<String> programs(FileRows.Restored restored) {
        Set<String> names = new LinkedHashSet<>();
        for (Event.Image image : lineages.images()) {
            if (image.head().time() >= restored.first() && image.head().time() <= restored.last() && names.size() < 10) {
                names.add(image.exe().substring(image.exe().lastIndexOf('/') + 1));
            }
        }
        return names;
    }

    private Lineages.DependencyScript script(Collection<ImageRef> images) {
        return images.stream().map(lineages::dependencyScript).filter(Objects::nonNull).findFirst().orElse(null);
    }

    private static String sentence(String text) {
        return text.isEmpty() ? text : Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }
}
