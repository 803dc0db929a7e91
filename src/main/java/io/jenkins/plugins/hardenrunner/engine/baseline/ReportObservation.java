package io.jenkins.plugins.hardenrunner.engine.baseline;

import io.jenkins.plugins.hardenrunner.engine.report.Explanation;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Reads out of a report what a baseline is about. */
public final class ReportObservation {
    private final List<String> roots;
    private final Map<String, Report.Lineage> lineages = new HashMap<>();
    /** Lineages that a severe finding about a target concerns, by the target's text. */
    private final Map<String, Set<String>> alarming = new HashMap<>();
    /** Targets that a severe finding concerns without naming who. */
    private final Set<String> suspects = new HashSet<>();

    /** A reader. @param roots the absolute paths of the workspaces, below which files have the same name in each build */
    public ReportObservation(Report report, Collection<String> roots) {
        this.roots = roots.stream().sorted((a, b) -> Integer.compare(b.length(), a.length())).toList();
        report.lineages.forEach(lineage -> lineages.put(lineage.id, lineage));
        for (Report.Finding finding : report.findings) {
            boolean severe = "high".equals(finding.severity) || "critical".equals(finding.severity);
            if (severe && finding.evidence != null) {
                alarm(finding.evidence.endpoint, finding.evidence.lineages);
                alarm(finding.evidence.path, finding.evidence.lineages);
            }
        }
    }

    /** What the report's block did. */
    public static Observation of(Report report, Collection<String> roots) {
        ReportObservation reader = new ReportObservation(report, roots);
        List<Observation.Seen> seen = new ArrayList<>();
        report.endpoints.stream().filter(ReportObservation::counts).forEach(row -> seen.add(reader.seen(row)));
        report.files.stream().filter(ReportObservation::counts).forEach(row -> seen.add(reader.seen(row)));
        return new Observation(report.launches > 0, report.integrity.intact, seen);
    }

    /** What is free because it stays on the machine says nothing about what a job reaches. */
    static boolean counts(Report.Endpoint row) {
        return !row.protocol.equals("unix") && !row.staysOnTheMachine();
    }

    /** Changes of what is under version control, verified by content, and of what the policy protects. */
    static boolean counts(Report.File row) {
        return row.tracked ? row.before != null || row.after != null : "protected".equals(row.rule);
    }

    /** A row's identity in a baseline. */
    static Subject subject(Report.Endpoint row) {
        String host = row.name == null || row.name.isEmpty() ? row.address : row.name;
        return Subject.endpoint(row.protocol, host, row.port);
    }

    /** A row's identity in a baseline. */
    Subject subject(Report.File row) {
        for (String root : roots) {
            if (row.path.length() > root.length() + 1 && row.path.startsWith(root) && row.path.charAt(root.length()) == '/') {
                return Subject.file(row.path.substring(root.length() + 1));
            }
        }
        return Subject.file(row.path);
    }

    /** Who is behind a lineage. */
    String program(String lineage) {
        return Programs.of(lineages.get(lineage));
    }

    /** Who is behind a row. */
    Set<String> programs(Report.Observation row) {
        Set<String> programs = new TreeSet<>();
        row.lineages.forEach(id -> programs.add(program(id)));
        return programs;
    }

    private Observation.Seen seen(Report.Endpoint row) {
        String text = Explanation.endpoint(row);
        // A tunnel's finding names *.domain, as its row does; other queries have the port that a rule would need.
        String key = row.protocol.equals("dns") && row.name.startsWith("*.") ? row.name : text;
        return seen(subject(row), row, key, "blocked".equals(row.verdict));
    }

    private Observation.Seen seen(Report.File row) {
        boolean happened = row.before != null || row.after != null;
        return seen(subject(row), row, row.path, !happened && "blocked".equals(row.verdict));
    }

    private Observation.Seen seen(Subject subject, Report.Observation row, String key, boolean refused) {
        Set<String> bad = new TreeSet<>();
        Set<String> concerned = alarming.getOrDefault(key, Set.of());
        row.lineages.stream().filter(concerned::contains).forEach(id -> bad.add(program(id)));
        String first = row.firstSeen == null ? "1970-01-01T00:00:00.000Z" : row.firstSeen;
        String last = row.lastSeen == null ? first : row.lastSeen;
        return new Observation.Seen(subject, List.copyOf(programs(row)), List.copyOf(bad), refused, suspects.contains(key), first, last);
    }

    private void alarm(String target, List<String> concerned) {
        if (target == null) {
            return;
        }
        if (concerned.isEmpty()) {
            suspects.add(target);
        }
        alarming.computeIfAbsent(target, any -> new HashSet<>()).addAll(concerned);
    }
}
