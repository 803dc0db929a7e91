package io.jenkins.plugins.hardenrunner.engine.report;

import io.jenkins.plugins.hardenrunner.engine.event.Problem;
import io.jenkins.plugins.hardenrunner.engine.policy.EffectivePolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.Text;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What a person should look at, from the aggregated rows (kinds: docs/report.md). */
final class Findings {
    private static final int MAX = 1000;

    private final EffectivePolicy policy;
    private final Explanation.Context context;
    private final Report report;
    private final Lineages lineages;
    private final List<Report.Finding> findings = new ArrayList<>();

    Findings(EffectivePolicy policy, Explanation.Context context, Report report, Lineages lineages) {
        this.policy = policy;
        this.context = context;
        this.report = report;
        this.lineages = lineages;
    }

    /** Most severe first, otherwise in the order of appearance. */
    List<Report.Finding> sorted() {
        findings.sort(Comparator.comparing(finding -> Severity.of(finding.severity)));
        if (findings.size() > MAX) {
            report.truncated = true;
            return new ArrayList<>(findings.subList(0, MAX));
        }
        return findings;
    }

    void endpoints(List<EndpointRow> rows) {
        Map<String, Scripted> scripted = new LinkedHashMap<>();
        for (EndpointRow row : rows) {
            decided(row);
            if (row.local()) {
                continue;
            }
            for (ImageRef image : row.row.images) {
                Lineages.DependencyScript script = lineages.dependencyScript(image);
                if (script != null) {
                    String key = script + " " + Explanation.endpoint(row.shown);
                    scripted.computeIfAbsent(key, any -> new Scripted(script, row)).add(row, image);
                }
            }
        }
        scripted.values().forEach(this::scripted);
    }

    private void decided(EndpointRow row) {
        boolean refused = row.shown.verdict.equals("blocked");
        boolean unexpected = row.shown.verdict.equals("would-block");
        boolean tunnel = row.query() && row.shown.name.startsWith("*.");
        if (tunnel || !refused && !unexpected) {
            return;
        }
        Explanation explanation = Explanation.of(policy, row.shown, context);
        String processes = by(row);
        if (row.shown.rule.equals("metadata")) {
            add("metadata-access", Severity.HIGH, explanation.what() + processes, explanation.why()
                    + ". Metadata services hand out the machine's credentials", explanation.remedy(), row.shown);
        } else if (refused) {
            add("egress-blocked", Severity.HIGH, explanation.what() + processes, explanation.whyAndRisk(), explanation.remedy(), row.shown);
        } else if (policy.hasAllowList()) {
            add("egress-would-block", Severity.MEDIUM, explanation.what() + processes, explanation.whyAndRisk(),
                    explanation.remedy(), row.shown);
        }
    }

    /** A dependency's install script with a destination. */
    private static final class Scripted {
        final Lineages.DependencyScript script;
        final EndpointRow first;
        final Set<ImageRef> images = new LinkedHashSet<>();
        boolean reached;
        boolean unexpected;

        Scripted(Lineages.DependencyScript script, EndpointRow first) {
            this.script = script;
            this.first = first;
        }

        void add(EndpointRow row, ImageRef image) {
            images.add(image);
            reached |= !row.shown.verdict.equals("blocked");
            unexpected |= !row.shown.verdict.equals("allowed");
        }
    }

    private void scripted(Scripted found) {
        Report.Endpoint shown = found.first.shown;
        boolean tunnel = found.first.query() && shown.name.startsWith("*.");
        String endpoint = tunnel ? shown.name : Explanation.endpoint(shown);
        String action = tunnel ? "asked DNS for names under " : found.reached ? "contacted " : "tried to contact ";
        String script = found.script.script() + " script of " + Text.shown(found.script.label());
        // What a rule names is known to somebody; that a package does it while it is installed is still worth a line.
        Severity severity = found.unexpected ? Severity.HIGH : Severity.MEDIUM;
        Report.Finding finding = add("lifecycle-script-egress", severity,
                "The " + script + " " + action + Text.shown(endpoint) + (found.reached ? "" : " and was refused"),
                "An install script of a dependency runs with the build's rights when the package is installed; most"
                        + " packages need no network then. " + sentence(Explanation.of(policy, shown, context).whyAndRisk()) + ".",
                "Find out what the script does before its next run, and install with 'npm install --ignore-scripts' until then. "
                        + (shown.verdict.equals("allowed") || tunnel ? "" : Explanation.of(policy, shown, context).remedy()),
                shown);
        finding.remedy = finding.remedy.trim();
        finding.evidence.endpoint = endpoint;
        finding.evidence.lineages = lineages.ids(found.images);
    }

