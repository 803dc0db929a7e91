package io.jenkins.plugins.hardenrunner.engine.report;

import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The tables of a report as CSV (RFC 4180, UTF-8, lines end in CR LF, the first line names the columns). */
public final class ReportCsv {
    private final Map<String, Report.Lineage> lineages = new HashMap<>();
    private final Writer out;

    private ReportCsv(Report report, Writer out) {
        report.lineages.forEach(lineage -> lineages.put(lineage.id, lineage));
        this.out = out;
    }

    /** Writes the endpoints. Times are ISO-8601; several processes, packages or steps are separated by {@code ; }. */
    public static void endpoints(Report report, Writer out) throws IOException {
        ReportCsv csv = new ReportCsv(report, out);
        csv.line("name", "address", "port", "protocol", "verdict", "rule", "count", "firstSeen", "lastSeen", "baseline",
                "processes", "packages", "steps");
        for (Report.Endpoint row : report.endpoints) {
            csv.line(row.name, row.address, row.port, row.protocol, row.verdict, row.rule, row.count, row.firstSeen, row.lastSeen,
                    row.baseline, csv.each(row, ReportCsv::process), csv.each(row, ReportCsv::npm), csv.each(row, l -> l.step));
        }
        out.flush();
    }

    /** Writes the files. */
    public static void files(Report report, Writer out) throws IOException {
        ReportCsv csv = new ReportCsv(report, out);
        csv.line("path", "operation", "to", "tracked", "verdict", "rule", "before", "after", "count", "firstSeen", "lastSeen",
                "baseline", "processes", "packages", "steps");
        for (Report.File row : report.files) {
            csv.line(row.path, row.operation, row.to, row.tracked, row.verdict, row.rule, row.before, row.after, row.count,
                    row.firstSeen, row.lastSeen, row.baseline, csv.each(row, ReportCsv::process), csv.each(row, ReportCsv::npm),
                    csv.each(row, l -> l.step));
        }
        out.flush();
    }

    private String each(Report.Observation row, Function<Report.Lineage, String> part) {
        Set<String> parts = new LinkedHashSet<>();
        for (String id : row.lineages) {
            Report.Lineage lineage = lineages.get(id);
            String text = lineage == null ? null : part.apply(lineage);
            if (text != null) {
                parts.add(text);
            }
        }
        return String.join("; ", parts);
    }

    private static String process(Report.Lineage lineage) {
        return lineage.processes.isEmpty() ? null : String.join(" ", lineage.processes.get(0).argv);
    }

    private static String npm(Report.Lineage lineage) {
        return lineage.packageName == null
                ? null
                : lineage.packageName + (lineage.packageVersion == null ? "" : "@" + lineage.packageVersion)
                        + (lineage.script == null ? "" : " " + lineage.script);
    }

    private void line(Object... cells) throws IOException {
        List<String> texts = new ArrayList<>();
        for (Object cell : cells) {
            texts.add(cell instanceof Number || cell instanceof Boolean ? cell.toString() : cell(cell == null ? "" : cell.toString()));
        }
        out.write(String.join(",", texts));
        out.write("\r\n");
    }

    /** Spreadsheets run cells that begin like a formula, and a build chooses its host names, paths and command lines. */
    static String cell(String text) {
        boolean formula = !text.isEmpty() && "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20".indexOf(text.charAt(0)) >= 0;
        String safe = (formula ? "'" : "") + text;
        boolean quoted = safe.chars().anyMatch(c -> c == '"' || c == ',' || c == '\r' || c == '\n' || c == ';');
        return quoted ? '"' + safe.replace("\"", "\"\"") + '"' : safe;
    }
}
