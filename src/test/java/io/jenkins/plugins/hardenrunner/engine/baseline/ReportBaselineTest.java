package io.jenkins.plugins.hardenrunner.engine.baseline;

import static io.jenkins.plugins.hardenrunner.engine.baseline.Observations.NOW;
import static io.jenkins.plugins.hardenrunner.engine.baseline.Observations.SETTINGS;
import static io.jenkins.plugins.hardenrunner.engine.baseline.Observations.build;
import static io.jenkins.plugins.hardenrunner.engine.baseline.Observations.of;
import static io.jenkins.plugins.hardenrunner.engine.baseline.Observations.review;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import io.jenkins.plugins.hardenrunner.engine.Schemas;
import io.jenkins.plugins.hardenrunner.engine.event.EventLog;
import io.jenkins.plugins.hardenrunner.engine.policy.EffectivePolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyLayer;
import io.jenkins.plugins.hardenrunner.engine.report.BaselineView;
import io.jenkins.plugins.hardenrunner.engine.report.LaunchInfo;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import io.jenkins.plugins.hardenrunner.engine.report.ReportBuilder;
import io.jenkins.plugins.hardenrunner.engine.report.ReportJson;
import io.jenkins.plugins.hardenrunner.engine.source.SourceChange;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Reports as the engine makes them, against baselines as builds teach them. */
class ReportBaselineTest {
    private static final List<String> ROOTS = List.of("/ws");

    /** sh, then npm, which asks the registry. */
    private static EventLog npm() {
        return new EventLog().start("sh", "build.sh").process(1, 0, "/bin/sh", "/ws", "sh", "build.sh")
                .process(2, 1, "/usr/bin/node", "/ws", "node", "/usr/bin/npm", "install")
                .connect(2, "192.0.2.1", 443, "registry.test", "would-block", "default");
    }

    private static Report report(EventLog log, SourceChange... changes) throws IOException {
        ReportBuilder builder = new ReportBuilder(EffectivePolicy.resolve(List.of()));
        builder.tracked(path -> path.startsWith("/ws/src"));
        builder.readEvents(new LaunchInfo("1", "sh", "Build", "agent", EventLog.NONCE), log.end(0).stream());
        return builder.sourceChanges(List.of(changes)).build();
    }

    private static BlockBaseline taught(EventLog log) throws IOException {
        Observation observed = ReportObservation.of(report(log), ROOTS);
        BlockBaseline baseline = BlockBaseline.empty("default");
        for (int n = 1; n <= SETTINGS.required(); n++) {
            baseline = Learning.record(baseline, observed, SETTINGS, build(n));
        }
        return baseline;
    }

    private static Report compare(BlockBaseline baseline, Report report) throws IOException {
        ReportBaseline.apply(report, new ReportBaseline.Reference("team/app", "own", "default", baseline, 7, SETTINGS, ""), ROOTS, NOW);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ReportJson.write(report, out);
        assertThat(Schemas.errors("report", out.toString(StandardCharsets.UTF_8)), empty());
        return ReportJson.read(new ByteArrayInputStream(out.toByteArray()));
    }

    private static List<String> kinds(Report report) {
        return report.findings.stream().map(finding -> finding.kind).toList();
    }

    @Test
    void aBuildLikeTheOthersIsOk() throws IOException {
        Report report = compare(taught(npm()), report(npm()));
        assertThat(report.verdict, is("ok"));
        assertThat(report.deviations, empty());
        assertThat(report.endpoints.get(0).baseline, is("known"));
        assertThat(report.baseline.state, is("stable"));
        assertThat(report.baseline.why, containsString("complete"));
        assertThat(report.baseline.teaches, is(false));
    }

    @Test
    void aNewEndpointDeviatesAndSaysWhoAndWhatToDo() throws IOException {
        Report report = compare(taught(npm()), report(npm().process(3, 2, "/usr/bin/curl", "/ws", "curl", "https://pastebin.test")
                .connect(3, "192.0.2.2", 443, "pastebin.test", "would-block", "default")));
        assertThat(report.verdict, is("deviates"));
        BaselineView.Deviation deviation = report.deviations.get(0);
        assertThat(deviation.message, is("Not in the baseline: pastebin.test:443 was contacted by curl"));
        assertThat(deviation.actions, contains("accept", "unwanted"));
        Report.Endpoint row = report.endpoints.get(1);
        assertThat(List.of(row.baseline, row.deviation), is(List.of("new", deviation.id)));
        assertThat(deviation.lineages, is(row.lineages));
        assertThat(kinds(report), contains("baseline-deviation"));
        assertThat(report.findings.get(0).remedy, containsString("team/app"));
        assertThat(report.baseline.counts.unknown, is(1L));
    }