    void tunnels(List<DnsTunnelling.Domain> domains) {
        for (DnsTunnelling.Domain domain : domains) {
            boolean left = domain.letOut > 0;
            String measure = domain.longLabels.size() >= DnsTunnelling.LONG_LABELS
                    ? domain.longLabels.size() + " different labels of " + DnsTunnelling.LONG_LABEL
                            + " or more characters (threshold " + DnsTunnelling.LONG_LABELS + ")"
                    : domain.names.size() + " different names (threshold " + DnsTunnelling.NAMES + ")";
            Report.Finding finding = add("dns-tunnelling", left ? Severity.CRITICAL : Severity.HIGH,
                    "DNS queries under " + Text.shown(domain.name) + " look like data being sent out" + (left ? "" : "; they were refused"),
                    domain.queries + " queries with " + measure + " under one registered domain, for example "
                            + Text.shown(domain.example()) + ". The name server of the domain reads what the names hold"
                            + (left ? "; " + domain.letOut + " queries were let through." : "; none was let through."),
                    left ? "Set the egress policy to 'block' or add '*." + Text.shown(domain.name) + ":*' to the block list."
                            : "Find out what the processes do before their next run.",
                    null);
            finding.evidence.endpoint = "*." + domain.name;
            finding.evidence.lineages = lineages.ids(domain.images);
        }
    }

    void files(FileRows files) {
        for (Row<Aggregation.FileKey> row : files.concerned) {
            boolean refused = row.key.verdict().token().equals("blocked");
            Lineages.DependencyScript script =
                    row.images.stream().map(lineages::dependencyScript).filter(Objects::nonNull).findFirst().orElse(null);
            String who = script == null ? by(row.images)
                    : " by the " + script.script() + " script of " + Text.shown(script.label());
            String what = row.key.operation() + " of " + Text.shown(row.key.path(), 300)
                    + (row.key.to() == null ? "" : " to " + Text.shown(row.key.to(), 300)) + (refused ? " was refused" : "") + who;
            if (row.key.operation().equals("read") || row.key.rule().equals("credential")) {
                file("credential-access", Severity.HIGH, "The " + what, "The file holds credentials.", row);
            } else if (row.key.rule().equals("self-protection")) {
                file("evidence-tampered", Severity.CRITICAL, "The " + what,
                        "The path belongs to the agent or to the supervisor; no build has a reason to write there.", row);
            } else if (files.refresh(row)) {
                continue; // listed only
            } else if (row.key.rule().equals(OutputFindings.RULE)) {
                continue; // one finding for each script
            } else if (row.key.rule().equals("fs-write")) {
                file("write-refused", Severity.MEDIUM, "The " + what, "With the file policy 'block' only the workspace, temporary"
                        + " folders and the caches of tools stay writable.", row);
            } else if (refused || files.protectedChange(row)) {
                file("source-tampered", script != null ? Severity.CRITICAL : refused ? Severity.HIGH : Severity.MEDIUM, "The " + what,
                        "The path is under version control or protected by the policy.", row);
            }
        }
    }

    void refused(Collection<Row<Aggregation.RefusedKey>> rows) {
        for (Row<Aggregation.RefusedKey> row : rows) {
            boolean privilege = row.key.what().equals("privilege");
            Report.Finding finding = add("syscall-refused", Severity.INFO,
                    Text.shown(row.key.what()) + " " + Text.shown(row.key.detail()) + " was refused with "
                            + Text.shown(row.key.errno()) + ", " + row.count + " times" + by(row.images),
                    privilege
                            ? "Supervised processes cannot gain rights (no_new_privs): sudo and other set-user-ID programs run with"
                                    + " the rights of their caller, and most of them fail with a message of their own."
                            : "The supervisor cannot judge this kind of call, so no process gets it; programs fall back to others.",
                    privilege
                            ? "Do what needs these rights before the block, or prepare the agent with it."
                            : "None is needed if the program worked.",
                    null);
            finding.evidence.lineages = lineages.ids(row.images);
        }
    }

