package io.jenkins.plugins.hardenrunner.engine.report;

import io.jenkins.plugins.hardenrunner.engine.policy.Text;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A report in a few lines of plain text, for a log or a terminal. */
public final class ConsoleSummary {
    private static final int MAX_ROWS = 40;
    private static final int MAX_FINDINGS = 10;

    private ConsoleSummary() {}

    /** The state and the verdict, a table of the destinations, the findings with their remedies. */
    public static List<String> lines(Report report) {
        return lines(report, true);
    }

    /** The state, the verdict and the findings, for a log that leads to the whole report anyway. */
    public static List<String> brief(Report report) {
        return lines(report, false);
    }

    private static List<String> lines(Report report, boolean destinations) {
        List<String> lines = new ArrayList<>();
        lines.add("Harden Runner: " + report.state + ", verdict " + report.verdict + ", egress policy "
                + report.policy.egressPolicy + ", " + counted(report.launches, "launch", "launches") + " supervised");
        report.degraded.forEach(entry ->
                lines.add("  missing protection: " + Text.shown(entry.protection) + " (" + Text.shown(entry.reason, 200) + ")"));
        if (destinations) {
            table(report, lines);
        }
        long changed = report.files.stream().filter(file -> file.tracked && (file.after != null || file.before != null)).count();
        if (changed > 0) {
            lines.add("  " + counted(changed, "file", "files") + " under version control changed");
        }
        report.findings.stream().limit(MAX_FINDINGS).forEach(finding -> {
            lines.add("  " + finding.severity + " " + finding.kind + ": " + finding.message);
            lines.add("      " + finding.explanation);
            if (!finding.remedy.isEmpty()) {
                lines.add("      " + finding.remedy);
            }
        });
        if (report.findings.size() > MAX_FINDINGS) {
            lines.add("  " + (report.findings.size() - MAX_FINDINGS) + " more findings are in the report");
        }
        return lines;
    }

    private static void table(Report report, List<String> lines) {
        if (report.endpoints.isEmpty()) {
            lines.add("  no network destinations");
            return;
        }
        Map<String, Report.Lineage> lineages = new HashMap<>();
        report.lineages.forEach(lineage -> lineages.put(lineage.id, lineage));
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"ENDPOINT", "VERDICT", "COUNT", "PROCESS", "PACKAGE"});
        for (Report.Endpoint endpoint : report.endpoints.subList(0, Math.min(MAX_ROWS, report.endpoints.size()))) {
            Report.Lineage lineage = endpoint.lineages.isEmpty() ? null : lineages.get(endpoint.lineages.get(0));
            rows.add(new String[] {
                endpoint.protocol.equals("dns") ? "dns " + Text.shown(endpoint.name, 70) : Text.shown(Explanation.endpoint(endpoint), 70),
                endpoint.verdict,
                Long.toString(endpoint.count),
                process(lineage),
                lineage == null || lineage.packageName == null ? "" : npm(lineage),
            });
        }
        int[] widths = new int[5];
        for (String[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder("  ");
            for (int i = 0; i < row.length; i++) {
                line.append(row[i]).append(" ".repeat(widths[i] - row[i].length() + 2));
            }
            lines.add(line.toString().stripTrailing());
        }
        if (report.endpoints.size() > MAX_ROWS) {
            lines.add("  " + (report.endpoints.size() - MAX_ROWS) + " more destinations are in the report");
        }
    }

    private static String process(Report.Lineage lineage) {
        if (lineage == null || lineage.processes.isEmpty()) {
            return "?";
        }
        Report.LineageProcess process = lineage.processes.get(0);
        return Text.shown(String.join(" ", process.argv), 48) + " (" + process.pid + ")";
    }

    private static String npm(Report.Lineage lineage) {
        String version = lineage.packageVersion == null ? "" : "@" + lineage.packageVersion;
        String script = lineage.script == null ? "" : " " + lineage.script;
        return Text.shown(lineage.packageName + version + script, 60);
    }

    private static String counted(long count, String one, String many) {
        return count + " " + (count == 1 ? one : many);
    }
}