    @Test
    void aNewProgramAtAKnownEndpointDeviates() throws IOException {
        Report report = compare(taught(npm()), report(npm().process(3, 2, "/usr/bin/curl", "/ws", "curl", "https://registry.test")
                .connect(3, "192.0.2.1", 443, "registry.test", "would-block", "default")));
        assertThat(report.deviations.stream().map(deviation -> deviation.label).toList(), contains("registry.test:443 by curl"));
        assertThat(report.deviations.get(0).lineages, hasSize(1));
        assertThat(report.endpoints.get(0).baseline, is("known"));
        assertThat(report.endpoints.get(0).deviation, is(report.deviations.get(0).id));
    }

    @Test
    void anotherAddressOfAKnownNameIsNoDeviation() throws IOException {
        Report report = compare(taught(npm()), report(npm().connect(2, "192.0.2.99", 443, "registry.test", "would-block", "default")));
        assertThat(report.deviations, empty());
    }

    @Test
    void whileABaselineIsCreatedNothingDeviatesButWhatIsSevere() throws IOException {
        EventLog evil = npm().npm(3, 2, "/usr/bin/node", "/dep", "evil", "1.0.0", "preinstall", "node", "preinstall.js")
                .connect(3, "192.0.2.9", 443, "attacker.test", "would-block", "default");
        Report report = compare(BlockBaseline.empty("default"), report(evil));
        assertThat(report.baseline.teaches, is(true));
        assertThat(report.endpoints.get(0).baseline, is("learning"));
        assertThat(report.endpoints.get(1).baseline, is("new"));
        assertThat(report.deviations.get(0).programs, contains("node preinstall.js (evil preinstall)"));
        assertThat(report.deviations.get(0).explanation, containsString("never learned without a person"));
    }

    @Test
    void anAcceptedCallOfAnInstallScriptDoesNotAlarmAnyMore() throws IOException {
        BlockBaseline waiting = Learning.record(taught(npm()), ReportObservation.of(report(phoning()), ROOTS), SETTINGS, build(4));
        assertThat(compare(waiting, report(phoning())).verdict, is("deviates"));
        Baseline accepted = of(waiting);
        for (Deviation deviation : waiting.deviations()) {
            accepted = review("alice").accept(accepted, "default", deviation.subject(), List.of(), null, null);
        }
        Report next = compare(accepted.block("default"), report(phoning()));
        assertThat(next.verdict, is("ok"));
        assertThat(next.findings.get(0).kind + " " + next.findings.get(0).severity, is("lifecycle-script-egress info"));
        // Another package that calls there is another matter.
        EventLog other = phoning().npm(5, 2, "/usr/bin/node", "/other", "other", "1.0.0", "preinstall", "node", "x.js")
                .connect(5, "192.0.2.9", 443, "attacker.test", "would-block", "default");
        assertThat(compare(accepted.block("default"), report(other)).verdict, is("deviates"));
    }

    @Test
    void whatPeopleAcceptedIsNoListOfAllThatIsExpected() throws IOException {
        BlockBaseline waiting = Learning.record(taught(npm()), ReportObservation.of(report(phoning()), ROOTS), SETTINGS, build(4));
        BlockBaseline accepted = review("alice").accept(of(waiting), "default", Subject.endpoint("tcp", "attacker.test", 443), List.of(), null, null)
                .block("default");
        EffectivePolicy policy = EffectivePolicy.resolve(List.of(
                PolicyLayer.ofBaseline("team/app", BaselinePolicy.allowed(accepted, NOW))));
        ReportBuilder builder = new ReportBuilder(policy);
        builder.readEvents(new LaunchInfo("1", "sh", "Build", "agent", EventLog.NONCE), npm()
                .npm(3, 2, "/usr/bin/node", "/dep", "evil", "1.0.0", "preinstall", "node", "preinstall.js")
                .connect(3, "192.0.2.9", 443, "attacker.test", "allowed", "a1").end(0).stream());
        Report report = compare(accepted, builder.build());
        // The registry was learned: that a rule for something else exists makes it no deviation.
        assertThat(report.verdict, is("ok"));
        assertThat(kinds(report), contains("lifecycle-script-egress"));
    }