    void evidence(List<ReportBuilder.LaunchHandle> launches) {
        for (ReportBuilder.LaunchHandle launch : launches) {
            Map<Problem.Kind, List<Problem>> kinds = new LinkedHashMap<>();
            launch.problems.forEach(problem -> kinds.computeIfAbsent(problem.kind(), any -> new ArrayList<>()).add(problem));
            kinds.forEach((kind, problems) -> problem(launch.info.id(), kind, problems));
        }
        if (report.truncated || report.dropped > 0) {
            add("truncated", Severity.LOW, "Not everything was recorded in detail"
                            + (report.dropped > 0 ? ": " + report.dropped + (report.dropped == 1 ? " event was" : " events were") + " only counted" : ""),
                    "A cap of events, bytes or rows was reached, or there was no room on the disk. After a cap, refused operations are"
                            + " recorded within a reserve.",
                    "Raise the limit, make room, or split the block.", null);
        }
    }

    private void problem(String launch, Problem.Kind kind, List<Problem> problems) {
        Problem first = problems.get(0);
        String place = first.line() == 0 ? "" : " in line " + first.line();
        String more = problems.size() > 1 ? " (and " + (problems.size() - 1) + " more of this kind)" : "";
        String detail = "Launch " + launch + place + ": " + first.detail() + more;
        switch (kind) {
            case MISSING_END, MISSING_START, TRUNCATED_LINE -> add("evidence-missing", Severity.HIGH, detail,
                    "What happened after the last event that is there is not known.",
                    "See whether the agent or the helper was killed or the disk was full.", null);
            case TOO_MANY, UNKNOWN_KIND -> add("truncated", Severity.LOW, detail,
                    "Part of the events was not used for this report.", "Use a version of the tool that fits the helper.", null);
            default -> add("evidence-tampered", Severity.CRITICAL, detail,
                    "The chain of hashes over the events does not hold: they are not what the helper wrote.",
                    "Do not trust the rest of this report; look at who could write to the event file.", null);
        }
    }

    void supervision(Map<String, String> unsupervised) {
        unsupervised.forEach((id, reason) -> add("not-supervised", Severity.HIGH,
                "Launch " + id + " ran without supervision: " + Text.shown(reason, 300),
                "Nothing that its processes did is in this report.", "Set onUnsupported: 'fail' to refuse such launches.", null));
        report.degraded.stream().filter(entry -> !entry.protection.equals("supervision")).forEach(entry -> add("degraded",
                Severity.MEDIUM, "The protection '" + Text.shown(entry.protection) + "' is missing",
                Text.shown(entry.reason, 300), "Run the block on a machine that has it.", null));
    }

    private String by(EndpointRow row) {
        return by(row.row.images);
    }

    /** The nearest process of the first image, as a phrase. */
    String by(Collection<ImageRef> images) {
        return images.stream()
                .map(lineages::chain)
                .filter(chain -> !chain.isEmpty())
                .findFirst()
                .map(chain -> " by " + Text.shown(String.join(" ", chain.get(0).argv()), 100)
                        + " (pid " + chain.get(0).pid() + ")")
                .orElse("");
    }

    private void file(String kind, Severity severity, String message, String explanation, Row<Aggregation.FileKey> row) {
        Report.Finding finding = add(kind, severity, message, explanation,
                "Find out why the process does this; move the work out of the block if it is meant.", null);
        finding.evidence.path = row.key.path();
        finding.evidence.rule = row.key.rule();
        finding.evidence.lineages = lineages.ids(row.images);
    }

    private static String sentence(String text) {
        boolean word = text.length() > 1 && Character.isLetter(text.charAt(1)) && text.matches("[a-z]+ .*");
        return word ? Character.toUpperCase(text.charAt(0)) + text.substring(1) : text;
    }

    Report.Finding add(String kind, Severity severity, String message, String explanation, String remedy,
            Report.Endpoint endpoint) {
        Report.Finding finding = new Report.Finding();
        finding.kind = kind;
        finding.severity = severity.token();
        finding.message = sentence(message);
        finding.explanation = sentence(explanation);
        finding.remedy = remedy;
        if (endpoint != null) {
            finding.evidence.endpoint = Explanation.endpoint(endpoint);
            finding.evidence.rule = endpoint.rule;
            finding.evidence.lineages = endpoint.lineages;
        }
        findings.add(finding);
        return finding;
    }
}
