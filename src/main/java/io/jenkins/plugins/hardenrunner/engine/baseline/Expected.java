package io.jenkins.plugins.hardenrunner.engine.baseline;

import io.jenkins.plugins.hardenrunner.engine.policy.Text;
import io.jenkins.plugins.hardenrunner.engine.report.Explanation;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import io.jenkins.plugins.hardenrunner.engine.report.Severity;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What people expect of a block does not alarm: a change or a call that somebody accepted, by a program for which they
 * accepted it. What was refused, and what a rule says, is not touched by that.
 */
final class Expected {
    private static final Set<String> CHANGES = Set.of("source-tampered", "unattributed-change");
    /** What no acceptance of a file covers. */
    private static final Set<String> TAMPERED = Set.of("package-tampered", "output-tampered");
    private static final String CALL = "lifecycle-script-egress";
    /** Stands for a target of which something is not accepted. */
    private static final Subject NONE = Subject.file("");

    private final Report report;
    private final BlockBaseline baseline;
    private final Map<String, Subject> files = new HashMap<>();
    private final Map<String, Subject> endpoints = new HashMap<>();

    Expected(Report report, BlockBaseline baseline, ReportObservation reader) {
        this.report = report;
        this.baseline = baseline;
        for (Report.File row : report.files) {
            if (ReportObservation.counts(row) && accepted(row)) {
                files.put(row.path, reader.subject(row));
            }
        }
        for (Report.Endpoint row : report.endpoints) {
            if (ReportObservation.counts(row)) {
                // A name can have rows for several addresses; one that is not accepted speaks for all.
                endpoints.merge(Explanation.endpoint(row), accepted(row) ? ReportObservation.subject(row) : NONE, (x, y) -> y == NONE ? y : x);
            }
        }
    }

    private static boolean accepted(Report.Observation row) {
        return "accepted".equals(row.baseline) && row.deviation == null && !"blocked".equals(row.verdict);
    }

    /** Turns findings about what is expected into information, and takes back a verdict that rested on nothing else. */
    void calm() {
        boolean calmed = false;
        for (Report.Finding finding : report.findings) {
            Subject subject = finding.evidence == null ? null : subject(finding);
            if (subject != null && subject != NONE) {
                finding.severity = Severity.INFO.token();
                finding.explanation += who(subject);
                calmed = true;
            }
        }
        if (calmed) {
            verdict();
        }
    }

    private Subject subject(Report.Finding finding) {
        if (CHANGES.contains(finding.kind)) {
            return files.get(finding.evidence.path);
        }
        return CALL.equals(finding.kind) ? endpoints.get(finding.evidence.endpoint) : null;
    }

    private String who(Subject subject) {
        BaselineEntry entry = baseline.entries().stream()
                .filter(other -> other.accepted() != null && (other.subject().equals(subject) || other.covers(subject)))
                .findFirst()
                .orElse(null);
        if (entry == null) {
            return "";
        }
        Acceptance by = entry.accepted();
        return " " + Text.shown(by.by()) + " expects this" + (by.comment() == null ? "." : ": " + Text.shown(by.comment(), 200));
    }

    private void verdict() {
        if (report.verdict.equals("violated")) {
            boolean refused = report.endpoints.stream().anyMatch(row -> "blocked".equals(row.verdict));
            boolean changed = report.files.stream().anyMatch(row -> violates(row) && !files.containsKey(row.path));
            boolean tampered = report.findings.stream().anyMatch(f -> TAMPERED.contains(f.kind));
            if (refused || changed || tampered || !report.integrity.intact) {
                return;
            }
        } else if (!report.verdict.equals("deviates")) {
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
