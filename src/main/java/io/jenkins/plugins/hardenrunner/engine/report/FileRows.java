package io.jenkins.plugins.hardenrunner.engine.report;

import io.jenkins.plugins.hardenrunner.engine.policy.ExpectedChange;
import io.jenkins.plugins.hardenrunner.engine.policy.Verdict;
import io.jenkins.plugins.hardenrunner.engine.source.SourceChange;
import io.jenkins.plugins.hardenrunner.engine.source.SourceChange.Category;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The files of a report: changes of sources first, then what rules concern, then the rest. */
final class FileRows {
    private static final int MAX_OTHERS = 2000;
    /** Operations after which a file can hold something else. */
    private static final Set<String> WRITES = Set.of("write", "truncate", "rename", "unlink", "link", "symlink", "mknod");

    private final Aggregation aggregation;
    private final SourceView sources;
    private final Lineages lineages;
    private final Attribution attribution;
    final List<Change> changes = new ArrayList<>();
    final List<Restored> restored = new ArrayList<>();
    final List<Row<Aggregation.FileKey>> concerned = new ArrayList<>();

    /** A verified change of a source, who did it, and the rule that says that it is meant (null if none does). */
    record Change(SourceChange source, Collection<ImageRef> images, ExpectedChange expected) {
        /** Whether somebody has to look at it, and it is not only git's bookkeeping. */
        boolean violates() {
            return expected == null && source.category() != Category.GIT_REF && source.category() != Category.GIT_INDEX;
        }
    }

    /** A source that was written to and is what it was. */
    record Restored(String path, Collection<ImageRef> images, long writes, long first, long last, ExpectedChange expected) {}

    FileRows(Aggregation aggregation, List<SourceChange> found, SourceView sources, Expectation expectation, Lineages lineages) {
        this.aggregation = aggregation;
        this.sources = sources;
        this.lineages = lineages;
        this.attribution = new Attribution(aggregation);
        Set<String> changed = new HashSet<>();
        for (SourceChange change : found) {
            changed.add(change.path());
            Collection<ImageRef> images = attribution.of(change.path(), change.aliases(), change.category() == Category.GIT_REF);
            changes.add(new Change(change, images, expectation.of(change.root(), change.path(), images)));
        }
        Set<String> written = new LinkedHashSet<>();
        for (Row<Aggregation.FileKey> row : aggregation.importantFiles.values()) {
            if (!changed.contains(row.key.path())) {
                concerned.add(row);
            }
            written.add(row.key.path());
            if (row.key.to() != null) {
                written.add(row.key.to());
            }
        }
        written.removeIf(path -> changed.contains(path) || !sources.compared() || !sources.tracked().test(path));
        written.forEach(path -> restored(path, expectation));
    }

    private void restored(String path, Expectation expectation) {
        Set<ImageRef> images = new LinkedHashSet<>();
        long writes = 0;
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        for (Row<Aggregation.FileKey> row : attribution.operations(path)) {
            if (WRITES.contains(row.key.operation())) {
                images.addAll(row.images);
                writes += row.count;
                first = Math.min(first, row.first);
                last = Math.max(last, row.last);
            }
        }
        if (writes > 0) {
            // The root is not in the record; a rule for a relative path is tried against each folder above.
            ExpectedChange expected = null;
            for (int slash = path.lastIndexOf('/'); slash > 0 && expected == null; slash = path.lastIndexOf('/', slash - 1)) {
                expected = expectation.of(path.substring(0, slash), path, images);
            }
            restored.add(new Restored(path, images, writes, first, last, expected));
        }
    }

    /** {@code mkdir -p} tries every folder above its own, also those that are there: whoever works below it knows. */
    private boolean existing(Row<Aggregation.FileKey> row) {
        return row.key.verdict() == Verdict.BLOCKED && row.key.operation().equals("mkdir") && row.key.rule().equals("fs-write")
                && row.images.stream().map(lineages::chain)
                        .allMatch(chain -> !chain.isEmpty() && chain.get(0).cwd().startsWith(row.key.path() + "/"));
    }

    List<Report.File> rows() {
        List<Report.File> rows = new ArrayList<>();
        changes.forEach(change -> rows.add(shown(change)));
        concerned.forEach(row -> rows.add(shown(row)));
        aggregation.otherFiles.values().stream().limit(MAX_OTHERS).forEach(row -> rows.add(shown(row)));
        return rows;
    }

