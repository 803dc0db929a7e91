package io.jenkins.plugins.hardenrunner.engine.baseline;

import io.jenkins.plugins.hardenrunner.engine.report.Explanation;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * What a report has that an earlier one has not, and the other way round. Times, process ids and counts differ from run
 * to run and say nothing; destinations, findings and changed sources do.
 */
public record Comparison(
        List<String> newEndpoints,
        List<String> goneEndpoints,
        List<String> newFindings,
        List<String> goneFindings,
        List<String> newChanges,
        List<String> goneChanges) {

    /** Compares two reports. */
    public static Comparison of(Report before, Report after) {
        Set<String> endpointsBefore = endpoints(before);
        Set<String> endpointsAfter = endpoints(after);
        Set<String> findingsBefore = set(before.findings, Comparison::finding);
        Set<String> findingsAfter = set(after.findings, Comparison::finding);
        Set<String> changesBefore = changes(before);
        Set<String> changesAfter = changes(after);
        return new Comparison(
                without(endpointsAfter, endpointsBefore), without(endpointsBefore, endpointsAfter),
                without(findingsAfter, findingsBefore), without(findingsBefore, findingsAfter),
                without(changesAfter, changesBefore), without(changesBefore, changesAfter));
    }

    /** Whether the later report has something that the earlier has not. */
    public boolean deviates() {
        return !newEndpoints.isEmpty() || !newFindings.isEmpty() || !newChanges.isEmpty();
    }

    /** Whether nothing differs. */
    public boolean same() {
        return !deviates() && goneEndpoints.isEmpty() && goneFindings.isEmpty() && goneChanges.isEmpty();
    }

    private static Set<String> endpoints(Report report) {
        return set(report.endpoints, row -> row.protocol.equals("dns") ? "dns:" + row.name : Explanation.endpoint(row));
    }

    private static String finding(Report.Finding finding) {
        String subject = finding.evidence == null
                ? null
                : finding.evidence.endpoint != null ? finding.evidence.endpoint : finding.evidence.path;
        return finding.kind + (subject == null ? "" : " " + subject);
    }

    private static Set<String> changes(Report report) {
        Set<String> changes = new LinkedHashSet<>();
        for (Report.File file : report.files) {
            if (file.tracked && (file.before != null || file.after != null)) {
                changes.add(file.path);
            }
        }
        return changes;
    }

    private static <T> Set<String> set(List<T> rows, Function<T, String> key) {
        Set<String> keys = new LinkedHashSet<>();
        rows.forEach(row -> keys.add(key.apply(row)));
        return keys;
    }

    private static List<String> without(Set<String> keys, Set<String> others) {
        return keys.stream().filter(key -> !others.contains(key)).toList();
    }
}
