package io.jenkins.plugins.hardenrunner.engine.export;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.hardenrunner.engine.Sha256;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import io.jenkins.plugins.hardenrunner.engine.report.Severity;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The findings of a report as SARIF 2.1.0 (OASIS). A finding about a file has it as its location, relative to where the
 * command ran; each finding has the processes behind it as logical locations, nearest first.
 */
public final class Sarif {
    private static final String SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
    private static final Pattern HUNK = Pattern.compile("(?m)^@@ -\\d{1,9}(?:,\\d{1,9})? \\+(\\d{1,9})");
    private static final String ROOT = "WORKSPACE";

    private final Report report;
    private final Map<String, Integer> rules = new LinkedHashMap<>();
    private final Map<String, Report.Lineage> lineages = new HashMap<>();

    private Sarif(Report report) {
        this.report = report;
        report.lineages.forEach(lineage -> lineages.put(lineage.id, lineage));
    }

    /**
     * The log, in UTF-8 JSON.
     *
     * @param id what tells this run from others of the same kind, such as {@code job/17}; may be empty
     */
    public static String of(Report report, String id) {
        return of(Map.of(id, report));
    }

    /** The log of several reports, each a run of its own, by what tells it from others of the same kind. */
    public static String of(Map<String, Report> reports) {
        ObjectNode log = Json.object();
        log.put("$schema", SCHEMA);
        log.put("version", "2.1.0");
        ArrayNode runs = log.putArray("runs");
        reports.forEach((id, report) -> new Sarif(report).run(runs.addObject(), id));
        return Json.text(log);
    }

    private void run(ObjectNode run, String id) {
        ObjectNode driver = run.putObject("tool").putObject("driver");
        driver.put("name", "Harden Runner");
        driver.put("organization", "Jenkins");
        driver.put("informationUri", "https://plugins.jenkins.io/harden-runner/");
        if (!report.tool.version.isEmpty()) {
            driver.put("version", report.tool.version);
        }
        ArrayNode descriptors = driver.putArray("rules");
        if (!id.isEmpty()) {
            run.putObject("automationDetails").put("id", id);
        }
        invocation(run.putArray("invocations").addObject());
        if (report.cwd != null) {
            run.putObject("originalUriBaseIds").putObject(ROOT).put("uri", Uris.of("file", report.cwd.endsWith("/") ? report.cwd : report.cwd + "/"));
        }
        run.put("columnKind", "utf16CodeUnits");
        ArrayNode results = run.putArray("results");
        for (Report.Finding finding : report.findings) {
            result(results.addObject(), finding, descriptors);
        }
    }

    private void invocation(ObjectNode invocation) {
        // SARIF asks whether the tool did its work, not whether the build succeeded.
        invocation.put("executionSuccessful", report.state.equals("enforced") || report.state.equals("degraded"));
        if (report.started != null) {
            invocation.put("startTimeUtc", report.started);
        }
        if (report.ended != null) {
            invocation.put("endTimeUtc", report.ended);
        }
        ObjectNode properties = invocation.putObject("properties");
        properties.put("state", report.state);
        properties.put("verdict", report.verdict);
        properties.put("egressPolicy", report.policy.egressPolicy);
        properties.put("filePolicy", report.policy.filePolicy);
    }

    private void result(ObjectNode result, Report.Finding finding, ArrayNode descriptors) {
        int index = rules.computeIfAbsent(finding.kind, kind -> {
            describe(descriptors.addObject(), kind);
            return rules.size();
        });
        result.put("ruleId", finding.kind);
        result.put("ruleIndex", index);
        result.put("level", level(finding.severity));
        result.putObject("message").put("text", sentence(finding.message) + " " + sentence(finding.explanation) + " " + sentence(finding.remedy));
        ObjectNode location = result.putArray("locations").addObject();
        if (finding.evidence.path != null) {
            ObjectNode physical = location.putObject("physicalLocation");
            artifact(physical.putObject("artifactLocation"), finding.evidence.path);
            physical.putObject("region").put("startLine", firstChange(finding.evidence.path));
        }
        logical(location.putArray("logicalLocations"), finding.evidence.lineages);
        String subject = finding.evidence.endpoint != null ? finding.evidence.endpoint : finding.evidence.path != null ? finding.evidence.path : finding.message;
        result.putObject("partialFingerprints")
                .put("subject/v1", Sha256.hex(finding.kind + "\n" + subject));
        ObjectNode properties = result.putObject("properties");
        properties.put("severity", finding.severity);
        if (finding.evidence.endpoint != null) {
            properties.put("endpoint", finding.evidence.endpoint);
        }
        if (finding.evidence.rule != null) {
            properties.put("rule", finding.evidence.rule);
        }
    }

    /** The first line that differs, from the diff; 1 where there is none, since consumers want a line. */
    private int firstChange(String path) {
        return report.files.stream()
                .filter(file -> path.equals(file.path) && file.diff != null)
                .map(file -> HUNK.matcher(file.diff))
                .filter(Matcher::find)
                .mapToInt(hunk -> Math.max(1, Integer.parseInt(hunk.group(1))))
                .findFirst()
                .orElse(1);
    }

    private static void describe(ObjectNode rule, String kind) {
        rule.put("id", kind);
        // PascalCase, as the format recommends: EgressBlocked
        StringBuilder name = new StringBuilder();
        for (String word : kind.split("-")) {
            name.append(word.isEmpty() ? "" : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
        }
        rule.put("name", name.toString());
        rule.putObject("shortDescription").put("text", FindingKinds.describe(kind));
    }

    private static String level(String severity) {
        return switch (Severity.of(severity)) {
            case CRITICAL, HIGH -> "error";
            case MEDIUM -> "warning";
            case LOW, INFO -> "note";
        };
    }

    private void artifact(ObjectNode location, String path) {
        String root = report.cwd == null ? null : report.cwd.endsWith("/") ? report.cwd : report.cwd + "/";
        if (root != null && path.startsWith(root)) {
            location.put("uri", Uris.of(null, path.substring(root.length())));
            location.put("uriBaseId", ROOT);
        } else {
            location.put("uri", path.startsWith("/") ? Uris.of("file", path) : Uris.of(null, path));
        }
    }

    private void logical(ArrayNode locations, List<String> ids) {
        for (String id : ids) {
            Report.Lineage lineage = lineages.get(id);
            if (lineage == null || lineage.processes.isEmpty()) {
                continue;
            }
            ObjectNode location = locations.addObject();
            location.put("name", String.join(" ", lineage.processes.get(0).argv));
            location.put("kind", "process");
            StringBuilder chain = new StringBuilder();
            for (int i = lineage.processes.size() - 1; i >= 0; i--) {
                chain.append(chain.length() == 0 ? "" : " > ").append(String.join(" ", lineage.processes.get(i).argv));
            }
            location.put("fullyQualifiedName", chain.toString());
            if (lineage.packageName != null) {
                ObjectNode properties = location.putObject("properties");
                properties.put("package", lineage.packageName);
                properties.put("script", lineage.script);
            }
        }
    }

    private static String sentence(String text) {
        String trimmed = text == null ? "" : text.strip();
        return trimmed.isEmpty() || trimmed.endsWith(".") ? trimmed : trimmed + ".";
    }
}
