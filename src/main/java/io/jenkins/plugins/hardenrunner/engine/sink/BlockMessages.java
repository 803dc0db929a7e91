package io.jenkins.plugins.hardenrunner.engine.sink;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.hardenrunner.engine.audit.SealSeries;
import io.jenkins.plugins.hardenrunner.engine.report.Explanation;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import io.jenkins.plugins.hardenrunner.engine.report.Severity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What a report has to say, as messages. Nothing is sent of a build that is not made here or in {@link EventMessages}, and
 * both take it from what is stored with the build, in which secrets are masked.
 */
public final class BlockMessages {
    /** Processes behind a finding, nearest first; the rest of a deeper chain is cut. */
    private static final int MOST_PROCESSES = 8;

    private static final int MOST_ARGUMENTS = 32;

    private final Report report;
    private final SinkSource source;
    private final Map<String, Report.Lineage> lineages = new HashMap<>();
    private final Map<String, Report.Launch> launches = new HashMap<>();

    public BlockMessages(Report report, SinkSource source) {
        this.report = report;
        this.source = source;
        report.lineages.forEach(lineage -> lineages.put(lineage.id, lineage));
        report.launchDetails.forEach(launch -> launches.put(launch.id, launch));
    }

    /** One message for each finding, most severe first. */
    public List<SinkMessage> findings() {
        List<SinkMessage> messages = new ArrayList<>();
        for (Report.Finding finding : report.findings) {
            ObjectNode data = SinkMessage.object();
            data.put("finding", finding.kind);
            put(data, "message", finding.message);
            put(data, "explanation", finding.explanation);
            put(data, "remedy", finding.remedy);
            put(data, "endpoint", finding.evidence.endpoint);
            put(data, "path", finding.evidence.path);
            put(data, "rule", finding.evidence.rule);
            put(data, "deviation", finding.evidence.deviation);
            processes(data, finding.evidence.lineages);
            messages.add(message(SinkMessage.Kind.FINDING, messages.size() + 1, time(finding),
                    Severity.of(finding.severity), finding.kind + ": " + finding.message, data));
        }
        return messages;
    }

    /** When the first of what a finding rests on was seen; the end of the block if it rests on nothing with a time. */
    private long time(Report.Finding finding) {
        Stream<? extends Report.Observation> seen = Stream.concat(
                report.endpoints.stream().filter(row -> finding.evidence.endpoint != null && row.protocol != null
                        && Objects.equals(row.rule, finding.evidence.rule) && finding.evidence.endpoint.equals(Explanation.endpoint(row))),
                report.files.stream().filter(row -> finding.evidence.path != null && finding.evidence.path.equals(row.path)));
        return seen.map(row -> row.firstSeen).filter(Objects::nonNull).min(String::compareTo).map(BlockMessages::millis).orElseGet(this::ended);
    }

    /** One message for each row of the report's endpoints. */
    public List<SinkMessage> endpoints() {
        List<SinkMessage> messages = new ArrayList<>();
        for (Report.Endpoint row : report.endpoints) {
            ObjectNode data = SinkMessage.object();
            put(data, "name", row.name);
            put(data, "address", row.address == null || row.address.isEmpty() ? null : row.address);
            data.put("port", row.port);
            put(data, "protocol", row.protocol);
            put(data, "verdict", row.verdict);
            put(data, "rule", row.rule);
            data.put("count", row.count);
            put(data, "firstSeen", row.firstSeen);
            put(data, "lastSeen", row.lastSeen);
            put(data, "baseline", row.baseline);
            processes(data, row.lineages);
            messages.add(message(SinkMessage.Kind.ENDPOINT, messages.size() + 1, row.firstSeen == null ? ended() : millis(row.firstSeen),
                    ofVerdict(row.verdict), row.verdict + " " + row.protocol + " " + Explanation.endpoint(row), data));
        }
        return messages;
    }

