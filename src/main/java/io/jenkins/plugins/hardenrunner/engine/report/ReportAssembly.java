package io.jenkins.plugins.hardenrunner.engine.report;

import io.jenkins.plugins.hardenrunner.engine.event.Event;
import io.jenkins.plugins.hardenrunner.engine.event.Problem;
import io.jenkins.plugins.hardenrunner.engine.policy.EffectivePolicy;
import io.jenkins.plugins.hardenrunner.engine.source.SourceChange;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Puts a report together; one instance per report. */
final class ReportAssembly {
    private static final int MAX_PROCESSES = 20_000;
    private static final DateTimeFormatter ISO =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
    /** Far beyond any honest clock; a forged time must not break the formatter. */
    private static final long LATEST = 253_402_300_799_999L;

    /** Problems that do not make the evidence worth less: the events that are there are whole. */
    private static final Set<Problem.Kind> HARMLESS = Set.of(Problem.Kind.UNKNOWN_KIND, Problem.Kind.TOO_MANY);

    private final EffectivePolicy policy;
    private final Explanation.Context context;
    private final List<ReportBuilder.LaunchHandle> launches;
    private final Aggregation aggregation;
    private final List<SourceChange> changes;
    private final SourceView sources;
    private final Map<String, String> unsupervised;
    private final Lineages lineages;
    private final Report report = new Report();
    private final long ended;

    ReportAssembly(EffectivePolicy policy, Explanation.Context context, List<ReportBuilder.LaunchHandle> launches,
            Aggregation aggregation, List<SourceChange> changes, SourceView sources,
            Map<String, String> unsupervised, long ended) {
        this.policy = policy;
        this.context = context;
        this.launches = launches;
        this.aggregation = aggregation;
        this.changes = changes;
        this.sources = sources;
        this.unsupervised = unsupervised;
        this.ended = ended;
        Map<String, LaunchInfo> infos = new LinkedHashMap<>();
        launches.forEach(launch -> infos.put(launch.info.id(), launch.info));
        lineages = new Lineages(aggregation.images, infos);
    }

    static String time(long millis) {
        return ISO.format(Instant.ofEpochMilli(Math.max(0, Math.min(millis, LATEST))));
    }

    Report assemble() {
        launches.forEach(this::launch);
        List<EndpointRow> rows = EndpointRow.all(aggregation);
        for (EndpointRow row : rows) {
            row.fill(lineages);
            report.endpoints.add(row.shown);
        }
        aggregation.listeners.values().forEach(row -> {
            EndpointRow listener = new EndpointRow(row);
            listener.fill(lineages);
            report.listeners.add(listener.shown);
        });
        aggregation.peers.values().forEach(this::peer);
        Expectation expectation = new Expectation(policy.expectedChanges(), lineages, context);
        FileRows files = new FileRows(aggregation, changes, sources, expectation, lineages);
        report.files = files.rows();
        report.fileGroups = files.groups();
        report.fileSummary = files.summary(report.files.size());
        processes();
        integrity();
        report.policy = PolicyView.of(policy, report.policy.sha256);
        report.truncated |= aggregation.truncated;
        state();
        Findings findings = new Findings(policy, context, report, lineages);
        findings.endpoints(rows);
        findings.tunnels(aggregation.tunnelling.found());
        new SourceFindings(findings, lineages, expectation).add(files);
        new OutputFindings(findings, lineages, expectation, folders(), sources.tracked()).add(aggregation);
        findings.files(files);
        findings.refused(aggregation.refused.values());
        findings.evidence(launches);
        findings.supervision(unsupervised);
        report.findings = findings.sorted();
        report.lineages = lineages.all();
        report.recommendation = new RecommendationView(policy, lineages, aggregation.tunnelling.found()).of(rows);
        verdict(rows, files);
        return report;
    }

    private void peer(Row<Aggregation.PeerKey> row) {
        Report.Peer peer = new Report.Peer();
        peer.address = row.key.address();
        peer.local = row.key.local();
        peer.localPort = row.key.localPort();
        peer.verdict = "allowed";
        peer.rule = "default";
        peer.count = row.count;
        peer.firstSeen = time(row.first);
        peer.lastSeen = time(row.last);
        peer.lineages = lineages.ids(row.images);
        report.peers.add(peer);
    }