    /** Changes by who made them: the package script, else the step. */
    List<Report.FileGroup> groups() {
        Map<String, Report.FileGroup> groups = new LinkedHashMap<>();
        for (Change change : changes) {
            Report.Lineage lineage = change.images().isEmpty() ? null : lineages.lineage(change.images().iterator().next());
            String key = lineage == null ? "" : lineage.packageName == null ? "step " + lineage.step
                    : lineage.packageName + "@" + lineage.packageVersion + " " + lineage.script;
            Report.FileGroup group = groups.computeIfAbsent(key, any -> new Report.FileGroup());
            if (lineage != null) {
                group.packageName = lineage.packageName;
                group.packageVersion = lineage.packageVersion;
                group.script = lineage.script;
                group.step = lineage.step;
            }
            group.paths.add(change.source().path());
            group.expected += change.expected() == null ? 0 : 1;
            for (String id : lineages.ids(change.images())) {
                if (!group.lineages.contains(id)) {
                    group.lineages.add(id);
                }
            }
        }
        return new ArrayList<>(groups.values());
    }

    Report.FileSummary summary(int listed) {
        Report.FileSummary summary = aggregation.files;
        summary.listed = listed;
        summary.omitted = Math.max(0, aggregation.otherFiles.size() - MAX_OTHERS);
        summary.changed = changes.size();
        summary.expected = changes.stream().filter(change -> change.expected() != null).count();
        return summary;
    }

    /** Whether a source changed that nobody expected to, or a protected file did, or an operation was refused. */
    boolean violated() {
        return changes.stream().anyMatch(Change::violates)
                || concerned.stream().anyMatch(row -> row.key.verdict() == Verdict.BLOCKED && !refresh(row) || protectedChange(row));
    }

    /**
     * A refused lock of git's index. Any {@code git status}, and {@code go build} runs one, tries to write down what it has
     * just seen and goes on without if it cannot; a git command that needs the lock fails by itself. Nothing was changed.
     */
    boolean refresh(Row<Aggregation.FileKey> row) {
        return existing(row) || row.key.verdict() == Verdict.BLOCKED && row.key.rule().equals("protected")
                && row.key.path().endsWith("/index.lock") && sources.covered().test(row.key.path());
    }

    /** A change of a protected file that no content comparison clears or tells already, under whatever name. */
    boolean protectedChange(Row<Aggregation.FileKey> row) {
        return row.key.rule().equals("protected")
                && attribution.names(row.key.path()).stream().noneMatch(name -> sources.tracked().test(name)
                        || sources.covered().test(name)
                        || changes.stream().anyMatch(change -> change.source().path().startsWith(name + "/")
                                || change.source().aliases().contains(name)));
    }

    private Report.File shown(Change change) {
        SourceChange source = change.source();
        Report.File file = new Report.File();
        file.path = source.path();
        file.root = source.root();
        file.category = source.category().token();
        file.operation = source.kind().token();
        file.tracked = source.category() == Category.SOURCE;
        file.changed = true;
        file.before = source.before();
        file.after = source.after();
        file.beforeSize = source.beforeSize();
        file.afterSize = source.afterSize();
        file.diff = source.diff();
        file.detail = source.detail();
        if (change.expected() != null) {
            file.expected = change.expected().text() + " (" + change.expected().origin().label() + ")";
        }
        file.verdict = "allowed";
        file.rule = "default";
        long first = Long.MAX_VALUE;
        long last = 0;
        for (Row<Aggregation.FileKey> row : aggregation.importantFiles.values()) {
            if (row.key.path().equals(source.path()) || source.path().equals(row.key.to())) {
                file.verdict = row.key.verdict().token();
                file.rule = row.key.rule();
                file.count += row.count;
                first = Math.min(first, row.first);
                last = Math.max(last, row.last);
            }
        }
        file.firstSeen = file.count == 0 ? null : ReportAssembly.time(first);
        file.lastSeen = file.count == 0 ? null : ReportAssembly.time(last);
        file.lineages = lineages.ids(change.images());
        return file;
    }

    private Report.File shown(Row<Aggregation.FileKey> row) {
        Report.File file = new Report.File();
        file.path = row.key.path();
        file.operation = row.key.operation();
        file.to = row.key.to();
        file.tracked = sources.tracked().test(row.key.path());
        file.changed = false;
        file.verdict = row.key.verdict().token();
        file.rule = row.key.rule();
        file.count = row.count;
        file.firstSeen = ReportAssembly.time(row.first);
        file.lastSeen = ReportAssembly.time(row.last);
        file.lineages = lineages.ids(row.images);
        return file;
    }
}