    /**
     * The end of the block.
     *
     * @param seal of its evidence; null if it has none
     */
    public SinkMessage summary(SealSeries.Entry seal) {
        ObjectNode data = SinkMessage.object();
        data.put("state", report.state);
        data.put("verdict", report.verdict);
        put(data, "started", report.started);
        put(data, "ended", report.ended);
        data.put("launches", report.launches);
        ObjectNode found = data.putObject("findings");
        for (Severity severity : Severity.values()) {
            found.put(severity.token(), report.findings.stream().filter(row -> severity.token().equals(row.severity)).count());
        }
        data.put("endpoints", report.endpoints.size());
        data.put("processes", report.processes.size());
        data.put("changedFiles", report.fileSummary.changed);
        put(data, "egressPolicy", report.policy.egressPolicy);
        put(data, "filePolicy", report.policy.filePolicy);
        put(data, "policySha256", report.policy.sha256);
        data.put("intact", report.integrity.intact);
        data.put("truncated", report.truncated);
        data.put("dropped", report.dropped);
        if (report.deviations != null) {
            data.put("deviations", report.deviations.size());
        }
        ArrayNode missing = data.putArray("missingProtections");
        report.degraded.forEach(row -> missing.add(row.protection));
        ArrayNode nodes = data.putArray("nodes");
        report.launchDetails.stream().map(row -> row.node).filter(Objects::nonNull).distinct().limit(MOST_ARGUMENTS).forEach(nodes::add);
        if (seal != null) {
            // Outside of the controller it shows that a seal was there, even if somebody removes it there.
            data.putObject("seal").put("sequence", seal.sequence()).put("sha256", seal.digest()).put("previous", seal.previous());
        }
        Severity severity = switch (report.verdict) {
            case "violated" -> Severity.HIGH;
            case "deviates", "not-supervised" -> Severity.MEDIUM;
            default -> report.state.equals("enforced") ? Severity.INFO : Severity.LOW;
        };
        return message(SinkMessage.Kind.BLOCK, 1, ended(), severity, "block " + report.verdict + ", " + report.state + ", "
                + count(report.findings.size(), "finding") + ", " + count(report.endpoints.size(), "endpoint"), data);
    }

    private static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    static Severity ofVerdict(String verdict) {
        return switch (verdict == null ? "" : verdict) {
            case "blocked" -> Severity.MEDIUM;
            case "would-block" -> Severity.LOW;
            default -> Severity.INFO;
        };
    }

    private SinkMessage message(SinkMessage.Kind kind, int number, long time, Severity severity, String text, ObjectNode data) {
        return SinkMessage.of(source.block() + "/" + kind.token() + "/" + number, kind, time, severity, text, source, data);
    }

    private static void put(ObjectNode data, String name, String value) {
        if (value != null) {
            data.put(name, cut(value));
        }
    }

    static String cut(String value) {
        return value.length() <= SinkMessage.MOST_TEXT ? value : value.substring(0, SinkMessage.MOST_TEXT) + "…";
    }

    private long ended() {
        return report.ended == null ? 0 : millis(report.ended);
    }

    private static long millis(String time) {
        return Instant.parse(time).toEpochMilli();
    }

    /** Who did it first; how many others did too is in the report. */
    private void processes(ObjectNode data, List<String> ids) {
        data.put("lineages", ids.size());
        Report.Lineage lineage = ids.isEmpty() ? null : lineages.get(ids.get(0));
        if (lineage == null) {
            return;
        }
        put(data, "package", lineage.packageName);
        put(data, "packageVersion", lineage.packageVersion);
        put(data, "script", lineage.script);
        put(data, "step", lineage.step);
        put(data, "stage", lineage.stage);
        put(data, "launch", lineage.launch);
        Report.Launch launch = launches.get(lineage.launch);
        put(data, "node", launch == null ? null : launch.node);
        ArrayNode chain = data.putArray("processes");
        for (Report.LineageProcess process : lineage.processes.subList(0, Math.min(MOST_PROCESSES, lineage.processes.size()))) {
            ObjectNode shown = chain.addObject();
            shown.put("pid", process.pid);
            put(shown, "exe", process.exe);
            ArrayNode argv = shown.putArray("argv");
            process.argv.stream().limit(MOST_ARGUMENTS).forEach(argument ->
                    argv.add(argument.length() <= 512 ? argument : argument.substring(0, 512) + "…"));
            if (process.argv.size() > MOST_ARGUMENTS) {
                argv.add("…");
            }
            put(shown, "cwd", process.cwd);
        }
    }
}
