package io.jenkins.plugins.hardenrunner.engine.report;

import io.jenkins.plugins.hardenrunner.engine.source.SourceChange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** The files of a report: changes of sources first, then what rules concern, then the rest. */
final class FileRows {
    private static final int MAX_OTHERS = 2000;

    private final Aggregation aggregation;
    private final Predicate<String> tracked;
    private final Lineages lineages;
    final List<Change> changes = new ArrayList<>();
    final List<Row<Aggregation.FileKey>> concerned = new ArrayList<>();

    /** A verified change of a source, and who did it. */
    record Change(SourceChange source, Collection<ImageRef> images) {}

    FileRows(Aggregation aggregation, List<SourceChange> found, Predicate<String> tracked, Lineages lineages) {
        this.aggregation = aggregation;
        this.tracked = tracked;
        this.lineages = lineages;
        Set<String> changed = new HashSet<>();
        for (SourceChange change : found) {
            changed.add(change.path());
            changes.add(new Change(change, aggregation.changersOf(change.path())));
        }
        for (Row<Aggregation.FileKey> row : aggregation.importantFiles.values()) {
            if (!changed.contains(row.key.path())) {
                concerned.add(row);
            }
        }
    }

    List<Report.File> rows() {
        List<Report.File> rows = new ArrayList<>();
        changes.forEach(change -> rows.add(shown(change)));
        concerned.forEach(row -> rows.add(shown(row)));
        aggregation.otherFiles.values().stream().limit(MAX_OTHERS).forEach(row -> rows.add(shown(row)));
        return rows;
    }

    Report.FileSummary summary(int listed) {
        Report.FileSummary summary = aggregation.files;
        summary.listed = listed;
        summary.omitted = Math.max(0, aggregation.otherFiles.size() - MAX_OTHERS);
        return summary;
    }

    /** Whether a source changed, or a protected file did, or an operation was refused. */
    boolean violated() {
        return !changes.isEmpty()
                || concerned.stream().anyMatch(row -> row.key.verdict().token().equals("blocked") || protectedChange(row));
    }

    /** A change of a protected file that no content comparison clears. */
    boolean protectedChange(Row<Aggregation.FileKey> row) {
        return row.key.rule().equals("protected") && !tracked.test(row.key.path());
    }

    private Report.File shown(Change change) {
        SourceChange source = change.source();
        Report.File file = new Report.File();
        file.path = source.path();
        file.operation = source.kind().token();
        file.tracked = true;
        file.before = source.before();
        file.after = source.after();
        file.diff = source.diff();
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
        file.tracked = tracked.test(row.key.path());
        file.verdict = row.key.verdict().token();
        file.rule = row.key.rule();
        file.count = row.count;
        file.firstSeen = ReportAssembly.time(row.first);
        file.lastSeen = ReportAssembly.time(row.last);
        file.lineages = lineages.ids(row.images);
        return file;
    }
}