    private void launch(ReportBuilder.LaunchHandle handle) {
        Event.Start start = handle.start;
        boolean wrapped = handle.info.wrapped() != null;
        Report.Launch launch = new Report.Launch();
        launch.id = handle.info.id();
        launch.step = handle.info.step();
        launch.stage = handle.info.stage();
        launch.node = handle.info.node();
        launch.state = start == null ? "off" : start.state();
        launch.events = handle.summary == null ? 0 : handle.summary.events();
        launch.dropped = handle.end == null ? 0 : handle.end.dropped();
        if (start != null) {
            launch.command = new ArrayList<>(wrapped ? handle.info.wrapped() : start.command());
            launch.cwd = start.cwd();
            launch.started = time(start.head().time());
            launch.kernel = start.kernel();
            launch.arch = start.arch();
            launch.uid = start.uid();
            report.launches++;
            if (report.started == null) {
                report.command = launches.size() == 1 ? launch.command : new ArrayList<>();
                report.cwd = launch.cwd;
                report.started = launch.started;
                report.policy.sha256 = start.policy();
            }
        }
        if (handle.exit != null && !wrapped) {
            launch.exitCode = handle.exit.status();
            launch.ended = time(handle.exit.head().time());
        } else if (handle.end != null) {
            launch.ended = time(handle.end.head().time());
        }
        // Of several commands none has *the* status; the one that failed is rarely the first or the last.
        boolean only = launches.size() == 1;
        report.exitCode = only ? launch.exitCode : null;
        report.ended = ended != 0 ? time(ended) : launch.ended;
        report.dropped += launch.dropped;
        report.truncated |= handle.truncated;
        report.launchDetails.add(launch);
        if (handle.info.running() && handle.end == null) {
            Report.Coverage line = new Report.Coverage();
            line.subject = "processes still running";
            line.covered = "partly";
            line.note = "processes of launch " + handle.info.id() + " were still running when this report was written:"
                    + " they stay supervised, what they do from then on is not in it";
            report.coverage.add(line);
        }
    }

    private void processes() {
        for (Map.Entry<ImageRef, Event.Image> entry : aggregation.images.entrySet()) {
            if (report.processes.size() == MAX_PROCESSES) {
                report.truncated = true;
                break;
            }
            Event.Image image = entry.getValue();
            Report.Process process = Lineages.fill(new Report.Process(), image);
            process.launch = entry.getKey().launch();
            process.id = process.launch + ":" + image.id();
            process.parent = process.launch + ":" + image.parent();
            if (image.npmPackage() != null) {
                process.packageName = image.npmPackage().name();
                process.packageVersion = Lineages.emptyToNull(image.npmPackage().version());
                process.script = Lineages.emptyToNull(image.npmPackage().script());
            }
            report.processes.add(process);
        }
    }

    private void integrity() {
        for (ReportBuilder.LaunchHandle handle : launches) {
            for (Problem found : handle.problems) {
                Report.IntegrityProblem problem = new Report.IntegrityProblem();
                problem.launch = handle.info.id();
                problem.kind = found.kind().token();
                problem.line = found.line() == 0 ? null : found.line();
                problem.detail = found.detail();
                report.integrity.problems.add(problem);
                report.integrity.intact &= HARMLESS.contains(found.kind());
                report.truncated |= found.kind() == Problem.Kind.TOO_MANY;
            }
            if (handle.summary != null && handle.summary.head() != null) {
                Report.ChainHead head = new Report.ChainHead();
                head.launch = handle.info.id();
                head.events = handle.summary.events();
                head.hash = handle.summary.head();
                report.integrity.chainHeads.add(head);
            }
        }
    }

    private void state() {
        Map<String, String> missing = new LinkedHashMap<>();
        for (ReportBuilder.LaunchHandle handle : launches) {
            if (handle.start == null) {
                missing.put("supervision", "launch " + handle.info.id() + " left no usable events");
                continue;
            }
            handle.start.degraded().forEach(entry -> missing.putIfAbsent(entry.protection(), entry.reason()));
            if (handle.start.state().equals("degraded") && handle.start.degraded().isEmpty()) {
                missing.putIfAbsent("unnamed", "the helper did not name the missing protection");
            }
        }
        unsupervised.forEach((id, reason) -> missing.put("supervision", "launch " + id + ": " + reason));
        missing.forEach((protection, reason) -> {
            Report.Degraded entry = new Report.Degraded();
            entry.protection = protection;
            entry.reason = reason;
            report.degraded.add(entry);
        });
        report.state = report.launches == 0 ? "off" : missing.isEmpty() ? "enforced" : "degraded";
    }

    /** Where the commands of the block ran; that is the workspace, or a folder in it. */
    private List<String> folders() {
        return report.launchDetails.stream().map(launch -> launch.cwd)
                .filter(cwd -> cwd != null && cwd.length() > 1).distinct().toList();
    }

    private void verdict(List<EndpointRow> rows, FileRows files) {
        boolean refused = rows.stream().anyMatch(row -> row.shown.verdict.equals("blocked"));
        boolean would = rows.stream().anyMatch(row -> row.shown.verdict.equals("would-block"));
        // "ok" beside a finding like an install script that calls out would be read as "nothing to see".
        boolean alarming = report.findings.stream().anyMatch(f -> Severity.of(f.severity).compareTo(Severity.HIGH) <= 0);
        boolean tampered = report.findings.stream()
                .anyMatch(f -> f.kind.equals(OutputFindings.PACKAGE) || f.kind.equals(OutputFindings.OUTPUT));
        if (report.launches == 0) {
            report.verdict = "not-supervised";
        } else if (refused || tampered || files.violated() || !report.integrity.intact) {
            report.verdict = "violated";
        } else if (would && policy.hasAllowList() || alarming) {
            report.verdict = "deviates";
        } else {
            report.verdict = "ok";
        }
    }
}