    private static EventLog phoning() {
        return npm().npm(3, 2, "/usr/bin/node", "/dep", "evil", "1.0.0", "preinstall", "node", "preinstall.js")
                .connect(3, "192.0.2.9", 443, "attacker.test", "would-block", "default");
    }

    @Test
    void goneEndpointsAreNamed() throws IOException {
        Report report = compare(taught(npm()), report(new EventLog().start("sh").process(1, 0, "/bin/sh", "/ws", "sh")));
        assertThat(report.baseline.gone.stream().map(gone -> gone.label).toList(), contains("registry.test:443"));
        assertThat(report.verdict, is("ok"));
    }

    @Test
    void expectedChangesAreNoViolationForTheProgramTheyWereAcceptedFor() throws IOException {
        SourceChange change = new SourceChange("/ws/src/lock.json", "blob:a", "blob:b", SourceChange.Kind.MODIFIED, null);
        EventLog writing = npm().write(2, "/ws/src/lock.json", "allowed", "default");
        Report first = compare(taught(npm()), report(writing, change));
        assertThat(first.verdict, is("violated"));
        assertThat(first.deviations.get(0).path, is("src/lock.json"));

        BlockBaseline waiting = Learning.record(taught(npm()), ReportObservation.of(first, ROOTS), SETTINGS, build(4));
        BlockBaseline accepted = review("alice").accept(of(waiting), "default", Subject.file("src/lock.json"), List.of(), null, null)
                .block("default");
        Report next = compare(accepted, report(npm().write(2, "/ws/src/lock.json", "allowed", "default"), change));
        assertThat(next.deviations, empty());
        assertThat(next.verdict, is("ok"));
        assertThat(next.findings.get(0).severity, is("info"));
        assertThat(next.findings.get(0).explanation, containsString("alice expects this"));

        EventLog other = npm().process(3, 2, "/usr/bin/curl", "/ws", "curl").write(3, "/ws/src/lock.json", "allowed", "default");
        Report bad = compare(accepted, report(other, change));
        assertThat(bad.verdict, is("violated"));
        assertThat(bad.deviations.get(0).label, is("src/lock.json by curl"));
    }

    @Test
    void aViolationThatIsNotExpectedStaysOneBesideAnExpectedChange() throws IOException {
        SourceChange change = new SourceChange("/ws/src/lock.json", "blob:a", "blob:b", SourceChange.Kind.MODIFIED, null);
        BlockBaseline accepted = review("alice").accept(of(taught(npm())), "default", Subject.file("src/lock.json"), List.of("*"), null, null)
                .block("default");
        Report report = compare(accepted, report(npm().write(2, "/ws/src/lock.json", "allowed", "default")
                .connect(2, "192.0.2.8", 443, "blocked.test", "blocked", "b1"), change));
        assertThat(report.verdict, is("violated"));
    }

    @Test
    void aJobWithoutABaselineIsNotJudged() throws IOException {
        Report report = report(npm());
        ReportBaseline.apply(report, new ReportBaseline.Reference("team/app/main", "target", "default", null, 0, SETTINGS,
                "a change request never teaches"), ROOTS, NOW);
        assertThat(report.baseline.state, is("none"));
        assertThat(report.endpoints.get(0).baseline, nullValue());
        assertThat(report.verdict, is("ok"));
    }

    @Test
    void loopbackThatIsFreeIsNoPartOfABaseline() throws IOException {
        EventLog local = new EventLog().start("sh").process(1, 0, "/bin/sh", "/ws", "sh")
                .connect(1, "127.0.0.1", 8080, null, "allowed", "loopback")
                .connect(1, "127.0.0.1", 9090, null, "would-block", "default");
        assertThat(ReportObservation.of(report(local), ROOTS).seen().stream().map(seen -> seen.subject().label()).toList(),
                contains("127.0.0.1:9090"));
    }

    @Test
    void earlierBuildsOfAWaitingDeviationCount() throws IOException {
        EventLog bad = npm().connect(2, "192.0.2.2", 443, "pastebin.test", "would-block", "default");
        BlockBaseline waiting = Learning.record(taught(npm()), ReportObservation.of(report(bad), ROOTS), SETTINGS, build(4));
        Report again = compare(waiting, report(npm().connect(2, "192.0.2.2", 443, "pastebin.test", "would-block", "default")));
        assertThat(again.deviations.get(0).builds, is(2L));
        assertThat(again.deviations.get(0).explanation, containsString("seen in 2 builds"));
    }
}
