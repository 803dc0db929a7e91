package io.jenkins.plugins.hardenrunner.engine.baseline;

import io.jenkins.plugins.hardenrunner.engine.report.Report;
import java.util.Set;

/** The verdict of a report in which some changes of files are expected. */
final class Verdicts {
    private Verdicts() {}

    /** Takes a violation back if nothing but expected changes was one. It never makes a verdict worse. */
    static void recompute(Report report, Set<String> expectedPaths) {
        if (!report.verdict.equals("violated") || expectedPaths.isEmpty()) {
            return;
        }
        boolean refused = report.endpoints.stream().anyMatch(row -> "blocked".equals(row.verdict));
        boolean changed = report.files.stream().anyMatch(row -> violates(row) && !expectedPaths.contains(row.path));
        if (refused || changed || !report.integrity.intact) {
            return;
        }
        boolean severe = report.findings.stream().anyMatch(f -> "high".equals(f.severity) || "critical".equals(f.severity));
        boolean unexpected = report.findings.stream().anyMatch(f -> "egress-would-block".equals(f.kind));
        report.verdict = severe || unexpected ? "deviates" : "ok";
    }

    private static boolean violates(Report.File row) {
        return "blocked".equals(row.verdict) || ReportObservation.counts(row);
    }
}
