package io.jenkins.plugins.hardenrunner.engine.baseline;

import io.jenkins.plugins.hardenrunner.engine.report.BaselineView;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import io.jenkins.plugins.hardenrunner.engine.report.Severity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes into a report how it compares with a baseline, and what that means for the verdict. */
public final class ReportBaseline {
    private static final int MAX_GONE = 500;
    private static final int MAX_FINDINGS = 100;

    /**
     * What a report is compared with.
     *
     * @param job whose baseline it is; empty if it is a file's
     * @param role {@code own}, {@code target}, {@code file} or {@code none}
     * @param baseline null if there is none
     * @param why why the build does not teach it; empty if nothing speaks against that
     */
    public record Reference(
            String job, String role, String block, BlockBaseline baseline, long revision, BaselineSettings settings, String why) {}

    private final Report report;
    private final Reference reference;
    private final ReportObservation reader;
    private final Observation observed;
    private final Instant now;
    private final Map<String, String> deviationOf = new HashMap<>();

    private ReportBaseline(Report report, Reference reference, List<String> roots, Instant now) {
        this.report = report;
        this.reference = reference;
        this.reader = new ReportObservation(report, roots);
        this.observed = ReportObservation.of(report, roots);
        this.now = now;
    }

    /**
     * Compares a report and completes it: marks of rows, deviations, findings, verdict. Returns what was observed.
     *
     * @param roots the absolute paths of the workspaces
     */
    public static Observation apply(Report report, Reference reference, List<String> roots, Instant now) {
        ReportBaseline work = new ReportBaseline(report, reference, roots, now);
        work.apply();
        return work.observed;
    }

    private void apply() {
        BaselineView view = new BaselineView();
        view.block = reference.block();
        view.job = reference.job();
        view.role = reference.role();
        view.required = reference.settings().required();
        view.revision = reference.revision();
        view.state = BaselineState.NONE.token();
        view.why = reference.why();
        report.baseline = view;
        report.deviations = new ArrayList<>();
        if (reference.baseline() == null) {
            return;
        }
        BlockBaseline baseline = reference.baseline();
        BaselineComparison comparison = BaselineComparison.of(baseline, observed, reference.settings(), now);
        view.state = comparison.state().token();
        view.builds = baseline.builds();
        view.why = why(comparison.state());
        view.teaches = view.why.isEmpty();
        view.counts = counts(comparison);
        comparison.gone().stream().limit(MAX_GONE).forEach(entry -> view.gone.add(gone(entry)));
        deviations(comparison);
        rows(comparison);
        if (report.launches > 0) {
            Expected expected = new Expected(report, reference.baseline(), reader);
            expected.calm();
            findings();
        }
    }

    private String why(BaselineState state) {
        if (!reference.why().isEmpty()) {
            return reference.why();
        }
        if (state != BaselineState.CREATING) {
            return "the baseline is complete: nothing is added without a person";
        }
        if (!observed.supervised()) {
            return "nothing was supervised";
        }
        return observed.intact() ? "" : "the evidence is not whole";
    }

    private static BaselineView.Counts counts(BaselineComparison comparison) {
        BaselineView.Counts counts = new BaselineView.Counts();
        counts.unknown = comparison.count(BaselineComparison.Status.NEW);
        counts.learning = comparison.count(BaselineComparison.Status.LEARNING);
        counts.known = comparison.count(BaselineComparison.Status.KNOWN);
        counts.accepted = comparison.count(BaselineComparison.Status.ACCEPTED);
        counts.unwanted = comparison.count(BaselineComparison.Status.UNWANTED);
        counts.gone = comparison.gone().size();
        return counts;
    }

    private static <T extends BaselineView.Subject> T fill(T view, Subject subject) {
        view.id = subject.id();
        view.kind = subject.kind().token();
        view.protocol = subject.protocol();
        view.host = subject.host();
        view.port = subject.port();
        view.path = subject.path();
        view.program = subject.program();
        view.label = subject.label();
        return view;
    }

    private static BaselineView.Gone gone(BaselineEntry entry) {
        BaselineView.Gone gone = fill(new BaselineView.Gone(), entry.subject());
        gone.lastSeen = entry.lastSeen();
        gone.lastBuild = entry.lastBuild();
        return gone;
    }

    private void deviations(BaselineComparison comparison) {
        Map<Subject, Deviation> waiting = new HashMap<>();
        reference.baseline().deviations().forEach(deviation -> waiting.put(deviation.subject(), deviation));
        for (Deviation found : comparison.deviations()) {
            Deviation earlier = waiting.get(found.subject());
            Deviation deviation = earlier == null ? found : found.after(earlier);
            BaselineView.Deviation view = fill(new BaselineView.Deviation(), found.subject());
            view.actions = found.actions();
            view.programs = found.programs();
            view.firstSeen = deviation.firstSeen();
            view.lastSeen = deviation.lastSeen();
            view.builds = deviation.builds();
            if (found.expired() != null) {
                view.expired = new BaselineView.Expired();
                view.expired.by = found.expired().by();
                view.expired.until = found.expired().until();
            }
            Explain.fill(view, reference, comparison.state());
            report.deviations.add(view);
            deviationOf.put(found.subject().target().id() + " " + found.subject().program(), view.id);
        }
    }

    private void rows(BaselineComparison comparison) {
        Map<String, Set<String>> lineages = new LinkedHashMap<>();
        report.endpoints.stream().filter(ReportObservation::counts).forEach(row -> row(row, ReportObservation.subject(row), comparison, lineages));
        report.files.stream().filter(ReportObservation::counts).forEach(row -> row(row, reader.subject(row), comparison, lineages));
        report.deviations.forEach(view -> view.lineages = new ArrayList<>(lineages.getOrDefault(view.id, Set.of())));
    }

    private void row(Report.Observation row, Subject subject, BaselineComparison comparison, Map<String, Set<String>> lineages) {
        BaselineComparison.Status status = comparison.status().get(subject);
        row.baseline = status == null ? null : status.token();
        String whole = deviationOf.get(subject.id() + " null");
        if (whole != null) {
            row.deviation = whole;
            lineages.computeIfAbsent(whole, any -> new LinkedHashSet<>()).addAll(row.lineages);
            return;
        }
        for (String lineage : row.lineages) {
            String id = deviationOf.get(subject.id() + " " + reader.program(lineage));
            if (id != null) {
                row.deviation = row.deviation == null ? id : row.deviation;
                lineages.computeIfAbsent(id, any -> new LinkedHashSet<>()).add(lineage);
            }
        }
    }

    private void findings() {
        for (BaselineView.Deviation deviation : report.deviations.subList(0, Math.min(MAX_FINDINGS, report.deviations.size()))) {
            Report.Finding finding = new Report.Finding();
            finding.kind = "baseline-deviation";
            finding.severity = Severity.MEDIUM.token();
            finding.message = deviation.message;
            finding.explanation = deviation.explanation;
            finding.remedy = Explain.remedy(deviation, reference);
            finding.evidence.lineages = deviation.lineages;
            finding.evidence.deviation = deviation.id;
            finding.evidence.path = deviation.path;
            finding.evidence.endpoint = deviation.path == null ? Subject.endpoint(deviation.protocol, deviation.host, deviation.port).label() : null;
            report.findings.add(finding);
        }
        report.findings.sort(Comparator.comparing(finding -> Severity.of(finding.severity)));
        if (!report.deviations.isEmpty() && report.verdict.equals("ok")) {
            report.verdict = "deviates";
        }
    }
}
